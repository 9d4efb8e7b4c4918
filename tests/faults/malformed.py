"""Files that are nearly right: valid ones of every format, changed in all the ways in which files go wrong."""

from __future__ import annotations

import gzip
import io
import json
import zipfile
from functools import cache
from itertools import chain

import docx
from hypothesis import strategies as st
from reportlab.pdfgen.canvas import Canvas

STORY = (
    "The ferry sailed again on Monday, two years after it was laid up for repairs at the pier in Skerrow.",
    "Four hundred islanders had waited for it through two winters, and most of them stood on the quay.",
    "It will make four crossings a day in each direction, said the council: “at last”, it added – naïve or not.",
)
SUFFIXES = tuple(".txt .md .html .htm .json .jsonl .csv .pdf .docx .zip .txt.gz .jsonl.gz .zip.gz".split())
ENCODINGS = ("utf-16", "utf-16-le", "utf-32", "cp1252", "cp1251", "koi8-r", "shift_jis", "gb18030", "utf-8-sig")
SNAGS = (
    *b'\0 " "" \' < > <! <!-- --> </ & &#0; &#x110000; &amp; { } [ ] , ; : \\ \\u0000 \\ud800 | # --- ```'.split(b" "),
    *b"\xff\xfe \xfe\xff \xef\xbb\xbf \xed\xa0\x80 \xc0\x80 \xe2\x80\xae \xe2\x80\x8d \xcc\x81 \x0b".split(b" "),
    *b"PK\x03\x04 PK\x01\x02 PK\x05\x06 \x1f\x8b\x08 %PDF-1.7 endobj stream xref 1e999 -1 null \r".split(b" "),
    b"9" * 20,
)


def _page() -> bytes:
    rest = "".join(f"<p>{paragraph}</p>" for paragraph in STORY)
    head = '<meta charset="utf-8"><title>Ferry returns</title><meta property="og:site_name" content="Post">'
    return (
        f"<!DOCTYPE html><html lang='en'><head>{head}</head><body><h1>Ferry returns</h1>{rest}</body></html>".encode()
    )


def _pdf() -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file)
    for line in STORY:
        canvas.drawString(40, 500, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _word() -> bytes:
    document = docx.Document()
    for paragraph in STORY:
        document.add_paragraph(paragraph)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def _zip(**members: bytes) -> bytes:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name.replace("_", ".")), data)
    return file.getvalue()


@cache
def seeds() -> dict[str, bytes]:
    """A valid file of every format, by its suffix."""
    text = "\n\n".join(("Ferry returns", *STORY)).encode()
    front = f"---\ntitle: Ferry returns\ndate: 2024-03-14\nauthor: [Ann Lee]\n---\n# Ferry\n\n* *{STORY[0]}*\n".encode()
    rows = [{"id": at, "title": f"Ferry {at}", "text": line, "date": "2024-03-14"} for at, line in enumerate(STORY)]
    lines = "".join(json.dumps(row) + "\n" for row in rows).encode()
    table = "id,title,text\n" + "".join(f'{at},Ferry,"{line}"\n' for at, line in enumerate(STORY))
    packed = _zip(a_txt=text, b_jsonl=lines, c_html=_page())
    return {
        ".txt": text,
        ".md": front,
        ".html": _page(),
        ".htm": _page(),
        ".json": json.dumps({"articles": rows}, indent=1).encode(),
        ".jsonl": lines,
        ".csv": table.encode(),
        ".pdf": _pdf(),
        ".docx": _word(),
        ".zip": packed,
        ".txt.gz": gzip.compress(text, mtime=0),
        ".jsonl.gz": gzip.compress(lines, mtime=0),
        ".zip.gz": gzip.compress(_zip(d_csv=table.encode(), e_docx=_word()), mtime=0),
    }


@st.composite
def malformed(draw: st.DrawFn) -> tuple[str, bytes]:
    """The suffix and the bytes of a file that is valid but for some changes, or not at all."""
    suffix = draw(st.sampled_from(SUFFIXES))
    kind = draw(st.integers(0, 19))
    if kind == 0:
        return suffix, draw(st.binary(max_size=300))
    if kind == 1:  # something else than its name says
        return suffix, seeds()[draw(st.sampled_from(SUFFIXES))]
    data = seeds()[suffix]
    if kind == 2:
        data = data.decode("latin-1").encode(draw(st.sampled_from(ENCODINGS)), "replace")
    if kind == 3 and suffix.endswith(".gz"):  # right outside, wrong inside
        inside = gzip.decompress(data)
        return suffix, gzip.compress(draw(_changed(inside)), mtime=0)
    return suffix, draw(_changed(data))


@st.composite
def _changed(draw: st.DrawFn, data: bytes) -> bytes:
    for _ in range(draw(st.integers(1, 5))):
        at = int(draw(st.floats(0, 1)) * len(data))
        data = draw(st.sampled_from(_CHANGES))(draw, data, at)
    return data


def _flip(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    return data[:at] + bytes([draw(st.integers(0, 255))]) + data[at + 1 :]


def _cut(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    return data[:at] if draw(st.booleans()) else data[at:]


def _drop(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    return data[:at] + data[at + draw(st.integers(1, 200)) :]


def _put(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    return data[:at] + draw(st.sampled_from(SNAGS)) * draw(st.sampled_from((1, 1, 1, 2, 50, 2000))) + data[at:]


def _scatter(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    """A snag at many places, at even distances."""
    snag = draw(st.sampled_from(SNAGS))
    step = max(1, (len(data) - at) // draw(st.integers(2, 40)))
    return data[:at] + b"".join(chain(*((snag, data[place : place + step]) for place in range(at, len(data), step))))


def _repeat(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    piece = data[at : at + draw(st.integers(1, 300))]
    return data[:at] + piece * draw(st.sampled_from((2, 3, 10, 300))) + data[at:]


def _splice(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    other = seeds()[draw(st.sampled_from(SUFFIXES))]
    start = int(draw(st.floats(0, 1)) * len(other))
    return data[:at] + other[start:]


def _noise(draw: st.DrawFn, data: bytes, at: int) -> bytes:
    return data[:at] + draw(st.binary(min_size=1, max_size=30)) + data[at:]


_CHANGES = (_flip, _flip, _cut, _drop, _put, _put, _scatter, _repeat, _splice, _noise)
