"""Configurations given as words: NAME=VALUE over the fields of a dataclass."""

from __future__ import annotations

import math
from dataclasses import fields, replace
from typing import TYPE_CHECKING, TypeVar

from index.errors import NewsdeskError

if TYPE_CHECKING:
    from collections.abc import Iterable

    from _typeshed import DataclassInstance

_T = TypeVar("_T", bound="DataclassInstance")
_SWITCHES = {"yes": True, "true": True, "on": True, "1": True, "no": False, "false": False, "off": False, "0": False}


class SettingUnknown(NewsdeskError):
    """A configuration has no such field, or it cannot have that value."""


def changed(configuration: _T, settings: Iterable[str]) -> _T:
    """A configuration with fields replaced, each given as ``NAME=VALUE``; several may stand between commas.

    Raises:
        SettingUnknown: there is no such field, or the value is not of its kind.

    """
    known = {field.name: getattr(configuration, field.name) for field in fields(configuration)}
    values: dict[str, object] = {}
    for setting in (part for text in settings for part in text.split(",")):
        name, equals, value = (part.strip() for part in setting.partition("="))
        if not equals or name not in known:
            raise SettingUnknown(
                f"{setting.strip()!r} sets nothing: write NAME=VALUE, with one of {described(configuration)}"
            )
        values[name] = _like(known[name], name, value)
    try:
        return replace(configuration, **values)
    except ValueError as error:
        raise SettingUnknown(f"{', '.join(settings)}: {error}") from None


def described(configuration: DataclassInstance) -> str:
    """The fields of a configuration and what they are."""
    return ", ".join(f"{field.name}={getattr(configuration, field.name)}" for field in fields(configuration))


def _like(known: object, name: str, value: str) -> object:
    """A value of the kind that a field has now."""
    try:
        if isinstance(known, bool):
            return _SWITCHES[value.casefold()]
        if isinstance(known, int | float):
            return _finite(type(known)(value))
    except (KeyError, ValueError):
        kind = "yes or no" if isinstance(known, bool) else "a number"
        raise SettingUnknown(f"{name}={value}: it must be {kind}, such as {name}={known}") from None
    if isinstance(known, str):
        return value
    raise SettingUnknown(f"{name} is {known}, which cannot be written as NAME=VALUE: leave it")


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError(number)
    return number
