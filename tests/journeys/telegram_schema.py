"""The Bot API's methods and types, as aiogram has them: a schema that neither the bot nor the emulator made."""

from __future__ import annotations

import json
from typing import Any, get_args

import aiogram.methods
from pydantic import BaseModel


class UnknownFieldError(Exception):
    """A request has fields that the Bot API does not have."""


def decoded(method: str, fields: dict[str, Any]) -> dict[str, Any]:
    """Form fields as values: what aiogram's model has as text stays, the rest is JSON."""
    model = _model(method)
    return {name: value if _is_text(model, name) else _value(value) for name, value in fields.items()}


def _value(value: object) -> object:
    try:
        return json.loads(value) if isinstance(value, str) else value
    except ValueError:
        return value


def _is_text(model: type[BaseModel], name: str) -> bool:
    known = model.model_fields.get(name)
    kinds = (known.annotation, *get_args(known.annotation)) if known else ()
    return str in kinds and int not in kinds


def _model(method: str) -> type[BaseModel]:
    model = getattr(aiogram.methods, method[0].upper() + method[1:])
    assert issubclass(model, BaseModel)
    return model


def check_schema(method: str, fields: dict[str, Any]) -> None:
    """Raise where the fields are not those of the method, in name or type."""
    unknown = list(_unknown(_model(method).model_validate(fields)))
    if unknown:
        raise UnknownFieldError(f"fields that the Bot API does not have: {unknown}")


def _unknown(value: object) -> list[str]:
    if isinstance(value, BaseModel):
        nested = [found for name in type(value).model_fields for found in _unknown(getattr(value, name))]
        return [*(value.model_extra or {}), *nested]
    if isinstance(value, list | tuple):
        return [found for part in value for found in _unknown(part)]
    return []
