"""Staying in touch with a Telegram that posts its updates."""

from __future__ import annotations

import asyncio
from typing import TYPE_CHECKING, Any, cast

from telegram.error import NetworkError

from bot.transport.touch import stay_in_touch

if TYPE_CHECKING:
    import pytest
    from telegram.ext import ExtBot


class Flickering:
    """A bot that reaches Telegram every other time."""

    def __init__(self) -> None:
        self.asked = 0
        self.enough = asyncio.Event()

    async def get_me(self) -> None:
        """Answer or not."""
        self.asked += 1
        if self.asked == 6:
            self.enough.set()
        if self.asked % 2:
            raise NetworkError("Bad Gateway")


async def test_each_answer_is_told_and_failures_are_outlived(caplog: pytest.LogCaptureFixture) -> None:
    """Asked six times, Telegram answers three; each failure is a line in the log."""
    bot, reached = Flickering(), list[int]()
    asking = stay_in_touch(cast("ExtBot[Any]", bot), lambda: reached.append(bot.asked), every=0)
    task = asyncio.create_task(asking)
    await asyncio.wait_for(bot.enough.wait(), 5)
    await asyncio.sleep(0)
    task.cancel()
    await asyncio.wait({task})
    assert reached[:3] == [2, 4, 6]
    assert caplog.text.count("Telegram cannot be reached: Bad Gateway") >= 3
