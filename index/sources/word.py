"""Word documents (.docx)."""

from __future__ import annotations

import io
import zipfile
from typing import TYPE_CHECKING

from index.sources.drafts import Draft
from index.sources.text import one_line
from index.sources.unreadable import Unreadable

if TYPE_CHECKING:
    from index.sources.limits import Limits

_OLE = b"\xd0\xcf\x11\xe0"
_TITLE_CHARACTERS = 200


def read_word(data: bytes, limits: Limits) -> Draft:
    """The article in a Word document. Its dates are not taken: they tell when the file was made.

    Raises:
        Unreadable: it is encrypted, unpacks to too much, or has no text.

    """
    from docx import Document  # noqa: PLC0415 - only a sync needs it

    if data.startswith(_OLE):
        raise Unreadable("encrypted, or an old .doc: save it as .docx without a password")
    _check_size(data, limits)
    document = Document(io.BytesIO(data))
    paragraphs = [
        (one_line(paragraph.text), str(paragraph.style.name or "") if paragraph.style else "")
        for paragraph in document.paragraphs
    ]
    paragraphs = [(text, style) for text, style in paragraphs if text]
    if not paragraphs:
        raise Unreadable("no article in it")
    core = document.core_properties
    title = one_line(core.title or "") or _title(paragraphs)
    body = [text for at, (text, _) in enumerate(paragraphs) if at or text != title]
    author = one_line(core.author or "")
    return Draft(
        title=title,
        body="\n\n".join(body),
        author=author if " " in author else None,
        language=core.language or None,
    )


def _title(paragraphs: list[tuple[str, str]]) -> str:
    """The first paragraph where it is set or reads as a heading; else none."""
    text, style = paragraphs[0]
    heading = style.startswith(("Title", "Heading"))
    short = len(text) <= _TITLE_CHARACTERS and text[-1] not in ".!?…" and len(paragraphs) > 1
    return text if heading or short else ""


def _check_size(data: bytes, limits: Limits) -> None:
    unpacked = sum(entry.file_size for entry in zipfile.ZipFile(io.BytesIO(data)).infolist())
    if unpacked > 4 * limits.file_bytes:
        raise Unreadable(f"over the size limit: unpacks to more than {4 * limits.file_bytes:,} bytes")
    if unpacked > max(limits.ratio_floor_bytes, limits.ratio * len(data)):
        raise Unreadable(f"compressed more than {limits.ratio} times, as only a harmful file is")
