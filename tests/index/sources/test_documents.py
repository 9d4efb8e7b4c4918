"""Markdown, saved pages, PDF and Word documents."""

from __future__ import annotations

import io
import zipfile
from datetime import date
from typing import TYPE_CHECKING

import docx
import pypdf
import pytest
from reportlab.lib.pagesizes import A5
from reportlab.pdfgen.canvas import Canvas

from index.sources import Limits

if TYPE_CHECKING:
    from collections.abc import Callable

MARKDOWN = """---
headline: "Ferry returns"
date: 2024-03-14
authors: [Ann Lee, Bob Ray]
outlet: Harbour Post
link: https://post.example/ferry
language: en
---

# Ferry returns

The **ferry** sailed *again* on [Monday](https://x.example), `at last`.
![a ferry](ferry.png)

## What next

* first_class cabins
- _second_ class

> "So be it," he said\\*.

---
"""
PAGE = """<!DOCTYPE html>
<!-- saved from url=(0032)https://post.example/2024/ferry -->
<html lang="en-GB"><head><meta charset="{charset}"><title>Ferry returns - Harbour Post</title>
<meta property="og:site_name" content="Harbour Post"><meta property="og:title" content="Ferry returns">
<script type="application/ld+json">{{"@context": "https://schema.org", "@type": "NewsArticle",
"headline": "Ferry returns", "datePublished": "2024-03-14T08:00:00Z", "dateModified": "2024-05-01",
"author": {{"@type": "Person", "name": "Ann Lee"}}}}</script></head>
<body><nav><a href="/">Home</a> <a href="/news">News</a></nav>
<article><h1>Ferry returns</h1>
<p>The ferry sailed again on Monday, two years after it was laid up for repairs at the café pier in Skerrow.</p>
<p>Four hundred islanders had waited for it through two winters, and most of them stood on the quay to see it come.</p>
<p>It will make four crossings a day in each direction, said the council, which paid three million for the repairs.</p>
<table><tr><td>Adults</td><td>12.40</td></tr></table>
</article><section id="comments"><p>First! I was there, and it was very cold on the quay that morning.</p>
</section><footer>All rights reserved</footer></body></html>"""
LINES = (
    "The ferry sailed again on Monday, two years after it was laid",
    "up for repairs. Four hundred islanders had waited for the res-",
    "toration of the line.",
    "It will make four crossings a day in each direction, said the",
    "council.",
)


def _pdf(
    pages: int = 1, *, title: str = "", author: str = "", lines: tuple[str, ...] = LINES, **settings: object
) -> bytes:
    file = io.BytesIO()
    canvas = Canvas(file, pagesize=A5, **settings)
    canvas.setTitle(title)
    canvas.setAuthor(author)
    for page in range(pages):
        for at, line in enumerate(("HARBOUR POST", *lines, f"Page {page + 1}")):
            canvas.drawString(40, 500 - at * 14, line)
        canvas.showPage()
    canvas.save()
    return file.getvalue()


def _docx(*paragraphs: tuple[str, str | None], **core: str) -> bytes:
    document = docx.Document()
    for text, style in paragraphs:
        document.add_paragraph(text, style=style)
    for name, value in core.items():
        setattr(document.core_properties, name, value)
    file = io.BytesIO()
    document.save(file)
    return file.getvalue()


def test_markdown(take: Callable) -> None:
    """Front matter is metadata, a heading that repeats the title goes, and the rest is plain text."""
    (article,), refused = take("a.md", MARKDOWN)
    assert not refused
    assert (article.title, article.published, article.author) == (
        "Ferry returns",
        date(2024, 3, 14),
        "Ann Lee, Bob Ray",
    )
    assert (article.source, article.url, article.language) == ("Harbour Post", "https://post.example/ferry", "en")
    assert article.key.id == ""
    assert article.body.split("\n\n") == [
        "The ferry sailed again on Monday, at last.",
        "What next",
        "• first_class cabins",
        "• second class",
        '"So be it," he said*.',
    ]


@pytest.mark.parametrize(
    "text",
    [
        "# Ferry\n\nIt sailed.",
        "Ferry\n=====\n\nIt sailed.",
        "---\n---\n# Ferry #\nIt sailed.",
        "---\ntitle: Ferry\n---\nIt sailed.",
    ],
)
def test_markdown_title(take: Callable, text: str) -> None:
    """Where front matter names no title, the first heading is it."""
    (article,), _ = take("a.md", text)
    assert (article.title, article.body) == ("Ferry", "It sailed.")


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("---\ntitle: a\nb: [\n---\nIt was.", "broken front matter at line 4: "),
        ("---\ndate: 2024-13-45\n---\nIt was.", "broken front matter: a value that is not what it looks like"),
        ("---\n- a\n---\nIt was.", "broken front matter: it names no fields"),
        ("---\ntitle: a\n---\n", "no article in it"),
        ("\n \n", "empty"),
    ],
)
def test_broken_markdown(take: Callable, text: str, reason: str) -> None:
    """Markdown that cannot be read is refused with the line where there is one."""
    articles, (refusal,) = take("a.md", text)
    assert not articles
    assert refusal.reason.startswith(reason)


def test_values_within_values_cost_nothing(take: Callable) -> None:
    """Front matter of a few lines that stands for more values than fit a machine is read at once."""
    bomb = "".join(f"a{at}: &a{at} [{', '.join([f'*a{at - 1}'] * 9 if at else ['x'] * 9)}]\n" for at in range(12))
    (article,), _ = take("a.md", f"---\n{bomb}title: Ferry\nauthor: *a11\ndate: *a11\n---\nIt sailed.")
    assert (article.title, article.author, article.published) == ("Ferry", None, None)


@pytest.mark.parametrize("charset", ["utf-8", "windows-1252", "no-such"])
def test_saved_page(take: Callable, charset: str) -> None:
    """From HTML come title, body, day, author, source, address and language; no menu, table or comment."""
    codec = "utf-8" if charset == "no-such" else charset
    (article,), refused = take("a.html", PAGE.format(charset=charset).encode(codec))
    assert not refused
    assert (article.title, article.published, article.author) == ("Ferry returns", date(2024, 3, 14), "Ann Lee")
    assert (article.source, article.language) == ("Harbour Post", "en")
    assert article.url == "https://post.example/2024/ferry"
    paragraphs = article.body.split("\n\n")
    assert len(paragraphs) == 3
    assert paragraphs[0].endswith("at the café pier in Skerrow.")
    assert "Adults" not in article.body
    assert "First!" not in article.body


def test_a_page_in_another_encoding_without_a_name(take: Callable) -> None:
    """A page that names an encoding that does not exist is read in the one it most likely is."""
    (article,), _ = take("a.htm", PAGE.format(charset="no-such").encode("cp1252"))
    assert article.title == "Ferry returns"


@pytest.mark.parametrize("page", ["<html><body><nav><a href='/'>Home</a></nav></body></html>", "<", "plain"])
def test_a_page_without_an_article(take: Callable, page: str) -> None:
    """A page that holds none is refused as that."""
    articles, (refusal,) = take("a.html", page)
    assert not articles
    assert refusal.reason == "no article in it"


def test_pdf(take: Callable) -> None:
    """Lines are joined to paragraphs, words cut at line ends mended; title and author are the document's."""
    (article,), _ = take("a.pdf", _pdf(title="Ferry to Wath returns", author="Ann Lee"))
    assert (article.title, article.author, article.published) == ("Ferry to Wath returns", "Ann Lee", None)
    assert "waited for the restoration of the line.\n\nIt will make four crossings a day in each" in article.body


def test_pdf_title_from_the_text(take: Callable) -> None:
    """A title that a program made up is none; the first line is, and stands in the body no more."""
    (article,), _ = take("a.pdf", _pdf(title="Microsoft Word - ferry.doc", author="admin"))
    assert (article.title, article.author) == ("HARBOUR POST", None)
    assert article.body.startswith("The ferry sailed again on Monday, two years after it was laid up for repairs.")
    (article,), _ = take("a.pdf", _pdf(title="Harbour Post", lines=("It was so.",)))
    assert (article.title, article.body) == ("Harbour Post", "It was so. Page 1")


def test_pdf_without_running_lines(take: Callable) -> None:
    """What stands at the edge of three pages or more, and page numbers, are not the article's."""
    (article,), _ = take("a.pdf", _pdf(3, lines=("It was so, and it stayed so for a long time.", *LINES)))
    assert "HARBOUR" not in article.body + article.title
    assert "Page" not in article.body


def test_pdf_without_text(take: Callable) -> None:
    """A PDF of pictures is refused as that."""
    file = io.BytesIO()
    writer = pypdf.PdfWriter()
    writer.add_blank_page(100, 100)
    writer.write(file)
    _, (refusal,) = take("a.pdf", file.getvalue())
    assert refusal.reason == "no article in it: its pages are pictures without text"


def test_locked_pdf(take: Callable, monkeypatch: pytest.MonkeyPatch) -> None:
    """A PDF that wants a password is refused; one that opens with an empty one is read."""
    articles, (refusal,) = take("a.pdf", _pdf(encrypt="secret"))
    assert not articles
    assert refusal.reason == "encrypted: save it without a password"
    (article,), _ = take("a.pdf", _pdf(encrypt=_only_owner()))
    assert "sailed again" in article.body

    def unknown(*_: object) -> None:
        raise pypdf.errors.DependencyError("cryptography is required")

    monkeypatch.setattr(pypdf.PdfReader, "decrypt", unknown)
    _, (refusal,) = take("a.pdf", _pdf(encrypt="secret"))
    assert refusal.reason == "encrypted: save it without a password"


def test_pdf_with_too_many_pages(take: Callable) -> None:
    """A PDF over the limit of pages is refused."""
    _, (refusal,) = take("a.pdf", _pdf(3), limits=Limits(pages=2))
    assert refusal.reason == "over the size limit of 2 pages"


def test_word(take: Callable) -> None:
    """The title is the document's own, its title paragraph or its first; the day it was made is not taken."""
    data = _docx(
        ("Ferry returns", "Title"), ("It sailed.", None), ("", None), ("It came back.", None), author="Ann Lee"
    )
    (article,), _ = take("a.docx", data)
    assert (article.title, article.body) == ("Ferry returns", "It sailed.\n\nIt came back.")
    assert (article.author, article.published) == ("Ann Lee", None)
    (article,), _ = take("a.docx", _docx(("It sailed.", None), title="Ferry", author="x", language="de-DE"))
    assert (article.title, article.body, article.author, article.language) == ("Ferry", "It sailed.", None, "de")
    (article,), _ = take("a.docx", _docx(("It sailed.", None), ("It came back.", None)))
    assert (article.title, article.body) == ("It sailed.", "It sailed.\n\nIt came back.")


@pytest.mark.parametrize(
    ("data", "reason"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "encrypted, or an old .doc: save it as .docx without a password"),
        (b"PK no zip", "broken, or not what its name says (BadZipFile)"),
        (_docx(), "no article in it"),
    ],
)
def test_broken_word(take: Callable, data: bytes, reason: str) -> None:
    """A Word document that cannot be read is refused with the reason."""
    _, (refusal,) = take("a.docx", data)
    assert refusal.reason == reason


def test_word_that_unpacks_to_too_much(take: Callable) -> None:
    """A Word document that would fill the memory is refused before it is opened."""
    file = io.BytesIO(_docx(("It sailed.", None)))
    with zipfile.ZipFile(file, "a", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("word/bomb.xml", b"0" * 9_000_000)
    _, (refusal,) = take("a.docx", file.getvalue(), limits=Limits(file_bytes=1_000_000))
    assert refusal.reason == "over the size limit: unpacks to more than 4,000,000 bytes"
    _, (refusal,) = take("a.docx", file.getvalue(), limits=Limits(ratio=20))
    assert refusal.reason == "compressed more than 20 times, as only a harmful file is"


def test_broken_pdf(take: Callable) -> None:
    """A PDF that is none is refused, in words, whatever its parser raised."""
    _, (refusal,) = take("a.pdf", b"%PDF-1.4 and no more")
    assert refusal.reason.startswith("broken, or not what its name says (")


def _only_owner() -> object:
    from reportlab.lib.pdfencrypt import StandardEncryption  # noqa: PLC0415 - for one test

    return StandardEncryption("", ownerPassword="owner")
