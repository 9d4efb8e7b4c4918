"""The wire: turns within a chat, and a token that no log shows."""

from __future__ import annotations

import asyncio
import io
import logging
from typing import TYPE_CHECKING

from telegram import Chat, Message, Update

from bot.transport import ChatOrder, WithoutToken, keep_out_of_logs

if TYPE_CHECKING:
    import pytest

TOKEN = "123:abcdef"  # noqa: S105


def update(number: int, chat: int) -> Update:
    """An update of a chat."""
    return Update(number, message=Message(number, None, Chat(chat, "private")))


async def test_one_chat_is_handled_in_order_and_others_beside_it() -> None:
    """The second of a chat waits for its first; another chat does not; no more than the slots run."""
    order, log, running = ChatOrder(slots=2), [], [0]

    async def handle(name: str, seconds: float) -> None:
        running[0] += 1
        log.append((name, running[0]))
        await asyncio.sleep(seconds)
        running[0] -= 1

    turns = [("a1", 1, 0.05), ("a2", 1, 0), ("b1", 2, 0.01), ("c1", 3, 0), ("a3", 1, 0)]
    await asyncio.gather(
        *(
            order.process_update(update(number, chat), handle(name, time))
            for number, (name, chat, time) in enumerate(turns)
        )
    )
    names = [name for name, _ in log]
    assert names == ["a1", "b1", "c1", "a2", "a3"]
    assert max(count for _, count in log) == 2
    assert len(order._chats) == 0  # noqa: SLF001 - chats that are done take no memory


async def test_an_update_without_a_chat_waits_for_nobody() -> None:
    """Updates of no chat, and what is no update, are handled beside each other."""
    order, log = ChatOrder(slots=5), []

    async def handle(seconds: float) -> None:
        await asyncio.sleep(seconds)
        log.append(seconds)

    await asyncio.gather(order.process_update(Update(1), handle(0.02)), order.process_update("odd", handle(0)))
    assert log == [0, 0.02]


def test_no_log_shows_the_token(monkeypatch: pytest.MonkeyPatch) -> None:
    """The token is blotted out of messages and tracebacks, whatever the format; addresses are not logged at all."""
    stream = io.StringIO()
    formatted, bare = logging.StreamHandler(stream), logging.StreamHandler(stream)
    formatted.setFormatter(logging.Formatter("%(levelname)s|%(message)s"))
    monkeypatch.setattr(logging.getLogger(), "handlers", [formatted, bare])
    keep_out_of_logs(TOKEN)
    assert isinstance(bare.formatter, WithoutToken)
    try:
        int(f"POST /bot{TOKEN}/getMe")
    except ValueError:
        logging.getLogger("some.library").exception("failed at /bot%s/", TOKEN)
    logging.getLogger("httpx").info("HTTP Request: POST /bot%s/getMe", TOKEN)
    assert TOKEN not in stream.getvalue()
    assert "ERROR|failed at /bot<token>/" in stream.getvalue()
    assert "ValueError: invalid literal for int() with base 10: 'POST /bot<token>/getMe'" in stream.getvalue()
    assert "HTTP Request" not in stream.getvalue()
