VENV := .venv
PEERS := .venv-peers
PYTHON := $(VENV)/bin/python
READY := $(VENV)/.ready
SOURCES := index bot tests

.PHONY: chat bot test units processes telegram faults bench bench-large bench-peers soak clean

chat: $(READY)
	@$(VENV)/bin/newsdesk chat

bot: $(READY)
	@$(VENV)/bin/newsdesk bot

test: $(VENV)/.ready-dev
	$(VENV)/bin/ruff format --check $(SOURCES)
	$(VENV)/bin/ruff check $(SOURCES)
	$(VENV)/bin/mypy --strict index bot
	@rm -f .coverage .coverage.*
	@$(MAKE) --no-print-directory -j3 units processes telegram
	@$(PYTHON) -m coverage combine --quiet
	$(PYTHON) -m coverage report --skip-covered

# The parts of the tests, side by side: much of a journey, and of a fault, is waiting for another process.
TELEGRAM := $(wildcard tests/journeys/test_telegram*.py)
COVERED := $(PYTHON) -m pytest --cov --cov-report= --cov-fail-under=0 -q

units: $(VENV)/.ready-dev
	@COVERAGE_FILE=.coverage.units $(COVERED) tests --ignore=tests/journeys --ignore=tests/faults

processes: $(VENV)/.ready-dev
	@$(PYTHON) -m pytest --no-cov -q tests/faults $(filter-out $(TELEGRAM),$(wildcard tests/journeys/test_*.py)) \
		> $(VENV)/processes.log 2>&1; status=$$?; cat $(VENV)/processes.log; exit $$status

telegram: $(VENV)/.ready-dev
	@COVERAGE_FILE=.coverage.telegram $(COVERED) $(TELEGRAM) > $(VENV)/telegram.log 2>&1; \
		status=$$?; cat $(VENV)/telegram.log; exit $$status

faults: $(VENV)/.ready-dev
	NEWSDESK_FAULTS=all $(PYTHON) -m pytest tests/faults tests/index/maintenance tests/journeys/test_telegram_kills.py -q

bench: $(VENV)/.ready-dev
	PYTHONPATH=tests $(PYTHON) -m tests.benchmarks

soak: $(VENV)/.ready-dev
	PYTHONPATH=tests $(PYTHON) -m tests.benchmarks.bench_load --minutes 20 --away 10

bench-large: $(VENV)/.ready-dev
	$(PYTHON) -m tests.benchmarks.bench_large

bench-peers: $(READY) $(PEERS)/.ready
	$(PEERS)/bin/python -m tests.benchmarks.peers
	$(PYTHON) -m tests.benchmarks.peers --only newsdesk

clean:
	rm -rf $(VENV) $(PEERS) .bench

$(VENV)/bin/python:
	python3 -m venv $(VENV)

$(READY): $(VENV)/bin/python pyproject.toml constraints.txt
	$(PYTHON) -m pip install --quiet -c constraints.txt -e .
	@touch $@

$(VENV)/.ready-dev: $(READY)
	$(PYTHON) -m pip install --quiet -c constraints.txt -e '.[dev]'
	@touch $@

$(PEERS)/.ready: pyproject.toml $(wildcard tests/benchmarks/peers/*.txt)
	python3 -m venv $(PEERS)
	$(PEERS)/bin/python -m pip install --quiet -c tests/benchmarks/peers/constraints.txt \
		-r tests/benchmarks/peers/requirements.txt -e .
	@touch $@
