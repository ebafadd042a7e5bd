"""Draws: same seed same choices, replay, groups that do not disturb each other."""

from __future__ import annotations

from collections import Counter

from hypothesis import given
from hypothesis import strategies as st

from robustgen.core.draw import RandomDraw, ReplayDraw, choose, seed_of, weighted


def test_equal_seeds_give_equal_choices() -> None:
    """Two draws of one seed agree; another seed differs."""
    a, b, c = RandomDraw(7), RandomDraw(7), RandomDraw(8)
    first = [a.below(1000) for _ in range(20)]
    assert first == [b.below(1000) for _ in range(20)]
    assert first != [c.below(1000) for _ in range(20)]


def test_known_values_never_change() -> None:
    """The stream is part of the format: these numbers hold on every machine and version."""
    draw = RandomDraw(seed_of(0, "x"))
    assert [draw.below(1_000_000) for _ in range(4)] == [399081, 726696, 895355, 200994]


@given(st.integers(0, 2**64 - 1), st.integers(1, 2**40))
def test_choices_stay_in_range(seed: int, n: int) -> None:
    """``below(n)`` is in range for small and very large n."""
    assert all(0 <= RandomDraw(seed + i).below(n) < n for i in range(5))


def test_choices_are_spread_evenly() -> None:
    """Ten thousand choices below ten are near one thousand each."""
    draw = RandomDraw(3)
    counts = Counter(draw.below(10) for _ in range(10_000))
    assert min(counts.values()) > 850
    assert max(counts.values()) < 1150


def test_a_group_does_not_disturb_what_follows() -> None:
    """What is drawn inside a group changes nothing outside."""
    a, b = RandomDraw(5), RandomDraw(5)
    a.group("x", lambda: [a.below(10) for _ in range(3)])
    b.group("x", lambda: [b.below(10) for _ in range(30)])
    assert [a.below(100) for _ in range(5)] == [b.below(100) for _ in range(5)]


def test_groups_are_told_apart_by_label() -> None:
    """Two labels have streams of their own, nested ones too."""
    draw = RandomDraw(5)
    one = draw.group("a", lambda: [draw.below(1000) for _ in range(4)])
    two = RandomDraw(5)
    other = two.group("b", lambda: [two.below(1000) for _ in range(4)])
    assert one != other
    draw.group("a", lambda: draw.group("c", lambda: draw.below(3)))
    assert "a/c" in draw.choices


@given(st.integers(0, 2**32))
def test_a_record_replays(seed: int) -> None:
    """Replaying the recorded choices gives the same choices, groups included."""

    def run(draw: RandomDraw | ReplayDraw) -> list[int]:
        return [draw.below(9), draw.group("g", lambda: draw.below(99)), draw.below(7)]

    random = RandomDraw(seed)
    made = run(random)
    replayed = ReplayDraw(random.choices)
    assert run(replayed) == made
    assert replayed.choices == random.choices


def test_replay_is_plain_when_exhausted_and_clamped_when_too_large() -> None:
    """Missing choices are 0, too large ones the largest allowed."""
    draw = ReplayDraw([5])
    assert (draw.below(3), draw.below(3)) == (2, 0)


def test_weights_and_choosing() -> None:
    """Cumulative weights pick by share; chosen items keep their order."""
    counts = Counter(weighted(RandomDraw(i), (3, 4)) for i in range(4000))
    assert 2800 < counts[0] < 3200
    assert choose(ReplayDraw([2, 0]), "abc", 2) == ["a", "c"]
    assert choose(ReplayDraw(), "ab", 5) == ["a", "b"]
