"""Drafts: whose they are, for how long, and that a restart keeps them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from bot.memory import Memory
from bot.memory.drafts import ADD, LIFE_SECONDS, REMOVE

if TYPE_CHECKING:
    from pathlib import Path


def test_a_draft_is_its_admins_own_in_its_own_chat(tmp_path: Path) -> None:
    """Nobody else, nowhere else, nothing of another kind; also after a restart."""
    with Memory.open(tmp_path / "bot.db") as memory:
        kept = memory.drafts.keep(1, -5, ADD, "a.txt", "Weir <mended>")
    with Memory.open(tmp_path / "bot.db") as memory:
        drafts = memory.drafts
        assert drafts.find(ADD, kept.key, 1, -5) == kept
        assert (kept.what, kept.title, kept.kind) == ("a.txt", "Weir <mended>", ADD)
        assert drafts.find(ADD, kept.key, 2, -5) is None
        assert drafts.find(ADD, kept.key, 1, 1) is None
        assert drafts.find(REMOVE, kept.key, 1, -5) is None
        assert drafts.find(ADD, "", 1, -5) is None
        assert drafts.of_another(kept.key)
        assert not drafts.of_another("unknown")


def test_keys_cannot_be_guessed() -> None:
    """Each has 96 bits of chance."""
    with Memory.open(None) as memory:
        keys = {memory.drafts.keep(1, 1, ADD, "a", "").key for _ in range(100)}
    assert {len(key) for key in keys} == {16}
    assert len(keys) == 100


def test_a_draft_lives_a_day() -> None:
    """To the second; what is too old is cleared away with the next that is dropped."""
    now = [0.0]
    with Memory.open(None, clock=lambda: now[0]) as memory:
        old = memory.drafts.keep(1, 1, REMOVE, "old", "")
        now[0] = LIFE_SECONDS
        assert memory.drafts.find(REMOVE, old.key, 1, 1) == old
        now[0] += 1
        assert memory.drafts.find(REMOVE, old.key, 1, 1) is None
        assert not memory.drafts.of_another(old.key)
        young, other = (memory.drafts.keep(1, 1, REMOVE, name, "") for name in ("young", "other"))
        assert memory.drafts.all(REMOVE) == (young, other)
        memory.drafts.drop(young.key)
        assert memory.drafts.all(REMOVE) == (other,)
        now[0] = 0.0
        assert memory.drafts.all(REMOVE) == (other,)
