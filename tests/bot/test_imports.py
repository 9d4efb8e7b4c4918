"""Where libraries may be used: the direction of imports within bot."""

from __future__ import annotations

import re
from pathlib import Path

import bot

FOLDER = Path(bot.__file__).parent


def users_of(pattern: str) -> set[str]:
    """The files of bot that import what the pattern matches."""
    return {
        str(path.relative_to(FOLDER))
        for path in FOLDER.rglob("*.py")
        if re.search(rf"^\s*(?:import|from) (?:{pattern})\b", path.read_text(), re.MULTILINE)
    }


def test_telegram_is_known_to_its_transport_composition_and_handlers_only() -> None:
    """Conversation, rendering and the terminal do without the Telegram library."""
    users = {path for path in users_of("telegram") if not path.startswith(("handlers/", "transport/"))}
    assert users == {"app.py"}


def test_the_environment_is_read_by_settings_only() -> None:
    """No other module asks for a variable, nor for the library that reads them."""
    assert users_of("pydantic_settings") == {"settings.py"}
    assert not [path for path in FOLDER.rglob("*.py") if re.search(r"os\.(environ|getenv)", path.read_text())]
