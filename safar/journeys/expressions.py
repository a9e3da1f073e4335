"""Pieces of SQL that several kinds share. Nothing is executed here."""

from __future__ import annotations

from psycopg.sql import SQL, Composable, Literal

from safar.journeys.definition.moments import FixedMoment
from safar.lib.durations import Duration
from safar.segments.moments import local_date, plus
from safar.segments.reading import Reading


def add(moment: Composable, duration: Duration, r: Reading) -> Composable:
    """moment + duration in the contact's zone and the workspace's calendar; NULL stays NULL."""
    return plus(moment, duration, r.zone, r.calendar)


def fixed_moment(moment: FixedMoment, r: Reading) -> Composable:
    """A moment that was written down, local to the contact's zone where it has no offset: timestamptz."""
    if moment.local:
        return SQL("({}::timestamp AT TIME ZONE {})").format(Literal(moment.text), r.zone)
    return SQL("{}::timestamptz").format(Literal(moment.text))


def earlier_today(moment: Composable, r: Reading) -> Composable:
    """Whether the moment has passed, and lies in the same local day as r.at: boolean, false for NULL."""
    return SQL("coalesce({moment} < {at} AND {day} = {today}, false)").format(
        moment=moment, at=r.at, day=local_date(moment, r.zone), today=local_date(r.at, r.zone)
    )


def iso_text(moment: Composable) -> Composable:
    """A timestamptz as ISO 8601 text in UTC with microseconds, as traces have it, whatever the session's settings; NULL stays."""
    return SQL("to_char({} AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.US\"Z\"')").format(moment)


def shop_entry(facts: Composable) -> Composable:
    """What lapsed and cart_abandoned enter with; what is missing is left out. facts: the alias of contact_facts."""
    return SQL(
        "jsonb_strip_nulls(jsonb_build_object('cart_value', trim_scale(coalesce({f}.cart_value, 0)),"
        " 'cart_since', {since}, 'last_order', {last}))"
    ).format(
        f=facts,
        since=iso_text(SQL("{}.cart_since").format(facts)),
        last=iso_text(SQL("{}.last_order").format(facts)),
    )
