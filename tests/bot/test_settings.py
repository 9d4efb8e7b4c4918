"""Settings: read once, explained in one line where wrong, and listed in .env.example."""

from __future__ import annotations

import re
from dataclasses import asdict
from pathlib import Path

import pytest

from bot.settings import Settings, SettingsError, load, variable
from index import Limits

EXAMPLE = Path(__file__).parents[2] / ".env.example"


@pytest.fixture(autouse=True)
def _nothing_set(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    """No variable of the machine that runs the tests counts."""
    monkeypatch.chdir(tmp_path)
    for field in Settings.model_fields:
        monkeypatch.delenv(variable(field), raising=False)


def test_the_example_lists_every_setting_with_its_default() -> None:
    """.env.example has each variable once, below its description, and changes nothing when used as it is."""
    listed = re.findall(r"^# (.+)\n(NEWSDESK_\w+)=(.*)$", EXAMPLE.read_text(), re.MULTILINE)
    described = [(field.description, variable(name)) for name, field in Settings.model_fields.items()]
    assert [(text, name) for text, name, _ in listed] == described
    assert load(env_file=EXAMPLE) == load(env_file=None)
    shown = {name: value for _, name, value in listed}
    for name, field in Settings.model_fields.items():
        assert bool(shown[variable(name)]) == bool(field.default)


def test_the_environment_wins_over_the_file(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A variable is taken before a line of .env, and an empty one does not count."""
    (tmp_path / ".env").write_text("NEWSDESK_QUEUE=5\nNEWSDESK_TIMEOUT=2.5\nOTHER=1\n")
    monkeypatch.setenv("NEWSDESK_QUEUE", "7")
    monkeypatch.setenv("NEWSDESK_TIMEOUT", "")
    settings = load()
    assert (settings.queue, settings.timeout) == (7, 2.5)


def test_lists_are_separated_by_commas(monkeypatch: pytest.MonkeyPatch) -> None:
    """Spaces and empty parts do not count; ~ is the home directory."""
    monkeypatch.setenv("HOME", "/home/editor")
    monkeypatch.setenv("NEWSDESK_SOURCES", "a/b.txt, ~/news ,")
    monkeypatch.setenv("NEWSDESK_ADMINS", " 1,22 ")
    monkeypatch.setenv("NEWSDESK_ARCHIVE", "~/archive")
    monkeypatch.setenv("NEWSDESK_CACHE", "~/cache")
    settings = load()
    assert settings.sources == (Path("a/b.txt"), Path("/home/editor/news"))
    assert settings.admins == {1, 22}
    assert (settings.archive, settings.cache) == (Path("/home/editor/archive"), Path("/home/editor/cache"))


def test_only_a_language_with_texts_can_be_set(monkeypatch: pytest.MonkeyPatch) -> None:
    """The message names those that there are."""
    monkeypatch.setenv("NEWSDESK_LANGUAGE", "ru")
    assert load().language == "ru"
    monkeypatch.setenv("NEWSDESK_LANGUAGE", "klingon")
    with pytest.raises(SettingsError, match=r"NEWSDESK_LANGUAGE should be .*: ar, en, es, ru: mend it"):
        load()


def test_harmless_differences_are_accepted(monkeypatch: pytest.MonkeyPatch) -> None:
    """A slash at the end of the address and small letters in a level are as good."""
    monkeypatch.setenv("NEWSDESK_TELEGRAM_API", "http://127.0.0.1:8081/")
    monkeypatch.setenv("NEWSDESK_LOG_LEVEL", "debug")
    settings = load()
    assert (settings.telegram_api, settings.log_level) == ("http://127.0.0.1:8081", "DEBUG")


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("NEWSDESK_ADMINS", "me"),
        ("NEWSDESK_LIMIT_FILE_MB", "0"),
        ("NEWSDESK_LIMIT_MEMORY_MB", "10"),
        ("NEWSDESK_LIMIT_SECONDS", "0"),
        ("NEWSDESK_LISTEN", "8088"),
        ("NEWSDESK_LISTEN", "127.0.0.1:0"),
        ("NEWSDESK_LOG_FORMAT", "xml"),
        ("NEWSDESK_LOG_LEVEL", "chatty"),
        ("NEWSDESK_LOG_TEXTS", "perhaps"),
        ("NEWSDESK_QUEUE", "0"),
        ("NEWSDESK_QUEUE", "many"),
        ("NEWSDESK_TELEGRAM_API", "api.telegram.org"),
        ("NEWSDESK_TELEGRAM_API", "ftp://api.telegram.org"),
        ("NEWSDESK_TIMEOUT", "-1"),
        ("NEWSDESK_TIMEOUT", "nan"),
        ("NEWSDESK_WEBHOOK", "http://news.example/updates"),
        ("NEWSDESK_WEBHOOK", "https://news.example/metrics"),
    ],
)
def test_a_wrong_value_is_one_line_that_names_it(monkeypatch: pytest.MonkeyPatch, name: str, value: str) -> None:
    """The variable and what it should be stand in the message."""
    monkeypatch.setenv(name, value)
    with pytest.raises(SettingsError, match=rf"^{name} should be [^\n]+$") as caught:
        load()
    assert caught.value.__cause__ is None


def test_a_webhook_needs_a_server(monkeypatch: pytest.MonkeyPatch) -> None:
    """Where nothing listens, nothing could be posted."""
    monkeypatch.setenv("NEWSDESK_WEBHOOK", "https://news.example/updates")
    assert load(env_file=None).webhook == "https://news.example/updates"
    monkeypatch.setenv("NEWSDESK_LISTEN", "OFF")
    with pytest.raises(SettingsError, match=r"^NEWSDESK_WEBHOOK should be the public https address"):
        load(env_file=None)
    monkeypatch.setenv("NEWSDESK_WEBHOOK", "")
    assert load(env_file=None).listen == "off"


def test_the_limits_of_reading_are_settings(monkeypatch: pytest.MonkeyPatch) -> None:
    """As they come, they are those of the index; each one of them changes with a variable of its own."""
    assert load().limits == Limits()
    fields = [name for name in Settings.model_fields if name.startswith("limit_")]
    assert len(fields) == len(asdict(Limits()))
    changed = set()
    for field in fields:
        with monkeypatch.context() as patch:
            patch.setenv(variable(field), "70")
            if field in ("limit_row_characters", "limit_body_characters"):
                patch.setenv(variable(field), "7000")
            if field == "limit_depth":
                patch.setenv(variable(field), "7")
            limits = asdict(load().limits)
        differing = {name for name, value in asdict(Limits()).items() if limits[name] != value}
        assert len(differing) == 1
        changed |= differing
    assert changed == set(asdict(Limits()))
    monkeypatch.setenv("NEWSDESK_LIMIT_FILE_MB", "70")
    assert load().limits.file_bytes == 70 * 1024 * 1024


def test_a_token_is_not_shown(monkeypatch: pytest.MonkeyPatch) -> None:
    """Settings can be printed and logged: the token is not in them."""
    monkeypatch.setenv("NEWSDESK_TELEGRAM_TOKEN", "123:secret")
    assert "secret" not in repr(load())


def test_an_unreadable_file_is_one_line(tmp_path: Path) -> None:
    """A .env that is no UTF-8 text is named."""
    (tmp_path / ".env").write_bytes(b"NEWSDESK_QUEUE=\xff")
    with pytest.raises(SettingsError, match=r"\.env cannot be read as UTF-8 text"):
        load()


def test_a_time_zone_is_one_that_there_is(monkeypatch: pytest.MonkeyPatch) -> None:
    """Any other value is explained."""
    monkeypatch.setenv("NEWSDESK_TIMEZONE", "Asia/Tokyo")
    assert load(env_file=None).timezone == "Asia/Tokyo"
    for wrong in ("Tokio", "../etc/passwd"):
        monkeypatch.setenv("NEWSDESK_TIMEZONE", wrong)
        with pytest.raises(SettingsError, match="NEWSDESK_TIMEZONE should be where readers are"):
            load(env_file=None)
