"""The conversation in the terminal: lines, buttons, the sample, and how it ends."""

from __future__ import annotations

import io
import sys
from threading import Timer
from typing import TYPE_CHECKING

import pytest
from fakes import FakeArchive
from prompt_toolkit.application import create_app_session
from prompt_toolkit.input import create_pipe_input
from prompt_toolkit.output import DummyOutput
from toys import ToyEncoder, ToyReader

from bot import console
from bot.conversation import Conversation
from bot.desk import Desk
from bot.markup import Message, visible
from bot.memory import Memory
from bot.settings import Settings
from bot.texts import Languages
from index import Archive, NewsdeskError, encoder

if TYPE_CHECKING:
    from collections.abc import AsyncIterator
    from pathlib import Path

GREETING = "Ask the archive. Write a question"


@pytest.fixture
async def turns() -> AsyncIterator[console.Turns]:
    """A conversation with an archive that offers two questions, one of which it can answer."""
    archive = FakeArchive(suggestions=("Who accompanied Netanyahu to Moscow?", "What opened on Friday?"))
    async with Desk(lambda: archive, queue=4, timeout=5) as desk:
        with Memory.open(None) as memory:
            yield console.Turns(Conversation(desk, memory, Languages.load()))


def said(messages: tuple[Message, ...]) -> str:
    """What a person reads of messages."""
    return "\n".join(visible(message.html) for message in messages)


async def test_a_number_presses_the_button_of_that_number(turns: console.Turns) -> None:
    """The first offered question is asked and answered; the number then is that of the answer's button."""
    await turns.greet()
    answer = said(await turns.take(" 1\n"))
    assert answer.startswith("Who accompanied Netanyahu to Moscow?\n\nZeev Elkin accompanied Netanyahu to Moscow.")
    assert said(await turns.take("1")).startswith("More on: Who accompanied Netanyahu to Moscow?")


async def test_an_answer_is_judged_by_numbers(turns: console.Turns) -> None:
    """What Telegram shows for a moment is said, with the buttons that then stand there; a page turned is shown."""
    await turns.take("Who accompanied Netanyahu?")
    (asks,) = await turns.take("3")
    assert asks.html == "What is wrong? Tap a reason, or reply to the message in your words."
    assert [button.label for row in asks.buttons for button in row if not button.url] == [
        "More passages",
        "👍 Right",
        "👎 Wrong ✓",
        "Wrong article",
        "Wrong sentence",
        "Out of date",
        "Something else",
    ]
    assert said(await turns.take("6")) == "Thank you, that is noted."
    assert said(await turns.take("1")).startswith("More on: Who accompanied Netanyahu? (1/2)")
    assert said(await turns.take("1")).startswith("More on: Who accompanied Netanyahu? (2/2)")


@pytest.mark.parametrize("line", ["0", "3", "٢", "99999999999999999999999", "-1", "2x"])
async def test_a_number_of_no_button_is_a_question(turns: console.Turns, line: str) -> None:
    """It is asked like any other."""
    await turns.greet()
    assert "Nothing in the archive is near the question." in said(await turns.take(line))


async def test_a_message_without_buttons_leaves_those_before(turns: console.Turns) -> None:
    """After a remark the numbers are those that were shown last."""
    await turns.greet()
    assert said(await turns.take("  ")).startswith("Please ask me something in words")
    assert said(await turns.take("2")).startswith("What opened on Friday?")


async def test_commands_are_not_questions(turns: console.Turns) -> None:
    """Each has its reply; help says how to press and to leave; what is no command is said to be none."""
    assert said(await turns.take("/start")).startswith(GREETING)
    text = said(await turns.take("/help"))
    assert "/start – questions to begin with" in text
    assert text.endswith("a number presses the button of that number; /new starts afresh, /quit or Ctrl-D leaves.")
    assert said(await turns.take("/new")).startswith("A fresh start")
    assert said(await turns.take("/frobnicate")).startswith("I do not know that command.")
    assert said(await turns.take("/reindex")) == "That command is for admins of this bot."
    assert said(await turns.take("/2 of the harvest was good?")).startswith("The harvest was good.")


@pytest.fixture
def archive(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> FakeArchive:
    """What is opened wherever an archive is; there is the file of one in the folder of the settings."""
    fake = FakeArchive(suggestions=("Who accompanied Netanyahu to Moscow?",))
    monkeypatch.setattr(console.Archive, "open", lambda *_args, **_rest: fake)
    (tmp_path / "archive").mkdir()
    (tmp_path / "archive" / "archive.db").touch()
    return fake


def settings(folder: Path) -> Settings:
    """An archive and a cache in a folder, and nothing of this machine."""
    return Settings(_env_file=None, archive=folder / "archive", cache=folder / "cache")


def blocks(text: str) -> list[str]:
    """The first words of each paragraph."""
    return [block.split("\n")[0] for block in text.strip().split("\n\n")]


def test_a_conversation_through_a_pipe(
    archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Each line is answered, without colour and without a prompt; it ends with the input, and the archive is closed."""
    monkeypatch.setattr(sys, "stdin", io.StringIO("1\n\n/help\nwas the harvest good?"))
    console.run(settings(tmp_path))
    out, err = capsys.readouterr()
    assert err == ""
    assert "\x1b" not in out
    assert [block[:28] for block in blocks(out)] == [
        "Ask the archive. Write a que",
        "For example:",
        "[1] Who accompanied Netanyah",
        "Who accompanied Netanyahu to",
        "│ Zeev Elkin accompanied Net",
        "The passage around it:",
        "[1] More passages",
        "Please ask me something in w",
        "Write a question, such as a ",
        "What is not in the archive, ",
        "/start – questions to begin ",
        "Here a number presses the bu",
        "│ The harvest was good.",
        "The passage around it:",
        "[1] 👍 Right",
    ]
    assert archive.closed
    assert len(archive.threads) == 1


@pytest.mark.parametrize("leaving", ["/quit", " /exit ", "/q"])
def test_leaving(
    archive: FakeArchive,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
    leaving: str,
) -> None:
    """What stands behind is not asked."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(f"{leaving}\nwas the harvest good?\n"))
    console.run(settings(tmp_path))
    assert capsys.readouterr().out.startswith(GREETING)
    assert archive.asked == []
    assert archive.closed


def test_one_question_and_no_more(
    archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """There is no greeting, and the input is not read."""
    monkeypatch.setattr(sys, "stdin", None)
    console.run(settings(tmp_path), once="who accompanied Netanyahu to Moscow")
    assert capsys.readouterr().out.startswith(
        "│ Zeev Elkin accompanied Netanyahu to Moscow.\nTalks in Moscow · Harbour"
    )
    assert archive.closed


@pytest.mark.parametrize("failure", [NewsdeskError("the archive is gone"), KeyboardInterrupt()])
def test_a_failure_closes_the_archive(
    archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failure: BaseException
) -> None:
    """It is passed on to the command, which says it in a line."""
    archive.failure = failure  # type: ignore[assignment]
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    with pytest.raises(type(failure)):
        console.run(settings(tmp_path), once="who accompanied Netanyahu to Moscow")
    assert archive.closed


class Typed(io.StringIO):
    """A stream that is a terminal."""

    def isatty(self) -> bool:
        """Yes."""
        return True


def typed(folder: Path, monkeypatch: pytest.MonkeyPatch, *keys: str) -> str:
    """What a terminal shows of the answers to a person who types, pausing half a second before each of ``keys``."""
    screen = Typed()
    monkeypatch.setattr(sys, "stdin", Typed())
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.delenv("NO_COLOR", raising=False)
    with create_pipe_input() as keyboard, create_app_session(input=keyboard, output=DummyOutput()):
        hands = [Timer(0.5 * place, keyboard.send_text, [each]) for place, each in enumerate(keys, start=1)]
        for hand in hands:
            hand.start()
        console.run(settings(folder))
        for hand in hands:
            hand.join()
    return screen.getvalue()


def test_a_terminal_has_colour_and_line_editing(
    archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The left arrow goes back in the line; what matters is bold; Ctrl-D leaves."""
    text = typed(tmp_path, monkeypatch, "was the harvst good?" + "\x1b[D" * 8 + "e\r\x04")
    assert archive.asked == ["was the harvest good?"]
    assert "\x1b[1mharvest\x1b[0m was \x1b[1mgood\x1b[0m" in text


def test_history_outlives_the_conversation(
    archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The up arrow brings back what was asked, in the same conversation and in the next; Ctrl-C leaves."""
    typed(tmp_path, monkeypatch, "is it the first?\ris it the second?\r", "\x1b[A\x1b[A\r\x03")
    typed(tmp_path, monkeypatch, "\x1b[A\x1b[A\r\x03")
    assert archive.asked == [
        "is it the first?",
        "is it the second?",
        "is it the first?",
        "is it the second?",
    ]


def test_no_color_is_heard(archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """With NO_COLOR there is no escape code."""
    del archive
    screen = Typed()
    monkeypatch.setattr(sys, "stdout", screen)
    monkeypatch.setenv("TERM", "xterm")
    monkeypatch.setenv("NO_COLOR", "1")
    console.run(settings(tmp_path), once="was the harvest good?")
    assert screen.getvalue().startswith("│ The harvest was good.")
    assert "\x1b" not in screen.getvalue()


def test_lines_are_as_wide_as_the_terminal_and_at_most_a_hundred(
    archive: FakeArchive, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """The address apart, which is never broken."""
    del archive
    for columns, widest in ((40, 40), (300, 100)):
        monkeypatch.setenv("COLUMNS", str(columns))
        console.run(settings(tmp_path), once="/help")
        widths = [len(line) for line in capsys.readouterr().out.splitlines()]
        assert widest - 12 < max(widths) <= widest


@pytest.fixture
def toy(monkeypatch: pytest.MonkeyPatch) -> None:
    """Words for an encoder, and capitals for a reader."""
    monkeypatch.setattr(encoder, "load", lambda *_args, **_rest: ToyEncoder())
    monkeypatch.setattr("index.archive.load_reader", lambda *_args: ToyReader())


@pytest.mark.usefixtures("toy")
def test_without_an_archive_there_is_the_sample(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """It is indexed in the cache, once, and said to be the sample; the folder of the settings is not made."""
    monkeypatch.setattr(sys, "stdin", io.StringIO(""))
    console.run(settings(tmp_path))
    out, err = capsys.readouterr()
    assert out.startswith(GREETING)
    assert err == (
        f"There is no archive in {tmp_path / 'archive'} yet: this is the sample. To read your own articles: "
        "newsdesk sync PATH\n\n"
    )
    assert not (tmp_path / "archive").exists()
    (folder,) = (tmp_path / "cache" / "sample").iterdir()
    console.run(settings(tmp_path), once="ferry", sample=True)
    assert capsys.readouterr().err == ""
    assert list((tmp_path / "cache" / "sample").iterdir()) == [folder]
    with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as opened:
        assert opened.stats().articles == 36


@pytest.mark.usefixtures("toy")
def test_the_sample_is_one_for_each_installation_and_encoder(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    """Two that share a cache do not put their articles into one archive; --once says that it is the sample, too."""
    for place, name in (("a", "one"), ("b", "one"), ("b", "two")):
        (tmp_path / place / "sample").mkdir(parents=True, exist_ok=True)
        (tmp_path / place / "sample" / "a.txt").write_text("Ferry\n\nThe ferry sank in the harbour on Tuesday night.\n")
        monkeypatch.setattr(console, "files", lambda _, place=place: tmp_path / place)
        console.run(settings(tmp_path).model_copy(update={"encoder": name}), once="ferry")
        assert "this is the sample" in capsys.readouterr().err
    folders = list((tmp_path / "cache" / "sample").iterdir())
    assert len(folders) == 3
    for folder in folders:
        with Archive.open(folder, encoder=ToyEncoder(), reader=ToyReader()) as opened:
            assert opened.stats().articles == 1
