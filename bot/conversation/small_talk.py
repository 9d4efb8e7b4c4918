"""What is said to a bot out of politeness (pure): thanks and greetings, in the languages that its texts are in."""

from __future__ import annotations

import re
from typing import Literal

Courtesy = Literal["thanks", "greeting"]

_THANKS = "thanks thank thx ty cheers спасибо спс благодарю gracias merci danke شكرا شكراً مشكور дякую"
_GREETINGS = (
    "hi hello hey hiya howdy greetings morning evening afternoon привет здравствуйте здравствуй приветствую хай салют"
    " hola buenas buenos saludos مرحبا مرحباً أهلا أهلاً سلام السلام привіт вітаю hallo salut bonjour"
)
_AROUND = (
    "you so much a lot very great ok okay nice cool good perfect well all there again everyone bot for the that this it"
    " was your help haha lol bye day um oh ah and to dear friend newsdesk"
    " большое огромное вам тебе за помощь ответ отлично хорошо супер ок круто понятно ясно добрый добрая доброе доброй"
    " день вечер утро утра дня вечера ночи всем пока бот очень ещё раз а и"
    " muchas muchísimas mil por todo la ayuda vale genial perfecto bien días tardes noches qué tal adiós hasta luego"
    " pronto mañana y muy amable"
    " جزيلا جزيلاً لك لكم كثيرا كثيراً صباح مساء الخير النور عليكم و بك"
    " sehr vielen beaucoup bien guten tag morgen abend щиро дуже"
)
_WORD = re.compile(r"\w+", re.UNICODE)
_KINDS: dict[Courtesy, frozenset[str]] = {
    "thanks": frozenset(_THANKS.split()),
    "greeting": frozenset(_GREETINGS.split()),
}
_ALLOWED = frozenset(_AROUND.split()) | _KINDS["thanks"] | _KINDS["greeting"]
_FIXED: dict[Courtesy, re.Pattern[str]] = {
    "greeting": re.compile(
        r"^\W*(?:good (?:morning|evening|afternoon|day)|добр\w+ (?:день|вечер|утро|утра|дня|вечера)"
        r"|buen[oa]s? (?:d[ií]as?|tardes|noches)|(?:صباح|مساء) (?:الخير|النور)|guten (?:tag|morgen|abend))\b",
        re.IGNORECASE,
    ),
    "thanks": re.compile(r"^(?:[👍🙏❤\ufe0f\s!]|[\U0001f3fb-\U0001f3ff])+$"),
}
_MOST = 8


def small_talk(text: str) -> Courtesy | None:
    """Whether a text only thanks or greets; one that also asks something is a question."""
    for kind, fixed in _FIXED.items():
        if fixed.match(text) and _is_only_polite(text):
            return kind
    words = [match.group().casefold() for match in _WORD.finditer(text)]
    for kind, known in _KINDS.items():
        if any(word in known for word in words) and _is_only_polite(text):
            return kind
    return None


def _is_only_polite(text: str) -> bool:
    words = [match.group().casefold() for match in _WORD.finditer(text)]
    return len(words) <= _MOST and all(word in _ALLOWED for word in words) and not _asks(text)


def _asks(text: str) -> bool:
    """Whether it asks something back; "¿qué tal?" does not."""
    asked = text.rstrip().endswith(("?", "؟"))
    return asked and not re.search(r"\bqué tal\b", text, re.IGNORECASE)
