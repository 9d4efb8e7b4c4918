"""What an operator can set: the only reader of the environment and of .env."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import Field, SecretStr, ValidationError, field_validator
from pydantic_settings import BaseSettings, NoDecode, SettingsConfigDict

from index.encoder import DEFAULT_ENCODER
from index.errors import NewsdeskError

PREFIX = "NEWSDESK_"


class SettingsError(NewsdeskError):
    """A setting is missing or is not what it should be."""


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
    encoder: str = Field(
        default=DEFAULT_ENCODER,
        description="a sentence-transformers model, by name or path; an archive keeps the one it was built with",
    )
    sources: Annotated[tuple[Path, ...], NoDecode] = Field(
        default=(), description="files and folders that sync and /reindex read, separated by commas"
    )
    telegram_token: SecretStr | None = Field(
        default=None, description="the bot's token, as @BotFather gives it: digits, a colon, letters"
    )
    telegram_api: str = Field(
        default="https://api.telegram.org", description="the address of the Bot API, http or https"
    )
    admins: Annotated[frozenset[int], NoDecode] = Field(
        default=frozenset(), description="the Telegram ids of who may /reindex, numbers separated by commas"
    )
    queue: int = Field(
        default=64,
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

    @field_validator("sources", "admins", mode="before")
    @classmethod
    def _separated(cls, value: object) -> object:
        if isinstance(value, str):
            return tuple(part.strip() for part in value.split(",") if part.strip())
        return value

    @field_validator("log_level", mode="before")
    @classmethod
    def _upper(cls, value: object) -> object:
        return value.upper() if isinstance(value, str) else value

    @field_validator("archive", "cache", "sources")
    @classmethod
    def _home(cls, value: Path | tuple[Path, ...] | None) -> Path | tuple[Path, ...] | None:
        if isinstance(value, tuple):
            return tuple(path.expanduser() for path in value)
        return value.expanduser() if value else value

    @field_validator("telegram_api")
    @classmethod
    def _address(cls, value: str) -> str:
        parts = urlsplit(value)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            raise ValueError("not an address")
        return value.rstrip("/")


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
