"""Bytes to text, and text to paragraphs that any program may store and show (pure)."""

from __future__ import annotations

import codecs
import html
import re
import unicodedata
from html.parser import HTMLParser

import charset_normalizer

from index.sources.unreadable import Unreadable

_MARKS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))
_SAMPLE_BYTES = 64 * 1024
_INVISIBLE = re.compile(r"[^\x20-\x7e\n\w.,:;!?«»„“”‘’–—…•·©№€£%°-]")
_JOINERS = "\u200c\u200d"
_LOOSE_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]+|[\u200c\u200d]+(?![^\x00-\x7f])")
_LINE_END = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_SPACES = re.compile(r"[^\S\n]+")
_TAG = re.compile(
    r"</?(?:p|br|div|a|b|i|em|strong|span|ul|ol|li|h[1-6]|img|blockquote|figure|table|script|style)\b[^<>]*>"
)
_ENTITY = re.compile(r"&(?:#\d+|#x[0-9a-fA-F]+|[a-zA-Z]{2,10});")
_SENTENCE_END = re.compile(r"[.!?…:。！？؟।]['\"”’»)\]]*$")
_EMPTY_LINES = re.compile(r"\n(?:[ ]*\n)+")
_WRAP = range(50, 101)


def encoding_of(sample: bytes, *, whole: bool) -> str:
    """The encoding of text, told from its first bytes: UTF-8, UTF-16 with its mark, or what it most likely is.

    Args:
        sample: the first bytes; 64 KiB tell enough.
        whole: whether there are no more bytes than these.

    Raises:
        Unreadable: it is no text.

    """
    for mark, encoding in _MARKS:
        if sample.startswith(mark):
            return encoding
    if b"\0" in sample:
        raise Unreadable("not text")
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(sample[:_SAMPLE_BYTES]).best()
        if best is None:
            raise Unreadable("not text, or in an encoding that cannot be told: save it as UTF-8") from None
        return best.encoding
    return "utf-8"


def decode(data: bytes) -> str:
    """The text that bytes hold; what cannot be decoded becomes U+FFFD.

    Raises:
        Unreadable: it is empty, or no text.

    """
    if not data.strip():
        raise Unreadable("empty")
    text = data.decode(encoding_of(data, whole=True), "replace")
    if "\0" in text:
        raise Unreadable("not text")
    return text


def plain(text: str) -> str:
    r"""Text in NFC with ``\n`` as line ends and plain spaces, without control characters and invisible marks.

    Line breaks and the spaces at the start of lines are kept: they tell a page's layout.
    """
    text = _INVISIBLE.sub(_shown, _LINE_END.sub("\n", text).replace("\t", "    "))
    text = unicodedata.normalize("NFC", _LOOSE_JOINER.sub("", text))
    return "\n".join(line.rstrip() for line in text.split("\n"))


def one_line(text: str) -> str:
    """Text on one line, single spaces between words, as clean as ``plain`` leaves it."""
    return " ".join(plain(text).split())


def unwrapped(text: str) -> str:
    """Plain text in which the lines of a paragraph that was only wrapped at a column are one."""
    return "\n\n".join(map(_unwrapped, _EMPTY_LINES.split(text)))


def paragraphs(text: str) -> str:
    """Text as paragraphs, each on one line, with one empty line between them."""
    lines = (" ".join(line.split()) for line in unwrapped(plain(text)).split("\n"))
    return "\n\n".join(filter(None, lines))


def without_markup(text: str) -> str:
    """Text of a field that may be HTML: tags gone, blocks on lines of their own; text without tags as it is."""
    if _TAG.search(text):
        reader = _Blocks()
        reader.feed(text)
        reader.close()
        return "".join(reader.parts)
    return html.unescape(text) if _ENTITY.search(text) else text


class _Blocks(HTMLParser):
    """Collects the text of HTML."""

    _BREAKS = frozenset("p br div li ul ol h1 h2 h3 h4 h5 h6 blockquote figure table tr section article".split())
    _SILENT = frozenset({"script", "style", "figcaption"})

    def __init__(self) -> None:
        super().__init__()
        self.parts: list[str] = []
        self._silent = 0

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        del attrs
        self._silent += tag in self._SILENT
        if tag in self._BREAKS:
            self.parts.append("\n\n")

    def handle_endtag(self, tag: str) -> None:
        self._silent = max(0, self._silent - (tag in self._SILENT))
        if tag in self._BREAKS:
            self.parts.append("\n\n")

    def handle_data(self, data: str) -> None:
        if not self._silent:
            self.parts.append(_SPACES.sub(" ", data.replace("\n", " ")))


def _shown(match: re.Match[str]) -> str:
    character = match[0]
    category = unicodedata.category(character)
    if category == "Zs":
        return " "
    return "" if category in {"Cc", "Cf", "Cs", "Co"} and character not in _JOINERS else character


def _unwrapped(block: str) -> str:
    """A block on one line where all its lines but the last are about as long as a column of text is."""
    lines = [line.strip() for line in block.split("\n") if line.strip()]
    open_ends = sum(not _SENTENCE_END.search(line) for line in lines[:-1])
    if len(lines) > 1 and all(len(line) in _WRAP for line in lines[:-1]) and open_ends * 2 > len(lines) - 1:
        return " ".join(lines)
    return block
