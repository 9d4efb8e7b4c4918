"""Bytes to text, and text to paragraphs that any program may store and show (pure)."""

from __future__ import annotations

import codecs
import re
import unicodedata

import charset_normalizer
import regex

from index.sources.unreadable import Unreadable

_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
_WIDE = ("utf-32-le", "utf-32-be", "utf-16-le", "utf-16-be")
_SAMPLE_BYTES = 64 * 1024
_INVISIBLE = re.compile(r"[^\x20-\x7e\n\w.,:;!?«»„“”‘’–—…•·©№€£%°-]")
_JOINERS = "\u200c\u200d"
_LOOSE_JOINER = re.compile(r"(?<![^\x00-\x7f])[\u200c\u200d]++|(?<![\u200c\u200d])[\u200c\u200d]++(?![^\x00-\x7f])")
_ENDLESS_MARKS = regex.compile(r"(\p{M}{30})\p{M}+")
_LINE_END = re.compile(r"\r\n?|[\u0085\u2028\u2029\v\f]")
_SENTENCE_END = re.compile(r"[.!?…:。！？؟।]['\"”’»)\]]*$")
_EMPTY_LINES = re.compile(r"\n(?:[ ]*\n)+")
_NO_TEXT = frozenset({"Cc", "Cn", "Co", "Cs"})
_FEWEST_SPACES = 100
_WRAP = range(50, 101)


def encoding_of(sample: bytes, *, whole: bool) -> str:
    """The encoding of text, told from its first bytes: UTF-8, UTF-16, UTF-32, or what it most likely is.

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
        return _wide(sample[:_SAMPLE_BYTES])
    try:
        codecs.getincrementaldecoder("utf-8")().decode(sample, final=whole)
    except UnicodeDecodeError:
        best = charset_normalizer.from_bytes(sample[:_SAMPLE_BYTES]).best()
        if best is None:
            raise Unreadable("not text, or in an encoding that cannot be told: save it as UTF-8") from None
        return best.encoding
    return "utf-8"


def _wide(sample: bytes) -> str:
    """Which of the encodings with NUL bytes a sample without a mark is in: the one in which it has spaces."""
    for encoding in _WIDE:
        try:
            text = codecs.getincrementaldecoder(encoding)().decode(sample)
        except UnicodeDecodeError:
            continue
        odd = {unicodedata.category(character) for character in set(text) - set("\t\n\r\f")} & _NO_TEXT
        if text and not odd and (text.count(" ") + text.count("\n")) * _FEWEST_SPACES >= len(text):
            return encoding
    raise Unreadable("not text")


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
    text = _LOOSE_JOINER.sub("", text)
    if not text.isascii():  # more than 30 marks on a letter are no text (UAX 15), and take their square to normalise
        text = unicodedata.normalize("NFC", _ENDLESS_MARKS.sub(r"\1", text))
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
