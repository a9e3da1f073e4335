"""Lift against published figures: Newcombe 1998, table II, method 10."""

from __future__ import annotations

import pytest

from safar.journeys.reckoning.lift import LEAST, Group, lift_of, wilson


@pytest.mark.parametrize(
    ("a", "m", "b", "n", "low", "high"),
    [
        (56, 70, 48, 80, 0.0524, 0.3339),
        (9, 10, 3, 10, 0.1705, 0.8090),
        (6, 7, 2, 7, 0.0582, 0.8062),
        (5, 56, 0, 29, -0.0381, 0.1926),
        (0, 10, 0, 20, -0.1611, 0.2775),
        (0, 10, 0, 10, -0.2775, 0.2775),
        (10, 10, 0, 20, 0.6791, 1.0000),
        (10, 10, 0, 10, 0.6075, 1.0000),
    ],
)
def test_the_interval_is_newcombes(
    monkeypatch: pytest.MonkeyPatch, a: int, m: int, b: int, n: int, low: float, high: float
) -> None:
    monkeypatch.setattr("safar.journeys.reckoning.lift.LEAST", 1)
    found = lift_of(Group(m, a), Group(n, b))
    assert found is not None
    assert (found.low, found.high) == (pytest.approx(low, abs=5e-5), pytest.approx(high, abs=5e-5))


def test_wilson_stays_between_nothing_and_all() -> None:
    assert wilson(Group(5, 0))[0] == 0
    assert wilson(Group(5, 5))[1] == 1


def test_too_few_held_out_say_nothing() -> None:
    assert lift_of(Group(5000, 700), Group(LEAST - 1, 2)) is None
    assert lift_of(Group(0, 0), Group(500, 20)) is None


def test_a_difference_that_may_be_chance_is_not_sure() -> None:
    chance = lift_of(Group(900, 100), Group(100, 10))
    assert chance is not None
    assert not chance.sure
    told = lift_of(Group(9000, 1260), Group(1000, 100))
    assert told is not None
    assert told.sure
    assert told.extra == 360
    harm = lift_of(Group(9000, 900), Group(1000, 140))
    assert harm is not None
    assert harm.sure
    assert harm.extra == -360
