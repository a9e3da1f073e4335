"""One contact's walk goes as it does among everybody, and a back-test says how far it has come."""

from __future__ import annotations

import os
from datetime import UTC, datetime, timedelta
from typing import Any

import psycopg
import pytest

from safar.accounts.models import Workspace
from safar.console.trying.tests.history import draw, record_history
from safar.journeys.backtest.asking import setting_of
from safar.journeys.backtest.looking import Looking
from safar.journeys.backtest.run import read_drafts, recorded_backtest
from safar.journeys.backtest.trial import read_setting
from safar.journeys.backtest.walked import walk_contact

pytestmark = pytest.mark.usefixtures("database_url")


def test_alone_as_among_everybody(conn: psycopg.Connection[Any], shop: Workspace) -> None:
    record_history(conn, shop)
    asked, url = setting_of(shop), os.environ["SAFAR_DATABASE_URL"]
    definitions, conditions = read_drafts([draw(shop).draft], asked["segments"])
    setting, until = read_setting(asked), datetime.now(UTC)
    since = until - timedelta(days=90)
    far: list[tuple[int, int]] = []
    looking = Looking(dealt=lambda done, total: far.append((done, total)))
    with recorded_backtest(
        url, shop.pk, definitions, conditions, setting, until, lambda _: None, since, looking
    ) as whole:
        trips = {trip["contact"]: [step["path"] for step in trip["passages"]] for trip in whole.trace()}
    assert set(trips) == {"sara", "ali"}
    assert far == sorted(far)
    assert far[-1][0] == far[-1][1] > 0
    query = "SELECT external_id, id FROM contact WHERE workspace_id = %s"
    for name, contact in conn.execute(query, (shop.pk,)).fetchall():
        walked = walk_contact(url, shop.pk, contact, definitions[0], conditions, setting, since=since, until=until)
        alone = [[step.path for step in trip.steps] for trip in walked.trips]
        assert alone == ([trips[name]] if name in trips else [])
