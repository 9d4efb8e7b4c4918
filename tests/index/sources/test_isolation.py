"""Documents are parsed in a process apart, which may hang, die or run out of memory."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import threading
import time
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from index.domain import Article, Refusal
from index.sources import FieldMapping, Limits, isolation, read, reader, walk
from index.sources.child import Child, Gone
from index.sources.documents import drafts
from index.sources.drafts import Draft, Trouble
from index.sources.frames import ASK, TooLong, packed, receive, words
from index.sources.isolation import isolated
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

TEXT = b"Ferry returns\n\nThe ferry sailed again on Monday. Four hundred islanders had waited for it."
ROWS = b"".join(b'{"id": %d, "text": "It sailed %d times.", "date": "2024-03-14"}\n' % (at, at) for at in range(5000))
NESTED = b"[" + b"[]," * 3_000_000 + b"1]"
PAGE = b"<html lang='en'><body><article><h1>Ferry returns</h1><p>" + TEXT[15:] * 3 + b"</p></article></body></html>"


class Handed(io.BytesIO):
    """Bytes; when they are first asked for, something happens."""

    def __init__(self, data: bytes, happens: Callable[[], object]) -> None:
        super().__init__(data)
        self.happens = happens

    def read1(self, size: int | None = -1, /) -> bytes:
        """The next bytes."""
        self.happens()
        return super().read1(size)


@pytest.fixture
def child() -> Iterator[Child]:
    """A process that parses, of the test's own."""
    made = Child()
    yield made
    made.end()


def _ask(child: Child, suffix: str, data: bytes, limits: Limits | None = None) -> list[Draft | Trouble]:
    return list(child.drafts(suffix, io.BufferedReader(io.BytesIO(data)), FieldMapping(), limits or Limits()))


@pytest.mark.parametrize(
    ("suffix", "data"),
    [(".txt", TEXT), (".jsonl", ROWS), (".html", PAGE), (".csv", b"id,text\n1,\xc3\xa9t\xc3\xa9\n2\n"), (".txt", b"")],
)
def test_it_gives_what_parsing_here_gives(suffix: str, data: bytes) -> None:
    """Drafts, troubles and the reason at the end are the same, in the same order."""
    given = []
    for parse in (drafts, isolated):
        items: list[object] = []
        given.append(items)
        try:
            items += parse(suffix, io.BufferedReader(io.BytesIO(data)), FieldMapping(), Limits())
        except Unreadable as error:
            items.append(str(error))
    assert given[0] == given[1]
    assert given[0]


def test_one_process_reads_many_documents(child: Child) -> None:
    """It is there for the next document, also after one that it could not read."""
    number = child.id
    for _ in range(3):
        (draft,) = _ask(child, ".txt", TEXT)
        assert isinstance(draft, Draft)
        assert child.idle
        with pytest.raises(Unreadable, match=r"^empty$"):
            _ask(child, ".md", b" ")
    assert child.id == number


def test_a_document_that_takes_too_long_is_refused() -> None:
    """A process that says nothing is ended after the time, and the next document gets another."""
    stopped: list[int] = []
    held = Child()
    stream = Handed(TEXT, lambda: (stopped.append(held.id), os.kill(held.id, signal.SIGSTOP)))
    with pytest.raises(Unreadable, match=r"^took longer than 0.2 seconds to read$"):
        list(held.drafts(".txt", stream, FieldMapping(), Limits(seconds=0.2)))
    assert not held.idle
    held.end()
    assert stopped
    with pytest.raises(ProcessLookupError):
        os.kill(stopped[0], 0)
    assert _ask_anyone(".txt", TEXT)


def test_parsing_that_goes_on_and_on_is_ended(tmp_path: Path) -> None:
    """A file that keeps its parser busy is refused by its name; a file beside it is read."""
    (tmp_path / "a.txt").write_bytes(b"It was so, said Ann Lee on Monday.\n" * 90_000)
    (tmp_path / "b.txt").write_bytes(TEXT)
    first, second = [item for found in walk([tmp_path]) for item in read(found, limits=Limits(seconds=0.3))]
    assert first == Refusal(path="a.txt", reason="took longer than 0.3 seconds to read")
    assert isinstance(second, Article)


def test_a_document_that_needs_too_much_memory_is_refused(child: Child) -> None:
    """A few megabytes that stand for many more are refused with the limit; the process goes on."""
    with pytest.raises(Unreadable, match=r"^needs more memory than 64 MiB to read$"):
        _ask(child, ".json", NESTED, Limits(memory_bytes=64 * 1024 * 1024))
    (draft,) = _ask_anyone(".txt", TEXT)
    assert isinstance(draft, Draft)


@pytest.mark.parametrize(
    ("sign", "reason"),
    [(signal.SIGSEGV, "broken in a way that ends the process"), (signal.SIGALRM, "took longer than 60 seconds")],
)
def test_a_document_that_ends_the_process_is_refused(child: Child, sign: signal.Signals, reason: str) -> None:
    """Whatever kills the process is the document's fault, and said to be."""
    with pytest.raises(Unreadable, match=reason):
        list(child.drafts(".txt", Handed(TEXT, lambda: os.kill(child.id, sign)), FieldMapping(), Limits()))
    assert not child.idle


@pytest.mark.parametrize("is_noticed", [False, True])
def test_rows_before_the_end_of_the_process_are_kept(child: Child, *, is_noticed: bool) -> None:
    """What a document gave before it killed its parser is given, even where that is gone when it is to have more."""
    found = []
    calls = iter(range(9))

    def kill_at_last() -> None:
        if next(calls) == 2:
            os.kill(child.id, signal.SIGKILL)
            if is_noticed:
                os.waitid(os.P_PID, child.id, os.WEXITED | os.WNOWAIT)

    stream = Handed(ROWS, kill_at_last)
    with pytest.raises(Unreadable, match="ends the process"):
        found += child.drafts(".jsonl", stream, FieldMapping(), Limits())
    items = child.drafts(".jsonl", stream, FieldMapping(), Limits())
    with pytest.raises((Unreadable, Gone)):
        list(items)


def test_a_process_that_has_ended_is_replaced() -> None:
    """One that ended while nothing was asked of it, as it does after a while, costs no document."""
    isolation._end_all()  # noqa: SLF001 - what runs at exit
    (draft,) = _ask_anyone(".txt", TEXT)
    (kept,) = isolation._free  # noqa: SLF001 - the process that waits for the next document
    os.kill(kept.id, signal.SIGKILL)
    assert _ask_anyone(".txt", TEXT) == [draft]
    assert isolation._free[0].id != kept.id  # noqa: SLF001 - as above


def test_two_documents_at_once_have_a_process_each() -> None:
    """Reading one file while another is half read mixes nothing up."""
    first = isolated(".jsonl", io.BufferedReader(io.BytesIO(ROWS)), FieldMapping(), Limits())
    second = isolated(".jsonl", io.BufferedReader(io.BytesIO(ROWS)), FieldMapping(), Limits())
    pairs = list(zip(first, second, strict=True))
    assert len(pairs) == 5000
    assert all(one == other for one, other in pairs)


def test_a_document_that_is_left_half_read_ends_its_process() -> None:
    """Nothing is left of it for the next document."""
    items = isolated(".jsonl", io.BufferedReader(io.BytesIO(ROWS)), FieldMapping(), Limits())
    next(items)
    items.close()
    (draft,) = _ask_anyone(".txt", TEXT)
    assert isinstance(draft, Draft)


def test_bytes_that_cannot_be_had_are_the_reason(child: Child) -> None:
    """A stream that breaks gives the rows before it, then why; the process goes on."""

    def fail() -> None:
        raise OSError(5, "Input/output error")

    calls = iter(range(9))
    stream = Handed(ROWS, lambda: next(calls) < 2 or fail())
    found = child.drafts(".jsonl", stream, FieldMapping(), Limits())
    assert isinstance(next(found), Draft)
    with pytest.raises(Unreadable, match=r"^broken, or cut short: .*Input/output error"):
        list(found)
    assert child.idle
    assert _ask(child, ".txt", TEXT)


def test_it_starts_from_any_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """The folder that newsdesk runs in, and modules that lie there, do not matter."""
    (tmp_path / "json.py").write_text("raise SystemExit")
    (tmp_path / "index").mkdir()
    monkeypatch.chdir(tmp_path)
    started = Child()
    assert _ask(started, ".txt", TEXT)
    started.end()


def test_it_does_not_know_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """No setting of newsdesk is in the environment of the process."""
    monkeypatch.setenv("NEWSDESK_TELEGRAM_TOKEN", "123:secret")
    seen: dict[str, str] = {}

    def refuse(*_: object, env: dict[str, str], **__: object) -> None:
        seen.update(env)
        raise OSError(12, "no memory")

    monkeypatch.setattr(subprocess, "Popen", refuse)
    with pytest.raises(OSError, match="no memory"):
        Child()
    assert "PATH" in seen
    assert "NEWSDESK_TELEGRAM_TOKEN" not in seen


def test_a_process_that_does_not_start_is_a_refusal(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where Python itself cannot start again, each file says so."""
    monkeypatch.setattr(sys, "executable", "/bin/true")
    started = Child()
    with pytest.raises(Unreadable, match="did not start"):
        _ask(started, ".txt", TEXT)
    started.end()


def test_it_ends_with_its_parent() -> None:
    """Where newsdesk is killed, the process that it started ends too."""
    program = (
        "import io, sys, time; from index.sources.child import Child; from index.sources import *; c = Child();"
        "list(c.drafts('.txt', io.BufferedReader(io.BytesIO(b'It was so, said Ann.')), FieldMapping(), Limits()));"
        "print(c.id, flush=True); time.sleep(60)"
    )
    root = str(Path(isolation.__file__).parents[2])
    with subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, env={**os.environ, "PYTHONPATH": root}
    ) as parent:
        assert parent.stdout
        number = int(parent.stdout.readline())
        os.kill(number, 0)
        parent.kill()
    assert _ends(number)


def test_work_for_nobody_is_ended_by_the_clock() -> None:
    """A parser that is busy when newsdesk is killed does not stay busy for ever."""
    program = "from index.sources import reader; reader._GRACE_SECONDS = 0; reader._alarm(0.1)\nwhile True: pass"
    root = str(Path(isolation.__file__).parents[2])
    done = subprocess.run(
        [sys.executable, "-c", program], check=False, timeout=30, env={**os.environ, "PYTHONPATH": root}
    )
    assert done.returncode == -signal.SIGALRM


def _conversation(*requests: bytes, idle_seconds: float = 60.0) -> tuple[list[bytes], list[float]]:
    """What a reader in this process replies to requests, and the times its clock was set to."""
    (asks, asked), (replies, replied) = os.pipe(), os.pipe()
    times: list[float] = []

    def serve() -> None:
        reader.Reader(asks, replied, times.append).serve(idle_seconds)
        os.close(replied)

    server = threading.Thread(target=serve)
    server.start()
    for request in requests:
        os.write(asked, request)
    frames = []
    with os.fdopen(replies, "rb", buffering=0) as stream:
        try:
            while True:
                frames.append(receive(stream.read, 10**6))
                if b'"end"' in frames[-1]:
                    os.close(asked)
        except EOFError:
            server.join()
    os.close(asks)
    return frames, times


def _request(suffix: str, **limits: float) -> bytes:
    wanted = {"seconds": 5.0, "memory_bytes": 2**40, **limits}
    return packed(words({"suffix": suffix, "mapping": {}, "limits": wanted}))


def test_the_clock_runs_while_it_works_and_not_while_it_waits() -> None:
    """Its own turns are timed, those of who asked are not."""
    frames, times = _conversation(_request(".txt"), packed(TEXT), packed(b""))
    assert frames[:3] == [b"ready", ASK, ASK]
    assert json.loads(frames[3])[0] == "draft"
    assert json.loads(frames[4]) == ["end", False]
    assert times == [5.0, 0, 5.0, 0, 5.0, 0, 5.0, 0]


@pytest.mark.parametrize(
    ("suffix", "answer", "reply"),
    [(".txt", packed(b""), ["unreadable", "empty"]), (".csv", packed(None), ["end", False])],
)
def test_what_cannot_be_read_is_replied(suffix: str, answer: bytes, reply: list[object]) -> None:
    """A document without bytes is refused; of one that breaks off, no more is said."""
    frames, _ = _conversation(_request(suffix), answer)
    assert json.loads(frames[2]) == reply


def test_too_little_memory_is_replied(monkeypatch: pytest.MonkeyPatch) -> None:
    """Running out of memory while parsing is a reply of its own, and a process that grew says that it ends."""

    def greedy(*_: object) -> Iterator[Draft]:
        raise MemoryError
        yield

    monkeypatch.setattr(reader, "drafts", greedy)
    sizes = iter([0, 0, 10**15])
    monkeypatch.setattr(reader, "_address_space", lambda: next(sizes))
    frames, _ = _conversation(_request(".txt"))
    assert [json.loads(frame) for frame in frames[1:]] == [["memory"], ["end", True]]


def test_it_ends_when_nothing_is_asked_for_a_while() -> None:
    """An idle process takes no memory for long."""
    began = time.monotonic()
    (asks, asked), (replies, replied) = os.pipe(), os.pipe()
    reader.Reader(asks, replied, float).serve(0.05)
    assert time.monotonic() - began >= 0.05
    for end in (asks, asked, replies, replied):
        os.close(end)


def test_a_frame_longer_than_any_is_refused() -> None:
    """A length is believed up to a bound."""
    with pytest.raises(TooLong):
        receive(io.BytesIO(packed(b"12345")).read, 4)
    with pytest.raises(EOFError):
        receive(io.BytesIO(packed(b"12345")[:-1]).read, 5)


def _ask_anyone(suffix: str, data: bytes) -> list[Draft | Trouble]:
    return list(isolated(suffix, io.BufferedReader(io.BytesIO(data)), FieldMapping(), Limits()))


def _ends(number: int) -> bool:
    """Whether a process ends within ten seconds."""
    for _ in range(1000):
        try:
            os.kill(number, 0)
        except ProcessLookupError:
            return True
        if Path(f"/proc/{number}/stat").read_text().split(") ")[1].startswith("Z"):
            return True
        time.sleep(0.01)
    return False
