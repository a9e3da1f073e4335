"""People let in against people held out, of each journey that has a control group and a goal."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Mapping
from datetime import datetime
from typing import Any

import psycopg

from safar.accounts.models import Workspace
from safar.journeys.definition.model import Settings
from safar.journeys.definition.parse import parse_definition
from safar.journeys.models import Version
from safar.journeys.reckoning.lift import Group
from safar.journeys.services import catalog_of
from safar.lib.faults import Refused
from safar.lib.sqlfile import load_sql


def comparable_since(versions: Iterable[tuple[datetime, Settings]]) -> datetime | None:
    """From when on people were divided as they are now: the first of the newest versions in a row with the same share and a goal.

    versions: (published, settings), the oldest first. None where nobody is held out, or nothing is aimed at. Who came while
    another share was held out is left out: put together, both groups would differ in when they came.
    """
    rows = list(versions)
    if not rows or not 0 < rows[-1][1].control_group < 100 or rows[-1][1].goal is None:
        return None
    since = rows[-1][0]
    for published, settings in reversed(rows):
        if settings.control_group != rows[-1][1].control_group or settings.goal != rows[-1][1].goal:
            break
        since = published
    return since


def read_compared(connection: psycopg.Connection[Any], workspace: Workspace) -> Mapping[int, tuple[Group, Group]]:
    """Journey → (let in, held out), of those that hold somebody out."""
    catalog = catalog_of(workspace)
    settings: dict[int, list[tuple[datetime, Settings]]] = defaultdict(list)
    for version in Version.objects.filter(journey__workspace=workspace).order_by("number"):
        try:
            read = parse_definition(version.definition, catalog).settings
        except Refused:  # as if nobody had been held out by it
            read = Settings()
        settings[version.journey_id].append((version.published_at, read))
    asked = {journey: since for journey, rows in settings.items() if (since := comparable_since(rows)) is not None}
    if not asked:
        return {}
    given = {"workspace": workspace.pk, "journeys": list(asked), "moments": list(asked.values())}
    found = {journey: [Group(0, 0), Group(0, 0)] for journey in asked}
    for journey, held, people, reached in connection.execute(load_sql("safar.journeys.reckoning", "reached"), given):
        found[journey][held] = Group(people, reached)
    return {journey: (let_in, held_out) for journey, (let_in, held_out) in found.items()}
