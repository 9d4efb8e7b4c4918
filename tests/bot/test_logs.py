"""The log: in two forms, without the token, without what readers write."""

from __future__ import annotations

import asyncio
import io
import json
import logging
import sqlite3
from datetime import datetime, timedelta
from typing import TYPE_CHECKING

import pytest
from telegram.error import BadRequest, NetworkError

from bot.logs import configure
from index.errors import EncoderError

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    Written = Callable[..., io.StringIO]

TOKEN = "123:abcdefghijkl"  # noqa: S105
QUESTION = "who stole the kingfisher brooch?"
SECRET_WORD = "kingfisher"  # noqa: S105

log = logging.getLogger("tests.log")


@pytest.fixture
def written(monkeypatch: pytest.MonkeyPatch) -> Iterator[Written]:
    """Log into a string, and leave logging as it was."""
    names = ("telegram", "telegram.request", "httpx", "httpcore")
    levels = {logging.getLogger(name): logging.getLogger(name).level for name in names}
    level = logging.getLogger().level

    def begin(**how: object) -> io.StringIO:
        stream = io.StringIO()
        monkeypatch.setattr(logging.getLogger(), "handlers", [logging.StreamHandler(stream)])
        configure(**({"level": "DEBUG", "secrets": (TOKEN,)} | how))  # type: ignore[arg-type]
        return stream

    yield begin
    logging.getLogger().setLevel(level)
    for logger, before in levels.items():
        logger.setLevel(before)


def fail(error: Exception) -> None:
    """Log an error with its traceback."""
    try:
        raise error
    except type(error):
        log.exception("an update could not be handled")


def test_a_line_for_people(written: Written) -> None:
    """Level, logger, message, then the fields; a value cannot pass for a line of its own."""
    said = written()
    log.warning("slow: %d", 3, extra={"outcome": "answered", "note": "a\nERROR root: forged"})
    assert said.getvalue() == ('WARNING tests.log: slow: 3 outcome="answered" note="a\\nERROR root: forged"\n')


def test_a_line_for_machines(written: Written) -> None:
    """One JSON object: the time in UTC, level, logger, message, and the fields as they are."""
    said = written(form="json")
    log.info("a question\nis done", extra={"outcome": "answered", "seconds": 0.25, "level": "forged", "odd": {1}})
    line = json.loads(said.getvalue())
    assert said.getvalue().count("\n") == 1
    assert datetime.fromisoformat(line.pop("time")).utcoffset() == timedelta(0)
    assert line == {
        "level": "INFO",
        "logger": "tests.log",
        "message": "a question\nis done",
        "outcome": "answered",
        "seconds": 0.25,
        "odd": "{1}",
    }


@pytest.mark.parametrize("form", ["text", "json"])
def test_the_token_is_blotted_out(written: Written, form: str) -> None:
    """From messages, fields and tracebacks, also where its colon is written otherwise; addresses are not logged."""
    said = written(form=form)
    log.warning("POST /bot%s/getMe", TOKEN, extra={"address": f"/bot{TOKEN.replace(':', '%3A')}/getMe"})
    fail(OSError(f"no route to /bot{TOKEN}/"))
    logging.getLogger("httpx").info("HTTP Request: POST /bot%s/sendMessage", TOKEN)
    assert "abcdefghijkl" not in said.getvalue()
    assert "POST /bot<token>/getMe" in said.getvalue()
    assert "/bot123%3A<token>/getMe" in said.getvalue()
    assert "no route to /bot<token>/" in said.getvalue()
    assert "HTTP Request" not in said.getvalue()


def everything() -> None:
    """Have a reader's text in all that may be logged of it."""
    log.info("a question is done", extra={"question": QUESTION, "outcome": "answered"})
    fail(KeyError(QUESTION))
    try:
        try:
            int(QUESTION)
        except ValueError as error:
            raise RuntimeError(f"no turn for {QUESTION}") from error
    except RuntimeError as error:
        log.warning("failed: %s", error)
        log.error(f"failed: {error!r}", exc_info=error)  # noqa: G004, TRY400 - as careless code does
    logging.getLogger("telegram.ext.ExtBot").debug("Calling `sendMessage` with parameters %s", {"text": QUESTION})
    log.warning("Telegram: %s", NetworkError(f"Bad Gateway (502). Parsing the server response b'<p>{QUESTION}' failed"))
    fail(BadRequest(f'Can\'t parse entities: unsupported start tag "{QUESTION}" at byte offset 3'))
    logging.getLogger("telegram.request.BaseRequest").error('Can not load invalid JSON data: "%s"', QUESTION)


@pytest.mark.parametrize("form", ["text", "json"])
def test_readers_texts_are_left_out(written: Written, form: str) -> None:
    """From fields, exceptions and libraries; what failed and where is told nevertheless."""
    said = written(form=form)
    everything()
    assert SECRET_WORD not in said.getvalue()
    for told in (
        "at byte offset 3",
        "answered",
        "KeyError",
        "ValueError",
        "RuntimeError",
        "in everything",
        "NEWSDESK_LOG_TEXTS=true",
    ):
        assert told in said.getvalue()


@pytest.mark.parametrize("form", ["text", "json"])
def test_readers_texts_are_logged_where_asked_for(written: Written, form: str) -> None:
    """With NEWSDESK_LOG_TEXTS, each of them is."""
    said = written(form=form, texts=True)
    everything()
    assert said.getvalue().count(SECRET_WORD) > 6
    assert "NEWSDESK_LOG_TEXTS" not in said.getvalue()


async def test_a_task_that_nobody_waited_for_quotes_nobody(written: Written) -> None:
    """What asyncio logs of it has the exception's name in the place of its words."""
    said = written()
    asyncio.get_running_loop().call_exception_handler(
        {
            "message": "Task exception was never retrieved",
            "exception": ValueError(QUESTION),
            "future": ValueError(QUESTION),
        }
    )
    assert "Task exception was never retrieved" in said.getvalue()
    assert "ValueError" in said.getvalue()
    assert SECRET_WORD not in said.getvalue()


@pytest.mark.parametrize(
    "error",
    [
        EncoderError("no model in /models"),
        OSError(28, "No space left on device"),
        sqlite3.OperationalError("database or disk is full"),
        BadRequest("Chat not found"),
    ],
)
def test_what_an_operator_must_know_is_told(written: Written, error: Exception) -> None:
    """Our errors, the system's, SQLite's and Telegram's keep their words, in messages and tracebacks."""
    said = written()
    log.warning("failed: %s", error)
    fail(error)
    assert said.getvalue().count(str(error)) == 2
    assert "Traceback (most recent call last):" in said.getvalue()


def test_causes_are_told_first_and_circles_end(written: Written) -> None:
    """As Python has it: the first cause on top, without what was suppressed."""
    said = written()
    later, alone = OSError("later"), OSError("alone")
    later.__cause__ = sqlite3.Error("earlier")
    alone.__cause__ = alone
    fail(later)
    assert said.getvalue().index("earlier") < said.getvalue().index("later")
    fail(alone)
    assert said.getvalue().count("OSError: alone") == 1


def test_without_arrangement_it_goes_to_standard_error(
    written: Written, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A process that arranged nothing has a handler made; the least serious are left out."""
    written()
    monkeypatch.setattr(logging.getLogger(), "handlers", [])
    configure(level="WARNING")
    log.info("left out")
    log.warning("told with %(name)s", {"name": "names"})
    assert capsys.readouterr().err == "WARNING tests.log: told with names\n"
