"""How many arrived stands on the map only where a service says so: nothing reported is not known, and never 0."""

from __future__ import annotations

import pytest

from safar.journeys.living import _messages


@pytest.mark.parametrize(
    ("arrived", "lost", "delivered"),
    [(0, 0, None), (2, 0, 2), (2, 1, 2), (0, 3, 0)],
    ids=["nobody says", "2", "2 of 3", "none of 3"],
)
def test_delivered(arrived: int, lost: int, delivered: int | None) -> None:
    rows = [("hello", "accepted", None, 5, arrived, lost), ("bye", "accepted", None, 9, 9, 0)]
    found = _messages("hello", rows, waiting=1)
    assert (found["sent"], found["delivered"], found["opened"]) == (5, delivered, None)
