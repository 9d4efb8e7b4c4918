"""Updates that cannot be read are passed over, and no others."""

from __future__ import annotations

from typing import Any

import pytest
from telegram import Update

from bot.transport.sifting import SiftingBot, read

BOT = SiftingBot("1:x")
MESSAGE = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": 5, "type": "private"}, "text": "hm"}


def changed(**fields: object) -> dict[str, Any]:
    """An update with a message, some of whose fields are others."""
    return {"update_id": 3, "message": MESSAGE | fields}


def test_what_can_be_read_is_read() -> None:
    """A message, and an update that says nothing, or something that this library does not know."""
    assert read(changed(), BOT) == Update.de_json(changed(), BOT)
    for raw in ({"update_id": 3}, {"update_id": 3, "telepathy": {"id": 1}}):
        assert read(raw, BOT) is not None


@pytest.mark.parametrize(
    "raw",
    [
        changed(date=10**18),
        changed(chat={"type": "private"}),
        changed(chat={"id": {}, "type": "private"}),
        changed(entities=5),
        {"update_id": 3, "message": "hm"},
        {"update_id": 3, "message": {}},
        {"message": MESSAGE},
    ],
)
def test_what_cannot_is_no_update(raw: dict[str, Any]) -> None:
    """A time that no calendar has, parts that are missing or of another kind, a chat without a number."""
    assert read(raw, BOT) is None


async def test_only_what_cannot_be_read_is_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    """It comes through empty, with its number, so that Telegram is told of it; other calls are as they were."""
    answers: dict[str, object] = {
        "getUpdates": [changed(), changed(date=10**18) | {"update_id": 4}],
        "deleteWebhook": True,
    }

    async def post(_: object, endpoint: str, *__: object, **___: object) -> object:
        return answers[endpoint]

    monkeypatch.setattr(SiftingBot, "_do_post", post)
    updates = await BOT.get_updates()
    assert [update.update_id for update in updates] == [3, 4]
    assert [update.message is None for update in updates] == [False, True]
    assert await BOT.delete_webhook() is True
