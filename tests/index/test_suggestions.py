"""Suggestions: questions drawn from articles, in good grammar, each answered from its article before it is given."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st
from toys import ToyEncoder, ToyReader, article

from index import Answer, Archive, ArticleKey, Hit, Passage, Reply
from index.suggestions import from_headline, from_sentences, question_from, suggest

if TYPE_CHECKING:
    from collections.abc import Callable, Iterator
    from pathlib import Path

    from index import Article

TODAY = date(2026, 6, 1)
NAMED = "Ada Lind opened the new ferry terminal in Ashford."


@pytest.mark.parametrize(
    ("sentence", "language", "question"),
    [
        ("Ada Lind opened the hall in Ashford.", "en", "Who opened the hall in Ashford?"),
        ("Ada Lind, the mayor of Orle, opened the new hall.", "en", "Who opened the new hall?"),
        ("Ada Lind won the race in Orle, beating two others.", "en", "Who won the race in Orle?"),
        ("Ada Lind will open the hall after years of work.", "en", "Who will open the hall?"),
        ("Ada Lind found the old hall open – at last.", "en", "Who found the old hall open?"),
        ("Ada Lind of Orle is the mayor here now.", "en", "Who is the mayor here now?"),
        ("Ada Lind won the long race in 2:27:15.", "en", "Who won the long race in 2:27:15?"),
        ("Ada Lind sold 1,200 loaves of bread.", "en", "Who sold 1,200 loaves of bread?"),
        ("Ada Lind won the cup in Orle on Saturday.", "en", "Who won the cup in Orle?"),
        ("Ada Lind opened the new hall yesterday, and wept.", "en", "Who opened the new hall?"),
        ("Ada Lind abrió la sala nueva en Orle.", "es", "¿Quién abrió la sala nueva en Orle?"),
        ("Ada Lind será la jefa del puerto cuando llegue mayo.", "es", "¿Quién será la jefa del puerto?"),
        ("Анна Линд открыла новый зал в Орле.", "ru", "Кто открыл новый зал в Орле?"),
        ("Иван Линд открыл новый зал Орла, который ждали.", "ru", "Кто открыл новый зал Орла?"),
        ("Анна Линд открыла новый зал в Орле во вторник.", "ru", "Кто открыл новый зал в Орле?"),
        ("Ada Lind abrió la sala nueva el martes.", "es", "¿Quién abrió la sala nueva?"),
        ("Анна Линд появилась в новом зале.", "ru", "Кто появился в новом зале?"),
    ],
)
def test_a_sentence_that_opens_with_a_name_is_asked_about(sentence: str, language: str, question: str) -> None:
    """By its first clause; in Russian the verb becomes masculine, as "кто" wants it."""
    assert question_from(sentence, language) == question


@pytest.mark.parametrize(
    ("sentence", "language"),
    [
        ("Lind opened the new hall in Ashford.", "en"),
        ("The mayor Ada Lind opened the new hall.", "en"),
        ("Rain fell on the new hall in Ashford.", "en"),
        ("Nothing of the sort happened.", "en"),
        ("Ada Lind left.", "en"),
        ("Ada Lind opened, on Monday, the hall.", "en"),
        (f"Ada Lind opened {'a very ' * 10} long hall.", "en"),
        ("Ada Lind opened the new hall in Ashford.", "ru"),
        ("Ada Lind opened the new hall in Ashford.", "de"),
        ("Анна Линд откроет новый зал в Орле.", "ru"),
        ("Ada Lind abre la sala nueva en Orle.", "es"),
        ("", "en"),
    ],
)
def test_other_sentences_give_no_question(sentence: str, language: str) -> None:
    """No full name at the start, too little or too much said of it, no verb that is known, or another language."""
    assert question_from(sentence, language) is None


@given(st.text(max_size=80), st.sampled_from(["en", "es", "ru", "de"]))
def test_any_sentence_gives_one_line_or_none(sentence: str, language: str) -> None:
    """A question ends in a question mark and asks with four to fourteen words after its own."""
    question = question_from(f"Ada Lind {sentence}", language)
    assert question is None or (question.endswith("?") and 5 <= len(question.split()) <= 16)


def test_only_the_first_sentences_are_asked_about() -> None:
    """News says first what matters: of five, the first four, those without a question left out."""
    verbs = ["opened", "closed", "sold", "bought", "found"]
    body = " ".join(f"Ada Lind {verb} the hall in Orle." for verb in verbs)
    drafts = list(from_sentences(article(body)))
    assert drafts == [f"Who {verb} the hall in Orle?" for verb in verbs[:4]]
    assert list(from_sentences(article(f"Rain fell. {NAMED}"))) == ["Who opened the new ferry terminal in Ashford?"]


@pytest.mark.parametrize(
    ("title", "drafts"),
    [("Ferry opens", ["Ferry opens?"]), (" Who is she?! ", ["Who is she?"]), ("…", []), ("", [])],
)
def test_a_headline_becomes_a_question(title: str, drafts: list[str]) -> None:
    """With one question mark; nothing from a headline of signs."""
    assert list(from_headline(article("It rained.", title=title))) == drafts


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    """An empty archive."""
    with Archive.open(tmp_path / "archive", encoder=ToyEncoder(), reader=ToyReader(), create=True) as opened:
        yield opened


def reply(question: str, one: Article | None) -> Reply:
    """A reply that quotes all of an article, or nothing."""
    if one is None:
        return Reply(question=question, answer=None, hits=())
    passage = Passage(id=1, article=one, start=0, end=len(one.body))
    found = Hit(passage=passage, score=1.0, cosine=1.0, bm25=1.0)
    answer = Answer(hit=found, start=0, end=len(one.body), highlights=(), confidence=0.9)
    return Reply(question=question, answer=answer, hits=(found,))


def asking(archive: Archive, count: int, answer: Callable[[str], Article | None]) -> tuple[tuple[str, ...], list[str]]:
    """What is suggested where questions are answered from these articles, and what was asked to find out."""
    asked: list[str] = []

    def ask(question: str) -> Reply:
        asked.append(question)
        return reply(question, answer(question))

    with archive._catalog.snapshot():  # noqa: SLF001 - suggest takes a catalog, which the archive keeps to itself
        return suggest(archive._catalog, ask, count, TODAY), asked  # noqa: SLF001 - as above


def test_suggestions_are_answered_by_the_archive(archive: Archive) -> None:
    """Each is answered from the article it was drawn from, and no two from one article."""
    archive.add(
        [
            article(NAMED, title="Terminal", path="ferry", published=date(2026, 1, 2)),
            article("Tom Roe closed the harbour of Barrow.", title="Storm", path="storm", published=date(2026, 1, 1)),
        ]
    )
    suggested = archive.suggest(3)
    assert set(suggested[:2]) == {"Who opened the new ferry terminal in Ashford?", "Who closed the harbour of Barrow?"}
    answers = [archive.ask(question).answer for question in suggested]
    paths = [answer.hit.article.key.path for answer in answers if answer is not None]
    assert sorted(paths) == ["ferry", "storm"]


def test_the_newest_articles_come_first_and_sentences_before_headlines(archive: Archive) -> None:
    """Headlines are for what is still wanting; asking ends when there are enough."""
    new = article(NAMED, title="New", path="new", published=date(2026, 1, 2))
    old = article("Tom Roe closed the harbour of Barrow.", title="Old", path="old", published=date(2020, 1, 1))
    plain = article("It rained.", title="Rain", path="rain", published=date(2026, 1, 3))
    archive.add([old, new, plain])
    owners = {
        "Who opened the new ferry terminal in Ashford?": new,
        "Who closed the harbour of Barrow?": old,
        "Rain?": plain,
    }
    assert asking(archive, 3, owners.get) == (tuple(owners), list(owners))
    assert asking(archive, 1, owners.get) == (tuple(owners)[:1], list(owners)[:1])
    assert asking(archive, 0, owners.get) == ((), [])


def test_nothing_is_asked_of_an_article_of_a_later_day(archive: Archive) -> None:
    """Its question would give away what is not out yet; one of that very day, or without a day, is drawn from."""
    late = article(NAMED, title="Late", path="late", published=date(2026, 6, 2))
    now = article("Tom Roe closed the harbour of Barrow.", title="Now", path="now", published=TODAY)
    bare = article("It rained.", title="Rain", path="rain")
    archive.add([late, now, bare])
    suggested, asked = asking(archive, 9, {"Who closed the harbour of Barrow?": now, "Rain?": bare}.get)
    assert suggested == ("Who closed the harbour of Barrow?", "Rain?")
    assert not any("Ashford" in question or "Late" in question for question in asked)


def test_what_is_answered_from_another_article_or_not_at_all_is_not_suggested(archive: Archive) -> None:
    """Either way the reader would not get the article that the question was drawn from."""
    one, other = article(NAMED, title="Terminal", path="one"), article("It rained.", title="Rain", path="other")
    archive.add([one])
    assert asking(archive, 3, lambda _: other)[0] == ()
    suggested, asked = asking(archive, 3, lambda _: None)
    assert (suggested, asked) == ((), ["Who opened the new ferry terminal in Ashford?", "Terminal?"])


def test_a_question_is_suggested_once(archive: Archive) -> None:
    """Two articles of one headline do not both ask it."""
    both = {path: article("It rained.", title="Rain", path=path) for path in ("a", "b")}
    archive.add(both.values())
    suggested, _ = asking(archive, 3, lambda _: both["a"])
    assert suggested == ("Rain?",)


def test_tries_are_counted(archive: Archive) -> None:
    """After forty questions without an answer no more are asked."""
    archive.add([article(f"{NAMED} {NAMED}", title=f"Terminal {at}", path=str(at)) for at in range(50)])
    assert len(asking(archive, 3, lambda _: None)[1]) == 40


def test_an_empty_archive_suggests_nothing(archive: Archive) -> None:
    """There is nothing to draw from."""
    assert archive.suggest() == ()


def test_keys_of_replies_are_compared_not_passages(archive: Archive) -> None:
    """An answer from any passage of the same article will do."""
    one = article(NAMED, title="", path="one")
    archive.add([one])
    longer = article(f"{NAMED} More.", path="one")
    assert longer.key == ArticleKey(root="/articles", path="one")
    assert len(asking(archive, 1, lambda _: longer)[0]) == 1
