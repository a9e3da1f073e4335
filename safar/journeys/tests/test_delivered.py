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
    rows = [
        ("hello", "accepted", None, None, 5, arrived, lost, 0, 0, 0, 5),
        ("bye", "accepted", None, None, 9, 9, 0, 9, 9, 9, 9),
    ]
    found = _messages("hello", rows, [1, 0], [Tracking()])
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
        ("hello", "accepted", None, None, sent, 0, 0, opened, 0, 0, mails),
        ("hello", "skipped", "capped", None, 3, 0, 0, 0, 0, 0, 3),
    ]
    made = _messages("hello", rows, [0, 0], [tracking])
    assert (made["opened"], made["clicked"], made["unsubscribed"]) == found


def test_why_it_did_not_arrive_is_told_apart() -> None:
    rows = [
        ("hello", "accepted", None, None, 5, 5, 0, 0, 0, 0, 0),
        ("hello", "accepted", None, "blacklisted", 2, 0, 2, 0, 0, 0, 0),
        ("hello", "assumed_sent", None, "blacklisted", 1, 0, 1, 0, 0, 0, 0),
        ("hello", "accepted", None, "not_reached", 1, 0, 1, 0, 0, 0, 0),
        ("bye", "accepted", None, "filtered", 9, 0, 9, 0, 0, 0, 0),
    ]
    found = _messages("hello", rows, [0, 0], [Tracking()])
    assert (found["sent"], found["delivered"], found["undelivered"]) == (9, 5, {"blacklisted": 3, "not_reached": 1})
