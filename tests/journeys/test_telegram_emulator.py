"""The emulated Telegram refuses what the real one would: else the journeys would prove little."""

from __future__ import annotations

import aiohttp
import pytest
from journeys.telegram_emulator import TelegramEmulator, serving
from journeys.telegram_html import HtmlRefusedError, visible_text


@pytest.mark.parametrize(
    "html",
    [
        "a < b",
        "fish & chips",
        "&nbsp;",
        "<b>open",
        "closed</b>",
        "<b><i>crossed</b></i>",
        "<p>no such tag</p>",
        '<a href="javascript:x">x</a>',
        "<a>x</a>",
        '<b onclick="x">x</b>',
        "<blockquote><blockquote>x</blockquote></blockquote>",
        "<b></b>",
        " \n ",
        "x" * 4097,
        "🙂" * 2049,
        "<b>x</b>" * 101,
    ],
)
def test_html_that_telegram_refuses_is_refused(html: str) -> None:
    """Markup that is broken, unknown, empty or too long."""
    with pytest.raises(HtmlRefusedError):
        visible_text(html)


def test_html_that_telegram_takes_is_read() -> None:
    """Tags go, characters come, and length counts after that."""
    assert visible_text('<b>&lt;a&gt;</b> <a href="https://x.example/?a=1&amp;b=2">&#x27;&#39;</a>') == "<a> ''"
    assert visible_text("&amp;" * 4096) == "&" * 4096
    assert visible_text("<blockquote expandable>x > y</blockquote>") == "x > y"


@pytest.mark.parametrize(
    "fields",
    [
        {"chat_id": 1, "text": "x", "invented": 1},
        {"chat_id": 1},
        {"chat_id": 1, "text": "x", "link_preview_options": '{"is_disabled": "perhaps"}'},
        {"chat_id": 1, "text": "x", "link_preview_options": '{"disabled": true}'},
        {"chat_id": 1, "text": "x", "message_thread_id": "none"},
        {"chat_id": 1, "text": "<b>", "parse_mode": "HTML"},
    ],
)
async def test_requests_that_the_bot_api_does_not_know_are_problems(fields: dict[str, object]) -> None:
    """A field that is missing, unknown, or of another type is refused, and remembered."""
    async with serving(TelegramEmulator()) as emulator, aiohttp.ClientSession() as session:
        address = f"{emulator.address}/bot{emulator.token}/sendMessage"
        async with session.post(address, data=fields) as response:
            assert response.status == 400
        assert len(emulator.problems) == 1
        async with session.post(address, data={"chat_id": 1, "text": "x"}) as response:
            assert response.status == 200
        assert len(emulator.problems) == 1
