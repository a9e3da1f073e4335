"""A workspace's exchange rates: what one unit of a currency is worth in its own, from a day on (docs/semantics.md 12)."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from typing import Any

import psycopg

from safar.lib.faults import Faults, Refused

CODE = re.compile(r"[A-Z]{3,4}")
RIALS = ("IRR", "IRT", "IRHR", "IRHT")  # units of one currency: exact among themselves, and with one rate, the rial's
MOST = Decimal(10) ** 12

_PUT = """
INSERT INTO exchange_rate (workspace_id, currency, day, rate) VALUES (%s, %s, %s, %s)
ON CONFLICT (workspace_id, currency, day) DO UPDATE SET rate = EXCLUDED.rate
"""
_READ = "SELECT currency, day, rate FROM exchange_rate WHERE workspace_id = %s ORDER BY currency, day DESC"
_REMOVE = "DELETE FROM exchange_rate WHERE workspace_id = %s AND currency = %s AND day = %s"
_UNRATED = """
SELECT p.currency, count(*), min(p.at), max(p.at) FROM purchase p JOIN contact c ON c.bucket = p.bucket AND c.id = p.contact_id
WHERE p.currency IS NOT NULL AND p.total IS NULL AND p.at IS NOT NULL AND c.workspace_id = %s
GROUP BY p.currency ORDER BY count(*) DESC, p.currency
"""


@dataclass(frozen=True)
class Rate:
    """One unit of `currency` is worth `rate` units of the workspace's, from `day` (in its zone) until the currency's next one."""

    currency: str
    day: date
    rate: Decimal


@dataclass(frozen=True)
class Unrated:
    """Orders that count while their money does not, as their currency has no rate on their day. since, until: the days of such orders."""

    currency: str
    orders: int
    since: date
    until: date


def read_rates(conn: psycopg.Connection[Any], workspace_id: int) -> list[Rate]:
    """By currency, the latest first."""
    return [Rate(*row) for row in conn.execute(_READ, (workspace_id,))]


def write_rates(conn: psycopg.Connection[Any], workspace_id: int, rates: Iterable[Rate]) -> None:
    """Put them down as they are, over those of the same currency and day. Whoever has counted already is told elsewhere (events.recounting)."""
    with conn.cursor() as cursor:
        cursor.executemany(_PUT, [(workspace_id, rate.currency, rate.day, rate.rate) for rate in rates])


def remove_rate(conn: psycopg.Connection[Any], workspace_id: int, currency: str, day: date) -> bool:
    """False where there was none."""
    return conn.execute(_REMOVE, (workspace_id, currency, day)).rowcount > 0


def find_unrated(conn: psycopg.Connection[Any], workspace_id: int) -> list[Unrated]:
    """The currency of most orders first."""
    return [
        Unrated(currency, orders, since.date(), until.date())
        for currency, orders, since, until in conn.execute(_UNRATED, (workspace_id,))
    ]


def check_rates(rates: Sequence[Rate], house: str) -> None:
    """house: the workspace's currency. Raises Refused with every fault at its number in the row, and at its field."""
    faults = Faults()
    for number, rate in enumerate(rates):
        here = faults.at(str(number)) if len(rates) > 1 else faults
        if not CODE.fullmatch(rate.currency):
            here.at("currency").add(f"{rate.currency!r} is not a currency code such as EUR")
        elif rate.currency == house or (rate.currency in RIALS and house in RIALS):
            here.at("currency").add(f"{rate.currency} is counted exactly in {house}; it needs no rate")
        elif rate.currency in RIALS[1:]:
            here.at("currency").add(f"give the rate of IRR; {rate.currency} follows from it")
        if not 1900 <= rate.day.year <= 9999:
            here.at("day").add("has to be a day of the years 1900 to 9999")
        if not rate.rate.is_finite() or not 0 < rate.rate <= MOST or abs(int(rate.rate.as_tuple().exponent)) > 12:
            here.at("rate").add("has to be a number above 0, up to 10^12, with 12 decimals at most")
    if faults:
        raise Refused(faults)
