"""Bombs: what unpacks, unfolds or goes on to more than any machine holds."""

from __future__ import annotations

import gzip
import io
import os
import struct
import zipfile
from typing import TYPE_CHECKING

import docx
import pypdf
import pytest
from pypdf.generic import ArrayObject, DictionaryObject, NameObject, NumberObject

from index.domain import Refusal
from index.sources import Limits, streams

if TYPE_CHECKING:
    from collections.abc import Callable

TEXT = b"Ferry returns\n\nThe ferry sailed again on Monday. Four hundred islanders had waited."
ENTITIES = {
    "many": "".join(f'<!ENTITY a{at} "{f"&a{at - 1};" * 10 if at else "ferry " * 10}">' for at in range(9)),
    "long": f'<!ENTITY a8 "{"ferry " * 50_000}">',
    "file": '<!ENTITY a8 SYSTEM "file:///etc/passwd">',
    "host": '<!ENTITY a8 SYSTEM "http://127.0.0.1:9/a">',
}


def _zip_of(members: dict[str, bytes], packing: int = zipfile.ZIP_DEFLATED) -> bytes:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w", packing) as archive:
        for name, data in members.items():
            archive.writestr(name, data)
    return packed.getvalue()


def test_a_zip_of_too_many_files_is_refused_before_they_are_listed(take: Callable) -> None:
    """Files of other formats count too: what lists them takes memory for each."""
    _, (refusal,) = take("a.zip", _zip_of({f"{at}.exe": b"" for at in range(101)}), limits=Limits(members=100))
    assert refusal.reason == "over the size limit: it holds more than 100 files"


def test_entries_that_share_their_bytes_are_refused(take: Callable) -> None:
    """Two entries of a zip that lie at the same place are not both read."""
    data = _zip_of({"a.txt": TEXT, "b.txt": TEXT})
    at = data.rindex(b"PK\x01\x02") + 42
    articles, refused = take("z.zip", data[:at] + struct.pack("<L", 0) + data[at + 4 :])
    assert [article.key.path for article in articles] == ["z.zip!a.txt"]
    assert [refusal.path for refusal in refused] == ["z.zip!b.txt"]


def test_what_all_members_unpack_to_is_bounded(take: Callable) -> None:
    """Many members, each small enough, are refused from where they are too much together."""
    members = {f"{at}.txt": TEXT + b" It sailed." * 900 for at in range(9)}
    articles, refused = take("z.zip", _zip_of(members), limits=Limits(unpacked_bytes=50_000))
    assert (len(articles), len(refused)) == (5, 4)
    assert refused[0].reason == "over the size limit: unpacks to more than 50,000 bytes"


@pytest.mark.parametrize("packing", [zipfile.ZIP_BZIP2, zipfile.ZIP_LZMA])
def test_packings_that_cannot_be_bounded_are_refused(take: Callable, packing: int) -> None:
    """A few bytes of these unpack to many megabytes at a time."""
    _, (refusal,) = take("z.zip", _zip_of({"a.txt": TEXT}, packing))
    assert refusal.reason == "broken, or packed in a way that newsdesk does not know"


def test_gzip_in_pieces_is_read_whole(take: Callable) -> None:
    """Packed files that were joined are one."""
    (article,), _ = take("a.txt.gz", gzip.compress(TEXT) + gzip.compress(b"") + gzip.compress(b"\n\nIt came back."))
    assert article.body.endswith("had waited.\n\nIt came back.")


@pytest.mark.parametrize(
    "data",
    [gzip.compress(b"") * 4000, b"\x1f\x8b\x08\x08" + b"\0" * 6 + b"n" * 90_000],
    ids=["pieces", "name"],
)
def test_gzip_of_which_nothing_comes_is_refused(take: Callable, monkeypatch: pytest.MonkeyPatch, data: bytes) -> None:
    """Pieces without number that hold nothing, and a name that does not end."""
    monkeypatch.setattr(streams, "_EMPTY_BYTES", 64 * 1024)
    _, (refusal,) = take("a.txt.gz", data)
    assert refusal.reason == "packed so that nothing comes of it for long, as only a harmful file is"


def _word(body: str, doctype: str = "", image: bytes = b"") -> bytes:
    file = io.BytesIO()
    docx.Document().save(file)
    changed = io.BytesIO()
    with zipfile.ZipFile(file) as old, zipfile.ZipFile(changed, "w", zipfile.ZIP_DEFLATED) as new:
        for entry in old.infolist():
            data = old.read(entry)
            if entry.filename == "word/document.xml":
                text = data.decode().replace("<w:body>", f"<w:body>{body}", 1)
                data = text.replace("?>", f"?>\n{doctype}", 1).encode()
            new.writestr(entry.filename, data)
        if image:
            new.writestr("word/media/image1.png", image)
    return changed.getvalue()


@pytest.mark.parametrize("kind", ENTITIES)
def test_entities_of_xml_stand_for_nothing(take: Callable, kind: str) -> None:
    """In Word documents and pages neither bombs of entities nor files of this machine are unfolded."""
    doctype = f"<!DOCTYPE w [{ENTITIES[kind]}]>"
    paragraphs = f"<w:p><w:r><w:t>It sailed. {'&a8;' * 200}</w:t></w:r></w:p>"
    page = (
        f"{doctype}<html><body><article><p>{'It sailed again on Monday, they said. ' * 4}{'&a8;' * 200}</p></article>"
    )
    articles, refused = take("a.docx", _word(paragraphs, doctype))
    if kind in ("many", "long"):
        assert [refusal.reason for refusal in refused] == ["broken, or not what its name says (XMLSyntaxError)"]
    assert [article.body for article in articles] == ["It sailed."] * (kind in ("file", "host"))
    _, refused = take("b.html", page.encode())
    assert Refusal(path="b.html", reason="no article in it") in refused


def test_a_word_document_with_a_huge_picture(take: Callable) -> None:
    """Its text is read; where the picture makes it larger than a document may be, it is refused."""
    data = _word("<w:p><w:r><w:t>It sailed.</w:t></w:r></w:p>", image=os.urandom(300_000))
    (article,), _ = take("a.docx", data)
    assert article.body == "It sailed."
    _, (refusal,) = take("a.docx", data, limits=Limits(file_bytes=200_000))
    assert refusal.reason == "over the size limit of 200,000 bytes"


def _pdf(change: Callable[[pypdf.PdfWriter, DictionaryObject], None]) -> bytes:
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    pages = writer.root_object["/Pages"].get_object()
    assert isinstance(pages, DictionaryObject)
    change(writer, pages)
    file = io.BytesIO()
    writer.write(file)
    return file.getvalue()


def _claims(_: pypdf.PdfWriter, pages: DictionaryObject) -> None:
    pages[NameObject("/Count")] = NumberObject(100_000)


def _repeats(_: pypdf.PdfWriter, pages: DictionaryObject) -> None:
    kids = pages["/Kids"]
    assert isinstance(kids, ArrayObject)
    pages[NameObject("/Kids")] = ArrayObject([list.__getitem__(kids, 0)] * 3000)


def _loops(writer: pypdf.PdfWriter, pages: DictionaryObject) -> None:
    pages[NameObject("/Kids")] = ArrayObject([writer.root_object.raw_get("/Pages")])


def _nests(writer: pypdf.PdfWriter, pages: DictionaryObject) -> None:
    inner = list.__getitem__(pages["/Kids"], 0)
    for _ in range(3000):
        node = DictionaryObject({NameObject("/Type"): NameObject("/Pages"), NameObject("/Kids"): ArrayObject([inner])})
        inner = writer._add_object(node)  # noqa: SLF001 - nothing else makes such a file
    pages[NameObject("/Kids")] = ArrayObject([inner])


@pytest.mark.parametrize(
    ("change", "reason"),
    [
        (_claims, "over the size limit of 2,000 pages"),
        (_repeats, "over the size limit of 2,000 pages"),
        (_loops, "broken, or not what its name says (PdfReadError)"),
        (_nests, "broken, or not what its name says (LimitReachedError)"),
    ],
)
def test_a_pdf_of_pages_without_end_is_refused(
    take: Callable, change: Callable[[pypdf.PdfWriter, DictionaryObject], None], reason: str
) -> None:
    """Too many pages, the same page again and again, a tree that is its own branch, and one that is too deep."""
    articles, (refusal,) = take("a.pdf", _pdf(change))
    assert not articles
    assert refusal.reason == reason
