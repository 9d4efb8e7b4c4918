"""Menus: who sees which commands, in which language."""

from __future__ import annotations

import re
from pathlib import Path

import bot
from bot.handlers.addressed import ASK
from bot.menus import ADMINS, READERS, menus
from bot.texts import Languages

LANGUAGES = Languages.load()


def test_admins_see_theirs_below_those_of_readers() -> None:
    """For everybody, then for each admin's chat; English is for all languages without texts of their own."""
    texts = LANGUAGES.of("en")
    made = menus({"ru": texts, "en": texts}, frozenset({8, 7}))
    assert [(menu.chat, menu.language) for menu in made] == [
        (None, None), (None, "ru"), (7, None), (7, "ru"), (8, None), (8, "ru"),
    ]  # fmt: skip
    assert [name for name, _ in made[0].commands] == list(READERS)
    assert [name for name, _ in made[5].commands] == [*READERS, *ADMINS]


def test_the_language_that_is_set_is_for_all_others() -> None:
    """Then English is a menu of its own."""
    texts = {code: LANGUAGES.of(code) for code in ("en", "ru")}
    everybodys, english = menus(texts, (), "ru")
    assert (everybodys.language, english.language) == (None, "en")
    assert dict(everybodys.commands)["help"] == texts["ru"].label("command_help")


def test_every_command_is_as_telegram_wants_it() -> None:
    """Up to 100 of up to 32 small letters, each with 1 to 256 characters: core.telegram.org/bots/api#botcommand."""
    for menu in menus({code: LANGUAGES.of(code) for code in LANGUAGES.codes}, frozenset({7})):
        assert len(menu.commands) <= 100
        assert all(re.fullmatch(r"[a-z0-9_]{1,32}", name) and 0 < len(what) <= 256 for name, what in menu.commands)


def test_every_command_in_a_menu_is_handled() -> None:
    """And every one that is handled for admins is in theirs."""
    code = "\n".join(path.read_text() for path in (Path(bot.__file__).parent / "handlers").glob("*.py"))
    handled = set(re.findall(r'(?:Command(?:Handler)?\(|admin_command\(services, )"(\w+)"', code))
    assert handled | {ASK} >= {*READERS, *ADMINS}
    assert set(re.findall(r'admin_command\(services, "(\w+)"', code)) <= set(ADMINS)
