"""What is logged: lines for people or JSON for machines, without the token, without what readers write.

What a reader wrote is logged in fields of its own only (``extra={"question": ...}``, one of ``READERS_FIELDS``), which
are left out unless the operator asks for them. The message of an exception may quote a reader too, so that of a foreign
one only the name and the place are told; those of newsdesk, Telegram, SQLite and the operating system quote nobody.
"""

from __future__ import annotations

import json
import logging
import re
import sqlite3
import traceback
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any, Literal

from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator, Sequence

Form = Literal["text", "json"]

READERS_FIELDS = frozenset({"question", "text", "answer", "quote"})
"""Names of extra fields that hold what a reader wrote or was told."""

_STANDARD = frozenset(vars(logging.makeLogRecord({}))) | {"message", "asctime", "taskName"}
_QUOTING_NOBODY = (NewsdeskError, OSError, sqlite3.Error)
_FOREIGN_QUOTING_NOBODY = ("index.", "telegram.", "httpx", "aiohttp.")
_WITH_ADDRESSES = ("httpx", "httpcore")
_WITH_CONTENT = "telegram"
_WITH_BODIES = "telegram.request"
_SERVERS_ANSWER = re.compile(r"Parsing the server response .* failed", re.DOTALL)
_REFUSED_MARKUP = re.compile(r"""(can't parse entities: [^"]*)".*\"""", re.DOTALL | re.IGNORECASE)
_UNTOLD = "(what it says may quote a reader; NEWSDESK_LOG_TEXTS=true has it logged)"


@dataclass(frozen=True, slots=True, kw_only=True)
class Discretion:
    """What may be told: ``secrets`` never, readers' texts where ``texts``."""

    secrets: tuple[str, ...] = ()
    texts: bool = False

    def line(self, text: str) -> str:
        """A line with every secret blotted out, also where only the part after its colon stands."""
        for secret in self.secrets:
            text = text.replace(secret, "<token>").replace(secret.rpartition(":")[2], "<token>")
        return text

    def message(self, record: logging.LogRecord) -> str:
        """What was logged, without what exceptions in it may quote."""
        if self.texts:
            return record.getMessage()
        given = record.args if isinstance(record.args, tuple) else ()
        bare = logging.makeLogRecord(vars(record))
        bare.args = tuple(map(_argument, given)) or record.args
        text = bare.getMessage()
        for error in _chain(record.exc_info[1] if record.exc_info else None):
            if not _quotes_nobody(error) and str(error):
                text = text.replace(repr(error), type(error).__name__).replace(str(error), type(error).__name__)
        return _without_answers(text)

    def fields(self, record: logging.LogRecord) -> dict[str, Any]:
        """The extra fields of a record."""
        extra = {name: value for name, value in vars(record).items() if name not in _STANDARD}
        return extra if self.texts else {name: value for name, value in extra.items() if name not in READERS_FIELDS}

    def failure(self, record: logging.LogRecord) -> str:
        """The traceback of a record, the first cause first; empty where there is none."""
        error = record.exc_info[1] if record.exc_info else None
        if error is None:
            return ""
        if self.texts:
            return "".join(traceback.format_exception(error)).rstrip()
        return "\n".join(_told(each) for each in reversed(list(_chain(error))))


class TextFormatter(logging.Formatter):
    """``LEVEL logger: message field=value``, a traceback below it."""

    def __init__(self, discretion: Discretion) -> None:
        super().__init__()
        self._discretion = discretion

    def format(self, record: logging.LogRecord) -> str:
        """The line, or lines, to write."""
        fields = "".join(f" {name}={_json(value)}" for name, value in self._discretion.fields(record).items())
        first = f"{record.levelname} {record.name}: {self._discretion.message(record)}{fields}"
        return self._discretion.line("\n".join(filter(None, (first, self._discretion.failure(record)))))


class JsonFormatter(logging.Formatter):
    """One JSON object a line: time (UTC), level, logger, message, the extra fields, traceback."""

    def __init__(self, discretion: Discretion) -> None:
        super().__init__()
        self._discretion = discretion

    def format(self, record: logging.LogRecord) -> str:
        """The line to write."""
        line: dict[str, Any] = {
            "time": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname,
            "logger": record.name,
            "message": self._discretion.message(record),
        }
        line |= {name: value for name, value in self._discretion.fields(record).items() if name not in line}
        if failure := self._discretion.failure(record):
            line["traceback"] = failure
        return self._discretion.line(_json(line))


def configure(*, level: str, form: Form = "text", texts: bool = False, secrets: Iterable[str] = ()) -> None:
    """Have all that is logged from now on written so, to standard error where nothing else was arranged.

    Args:
        level: the least serious messages to write.
        form: lines for people, or JSON.
        texts: whether what readers write may be in them.
        secrets: what must not be in them: the token, which is part of every Bot API address.

    """
    root = logging.getLogger()
    root.setLevel(level)
    for name in _WITH_ADDRESSES:
        logging.getLogger(name).setLevel(logging.WARNING)
    logging.getLogger(_WITH_CONTENT).setLevel(logging.NOTSET if texts else max(root.level, logging.INFO))
    logging.getLogger(_WITH_BODIES).setLevel(logging.NOTSET if texts else logging.CRITICAL)  # it raises all it logs
    if not root.handlers:
        root.addHandler(logging.StreamHandler())
    discretion = Discretion(secrets=tuple(filter(None, secrets)), texts=texts)
    formatter = JsonFormatter(discretion) if form == "json" else TextFormatter(discretion)
    for handler in root.handlers:
        handler.setFormatter(formatter)


def _argument(value: object) -> object:
    return type(value).__name__ if isinstance(value, BaseException) and not _quotes_nobody(value) else value


def _quotes_nobody(error: BaseException) -> bool:
    return isinstance(error, _QUOTING_NOBODY) or type(error).__module__.startswith(_FOREIGN_QUOTING_NOBODY)


def _chain(error: BaseException | None) -> Iterator[BaseException]:
    """An exception, and what it came of."""
    seen: set[int] = set()
    while error is not None and id(error) not in seen:
        yield error
        seen.add(id(error))
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)


def _told(error: BaseException) -> str:
    frames: Sequence[str] = traceback.format_tb(error.__traceback__)
    said = _without_answers(str(error)) if _quotes_nobody(error) else _UNTOLD if str(error) else ""
    name = f"{type(error).__module__}.{type(error).__qualname__}".removeprefix("builtins.")
    return "".join(["Traceback (most recent call last):\n", *frames, f"{name}: {said}".removesuffix(": ")])


def _without_answers(text: str) -> str:
    """What the Telegram library says, without a server's answer, quoted whole, and the part of a message refused."""
    return _REFUSED_MARKUP.sub(r'\1"..."', _SERVERS_ANSWER.sub("what the server answered is no JSON", text))


def _json(value: object) -> str:
    return json.dumps(value, ensure_ascii=False, default=str)
