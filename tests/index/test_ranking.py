"""What a score is, and how the day of an article enters it."""

from __future__ import annotations

import math
from datetime import date, timedelta
from typing import TYPE_CHECKING

import pytest
from hypothesis import given
from hypothesis import strategies as st

from index.dates import Interval, Lean, Time
from index.ranking import GRACE_DAYS, Signals, Weights, scores, window

if TYPE_CHECKING:
    from collections.abc import Mapping

TODAY = date(2026, 1, 1)
PLAIN = Weights(near=0, named=0, fading=0, late=0, present=1)
ANY = Time(interval=None, spans=(), explicit=False, lean=Lean.NONE)
PAST = Time(interval=None, spans=(), explicit=False, lean=Lean.PAST)
PRESENT = Time(interval=None, spans=(), explicit=False, lean=Lean.PRESENT)
MAY = Time(interval=Interval(first=date(2018, 5, 1), last=date(2018, 5, 31)), spans=(), explicit=True, lean=Lean.NONE)


def says(lexical: float = 0.5, published: date | None = None, **rest: float) -> Signals:
    """An article's signals."""
    parts = {"whole": 0.5, "lead": 0.5, "dense": 0.5} | rest
    return Signals(lexical=lexical, published=published, **parts)


def of_days(days: Mapping[int, date | None], time: Time = ANY, weights: Weights | None = None) -> dict[int, float]:
    """Scores of articles that say the same on different days."""
    each = {number: says(published=day) for number, day in days.items()}
    return scores(each, TODAY, time, weights or Weights())


def test_without_dates_a_score_is_the_weighed_sum_over_the_largest_sum() -> None:
    """Each signal counts by its weight; a cosine below nothing counts nothing."""
    weights = Weights(lexical=2, whole=1, lead=4, dense=1, near=0, named=0, fading=0, late=0)
    article = Signals(lexical=0.4, whole=0.6, lead=0.5, dense=-0.9, published=None)
    assert scores({1: article}, TODAY, ANY, weights)[1] == pytest.approx((0.8 + 0.6 + 2.0) / 8)


def test_the_recent_outweighs_the_old_by_what_it_fades_to_in_its_years() -> None:
    """Of two that say the same, one as old as ``years`` keeps (1 + fading / e) of (1 + fading)."""
    weights = Weights(near=0, late=0, fading=3.0, years=8.0)
    old = TODAY - timedelta(round(8 * 365.25))
    found = of_days({1: TODAY, 2: old}, weights=weights)
    assert found[2] / found[1] == pytest.approx((1 + 3 / math.e) / 4)


def test_what_says_little_does_not_gain_by_being_new() -> None:
    """Twenty years do not put an article of today with a third of the words before one with all of them."""
    articles = {1: says(0.25, TODAY, whole=0.3, lead=0.2), 2: says(0.9, date(2006, 1, 1), whole=0.9, lead=0.7)}
    found = scores(articles, TODAY, ANY, Weights())
    assert found[2] > found[1]


def test_nearness_to_today_multiplies_and_falls_to_a_share_of_e() -> None:
    """In ``days`` days; what says nothing gains nothing; three days of grace count as today, what is younger loses."""
    weights = Weights(near=0.6, fading=0, days=20, late=1)
    days = {1: TODAY, 2: TODAY - timedelta(20), 3: TODAY + timedelta(GRACE_DAYS), 4: TODAY + timedelta(30)}
    found = of_days(days, weights=weights)
    far = of_days({1: date(1990, 1, 1)}, weights=weights)[1]
    assert found[1] / far == pytest.approx(1.6)
    assert (found[2] - far) / (found[1] - far) == pytest.approx(1 / math.e)
    assert found[3] == found[1]
    assert found[4] < far
    nothing = Signals(lexical=0, whole=0, lead=0, dense=0, published=TODAY)
    assert scores({1: nothing}, TODAY, ANY, weights) == {1: 0.0}


def test_named_days_and_the_day_of_asking_weigh_apart() -> None:
    """What no question names gains nothing by ``named``, and for a question of a month today counts for nothing."""
    days: dict[int, date | None] = {1: date(2018, 5, 9), 2: TODAY}
    near, named = Weights(near=0.5, named=0, fading=0), Weights(near=0, named=0.5, fading=0)
    assert len(set(of_days(days, MAY, near).values())) == 1
    assert len(set(of_days(days, ANY, named).values())) == 1
    assert of_days(days, MAY, named)[1] > of_days(days, MAY, named)[2]
    assert of_days(days, ANY, near)[2] > of_days(days, ANY, near)[1]


def test_of_a_long_interval_the_recent_counts_for_half_as_much_more() -> None:
    """An event "since 1979" may have been reported whenever: of like articles the newer goes first."""
    since = Time(interval=Interval(first=date(1979, 1, 1), last=TODAY), spans=(), explicit=True, lean=Lean.NONE)
    weights = Weights(near=0.5, named=0)
    found = of_days({1: TODAY, 2: date(1990, 1, 1)}, since, weights)
    assert found[1] / found[2] == pytest.approx(1.25)


@pytest.mark.parametrize("name", ["days", "edge", "years"])
def test_a_time_in_which_nothing_can_fall_is_refused(name: str) -> None:
    """Zero days are no time to fall in."""
    with pytest.raises(ValueError, match=f"{name} must be over 0"):
        Weights(**{name: 0.0})


def test_a_named_month_leans_with_soft_edges_and_cuts_nothing() -> None:
    """Inside all are alike; outside it falls, on both sides, and the age of an article no longer counts."""
    days = {
        1: date(2018, 5, 1),
        2: date(2018, 5, 31),
        3: date(2018, 4, 21),
        4: date(2018, 6, 10),
        5: date(2018, 8, 1),
        6: TODAY,
    }
    found = of_days(days, MAY)
    assert found[1] == found[2]
    assert found[3] == pytest.approx(found[4])
    assert found[1] > found[3] > found[5] > found[6] > 0


def test_the_order_changes_with_the_time_a_question_speaks_of() -> None:
    """Of three that say the same, the newest is first, or the one of the month, or for history none."""
    days: dict[int, date | None] = {1: date(2018, 5, 9), 2: date(2024, 3, 1), 3: TODAY}
    orders = [sorted(days, key=lambda at: -of_days(days, time)[at]) for time in (ANY, PRESENT, MAY)]
    assert orders == [[3, 2, 1], [3, 2, 1], [1, 2, 3]]
    assert len(set(of_days(days, PAST).values())) == 1


def test_a_question_in_the_present_leans_more_to_the_recent() -> None:
    """The distance between today's article and an old one is larger than for a question in no time."""
    days: dict[int, date | None] = {1: TODAY, 2: date(2020, 1, 1)}
    gaps = [found[1] - found[2] for found in (of_days(days, PRESENT), of_days(days), of_days(days, PAST))]
    assert gaps[0] > gaps[1] > gaps[2] == 0


@pytest.mark.parametrize("time", [ANY, MAY, PRESENT])
def test_an_article_without_a_date_is_neither_lost_nor_favoured(time: Time) -> None:
    """It has the middle one of the others' gains."""
    days = {0: date(2010, 1, 1), 1: date(2018, 5, 9), 2: date(2025, 12, 1), 3: None}
    found = of_days(days, time)
    assert found[3] == pytest.approx(sorted(found[at] for at in (0, 1, 2))[1])


def test_articles_without_dates_alone_lose_nothing() -> None:
    """They score as they would if days did not count, but for what days could add."""
    (score,) = scores({1: says()}, TODAY, ANY, Weights()).values()
    most = Weights().relevance * (1 + Weights().present * Weights().near)
    assert score == pytest.approx(0.5 * Weights().relevance / most)
    assert Weights(near=0.1, named=0.6).most == pytest.approx(Weights().relevance + 0.6)


def test_nothing_found_has_no_scores() -> None:
    """No articles, no scores; weights of nothing give nothing."""
    assert scores({}, TODAY, ANY, Weights()) == {}
    none = Weights(lexical=0, whole=0, lead=0, near=0, named=0)
    assert scores({1: says(published=TODAY)}, TODAY, ANY, none) == {1: 0.0}


def test_the_days_that_are_searched_besides_all() -> None:
    """Around what is named, or the last weeks; for history none."""
    weights = Weights(days=15, edge=15)
    first, last = window(MAY, TODAY, weights) or (0, 0)
    assert (date.fromordinal(first), date.fromordinal(last)) == (date(2018, 4, 1), date(2018, 6, 30))
    first, last = window(ANY, TODAY, weights) or (0, 0)
    assert (date.fromordinal(first), date.fromordinal(last)) == (date(2025, 11, 2), date(2026, 1, 4))
    assert window(PAST, TODAY, weights) is None
    assert window(ANY, TODAY, Weights(near=0)) is None


@given(
    st.dictionaries(
        st.integers(1, 50),
        st.tuples(
            st.floats(0, 1),
            st.floats(0, 1),
            st.floats(-1, 1),
            st.none() | st.dates(date(1900, 1, 1), date(2040, 1, 1)),
        ),
    ),
    st.sampled_from([ANY, MAY, PAST, PRESENT]),
)
def test_scores_are_shares_and_do_not_depend_on_order(
    rows: dict[int, tuple[float, float, float, date | None]], time: Time
) -> None:
    """Whatever is found, scores lie in [0, 1], and the order in which it was found changes nothing."""
    articles = {
        number: Signals(lexical=lexical, whole=whole, lead=lead, dense=lead, published=day)
        for number, (lexical, whole, lead, day) in rows.items()
    }
    found = scores(articles, TODAY, time, Weights())
    assert all(0 <= score <= 1 for score in found.values())
    assert scores(dict(reversed(articles.items())), TODAY, time, Weights()) == pytest.approx(found)
    assert scores(articles, TODAY, time, PLAIN) == pytest.approx(scores(articles, date(1950, 1, 1), time, PLAIN))
