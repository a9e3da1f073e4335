"""Durations added to moments, in SQL. The compiler's delays and deadlines use it as well."""

from __future__ import annotations

from datetime import timedelta

from psycopg.sql import SQL, Composable, Literal

from safar.lib.durations import Duration


def exact(length: timedelta) -> Composable:
    """An interval without days or months, so that adding it never asks for a zone."""
    micros = length // timedelta(microseconds=1)
    return SQL("{}::interval").format(Literal(f"{micros // 1_000_000} seconds {micros % 1_000_000} microseconds"))


def plus(at: Composable, duration: Duration, zone: Composable, calendar: str) -> Composable:
    """The moment `duration` after `at`: timestamptz, NULL for NULL. The same as Duration.add.

    Only months of a calendar other than the Gregorian need safar_add; all else is written out, for it is a tenth of the cost.
    """
    if not duration.calendar_part:
        return SQL("({} + {})").format(at, exact(duration.exact)) if duration.exact else at
    if duration.months and calendar != "gregorian":
        return SQL("safar_add({}, {}, {}, {}, {}, {})").format(
            at, Literal(duration.months), Literal(duration.days), exact(duration.exact), zone, Literal(calendar)
        )
    days = SQL("{}::interval").format(Literal(f"{duration.months} months {duration.days} days"))
    moment = SQL("((({} AT TIME ZONE {}) + {}) AT TIME ZONE {})").format(at, zone, days, zone)
    return SQL("({} + {})").format(moment, exact(duration.exact)) if duration.exact else moment


def local_date(at: Composable, zone: Composable) -> Composable:
    """The date on the zone's wall clock."""
    return SQL("({} AT TIME ZONE {})::date").format(at, zone)


def if_after(moment: Composable, at: Composable) -> Composable:
    """The moment where it is after `at`, else NULL (NULL for NULL). greatest() passes over NULLs."""
    return SQL("nullif(greatest({}, {}), {})").format(moment, at, at)
