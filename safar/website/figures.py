"""What forms brought: shown, closed, sent, confirmed, what those they brought have earned; whole, by day, by page, by source.

Answers are all known. Openings are what browsers told: whoever keeps scripts or counting away, or has not consented where that comes first, was
not counted. So a share of those who answered is an upper bound.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

from psycopg import Connection
from psycopg.rows import dict_row
from psycopg.sql import SQL, Composable

MOST_LINES = 50  # pages or sources of a form that are listed
# form, day, page, source of every counted thing; days are the workspace's.
_ALL = """
WITH house AS (
    SELECT w.id, w.zone, (%(since)s::date)::timestamp AT TIME ZONE w.zone AS since FROM accounts_workspace w WHERE w.id = %(workspace)s
), counted AS (
    SELECT n.form, n.day, n.page, n.source, n.shown, n.closed, 0 AS sent, 0 AS brought, 0 AS asked, 0 AS confirmed
    FROM form_count n WHERE n.workspace_id = %(workspace)s AND n.day >= %(since)s::date AND n.form = ANY (%(forms)s)
    UNION ALL
    SELECT a.form, (a.at AT TIME ZONE h.zone)::date, a.page, a.source, 0, 0, 1, a.fresh::integer, a.asked::integer,
        (a.asked AND EXISTS (SELECT FROM confirmation f WHERE f.bucket = a.bucket AND f.contact_id = a.contact_id AND f.confirmed_at >= a.at))::integer
    FROM form_answer a, house h WHERE a.workspace_id = h.id AND a.at >= h.since AND a.form = ANY (%(forms)s)
)
SELECT {by} AS name, sum(shown)::bigint AS shown, sum(closed)::bigint AS closed, sum(sent)::bigint AS sent, sum(brought)::bigint AS brought,
    sum(asked)::bigint AS asked, sum(confirmed)::bigint AS confirmed
FROM counted GROUP BY 1 ORDER BY {order} LIMIT {most}
"""
# Of those a form brought, wherever they were merged into since: their orders from then on.
_EARNED = """
WITH RECURSIVE house AS (
    SELECT w.id, (%(since)s::date)::timestamp AT TIME ZONE w.zone AS since FROM accounts_workspace w WHERE w.id = %(workspace)s
), brought AS (
    SELECT a.form, a.bucket, a.contact_id, a.at FROM form_answer a, house h
    WHERE a.workspace_id = h.id AND a.at >= h.since AND a.form = ANY (%(forms)s) AND a.fresh
    UNION
    SELECT b.form, (c.merged_into & 1023)::smallint, c.merged_into, b.at FROM brought b
    JOIN contact c ON c.bucket = b.bucket AND c.id = b.contact_id WHERE c.merged_into IS NOT NULL
), person AS (
    SELECT b.form, b.bucket, b.contact_id, min(b.at) AS at FROM brought b
    JOIN contact c ON c.bucket = b.bucket AND c.id = b.contact_id WHERE c.merged_into IS NULL GROUP BY 1, 2, 3
)
SELECT p.form, count(DISTINCT p.contact_id), count(*), coalesce(sum(coalesce(o.total, 0) - o.refunded), 0)
FROM person p JOIN purchase o ON o.bucket = p.bucket AND o.contact_id = p.contact_id AND o.counts AND o.at >= p.at
GROUP BY 1
"""


@dataclass(frozen=True, slots=True)
class Line:
    """name: a form's key, a day, a page or a source. brought: people whom nobody knew before; asked, confirmed: by a message."""

    name: Any
    shown: int = 0
    closed: int = 0
    sent: int = 0
    brought: int = 0
    asked: int = 0
    confirmed: int = 0

    @property
    def rate(self) -> Decimal | None:
        """Answers of openings; None where not all openings were counted, or none."""
        return Decimal(self.sent) / self.shown if 0 < self.shown >= self.sent else None


@dataclass(frozen=True, slots=True)
class Earned:
    """Of those a form brought: how many have ordered since, how often, and for how much, in the workspace's currency."""

    buyers: int = 0
    orders: int = 0
    money: Decimal = Decimal(0)


def read_figures(conn: Connection[Any], workspace_id: int, forms: list[str], since: date) -> dict[str, Line]:
    """Form → its figures since a day of the workspace's; every form has some."""
    found = _lines(conn, workspace_id, forms, since, SQL("form"), SQL("1"), len(forms))
    return {form: next((line for line in found if line.name == form), Line(form)) for form in forms}


def read_earned(conn: Connection[Any], workspace_id: int, forms: list[str], since: date) -> Mapping[str, Earned]:
    """Form → what those have earned whom it brought since that day; forms that earned nothing are left out."""
    given = {"workspace": workspace_id, "forms": forms, "since": since}
    return {form: Earned(*rest) for form, *rest in conn.execute(_EARNED, given).fetchall()}


def by_day(conn: Connection[Any], workspace_id: int, form: str, since: date) -> list[Line]:
    """Days on which there was something, the newest first."""
    return _lines(conn, workspace_id, [form], since, SQL("day"), SQL("1 DESC"), 400)


def by_page(conn: Connection[Any], workspace_id: int, form: str, since: date) -> list[Line]:
    """Host and path, empty for its own page; those with most answers first."""
    return _lines(conn, workspace_id, [form], since, SQL("page"), SQL("4 DESC, 2 DESC, 1"), MOST_LINES)


def by_source(conn: Connection[Any], workspace_id: int, form: str, since: date) -> list[Line]:
    """utm_source, else the host that people came from; those with most answers first."""
    return _lines(conn, workspace_id, [form], since, SQL("source"), SQL("4 DESC, 2 DESC, 1"), MOST_LINES)


def _lines(
    conn: Connection[Any], workspace_id: int, forms: list[str], since: date, by: Composable, order: Composable, most: int
) -> list[Line]:  # fmt: skip
    given = {"workspace": workspace_id, "forms": forms, "since": since}
    statement = SQL(_ALL).format(by=by, order=order, most=most)
    with conn.cursor(row_factory=dict_row) as cursor:
        rows = cursor.execute(statement, given).fetchall()
    return [Line(**row) for row in rows]
