"""Notices put down, each at the destinations that are to hear it."""

from __future__ import annotations

import json
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from psycopg import Connection

from safar.channels.notices.destinations import Destination, list_destinations
from safar.channels.notices.kinds.email import is_address
from safar.outbox.rows import as_json
from safar.outbox.statements import statement

TEAM = {"en": "The team", "fa": "همکاران"}
LONGEST_TEXT = 5_000
_MAKE = """
    INSERT INTO destination (workspace_id, name, kind, settings, language, named, hears_journeys, hears_warnings)
    VALUES (%(workspace)s, %(name)s, 'email', %(settings)s, (SELECT CASE language WHEN 'fa' THEN 'fa' ELSE 'en' END FROM accounts_workspace WHERE id = %(workspace)s),
            %(named)s, NOT %(named)s, NOT %(named)s)
    ON CONFLICT (workspace_id, lower(name)) DO UPDATE SET name = destination.name RETURNING id"""


@dataclass(frozen=True, slots=True)
class Noted:
    """One notice. texts: by language. to: what the point says; empty where it says nothing. warning: the house itself says it. besides: a destination
    that is not told, because the warning is about it."""

    bucket: int
    id: int
    workspace_id: int
    texts: Mapping[str, str]
    contact_id: int = 0
    journey_id: int = 0
    journey: str | None = None
    point: str | None = None
    to: str = ""
    warning: bool = False
    besides: int = 0


def gather(conn: Connection[Any], noted: Sequence[Noted], *, now: datetime | None) -> None:
    """In the caller's transaction. A destination that is not there any more is answered for by those that hear what names none."""
    by_workspace: dict[int, list[Noted]] = defaultdict(list)
    for one in noted:
        by_workspace[one.workspace_id].append(one)
    notices, tellings = [], []
    for workspace_id, some in by_workspace.items():
        known = list_destinations(conn, workspace_id)
        for one in some:
            notices.append(
                {
                    "bucket": one.bucket,
                    "id": one.id,
                    "workspace_id": workspace_id,
                    "contact_id": one.contact_id,
                    "journey_id": one.journey_id,
                    "journey_key": one.journey,
                    "point_key": one.point,
                    "texts": {language: text[:LONGEST_TEXT].replace("\0", "") for language, text in one.texts.items()},
                }
            )
            for number in _where(conn, one, known):
                tellings.append(
                    {
                        "bucket": one.bucket,
                        "notice_id": one.id,
                        "destination_id": number,
                        "workspace_id": workspace_id,
                        "contact_id": one.contact_id,
                    }
                )
    asked = {"notices": as_json(notices), "tellings": as_json(tellings), "now": now}
    conn.execute(statement("gather", "safar.channels.notices"), asked)


def is_known(to: str, names: Iterable[str]) -> bool:
    """Whether a point may say it: the name of a destination, in capitals or small, or an e-mail address."""
    to = " ".join(to.split())
    return is_address(to) or to.lower() in {name.lower() for name in names}


def _where(conn: Connection[Any], one: Noted, known: Sequence[Destination]) -> list[int]:
    """Numbers of destinations. Where nobody has made one, the team's addresses are it."""
    to = " ".join(one.to.split())
    if to:
        for each in known:
            if each.name.lower() == to.lower():
                return [each.id]
        if is_address(to):
            return [_make(conn, one.workspace_id, to, to)]
    own = [each for each in known if not each.named]
    if not own:
        row = conn.execute("SELECT language FROM accounts_workspace WHERE id = %s", (one.workspace_id,)).fetchone()
        return [_make(conn, one.workspace_id, TEAM["fa" if row and row[0] == "fa" else "en"], "")]
    hear = [each for each in own if (each.hears_warnings if one.warning else each.hears_journeys)]
    return [each.id for each in hear if each.id != one.besides]


def _make(conn: Connection[Any], workspace_id: int, name: str, to: str) -> int:
    asked = {"workspace": workspace_id, "name": name, "settings": json.dumps({"to": to}), "named": bool(to)}
    row = conn.execute(_MAKE, asked).fetchone()
    assert row is not None
    return int(row[0])
