"""What an operator can set: the only reader of the environment and of .env."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from pydantic import Field, SecretStr, ValidationError, ValidationInfo, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from bot.addresses import NOWHERE, Endpoint, webhook_path
from bot.language_codes import LANGUAGES
from index import Limits
from index.encoder import DEFAULT_ENCODER
from index.errors import NewsdeskError

PREFIX = "NEWSDESK_"
_MIB = 1024 * 1024


class SettingsError(NewsdeskError):
    """A setting is missing or is not what it should be."""


def _limit(default: int, least: int, most: int, what: str) -> Any:  # noqa: ANN401 - what Field gives
    return Field(default=default, ge=least, le=most, description=f"{what}, {least} to {most}")


class Settings(BaseSettings):
    """One value per ``NEWSDESK_`` variable; the environment wins over .env, an empty value is the default.

    Each field's description says what a right value is; it stands in .env.example and in the error for a wrong one.
    """

    model_config = SettingsConfigDict(
        env_prefix=PREFIX,
        env_file=".env",
        env_file_encoding="utf-8",
        env_ignore_empty=True,
        extra="ignore",
        frozen=True,
        hide_input_in_errors=True,
    )

    archive: Path = Field(default=Path("archive"), description="the folder of the archive and of the bot's memory")
    cache: Path | None = Field(default=None, description="the folder for exported models; empty: the user's cache")
    encoder: str | None = Field(
        default=None,
        description=f"a sentence-transformers model, or its path; empty: the archive's own, at first {DEFAULT_ENCODER}",
    )
    device: Literal["auto", "cpu", "cuda"] = Field(
        default="auto",
        description="what the encoder runs on: cpu, cuda, or auto, which takes a card where there is one",
    )
    sources: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description="files and folders that sync and /reindex read, separated by commas"
    )
    sync_every: float = Field(
        default=0.0,
        ge=0,
        le=525_600,
        description="how many minutes lie between the syncs that the bot begins by itself, up to 525600;"
        " empty or 0: none",
    )
    telegram_token: SecretStr | None = Field(
        default=None, description="the bot's token, as @BotFather gives it: digits, a colon, letters"
    )
    telegram_api: str = Field(
        default="https://api.telegram.org", description="the address of the Bot API, http or https"
    )
    listen: str = Field(
        default="127.0.0.1:8088",
        description="address:port of the server of /health, /ready, /metrics and the webhook; off: none",
    )
    webhook: str | None = Field(
        default=None,
        description=(
            "the public https address, with a path, that Telegram posts to, served at NEWSDESK_LISTEN; empty: polling"
        ),
    )
    admins: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="the Telegram ids of admins, who may /reindex, /add and the rest, numbers separated by commas",
    )
    access: Literal["everyone", "listed", "invited"] = Field(
        default="everyone",
        description="who may ask: everyone; listed, in NEWSDESK_READERS; or invited, who came by a link of /invite too",
    )
    readers: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(),
        description="the Telegram ids of people, and of groups as a whole, who may ask, numbers separated by commas",
    )
    per_person: int = Field(
        default=60, ge=0, le=10_000, description="how many questions one person may ask in an hour, up to 10000; 0: any"
    )
    per_hour: int = Field(
        default=0,
        ge=0,
        le=1_000_000,
        description="how many questions all together may ask in an hour, up to 1000000; empty or 0: any",
    )
    language: str = Field(
        default="en",
        description="what the bot speaks with who has another language than it knows, in channels and in the terminal:"
        f" {', '.join(LANGUAGES)}",
    )
    timezone: str = Field(
        default="UTC", description="where readers are, which tells what day it is for them, such as Europe/Madrid"
    )
    queue: int = Field(
        default=1000,
        ge=1,
        le=10_000,
        description="how many questions may wait before others are told that it is busy, 1 to 10000",
    )
    timeout: float = Field(
        default=60.0, gt=0, le=3600, description="how many seconds a reader waits for an answer, over 0 and up to 3600"
    )
    log_level: Literal["DEBUG", "INFO", "WARNING", "ERROR"] = Field(
        default="WARNING", description="the least serious messages to log: DEBUG, INFO, WARNING or ERROR"
    )
    log_format: Literal["text", "json"] = Field(
        default="text", description="how a line of the log is written: text or json"
    )
    log_texts: bool = Field(
        default=False, description="whether what readers write may be in the log, true or false; empty: false"
    )

    limit_file_mb: int = _limit(64, 1, 1024, "how many MiB a document may have that is read whole, unpacked")
    limit_row_characters: int = _limit(
        16 * 1024 * 1024, 1000, 256 * 1024 * 1024, "how many characters a line of JSON lines or CSV may have"
    )
    limit_unpacked_mb: int = _limit(4096, 1, 1024 * 1024, "how many MiB one packed file may unpack to")
    limit_ratio: int = _limit(200, 2, 100_000, "how many times a packed file may grow once it is over the next limit")
    limit_ratio_floor_mb: int = _limit(1, 0, 1024, "how many MiB may be unpacked whatever they were packed in")
    limit_depth: int = _limit(2, 1, 8, "how many archives within one another are opened")
    limit_members: int = _limit(100_000, 1, 10_000_000, "how many files one zip may hold")
    limit_pages: int = _limit(2000, 1, 100_000, "how many pages one PDF may have")
    limit_lines: int = _limit(100_000, 1, 10_000_000, "how many lines one text file may have")
    limit_body_characters: int = _limit(5_000_000, 1000, 100_000_000, "how many characters one article may have")
    limit_refusals: int = _limit(20, 1, 10_000, "how many refused rows of one file are named; the rest are counted")
    limit_seconds: float = Field(
        default=60.0, gt=0, le=3600, description="how many seconds one document may take to read, over 0 and up to 3600"
    )
    limit_memory_mb: int = _limit(1024, 64, 64 * 1024, "how many MiB of memory reading one document may take")

    @field_validator("sources", "admins", "readers", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("listen")
    @classmethod
    def _endpoint(cls, value: str) -> str:
        if value.lower() == NOWHERE:
            return NOWHERE
        if not Endpoint.parse(value).port:
            raise ValueError("no port")
        return value

    @field_validator("webhook")
    @classmethod
    def _public(cls, value: str | None, info: ValidationInfo) -> str | None:
        if value is None:
            return None
        webhook_path(value)
        if info.data.get("listen") == NOWHERE:
            raise ValueError("nothing listens")
        return value

    @field_validator("archive", "cache", "sources")
    @classmethod
    def _home(cls, value: Path | tuple[Path, ...] | None) -> Path | tuple[Path, ...] | None:
        if isinstance(value, tuple):
            return tuple(path.expanduser() for path in value)
        return value.expanduser() if value else value

    @field_validator("language")
    @classmethod
    def _spoken(cls, value: str) -> str:
        if value not in LANGUAGES:
            raise ValueError("not a language of the bot")
        return value

    @field_validator("timezone")
    @classmethod
    def _place(cls, value: str) -> str:
        try:
            ZoneInfo(value)
        except (ZoneInfoNotFoundError, ValueError, OSError) as error:
            raise ValueError("not a time zone") from error
        return value

    @field_validator("telegram_api")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("not an address")
        return value.rstrip("/")

    @property
    def limits(self) -> Limits:
        """How much is read before a file is refused."""
        return Limits(
            file_bytes=self.limit_file_mb * _MIB,
            row_chars=self.limit_row_characters,
            unpacked_bytes=self.limit_unpacked_mb * _MIB,
            ratio=self.limit_ratio,
            ratio_floor_bytes=self.limit_ratio_floor_mb * _MIB,
            depth=self.limit_depth,
            members=self.limit_members,
            pages=self.limit_pages,
            lines=self.limit_lines,
            body_chars=self.limit_body_characters,
            refusals=self.limit_refusals,
            seconds=self.limit_seconds,
            memory_bytes=self.limit_memory_mb * _MIB,
        )


def load(*, env_file: Path | None = Path(".env")) -> Settings:
    """Read the settings.

    Args:
        env_file: a file of ``NAME=value`` lines, which need not exist; ``None`` reads the environment alone.

    Raises:
        SettingsError: a value is not what it should be; the message names the variable and what it should be.
    """
    sources: dict[str, Any] = {"_env_file": env_file}
    try:
        return Settings(**sources)
    except ValidationError as error:
        raise SettingsError(_explained(str(error.errors()[0]["loc"][0]))) from None
    except (OSError, UnicodeDecodeError) as error:
        raise SettingsError(f"{env_file} cannot be read as UTF-8 text ({error}): mend or remove it") from None


def variable(field: str) -> str:
    """The name in the environment of a field of ``Settings``."""
    return f"{PREFIX}{field.upper()}"


def _explained(field: str) -> str:
    expected = Settings.model_fields[field].description
    return f"{variable(field)} should be {expected}: mend it in the environment or in .env"
