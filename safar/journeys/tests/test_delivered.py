"""How many arrived, opened and clicked stands on the map only where somebody says so: nothing reported is not known, and never 0."""

from __future__ import annotations

import pytest

from safar.channels.tracking.settings import Tracking
from safar.journeys.living import _messages


@pytest.mark.parametrize(
    ("arrived", "lost", "delivered"),
    [(0, 0, None), (2, 0, 2), (2, 1, 2), (0, 3, 0)],
    ids=["nobody says", "2", "2 of 3", "none of 3"],
)
def test_delivered(arrived: int, lost: int, delivered: int | None) -> None:
    rows = [("hello", "accepted", None, 5, arrived, lost, 0, 0, 0, 5), ("bye", "accepted", None, 9, 9, 0, 9, 9, 9, 9)]
    found = _messages("hello", rows, [1, 0], Tracking())
    assert (found["sent"], found["delivered"], found["opened"]) == (5, delivered, 0)


@pytest.mark.parametrize(
    ("sent", "mails", "opened", "tracking", "found"),
    [
        (0, 0, 0, Tracking(), (None, None, None)),
        (5, 5, 0, Tracking(), (0, 0, 0)),
        (5, 0, 0, Tracking(), (None, 0, 0)),
        (5, 5, 0, Tracking(opens=False, clicks=False), (None, None, 0)),
        (5, 5, 3, Tracking(opens=False, clicks=False), (3, None, 0)),
    ],
    ids=["nothing sent", "nobody yet", "an SMS is not opened", "not tracked", "tracked until lately"],
)
def test_reactions(sent: int, mails: int, opened: int, tracking: Tracking, found: tuple[int | None, ...]) -> None:
    rows = [
        ("hello", "accepted", None, sent, 0, 0, opened, 0, 0, mails),
        ("hello", "skipped", "capped", 3, 0, 0, 0, 0, 0, 3),
    ]
    made = _messages("hello", rows, [0, 0], tracking)
    assert (made["opened"], made["clicked"], made["unsubscribed"]) == found
