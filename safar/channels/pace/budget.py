"""A budget a day for SMS: what would go beyond it waits until tomorrow, or until the budget is raised. Nothing is dropped.

The cost is reserved in the transaction that begins a hand-over, under a lock of the day's rows, so that no number of dispatchers goes beyond
it; what a service did not take is given back. Transactional messages count and never wait. A line without a price costs nothing here.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Any
from zoneinfo import ZoneInfo

from psycopg import Connection

from safar.lib.faults import Fault, Refused, said
from safar.outbox.begin import Ready
from safar.outbox.rows import Claimed, as_json
from safar.outbox.statements import statement

WHOLE = 0  # as journey_id: the workspace
HOUSE = "mailbox"  # what stays in the house costs nothing
MOST = Decimal(10) ** 15

Place = tuple[int, int, date]  # workspace, journey or WHOLE, day of the workspace's zone

WORDS = {
    "en": "The SMS budget of today is used up. The other messages wait until tomorrow, or until you raise it (Settings, When and how often).",
    "fa": "بودجهٔ پیامک امروز تمام شد. پیام‌های دیگر تا فردا، یا تا وقتی بودجه را بالا ببرید، می‌مانند (تنظیمات، زمان و تعداد پیام‌ها).",
}


@dataclass(frozen=True)
class Budget:
    """Of a day. journey_id: WHOLE for the workspace; spent: today so far; used_up: what comes now waits; waiting: messages that do."""

    journey_id: int
    amount: Decimal
    spent: Decimal = Decimal(0)
    used_up: bool = False
    waiting: int = 0


def today(zone: str, now: datetime) -> date:
    return now.astimezone(ZoneInfo(zone)).date()


def tomorrow(zone: str, now: datetime) -> datetime:
    """When the next day of that zone begins."""
    return _begins(zone, today(zone, now) + timedelta(days=1))


def read_budgets(conn: Connection[Any], workspace_id: int, zone: str, now: datetime) -> list[Budget]:
    """The workspace's own first."""
    rows = conn.execute(
        "SELECT b.journey_id, b.amount, coalesce(s.amount, 0), coalesce(s.used_up, false), (SELECT count(*) FROM outbox o"
        " WHERE o.workspace_id = b.workspace_id AND o.channel = 'sms' AND o.state IN (0, 3) AND o.waits_for = 'budget'"
        " AND b.journey_id IN (0, o.journey_id)) FROM sms_budget b"
        " LEFT JOIN sms_spent s ON (s.workspace_id, s.journey_id, s.day) = (b.workspace_id, b.journey_id, %s)"
        " WHERE b.workspace_id = %s ORDER BY b.journey_id",
        (today(zone, now), workspace_id),
    ).fetchall()
    return [Budget(*row) for row in rows]


def set_budget(
    conn: Connection[Any], workspace_id: int, journey_id: int, amount: Decimal | None, now: datetime
) -> bool:
    """None: no budget any more. What waited for it is looked at again at once. False where it is that already. Raises Refused."""
    if amount is not None and not (amount.is_finite() and 0 <= amount <= MOST):
        raise Refused([Fault("amount", said("has to be a number, 0 or above"))])
    row = conn.execute(
        "SELECT amount FROM sms_budget WHERE workspace_id = %s AND journey_id = %s", (workspace_id, journey_id)
    ).fetchone()
    if (row[0] if row else None) == amount:
        return False
    with conn.transaction():
        if amount is None:
            conn.execute(
                "DELETE FROM sms_budget WHERE workspace_id = %s AND journey_id = %s", (workspace_id, journey_id)
            )
        else:
            conn.execute(
                "INSERT INTO sms_budget (workspace_id, journey_id, amount) VALUES (%s, %s, %s)"
                " ON CONFLICT (workspace_id, journey_id) DO UPDATE SET amount = EXCLUDED.amount",
                (workspace_id, journey_id, amount),
            )
        conn.execute("UPDATE sms_spent SET used_up = false WHERE workspace_id = %s AND used_up", (workspace_id,))
        conn.execute(
            "UPDATE outbox SET due_at = %s, waits_for = NULL WHERE workspace_id = %s AND channel = 'sms' AND state IN (0, 3)"
            " AND waits_for = 'budget'",
            (now, workspace_id),
        )
        _notice_over(conn, workspace_id, now)
    conn.execute("SELECT pg_notify('safar_outbox', '')")
    return True


@dataclass
class _Day:
    amount: Decimal
    spent: Decimal
    used_up: bool
    was: tuple[Decimal, bool]


@dataclass
class Purse:
    """The budgets that concern some messages, locked until the end of the transaction. now: of what is taken."""

    now: datetime
    days: dict[Place, _Day] = field(default_factory=dict)
    zones: dict[int, str] = field(default_factory=dict)

    def take(self, ready: Ready) -> bool:
        """Reserves what the message costs. False, and nothing is reserved: it has to wait."""
        mine, cost = self._of(ready, self.now), cost_of(ready)
        if ready.klass == "marketing" and any(day.used_up or day.spent + cost > day.amount for day in mine):
            for day in mine:
                day.used_up = day.used_up or day.spent + cost > day.amount
            return False
        for day in mine:
            day.spent += cost
        return True

    def give(self, ready: Ready, at: datetime | None = None) -> None:
        """What was reserved for it is there again. at: when it was taken, which may be of the day before; None: now."""
        for day in self._of(ready, at or self.now):
            day.spent = max(Decimal(0), day.spent - cost_of(ready))
            day.used_up = day.used_up and day.spent >= day.amount

    def write(self, conn: Connection[Any], now: datetime) -> None:
        """Puts down what changed; tells the team of a budget that was used up."""
        for (workspace, journey, on), day in sorted(self.days.items()):
            if (day.spent, day.used_up) == day.was:
                continue
            if not day.was[0] and not day.was[1]:  # a new day
                _notice_over(conn, workspace, now, before=_begins(self.zones[workspace], on))
            conn.execute(
                "UPDATE sms_spent SET amount = %s, used_up = %s WHERE workspace_id = %s AND journey_id = %s AND day = %s",
                (day.spent, day.used_up, workspace, journey, on),
            )
            if day.used_up and not day.was[1]:
                conn.execute(
                    "INSERT INTO team_notice (workspace_id, subject, words, at) VALUES (%s, %s, %s, %s)"
                    " ON CONFLICT (workspace_id, subject) WHERE over_at IS NULL DO NOTHING",
                    (workspace, "budget:sms", json.dumps(WORDS), now),
                )
            day.was = (day.spent, day.used_up)

    def _of(self, ready: Ready, at: datetime) -> list[_Day]:
        row = ready.row
        if row.channel != "sms" or ready.provider == HOUSE or row.workspace_id not in self.zones:
            return []
        day = today(self.zones[row.workspace_id], at)
        places = ((row.workspace_id, WHOLE, day), (row.workspace_id, row.journey_id, day))
        return [self.days[place] for place in places if place in self.days]


def cost_of(ready: Ready) -> Decimal:
    return (ready.part_price or Decimal(0)) * (ready.parts or 0)


def open_purse(conn: Connection[Any], messages: Iterable[tuple[Ready, datetime]], now: datetime) -> Purse:
    """Locks what was spent of the budgets that concern them, on the days on which they are begun (``now``) or were. Call it after take_turns and
    before anything of these rows is locked."""
    begun = [(one.row, at) for one, at in messages if one.row.channel == "sms" and one.provider != HOUSE]
    if not begun:
        return Purse(now)
    found = conn.execute(
        "SELECT b.workspace_id, b.journey_id, b.amount, w.zone FROM sms_budget b JOIN accounts_workspace w ON w.id = b.workspace_id"
        " WHERE b.workspace_id = ANY (%s) AND b.journey_id = ANY (%s) ORDER BY 1, 2",
        (sorted({row.workspace_id for row, _ in begun}), [WHOLE, *sorted({row.journey_id for row, _ in begun})]),
    ).fetchall()
    if not found:
        return Purse(now)
    purse = Purse(now, zones={workspace: zone for workspace, _, _, zone in found})
    keys = as_json(
        {"workspace_id": workspace, "journey_id": journey, "day": day.isoformat()}
        for workspace, journey, _, zone in found
        for day in {today(zone, at) for row, at in begun if row.workspace_id == workspace}
    )
    conn.execute(statement("make_spent", "safar.channels.pace"), {"rows": keys})
    amounts = {(workspace, journey): amount for workspace, journey, amount, _ in found}
    for workspace, journey, day, spent, used_up in conn.execute(
        statement("lock_spent", "safar.channels.pace"), {"rows": keys}
    ).fetchall():
        amount = amounts[workspace, journey]
        purse.days[workspace, journey, day] = _Day(amount, spent, used_up, (spent, used_up))
    return purse


def wait_for_tomorrow(conn: Connection[Any], rows: Sequence[Claimed], zone: str, now: datetime) -> int:
    """Puts claimed rows of one workspace off to the beginning of its next day."""
    if not rows:
        return 0
    asked = {"rows": as_json(row.key.columns() | {"token": row.token} for row in rows), "due_at": tomorrow(zone, now)}
    return len(conn.execute(statement("put_off", "safar.channels.pace"), asked).fetchall())


def keep_for_tomorrow(conn: Connection[Any], rows: Sequence[Claimed], now: datetime) -> list[Claimed]:
    """Puts off those of a workspace's claimed rows whose budget is used up, before anything is made of them; the others. A glance without a
    lock: the purse has the last word."""
    workspace = rows[0].workspace_id
    found = conn.execute(
        "SELECT b.journey_id, w.zone, s.day FROM sms_budget b JOIN accounts_workspace w ON w.id = b.workspace_id"
        " JOIN sms_spent s ON (s.workspace_id, s.journey_id) = (b.workspace_id, b.journey_id) WHERE b.workspace_id = %s AND s.used_up",
        (workspace,),
    ).fetchall()
    shut = {journey for journey, zone, day in found if day == today(zone, now)}
    waits = [
        row
        for row in rows
        if shut & {WHOLE, row.journey_id} and row.kind == "message" and row.effect.get("class") != "transactional"
    ]
    if waits:
        wait_for_tomorrow(conn, waits, found[0][1], now)
    return [row for row in rows if row not in waits]


def _notice_over(conn: Connection[Any], workspace_id: int, now: datetime, *, before: datetime | None = None) -> None:
    """before: only of an earlier day."""
    conn.execute(
        "UPDATE team_notice SET over_at = %s WHERE workspace_id = %s AND subject = 'budget:sms' AND over_at IS NULL"
        " AND at < coalesce(%s::timestamptz, 'infinity')",
        (now, workspace_id, before),
    )


def _begins(zone: str, day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(zone))
