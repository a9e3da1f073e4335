"""The occasions of a workspace: those that everybody knows, which it shows or hides and whose lunar days it corrects, and its own."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import TYPE_CHECKING, Any

from psycopg import Connection
from psycopg.types.json import Jsonb

from safar.lib import jalali
from safar.lib.faults import Fault, Faults, Refused, said
from safar.lib.occasions import BY_KEY, OCCASIONS, Days

if TYPE_CHECKING:
    from safar.accounts.models import Workspace

KEY = re.compile(r"[a-z][a-z0-9_]{0,63}")
MOST, MOST_DAYS, LONGEST_TITLE = 100, 100, 100

_CHOICES = (
    "SELECT workspace_id, key, title::text, shown, blackout FROM occasion WHERE workspace_id = ANY (%s) ORDER BY key"
)
_OWN_DAYS = "SELECT workspace_id, key, day FROM occasion_day WHERE workspace_id = ANY (%s) ORDER BY day"
_CHOOSE = """
INSERT INTO occasion (workspace_id, key, title, shown, blackout) VALUES (%s, %s, %s, %s, %s)
ON CONFLICT (workspace_id, key) DO UPDATE SET title = EXCLUDED.title, shown = EXCLUDED.shown, blackout = EXCLUDED.blackout"""


@dataclass(frozen=True)
class Kept:
    """An occasion as a workspace has it. title: language → text. own: made by the workspace. corrected: Jalali years whose days it has put in itself."""

    key: str
    title: Mapping[str, str]
    days: tuple[date, ...]
    shown: bool
    blackout: bool
    own: bool = False
    mourning: bool = False
    to_be_confirmed: bool = False
    corrected: frozenset[int] = field(default_factory=frozenset)

    def called(self, language: str) -> str:
        return self.title.get(language) or next(filter(None, self.title.values()), "") or self.key

    def next_day(self, today: date) -> date | None:
        return next((day for day in self.days if day >= today), None)

    def is_confirmed(self, day: date) -> bool:
        return not self.to_be_confirmed or jalali.to_jalali(day)[0] in self.corrected


def read_occasions(conn: Connection[Any], workspace: Workspace) -> list[Kept]:
    """All of them, in the order of the year of whoever is asked; the workspace's own last."""
    return _kept(conn, {workspace.pk: workspace.calendar})[workspace.pk]


def read_days(conn: Connection[Any], calendars: Mapping[int, str]) -> dict[int, Days]:
    """workspace → key → days, hidden ones included: a journey that names one goes on. calendars: workspace → calendar."""
    return {number: {one.key: one.days for one in kept} for number, kept in _kept(conn, calendars).items()}


def blackout_days(kept: Sequence[Kept]) -> frozenset[date]:
    """Days on which no advertising goes out."""
    return frozenset(day for one in kept if one.blackout for day in one.days)


def choose(conn: Connection[Any], workspace: Workspace, key: str, *, shown: bool, blackout: bool, actor: str) -> None:
    """Show or hide an occasion, and say whether its days are silent. Raises Refused where there is none of that key."""
    one = _named(conn, workspace, key)
    title = Jsonb(dict(one.title)) if one.own else None
    conn.execute(_CHOOSE, (workspace.pk, key, title, shown, blackout))
    _settle(conn, workspace, "set_occasion", actor, {"key": key, "shown": shown, "blackout": blackout})


def correct_days(
    conn: Connection[Any], workspace: Workspace, key: str, year: int, days: Sequence[date], *, actor: str
) -> None:
    """Put down the days of an occasion in a Jalali year, instead of those that were known; none at all: those are known again."""
    one = _named(conn, workspace, key)
    faults = Faults()
    if not (one.own or one.to_be_confirmed):
        faults.add(said("the day of this occasion is computed"))
    if any(jalali.to_jalali(day)[0] != year for day in days):
        faults.at("day").add(said("must lie in the year %(year)s", year=year))
    if len(days) > MOST_DAYS:
        faults.at("day").add(said("there may be at most %(most)s days", most=MOST_DAYS))
    if faults:
        raise Refused(faults)
    begin, end = jalali.from_jalali(year, 1, 1), jalali.from_jalali(year + 1, 1, 1)
    conn.execute(
        "DELETE FROM occasion_day WHERE workspace_id = %s AND key = %s AND day >= %s AND day < %s",
        (workspace.pk, key, begin, end),
    )
    _write_days(conn, workspace.pk, key, days)
    _settle(conn, workspace, "set_occasion", actor, {"key": key, "days": [day.isoformat() for day in days]})


def add_occasion(
    conn: Connection[Any], workspace: Workspace, *, key: str, title: Mapping[str, str], days: Sequence[date], blackout: bool, actor: str
) -> None:  # fmt: skip
    """One of the workspace's own. Raises Refused with every fault."""
    faults = Faults()
    known = read_occasions(conn, workspace)
    if not KEY.fullmatch(key):
        faults.at("key").add(said("is no key of an occasion: small Latin letters, digits and _"))
    elif any(one.key == key for one in known):
        faults.at("key").add(said("there is an occasion of this key already"))
    if not any(text.strip() for text in title.values()):
        faults.at("title").add(said("is missing"))
    if any(len(text) > LONGEST_TITLE for text in title.values()):
        faults.at("title").add(said("must not be longer than %(limit)s characters", limit=LONGEST_TITLE))
    if not days:
        faults.at("day").add(said("is missing"))
    if sum(one.own for one in known) >= MOST:
        faults.add(said("there may be at most %(most)s occasions", most=MOST))
    if faults:
        raise Refused(faults)
    conn.execute(_CHOOSE, (workspace.pk, key, Jsonb(dict(title)), True, blackout))
    _write_days(conn, workspace.pk, key, days)
    _settle(conn, workspace, "add_occasion", actor, {"key": key, "days": [day.isoformat() for day in days]})


def remove_occasion(conn: Connection[Any], workspace: Workspace, key: str, *, actor: str) -> None:
    """One of the workspace's own. Journeys that name it start nothing by it from now on. Raises Refused where it is none."""
    if not _named(conn, workspace, key).own:
        raise Refused([Fault("", said("only an occasion of your own can be removed; hide this one"))])
    conn.execute("DELETE FROM occasion_day WHERE workspace_id = %s AND key = %s", (workspace.pk, key))
    conn.execute("DELETE FROM occasion WHERE workspace_id = %s AND key = %s", (workspace.pk, key))
    _settle(conn, workspace, "remove_occasion", actor, {"key": key})


def _named(conn: Connection[Any], workspace: Workspace, key: str) -> Kept:
    for one in read_occasions(conn, workspace):
        if one.key == key:
            return one
    raise Refused([Fault("key", said("there is no occasion '%(key)s'", key=key))])


def _write_days(conn: Connection[Any], workspace_id: int, key: str, days: Sequence[date]) -> None:
    with conn.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO occasion_day (workspace_id, key, day) VALUES (%s, %s, %s) ON CONFLICT DO NOTHING",
            [(workspace_id, key, day) for day in days],
        )


def _settle(conn: Connection[Any], workspace: Workspace, action: str, actor: str, details: Mapping[str, Any]) -> None:
    """Silent days are made anew: whoever sends reads them as they are."""
    days = sorted(blackout_days(read_occasions(conn, workspace)))
    conn.execute("DELETE FROM blackout_day WHERE workspace_id = %s AND NOT day = ANY (%s)", (workspace.pk, days))
    conn.execute(
        "INSERT INTO blackout_day (workspace_id, day) SELECT %s, unnest(%s::date[]) ON CONFLICT DO NOTHING",
        (workspace.pk, days),
    )
    from safar.accounts.services import record  # here: engines read the calendar, and know nothing of Django

    record(workspace, actor, action, f"occasion:{details['key']}", details)


def _kept(conn: Connection[Any], calendars: Mapping[int, str]) -> dict[int, list[Kept]]:
    numbers = list(calendars)
    choices: dict[int, dict[str, tuple[dict[str, str] | None, bool, bool]]] = {number: {} for number in numbers}
    for number, key, title, shown, blackout in conn.execute(_CHOICES, (numbers,)):
        choices[number][key] = (json.loads(title) if title else None, shown, blackout)
    days: dict[int, dict[str, list[date]]] = {number: {} for number in numbers}
    for number, key, day in conn.execute(_OWN_DAYS, (numbers,)):
        days[number].setdefault(key, []).append(day)
    return {number: _of_one(calendars[number], choices[number], days[number]) for number in numbers}


def _of_one(
    calendar: str, choices: Mapping[str, tuple[dict[str, str] | None, bool, bool]], put_in: Mapping[str, list[date]]
) -> list[Kept]:
    found = []
    for known in OCCASIONS:
        _, shown, blackout = choices.get(known.key, (None, known.calendar == calendar, False))
        corrected = frozenset(jalali.to_jalali(day)[0] for day in put_in.get(known.key, ()))
        kept = [day for day in known.days() if jalali.to_jalali(day)[0] not in corrected]
        days = tuple(sorted([*kept, *put_in.get(known.key, ())]))
        title = {"en": known.en, "fa": known.fa}
        found.append(
            Kept(known.key, title, days, shown, blackout, False, known.mourning, known.to_be_confirmed, corrected)
        )
    for key, (own_title, shown, blackout) in choices.items():
        if key not in BY_KEY and own_title is not None:
            found.append(Kept(key, own_title, tuple(put_in.get(key, ())), shown, blackout, own=True))
    return found
