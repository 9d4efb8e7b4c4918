VENV := .venv
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
SOURCES := index bot tests

.PHONY: chat bot test faults bench bench-large clean

chat: $(READY)
	@$(VENV)/bin/newsdesk chat

bot: $(READY)
	@$(VENV)/bin/newsdesk bot

test: $(VENV)/.ready-dev
	$(VENV)/bin/ruff format --check $(SOURCES)
	$(VENV)/bin/ruff check $(SOURCES)
	$(VENV)/bin/mypy --strict index bot
	$(PYTHON) -m pytest --cov --cov-report=term:skip-covered -q

faults: $(VENV)/.ready-dev
	NEWSDESK_FAULTS=all $(PYTHON) -m pytest tests/faults tests/index/maintenance -q

bench: $(VENV)/.ready-dev
	$(PYTHON) -m tests.benchmarks

bench-large: $(VENV)/.ready-dev
	$(PYTHON) -m tests.benchmarks.bench_large

clean:
	rm -rf $(VENV) .bench

$(VENV)/bin/python:
	python3 -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml constraints.txt
	$(PYTHON) -m pip install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-dev: $(READY)
	$(PYTHON) -m pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@
