"""Invitations as messages: links, a list with buttons, the question before one is withdrawn (pure)."""

from __future__ import annotations

import re
from datetime import datetime
from typing import TYPE_CHECKING

from bot.markup import Button, Message, pack

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import tzinfo

    from bot.memory.access import Invitation
    from bot.texts import Texts

BUTTON = "inv"
"""What the data of the buttons begins with; then what is asked for, then the code."""
ASK, KEEP, EXPEL, LEAVE = "ask", "keep", "expel", "leave"
"""Withdraw? Withdraw, and those who came stay; or lose their access; or leave it as it is."""

MOST_USES = 10_000
SHOWN = 20

_CODE = re.compile(r"[A-Za-z0-9_-]{22}")
_NOTE = 100


def is_code(text: str) -> bool:
    """Whether a text has the form of a code."""
    return _CODE.fullmatch(text) is not None


def wanted(words: Sequence[str]) -> tuple[int, str] | None:
    """How many people are to come, one where that is not said, and the note; ``None`` where it is too many or none."""
    if not words or not (words[0].isascii() and words[0].isdigit()):
        return 1, " ".join(words)[:_NOTE]
    uses = int(words[0][:9])
    return (uses, " ".join(words[1:])[:_NOTE]) if 1 <= uses <= MOST_USES else None


def made_message(invitation: Invitation, bot: str, texts: Texts) -> Message:
    """The link of an invitation to the bot of this name."""
    link = f"https://t.me/{bot}?start={invitation.code}"
    made = texts.html("invite_made", uses=invitation.uses, link=link)
    noted = [texts.html("invite_noted", note=invitation.note)] if invitation.note else []
    (message,) = pack([*noted, made])
    return message


def list_message(invitations: Sequence[Invitation], timezone: tzinfo, texts: Texts) -> Message:
    """The newest invitations, with a button below for each that asks whether to withdraw it."""
    if not invitations:
        return Message(html=texts.html("invitations_none"))
    lines = [
        texts.html(
            "invitations_line",
            number=number,
            note=each.note or "–",
            date=texts.date(datetime.fromtimestamp(each.made, timezone).date()),
            used=each.used,
            uses=each.uses,
        )
        for number, each in enumerate(invitations[:SHOWN], 1)
    ]
    if rest := len(invitations[SHOWN:]):
        lines.append(texts.html("invitations_rest", count=rest))
    rows = tuple(
        (Button(label=texts.label("invitations_withdraw", number=number), data=_data(ASK, each)),)
        for number, each in enumerate(invitations[:SHOWN], 1)
    )
    return Message(html="\n".join([texts.html("invitations_title"), *lines]), buttons=rows)


def withdraw_message(invitation: Invitation, members: int, texts: Texts) -> Message:
    """The question whether to withdraw an invitation, and what with those who came by it."""
    choices = [(texts.label("withdraw_keep"), KEEP)]
    choices += [(texts.label("withdraw_expel"), EXPEL)] if members else []
    choices.append((texts.label("withdraw_not"), LEAVE))
    rows = tuple((Button(label=label, data=_data(action, invitation)),) for label, action in choices)
    return Message(html=texts.html("withdraw_ask", note=named(invitation), members=members), buttons=rows)


def named(invitation: Invitation) -> str:
    """What an invitation is called by people: its note, else the beginning of its code."""
    return invitation.note or invitation.code[:6]


def _data(action: str, invitation: Invitation) -> str:
    return f"{BUTTON}:{action}:{invitation.code}"
