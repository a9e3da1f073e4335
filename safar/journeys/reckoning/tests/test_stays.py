"""How long people stay, out of trails that an engine wrote by a clock moved by hand."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta
from random import Random
from statistics import median
from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.journeys.living import shown_version
from safar.journeys.models import Journey, Version
from safar.journeys.reckoning import stays
from safar.journeys.reckoning.compared import comparable_since
from safar.journeys.reckoning.stays import Stay, read_stays
from safar.journeys.services import live_definition
from safar.journeys.tests.test_moving import Story

HOUR = 3600.0


@pytest.fixture
def story(conn: Any, database_url: str) -> Story:
    conn.execute(
        "TRUNCATE inbox, contact, identity, enrollment, enrollment_past, enrollment_entry, timer, passage_count, event"
    )
    conn.execute("UPDATE lane SET clock = '1900-01-01Z'")
    Journey.objects.all().delete()
    return Story(conn, database_url, f"stay-{Workspace.objects.count()}")


def read(story: Story) -> dict[str, Stay]:
    version = Version.objects.get(journey__workspace=story.shop, live=True)
    return read_stays(story.conn, shown_version(story.shop, version))


def test_the_median_of_whoever_went_on(story: Story) -> None:
    assert read(story)["buys"] == Stay(None, 0)
    waits = [1, 4, 30]
    for number, who in enumerate(("sara", "ali", "mina", "kaveh")):
        story.says(who, "Go", slow=number == 3)
    hours = 0
    for who, wait in zip(("sara", "ali", "mina"), waits, strict=True):
        story.work(hours=wait - hours)
        hours = wait
        story.says(who, "Bought")
    found = read(story)
    assert found["buys"] == Stay(4 * HOUR, 3)
    assert found["rest"] == Stay(None, 0)  # kaveh stands there
    assert not {"fork", "thanks", "late"} & found.keys()  # instant points
    story.work(days=5)
    assert read(story)["rest"] == Stay(48 * HOUR, 1)


def test_only_the_latest_count(story: Story, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(stays, "MOST", 5)
    random, waited = Random(1), []
    for number in range(9):
        story.says(f"p{number}", "Go", slow=False)
        wait = random.randrange(1, 100)
        story.work(hours=wait)
        story.says(f"p{number}", "Bought")
        waited.append(wait * HOUR)
    assert read(story)["buys"] == Stay(median(waited[-5:]), 5)
    monkeypatch.setattr(stays, "TRIPS", 3)
    assert read(story)["buys"] == Stay(median(waited[-3:]), 3)


def test_groups_are_comparable_since_they_were_divided_as_now(story: Story) -> None:
    definition, _ = live_definition(story.shop, "j")
    plain = definition.settings
    days = [datetime(2026, 5, 1, tzinfo=UTC) + timedelta(days=n) for n in range(4)]

    def told(*shares: float, goal: bool = True) -> datetime | None:
        from dataclasses import replace

        from safar.journeys.definition.model import Goal

        aim = Goal(event="Bought") if goal else None
        return comparable_since(
            [(day, replace(plain, control_group=s, goal=aim)) for day, s in zip(days, shares, strict=False)]
        )

    assert told(10) == days[0]
    assert told(10, 10, 10) == days[0]
    assert told(10, 5, 10, 10) == days[2]
    assert told(10, 0) is None
    assert told(100) is None
    assert told(10, goal=False) is None
    assert comparable_since([]) is None
