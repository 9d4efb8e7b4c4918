"""One small valid update of every kind that the library can read, and what may become of one on its way."""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    import random
    from collections.abc import Iterator

USER = {"id": 5005, "is_bot": False, "first_name": "<b>Stranger</b> & Co", "username": "stranger"}
GROUP = {"id": -1009, "type": "supergroup", "title": "</b><script>"}
_TEXT = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": 5005, "type": "private"}, "from": USER, "text": "hm"}
_POST = {"message_id": 1, "date": 1_700_000_000, "chat": {"id": -1010, "type": "channel", "title": "<i>"}, "text": "hm"}
_BOT = {"id": 7, "is_bot": True, "first_name": "newsdesk"}
_PRICE = {"currency": "XTR", "total_amount": 1, "invoice_payload": "x"}
_BOOST = {"source": "premium", "user": USER}
_RIGHTS = {"can_reply": True}
_CHANGE = {
    "chat": GROUP,
    "from": USER,
    "date": 1_700_000_000,
    "old_chat_member": {"status": "member", "user": _BOT},
    "new_chat_member": {"status": "left", "user": _BOT},
}
_POLL = {
    "id": "1",
    "question": "<b>?",
    "options": [{"persistent_id": "1", "text": "x", "voter_count": 1}],
    "total_voter_count": 1,
    "is_closed": False,
    "is_anonymous": True,
    "type": "regular",
    "allows_multiple_answers": False,
    "allows_revoting": False,
    "members_only": False,
}

EVERY_KIND: dict[str, dict[str, Any]] = {
    "message": _TEXT,
    "edited_message": _TEXT | {"edit_date": 1_700_000_001},
    "channel_post": _POST,
    "edited_channel_post": _POST | {"edit_date": 1_700_000_001},
    "inline_query": {"id": "1", "from": USER, "query": "hm", "offset": ""},
    "chosen_inline_result": {"result_id": "1", "from": USER, "query": "hm"},
    "callback_query": {"id": "1", "from": USER, "chat_instance": "1", "data": "more:x:0", "message": _TEXT},
    "shipping_query": {
        "id": "1",
        "from": USER,
        "invoice_payload": "x",
        "shipping_address": dict.fromkeys(
            ("country_code", "state", "city", "street_line1", "street_line2", "post_code"), "x"
        ),
    },
    "pre_checkout_query": {"id": "1", "from": USER} | _PRICE,
    "poll": _POLL,
    "poll_answer": {"poll_id": "1", "user": USER, "option_ids": [0], "option_persistent_ids": ["1"]},
    "my_chat_member": _CHANGE,
    "chat_member": _CHANGE,
    "chat_join_request": {"chat": GROUP, "from": USER, "user_chat_id": 5005, "date": 1_700_000_000},
    "chat_boost": {
        "chat": GROUP,
        "boost": {"boost_id": "1", "add_date": 1, "expiration_date": 2, "source": _BOOST},
    },
    "removed_chat_boost": {"chat": GROUP, "boost_id": "1", "remove_date": 1, "source": _BOOST},
    "message_reaction": {
        "chat": GROUP,
        "message_id": 1,
        "user": USER,
        "date": 1,
        "old_reaction": [],
        "new_reaction": [{"type": "emoji", "emoji": "👍"}],
    },
    "message_reaction_count": {
        "chat": GROUP,
        "message_id": 1,
        "date": 1,
        "reactions": [{"type": {"type": "emoji", "emoji": "👍"}, "total_count": 1}],
    },
    "business_connection": {
        "id": "1",
        "user": USER,
        "user_chat_id": 5005,
        "date": 1,
        "is_enabled": True,
        "rights": _RIGHTS,
    },
    "business_message": _TEXT | {"business_connection_id": "1"},
    "edited_business_message": _TEXT | {"business_connection_id": "1", "edit_date": 2},
    "deleted_business_messages": {"business_connection_id": "1", "chat": GROUP, "message_ids": [1]},
    "purchased_paid_media": {"from": USER, "paid_media_payload": "x"},
    "managed_bot": {"user": USER, "bot": _BOT},
    "guest_message": _TEXT | {"guest_query_id": "1"},
}
"""The content of an update, by its kind."""

_REPLIED = _TEXT | {"chat": GROUP, "from": _BOT, "forward_origin": {"type": "user", "date": 1, "sender_user": USER}}
_CALLED = {"type": "mention", "offset": 0, "length": 13}
_NAMED = {"type": "text_mention", "offset": 14, "length": 3, "user": _BOT}
_COMMAND = {"type": "bot_command", "offset": 0, "length": 4}
_PICTURE = {"file_id": "x", "file_unique_id": "y", "width": 1, "height": 1}
RICH: dict[str, dict[str, Any]] = {
    "called": _TEXT
    | {"chat": GROUP, "text": "@newsdesk_bot who?", "entities": [_CALLED, _NAMED], "reply_to_message": _REPLIED},
    "asked": _TEXT
    | {
        "chat": GROUP | {"is_forum": True},
        "text": "/ask",
        "entities": [_COMMAND],
        "reply_to_message": _REPLIED | {"from": USER},
        "quote": {"text": "who?", "position": 0, "is_manual": True},
        "message_thread_id": 3,
        "is_topic_message": True,
    },
    "passed on": _TEXT
    | {
        "text": None,
        "caption": "/ask https://harbour.example/a-b-c",
        "caption_entities": [_COMMAND],
        "photo": [_PICTURE],
        "media_group_id": "1",
        "forward_origin": {"type": "channel", "date": 1, "chat": _POST["chat"], "message_id": 1},
    },
}
"""Messages with all that is looked at to see whether they are meant for the bot."""

ODD: tuple[object, ...] = (None, "", "x" * 5000, -1, 2**63, 1.5, True, [], {}, [None], {"id": {}}, "\ud800", "\x00<b>")
"""What may stand where something else is meant to."""


def mangled(content: dict[str, Any], chance: random.Random) -> dict[str, Any]:
    """The content with one to three of its parts taken out, or something odd put in their place."""
    found = copy.deepcopy(content)
    for _ in range(chance.randint(1, 3)):
        places = list(_places(found))
        if not places:
            break
        holder, key = chance.choice(places)
        if chance.random() < 0.3:
            del holder[key]
        else:
            holder[key] = copy.deepcopy(chance.choice(ODD))
    return found


def _places(value: Any) -> Iterator[tuple[Any, Any]]:  # noqa: ANN401 - any JSON
    """Each part of a JSON value: what holds it, and by which key."""
    keys = list(value) if isinstance(value, dict) else range(len(value)) if isinstance(value, list) else ()
    for key in keys:
        yield value, key
        yield from _places(value[key])
