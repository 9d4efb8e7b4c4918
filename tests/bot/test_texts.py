"""Texts: every sentence by name, none unused, none missing, values escaped."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from string import Formatter

import pytest
from journeys.telegram_html import visible_text

import bot
from bot.texts import Texts

TEXTS = Texts.load()
SOURCES = [path.read_text() for path in Path(bot.__file__).parent.rglob("*.py")]


def test_every_sentence_is_used_and_every_one_used_is_there() -> None:
    """The names in the code and in the file are the same."""
    code = "\n".join(SOURCES)
    used = set(re.findall(r'\.html\(\s*"(\w+)"|\bsay\(\s*"(\w+)"|sentences\["(\w+)"\]|asked\(\s*"(\w+)"', code))
    names = {name for groups in used for name in groups if name}
    names |= {f"{name}_label" for name in re.findall(r'\.label\("(\w+)"', code)}
    names |= {"command_start_label", "command_help_label"}
    assert names == set(TEXTS.sentences)


@pytest.mark.parametrize("name", sorted(TEXTS.sentences))
def test_every_sentence_is_what_telegram_accepts(name: str) -> None:
    """Filled with anything, a sentence is valid HTML, within a message; a label fits a button or a menu."""
    fields = {field for _, field, _, _ in Formatter().parse(TEXTS.sentences[name]) if field}
    values = dict.fromkeys(fields, "<&>")
    if name.endswith("_label"):
        assert 0 < len(TEXTS.label(name.removesuffix("_label"), **values)) <= 60
    else:
        assert visible_text(TEXTS.html(name, **values))


def test_values_are_escaped_in_html_and_not_in_labels() -> None:
    """What a reader typed cannot become markup."""
    texts = Texts(sentences={"a": "<b>{x}</b>", "a_label": "{x}"}, months=())
    assert texts.html("a", x="<i>&") == "<b>&lt;i&gt;&amp;</b>"
    assert texts.label("a", x="<i>&") == "<i>&"


def test_dates_read_as_people_write_them() -> None:
    """Day, month by name, year."""
    assert TEXTS.date(date(2018, 1, 30)) == "30 January 2018"
    assert TEXTS.date(date(987, 12, 1)) == "1 December 987"
