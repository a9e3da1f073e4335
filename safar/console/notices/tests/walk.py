"""Who may come to the pages of this room (safar/console/tests/walking.py)."""

from __future__ import annotations

from safar.channels.notices.gathering import Noted, gather
from safar.console.database import session
from safar.console.tests.walking import Entry, Side

ENTRIES = {"notices": Entry()}


def fill(side: Side) -> None:
    with session() as conn:
        gather(conn, [Noted(0, side.workspace.pk, side.workspace.pk, {"en": side.marker}, warning=True)], now=None)
