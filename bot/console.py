"""The same conversation in a terminal: what Telegram would show, with history and line editing."""

from __future__ import annotations

import asyncio
import hashlib
import shutil
import sys
from contextlib import AsyncExitStack, contextmanager
from dataclasses import replace
from importlib.resources import files
from pathlib import Path
from typing import TYPE_CHECKING

import click
from prompt_toolkit import PromptSession
from prompt_toolkit.history import FileHistory
from rich.console import Console

from bot.conversation import Conversation
from bot.desk import Desk
from bot.markup import Message, escaped, pack
from bot.memory import Memory
from bot.progress import showing
from bot.speaker import Speaker
from bot.terminal import to_terminal
from bot.texts import Languages
from index import Archive
from index.encoder import default_cache

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator

    from bot.markup import Outcome
    from bot.settings import Settings

SPEAKER = Speaker(chat=0)
"""The terminal is a chat too, of which there is one."""
LEAVING = frozenset({"/quit", "/exit", "/q"})
_WIDEST = 100
_NOTE = "There is no archive in {archive} yet: this is the sample. To read your own articles: newsdesk sync PATH"
_HELP = "Here a number presses the button of that number; /new starts afresh, /quit or Ctrl-D leaves."


def run(settings: Settings, *, once: str | None = None, sample: bool = False) -> None:
    """Talk until the end of input or Ctrl-C, or answer one question.

    Args:
        settings: where the archive is, and how long to wait.
        once: one question to answer, instead of a conversation.
        sample: open the sample archive, even where there is another.

    Raises:
        NewsdeskError: the archive cannot be opened.

    """
    home = settings.cache or default_cache()
    chosen = settings
    if sample or not (settings.archive / "archive.db").is_file():
        chosen = settings.model_copy(update={"archive": _sync_sample(settings, home)})
    if chosen is not settings and not sample:
        click.echo(f"{_NOTE.format(archive=settings.archive)}\n", err=True)
    with asyncio.Runner() as runner, _turns(runner, chosen) as turns:
        if once is not None:
            _show(runner.run(turns.take(once)))
            return
        try:
            _show(runner.run(turns.greet()))
            _converse(runner, turns, _reader(home / "history"))
        except KeyboardInterrupt:
            return


def _sync_sample(settings: Settings, home: Path) -> Path:
    """Index the sample; its archive is one for each place that newsdesk is installed in, and each encoder."""
    articles = Path(str(files("index") / "sample"))
    place = hashlib.sha256(f"{articles}\n{settings.encoder}".encode()).hexdigest()[:8]
    folder = home / "sample" / place
    opened = Archive.open(folder, encoder=settings.encoder, cache=settings.cache, device=settings.device, create=True)
    with opened as archive, showing() as progress:
        archive.sync([articles], progress=progress, allow_removal=True)
    return folder


@contextmanager
def _turns(runner: asyncio.Runner, settings: Settings) -> Iterator[Turns]:
    def opener() -> Archive:
        return Archive.open(settings.archive, encoder=settings.encoder, cache=settings.cache, device=settings.device)

    stack = AsyncExitStack()
    try:
        desk = Desk(opener, queue=settings.queue, timeout=settings.timeout)
        runner.run(stack.enter_async_context(desk))
        memory = stack.enter_context(Memory.open(settings.archive / "console.db"))
        yield Turns(Conversation(desk, memory, Languages.load()), replace(SPEAKER, language=settings.language))
    finally:
        runner.run(stack.aclose())


def _converse(runner: asyncio.Runner, turns: Turns, read: Callable[[], str]) -> None:
    """Read and answer line by line; lines are read outside the event loop, where Ctrl-C is heard at once."""
    while True:
        try:
            line = read()
        except EOFError:
            return
        if line.strip() in LEAVING:
            return
        _show(runner.run(turns.take(line)))


class Turns:
    """What a line in the terminal does: a number presses a button, a command is one, anything else is a question."""

    def __init__(self, conversation: Conversation, speaker: Speaker = SPEAKER) -> None:
        self._conversation = conversation
        self._speaker = speaker
        self._buttons: tuple[str, ...] = ()

    async def greet(self) -> tuple[Message, ...]:
        """Begin."""
        return self._shown(await self._conversation.start(self._speaker))

    async def take(self, line: str) -> tuple[Message, ...]:
        """Answer one line."""
        said = line.strip()
        if said.isascii() and said.isdigit() and 1 <= int(said[:9]) <= len(self._buttons):
            return self._shown(await self._conversation.press(self._speaker, self._buttons[int(said[:9]) - 1]))
        if said.startswith("/") and said[1:].isidentifier():
            return await self._command(said)
        return self._shown(await self._conversation.ask(self._speaker, line))

    async def _command(self, said: str) -> tuple[Message, ...]:
        """Do what a command says; most are for Telegram."""
        if said == "/start":
            return await self.greet()
        if said == "/help":
            return (*self._conversation.say(self._speaker, "help").messages, *pack([_HELP]))
        if said == "/new":
            return self._conversation.new(self._speaker).messages
        name = "not_admin" if said == "/reindex" else "unknown_command"
        return self._conversation.say(self._speaker, name).messages

    def _shown(self, outcome: Outcome) -> tuple[Message, ...]:
        """Number the buttons of the last message that has some; those are the ones that a digit presses."""
        messages = (*outcome.messages, *([outcome.edit] if outcome.edit else []))
        if outcome.notice is not None:
            messages = (*messages, Message(html=escaped(outcome.notice), buttons=outcome.buttons or ()))
        data = tuple(each.data for message in messages for row in message.buttons for each in row if each.data)
        self._buttons = data or self._buttons
        return messages


def _show(messages: tuple[Message, ...]) -> None:
    console = Console()
    colour = console.color_system is not None and not console.no_color
    width = min(shutil.get_terminal_size().columns, _WIDEST)
    for message in messages:
        click.echo(f"{to_terminal(message, colour=colour, width=width)}\n", color=colour)


def _reader(history: Path) -> Callable[[], str]:
    """How a line is read: with editing and history in a terminal, plainly from a pipe."""
    if not (sys.stdin.isatty() and sys.stdout.isatty()):
        return _read_plainly
    history.parent.mkdir(parents=True, exist_ok=True)
    session: PromptSession[str] = PromptSession(history=FileHistory(str(history)))
    return lambda: session.prompt("› ")


def _read_plainly() -> str:
    line = sys.stdin.readline()
    if not line:
        raise EOFError
    return line
