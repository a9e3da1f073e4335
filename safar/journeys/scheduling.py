"""Days on which a schedule comes round, as SQL. An occasion is known by its day: days since 1 January 2000 (docs/semantics.md 67)."""

from __future__ import annotations

from datetime import date

from psycopg.sql import SQL, Composable, Literal

from safar.journeys.definition.moments import WEEKDAYS
from safar.segments.literals import text
from safar.segments.moments import local_date
from safar.segments.reading import Reading

ZERO = date(2000, 1, 1)
AHEAD = 70  # days within which every weekly and monthly schedule comes round twice


def day_of(number: Composable) -> Composable:
    """date."""
    return SQL("({}::date + {})").format(text(ZERO.isoformat()), number)


def here(r: Reading) -> Composable:
    """Today's number, local to the contact: integer."""
    return SQL("({} - {}::date)").format(local_date(r.at, r.zone), text(ZERO.isoformat()))


def around(begin: Composable, days: int = AHEAD) -> Composable:
    """FROM … of numbers from begin on, as ``days (number)``."""
    return SQL("generate_series({b}, {b} + {n}) AS days (number)").format(b=begin, n=Literal(days))


def weekly(weekdays: tuple[str, ...]) -> Composable:
    """Whether days.number is such a weekday; every day where none is named. 1 January 2000 was a Saturday."""
    if not weekdays:
        return SQL("true")
    from_saturday = [(WEEKDAYS.index(day) - WEEKDAYS.index("sat")) % 7 for day in weekdays]
    listed = SQL(", ").join([Literal(number) for number in from_saturday])
    return SQL("((days.number % 7 + 7) % 7 IN ({}))").format(listed)


def monthly(day: int, calendar: str) -> Composable:
    """Whether days.number is that day of its month, or the month's last where it has no such day."""
    here, ahead = day_of(SQL("days.number")), day_of(SQL("days.number + 1"))
    if calendar == "jalali":
        number, after = (SQL("(safar_jalali({}))[3]").format(each) for each in (here, ahead))
    else:
        number, after = (SQL("extract(day FROM {})::int").format(each) for each in (here, ahead))
    return SQL("({n} = {d} OR ({n} < {d} AND {after} = 1))").format(n=number, d=Literal(day), after=after)


def listed(days: tuple[date, ...]) -> Composable:
    """FROM … of the numbers of these days, as ``days (number)``."""
    numbers = SQL(", ").join([Literal((day - ZERO).days) for day in days])
    return SQL("unnest(ARRAY[{}]::integer[]) AS days (number)").format(numbers)
