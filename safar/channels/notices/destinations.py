"""Where the team hears: kept, changed, paused and taken away. What is secret of a destination is sealed and only goes in."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from psycopg import Connection
from psycopg.rows import class_row

from safar.channels.fields import check_fields
from safar.channels.notices.kind import DestinationKind, kinds
from safar.channels.notices.refusals import refusal_words
from safar.channels.services.sealing import seal, unseal
from safar.lib.faults import Faults, Refused, said
from safar.outbox.rows import CHANNEL, printable

LANGUAGES = ("en", "fa")
MOST = 20  # of a workspace, beside those that points name
LONGEST_NAME = 60

# Text, because Django's connections read jsonb as text and ours as values.
_COLUMNS = """d.workspace_id, d.id, d.name, d.kind, d.settings::text AS settings, d.language, d.every_minutes, d.per_hour, d.hears_journeys,
    d.hears_warnings, d.named, d.paused_at, d.paused_for, d.said, d.told_at, d.version::text AS version"""
_PUT = """
    INSERT INTO destination (id, workspace_id, name, kind, settings, sealed, language, every_minutes, per_hour, hears_journeys, hears_warnings)
    VALUES (coalesce(%(id)s, nextval('destination_number')), %(workspace)s, %(name)s, %(kind)s, %(settings)s, %(sealed)s, %(language)s,
            %(every_minutes)s, %(per_hour)s, %(hears_journeys)s, %(hears_warnings)s)
    ON CONFLICT (id) DO UPDATE SET name = EXCLUDED.name, kind = EXCLUDED.kind, settings = EXCLUDED.settings, sealed = EXCLUDED.sealed,
        language = EXCLUDED.language, every_minutes = EXCLUDED.every_minutes, per_hour = EXCLUDED.per_hour, named = false,
        hears_journeys = EXCLUDED.hears_journeys, hears_warnings = EXCLUDED.hears_warnings, version = EXCLUDED.version
    RETURNING id"""


@dataclass(frozen=True, slots=True)
class Destination:
    """As everybody may see it: without anything secret. paused_for: None while a person has paused it, or nobody."""

    workspace_id: int
    id: int
    name: str
    kind: str
    settings: Mapping[str, str]
    language: str
    every_minutes: int
    per_hour: int
    hears_journeys: bool
    hears_warnings: bool
    named: bool
    paused_at: datetime | None
    paused_for: str | None
    said: str | None
    told_at: datetime | None
    version: str

    def __post_init__(self) -> None:
        if isinstance(self.settings, str):
            object.__setattr__(self, "settings", json.loads(self.settings))


@dataclass(frozen=True, slots=True, kw_only=True)
class Wanted:
    """What a person wants of a destination. given: the kind's settings; a secret one that is left empty stays as it was."""

    name: str
    kind: str
    given: Mapping[str, str] = field(repr=False)
    language: str = "en"
    every_minutes: int = 5
    per_hour: int = 6
    hears_journeys: bool = True
    hears_warnings: bool = True


def list_destinations(conn: Connection[Any], workspace_id: int) -> list[Destination]:
    """By name."""
    return _read(conn, "d.workspace_id = %(workspace)s ORDER BY lower(d.name), d.id", {"workspace": workspace_id})


def read_destination(conn: Connection[Any], workspace_id: int, number: int) -> Destination | None:
    found = _read(conn, "d.workspace_id = %(workspace)s AND d.id = %(id)s", {"workspace": workspace_id, "id": number})
    return found[0] if found else None


def list_names(conn: Connection[Any], workspace_id: int) -> list[str]:
    """What a point may say after ``to``."""
    rows = conn.execute("SELECT name FROM destination WHERE workspace_id = %s ORDER BY lower(name)", (workspace_id,))
    return [name for (name,) in rows]


def open_settings(conn: Connection[Any], one: Destination, keys: Sequence[str]) -> dict[str, str]:
    """All settings, the secret ones in clear. Raises ValueError where they cannot be unsealed."""
    row = conn.execute("SELECT sealed FROM destination WHERE id = %s", (one.id,)).fetchone()
    return {**one.settings, **(unseal(row[0], keys) if row and row[0] else {})}


def put_destination(
    conn: Connection[Any], workspace_id: int, wanted: Wanted, *, keys: Sequence[str], number: int | None = None
) -> tuple[int, list[str]]:
    """Keep a new destination (number: None) or change one. Returns its number and the names of what changed.

    keys: the installation's secret keys, the present one first. One that was refused goes on after a change. Raises Refused with every fault.
    """
    with conn.transaction():
        conn.execute("SELECT pg_advisory_xact_lock(hashtext('destination'), %s)", (workspace_id,))
        return _put(conn, workspace_id, wanted, keys, number)


def pause(conn: Connection[Any], workspace_id: int, number: int, *, now: datetime) -> bool:
    """By a person: what is to be told there is gathered and waits. False where it was paused, or is not there."""
    return (
        conn.execute(
            "UPDATE destination SET paused_at = %s, paused_for = NULL, said = NULL WHERE workspace_id = %s AND id = %s AND paused_at IS NULL RETURNING 1",
            (now, workspace_id, number),
        ).fetchone()
        is not None
    )


def resume(conn: Connection[Any], workspace_id: int, number: int) -> bool:
    """It goes on, with what waited. False where it was not paused."""
    gone_on = conn.execute(
        "UPDATE destination SET paused_at = NULL, paused_for = NULL, said = NULL WHERE workspace_id = %s AND id = %s AND paused_at IS NOT NULL RETURNING 1",
        (workspace_id, number),
    ).fetchone()
    _end_warning(conn, workspace_id, number)
    conn.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return gone_on is not None


def remove(conn: Connection[Any], workspace_id: int, number: int) -> bool:
    """What was told there stays on the page of notices; what waits for it is told there no more. False where there is none."""
    with conn.transaction():
        gone = conn.execute(
            "DELETE FROM destination WHERE workspace_id = %s AND id = %s RETURNING 1", (workspace_id, number)
        ).fetchone()
        _end_warning(conn, workspace_id, number)
        conn.execute("SELECT pg_notify(%s, '')", (CHANNEL,))
    return gone is not None


def refuse(conn: Connection[Any], number: int, *, reason: str, words: str, now: datetime) -> None:
    """The service will take nothing more as things stand: the destination pauses, and whoever hears warnings elsewhere is told."""
    row = conn.execute(
        "UPDATE destination SET paused_at = %s, paused_for = %s, said = %s WHERE id = %s AND paused_at IS NULL RETURNING workspace_id, name",
        (now, reason, printable(words), number),
    ).fetchone()
    if row is None:
        return
    told = {
        "en": f"The team hears nothing at “{row[1]}” any more: {refusal_words(reason)['en']} ({words})",
        "fa": f"همکاران دیگر در «{row[1]}» خبری نمی‌گیرند: {refusal_words(reason)['fa']} (\u2068{words}\u2069)",
    }
    conn.execute(
        "INSERT INTO team_notice (workspace_id, subject, words, at) VALUES (%s, %s, %s, %s)"
        " ON CONFLICT (workspace_id, subject) WHERE over_at IS NULL DO UPDATE SET words = EXCLUDED.words",
        (row[0], f"destination:{number}", printable(json.dumps(told)), now),
    )


def _put(
    conn: Connection[Any], workspace_id: int, wanted: Wanted, keys: Sequence[str], number: int | None
) -> tuple[int, list[str]]:
    faults = Faults()
    demo = conn.execute("SELECT demo FROM accounts_workspace WHERE id = %s", (workspace_id,)).fetchone()
    if demo and demo[0]:
        faults.add(said("a demo sends nothing to anybody; make a workspace of your own"))
        raise Refused(faults)
    others = list_destinations(conn, workspace_id)
    before = next((one for one in others if one.id == number), None)
    kind = kinds().get(wanted.kind)
    name = " ".join(wanted.name.split())
    _check(wanted, name, [one for one in others if one is not before], faults)
    if kind is None:
        faults.at("kind").add(said("there is no such kind of destination"))
        raise Refused(faults)
    was = _opened(conn, before, keys) if before and before.kind == kind.key else {}
    secret = sorted(one.name for one in kind.fields if one.secret)
    whole = {**wanted.given, **{name: was[name] for name in secret if not wanted.given.get(name) and was.get(name)}}
    settings = check_fields(kind.fields, whole, faults)
    if not faults:
        kind.check(settings, faults)
    if faults:
        raise Refused(faults)
    changed = [name for name, value in settings.items() if was.get(name, "") != value]
    plain = ("name", "kind", "language", "every_minutes", "per_hour", "hears_journeys", "hears_warnings")
    changed += [
        one
        for one in plain
        if before is None or getattr(before, one) != (name if one == "name" else getattr(wanted, one))
    ]
    sealed = {one: settings.pop(one) for one in secret if one in settings}
    row = conn.execute(
        _PUT,
        {
            "id": number if before else None,
            "workspace": workspace_id,
            "name": name,
            "kind": kind.key,
            "settings": json.dumps(settings),
            "sealed": seal(sealed, keys) if sealed else None,
            **{one: getattr(wanted, one) for one in plain[2:]},
        },
    ).fetchone()
    assert row is not None
    if before and before.paused_for and changed:
        resume(conn, workspace_id, before.id)
    return row[0], changed


def _check(wanted: Wanted, name: str, others: Sequence[Destination], faults: Faults) -> None:
    if not name:
        faults.at("name").add(said("is missing"))
    elif len(name) > LONGEST_NAME:
        faults.at("name").add(said("has to be at most %(number)s characters", number=LONGEST_NAME))
    elif any(ord(letter) < 32 for letter in name):
        faults.at("name").add(said("has a control character in it"))
    elif name.lower() in {one.name.lower() for one in others}:
        faults.at("name").add(said("there is a destination of this name already"))
    if wanted.language not in LANGUAGES:
        faults.at("language").add(said("has to be one of %(words)s", words=", ".join(LANGUAGES)))
    for field_name, most in (("every_minutes", 1440), ("per_hour", 60)):
        if not 1 <= getattr(wanted, field_name) <= most:
            faults.at(field_name).add(said("has to be from 1 to %(most)s", most=most))
    if len([one for one in others if not one.named]) >= MOST:
        faults.add(said("there can be at most %(number)s destinations", number=MOST))


def _read(conn: Connection[Any], which: str, asked: Mapping[str, Any]) -> list[Destination]:
    with conn.cursor(row_factory=class_row(Destination)) as cursor:
        return cursor.execute(f"SELECT {_COLUMNS} FROM destination d WHERE {which}".encode(), asked).fetchall()


def _opened(conn: Connection[Any], one: Destination, keys: Sequence[str]) -> dict[str, str]:
    """What cannot be unsealed any more counts as missing: it has to be entered again."""
    try:
        return open_settings(conn, one, keys)
    except ValueError:
        return dict(one.settings)


def _end_warning(conn: Connection[Any], workspace_id: int, number: int) -> None:
    conn.execute(
        "UPDATE team_notice SET over_at = now() WHERE workspace_id = %s AND subject = %s AND over_at IS NULL",
        (workspace_id, f"destination:{number}"),
    )


def kind_of(one: Destination) -> DestinationKind | None:
    return kinds().get(one.kind)
