"""The sentences of one language, read from its gettext catalogue."""

from __future__ import annotations

import logging
from dataclasses import dataclass
from gettext import GNUTranslations
from io import BytesIO
from string import Formatter
from typing import IO, TYPE_CHECKING, Self

from babel import Locale
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po

if TYPE_CHECKING:
    from babel.messages.catalog import Catalog, Message

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """A sentence, and whether it runs from the right."""

    text: str
    from_right: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Catalogue:
    """Sentences by name, and the catalogue to look into for those that there are not.

    ``single`` has one form, ``plural`` as many as the language has; ``fields`` are what is filled in.
    """

    locale: Locale
    translations: GNUTranslations
    single: frozenset[str]
    plural: frozenset[str]
    fields: dict[str, frozenset[str]]
    otherwise: Catalogue | None = None

    @classmethod
    def read(cls, file: IO[bytes], language: str, otherwise: Catalogue | None = None) -> Self:
        """Read a catalogue; a sentence that does not take the values of the one it translates is left out.

        Args:
            file: in the PO format.
            language: the code that Unicode has for it, such as ``ru`` or ``pt_BR``.
            otherwise: what it translates.
        """
        catalog = read_po(file, locale=language)
        for message in [each for each in catalog if each.id and not _is_sound(each, catalog, otherwise)]:
            _log.warning("%s.po: %s is left out: not complete, or other placeholders", language, _name(message))
            catalog.delete(message.id)
        compiled = BytesIO()
        write_mo(compiled, catalog)
        compiled.seek(0)
        messages = [each for each in catalog if each.id]
        return cls(
            locale=Locale.parse(language),
            translations=GNUTranslations(compiled),
            single=frozenset(_name(each) for each in messages if not each.pluralizable),
            plural=frozenset(_name(each) for each in messages if each.pluralizable),
            fields={_name(each): frozenset().union(*map(_fields, _forms(each))) for each in messages},
            otherwise=otherwise,
        )

    def find(self, name: str, count: int | None = None) -> Found:
        """A sentence, in the form for a count where it has several.

        Raises:
            KeyError: there is no such sentence.
        """
        if count is not None and name in self.plural:
            text = self.translations.ngettext(name, name, count)
        elif name in self.single:
            text = self.translations.gettext(name)
        elif self.otherwise is not None:
            return self.otherwise.find(name, count)
        else:
            raise KeyError(name)
        return Found(text=text, from_right=self.locale.text_direction == "rtl")


def _is_sound(message: Message, catalog: Catalog, otherwise: Catalogue | None) -> bool:
    """Whether each form is there and takes what is filled in; the form for one count may do without it."""
    forms = _forms(message)
    if message.fuzzy or not all(forms) or len(forms) != (catalog.num_plurals if message.pluralizable else 1):
        return False
    try:
        fields = [_fields(form) for form in forms]
    except ValueError:
        return False
    if message.pluralizable:
        fields = [each | {"count"} for each in fields]
    expected = fields[0] if otherwise is None else otherwise.fields.get(_name(message))
    return all(each == expected for each in fields)


def _name(message: Message) -> str:
    return message.id if isinstance(message.id, str) else message.id[0]


def _forms(message: Message) -> tuple[str, ...]:
    return (message.string,) if isinstance(message.string, str) else tuple(message.string or ())


def _fields(text: str) -> frozenset[str]:
    """The names of what is filled into a text.

    Raises:
        ValueError: a brace is not closed, or there is more than a name in one.
    """
    found = [each for each in Formatter().parse(text) if each[1] is not None]
    if any(spec or conversion or not str(name).isidentifier() for _, name, spec, conversion in found):
        raise ValueError(text)
    return frozenset(str(name) for _, name, _, _ in found)
