"""A workspace with a journey in a scratch database, by the services that people use."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import psycopg

from safar.journeys.backtest.figures import read_figures
from safar.journeys.compiler.version import Version
from safar.journeys.engine.load import load_plan

START = datetime(2026, 3, 2, 8, tzinfo=UTC)  # when everybody enters, on the hand-moved clock
TEMPLATE = "a-letter"


def make_workspace(*, send_mode: str = "mailbox") -> Any:
    """The workspace `bench` in UTC, with one e-mail template. Needs Django set up on the scratch database."""
    from safar.accounts.services import create_workspace
    from safar.content.models import Template

    workspace = create_workspace(slug="bench", name="Bench", send_mode=send_mode)
    Template.objects.create(
        workspace_id=workspace.pk,
        key=TEMPLATE,
        channel="email",
        languages={
            "en": {
                "subject": "Hello {{ contact.first_name }}",
                "html": "<h1>Hello {{ contact.first_name }}</h1><p>Your cup of coffee from {{ contact.city }} is ready.</p>",
            }
        },
    )
    return workspace


def publish_journey(connection: psycopg.Connection[Any], workspace: Any, definition: str) -> Version:
    """Applies and publishes; the live version, compiled."""
    from safar.journeys.services import apply_journey, publish

    key = apply_journey(workspace, definition).key
    publish(workspace, key, connection=connection, now=lambda: START)
    for journey in load_plan(connection, [workspace.pk]).journeys.values():
        if journey.key == key and journey.live is not None:
            return journey.live
    raise LookupError(key)


def count_passages(connection: psycopg.Connection[Any], version: Version) -> int:
    """Points passed so far by everybody in the version, as the map counts them."""
    points = read_figures(connection, version).points.values()
    return sum(sum(point.paths.values()) + sum(point.left.values()) for point in points)
