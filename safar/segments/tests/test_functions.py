"""safar_time, safar_amount, safar_same, safar_zone: what they read, and that nothing makes them raise."""

from __future__ import annotations

import json
import random
import re
import zoneinfo
from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

import pytest

from safar.lib.text import fold
from safar.segments.tests.conftest import Ground

TIMES: list[tuple[Any, str | None]] = [
    ("2027-03-21", "2027-03-20T20:30Z"),
    (" 2027-03-21\n", "2027-03-20T20:30Z"),
    ("۲۰۲۷-۰۳-۲۱", "2027-03-20T20:30Z"),
    ("2027-03-21T08:00", "2027-03-21T04:30Z"),
    ("2027-03-21 08:00:01", "2027-03-21T04:30:01Z"),
    ("2027-03-21T08:00Z", "2027-03-21T08:00Z"),
    ("2027-03-21t08:00:59.5z", "2027-03-21T08:00:59.5Z"),
    ("2027-03-21T08:00:00,1234569+03:30", "2027-03-21T04:30:00.123456Z"),
    ("2027-03-21T08:00-0330", "2027-03-21T11:30Z"),
    ("2027-03-21T08:00+14", "2027-03-20T18:00Z"),
    ("2028-02-29", "2028-02-28T20:30Z"),
    ("0001-01-01T00:00Z", "0001-01-01T00:00Z"),
    ("9999-12-31T23:59:59Z", "9999-12-31T23:59:59Z"),
    # In 2021 Tehran's clocks went from 21 March 24:00 to 01:00: that midnight does not exist.
    ("2021-03-22", "2021-03-21T20:30Z"),
    *((text, None) for text in [
        "", "2027", "2027-03", "20270321", "2027-3-21", "2027-02-29", "1900-02-29", "2027-04-31", "2027-13-01", "2027-00-10",
        "0000-01-01", "10000-01-01", "-2027-03-21", "2027-03-21T", "2027-03-21T8:00", "2027-03-21T08", "2027-03-21T24:00",
        "2027-03-21T23:60", "2027-03-21T08:00:60", "2027-03-21T08:00.5", "2027-03-21T08:00:00.", "2027-03-21T08:00+16:00",
        "2027-03-21T08:00+3:30", "2027-03-21T08:00+03:60", "2027-03-21T08:00 +03:30", "2027-03-21Z", "2027-03-21T08:00 UTC",
        "now", "today", "infinity", "epoch", "allballs", "J2459000", "March 21 2027", "21/03/2027", "2027-W12-7", "x" * 500,
    ]),
    (20270321, None), (1.5, None), (True, None), (None, None), ([], None), (["2027-03-21"], None), ({"a": 1}, None),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), TIMES)
def test_time(ground: Ground, value: Any, expected: str | None) -> None:
    row = ground.conn.execute(
        "SELECT safar_time(%s::jsonb, 'Asia/Tehran') AT TIME ZONE 'UTC'", (json.dumps(value),)
    ).fetchone()
    assert row == (expected and datetime.fromisoformat(expected).replace(tzinfo=None),)


AMOUNTS: list[tuple[str, str | None]] = [
    ("5", "5"), ("-5.50", "-5.50"), ("0", "0"), ("1e3", "1000"), ("1E-2", "0.01"), ('"5"', "5"), ('"+5.25"', "5.25"),
    ('"-5"', "-5"), ('" 5 "', "5"), ('"۱۲۳.۵"', "123.5"), ('"٣"', "3"), ('"１２"', "12"), ('"007"', "7"),
    *((text, None) for text in [
        '""', '"abc"', '"5 toman"', '"1,000"', '"۱۲۳٫۵"', '"5."', '".5"', '"1e3"', '"--5"', '"+ 5"', '"NaN"', '"Infinity"', '"0x10"', '"½"',
        "1e100", "-1e130000", "1e-101", "null", "true", "[]", "[5]", '{"a": 5}', '"' + "9" * 101 + '"', '"' + "9" * 5000 + '"',
    ]),
]  # fmt: skip


@pytest.mark.parametrize(("value", "expected"), AMOUNTS)
def test_amount(ground: Ground, value: str, expected: str | None) -> None:
    assert ground.conn.execute("SELECT safar_amount(%s::jsonb)", (value,)).fetchone() == (
        expected and Decimal(expected),
    )


def test_number(ground: Ground) -> None:
    rows = ground.conn.execute(
        "SELECT safar_number(v) FROM unnest(%s::jsonb[]) v", (["5.0", '"5"', "null", "[5]", "1e1000"],)
    )
    assert [row[0] for row in rows] == [5, None, None, None, Decimal("1e1000")]


SAMES = [
    ('"a"', '"a"', True), ('"كرج"', '"کرج"', True), ('"۱"', '"1"', True), ('"1"', "1", False), ("1", "1.0", True), ("1", "true", False),
    ("true", "true", True), ("true", "false", False), ("null", "null", False), ("[1]", "[1]", False), ('{"a":1}', '{"a":1}', False),
    (None, None, False), ('"a"', None, False), (None, "1", False), ("1", None, False), ("true", None, False),
]  # fmt: skip


@pytest.mark.parametrize(("a", "b", "expected"), SAMES)
def test_same(ground: Ground, a: str | None, b: str | None, expected: bool) -> None:
    assert ground.conn.execute("SELECT safar_same(%s::jsonb, %s::jsonb)", (a, b)).fetchone() == (expected,)


def test_zone(ground: Ground) -> None:
    names = [
        "Asia/Tehran",
        "UTC",
        "Etc/GMT+5",
        "asia/tehran",
        "Asia/Tehran ",
        "EST5EDT4",
        "+03:30",
        "posix/UTC",
        "localtime",
        "",
        None,
    ]
    rows = ground.conn.execute("SELECT safar_zone(z) FROM unnest(%s::text[]) z", (names,)).fetchall()
    assert [row[0] for row in rows] == ["Asia/Tehran", "UTC", "Etc/GMT+5"] + [None] * 8
    known = [name for name in zoneinfo.available_timezones() if name not in ("localtime", "Factory", "posixrules")]
    missing = ground.conn.execute(
        "SELECT array_agg(z) FROM unnest(%s::text[]) z WHERE safar_zone(z) IS NULL", (known,)
    ).fetchone()
    assert len((missing and missing[0]) or []) <= 5  # the two lists may be of different years


def mutated(chance: random.Random, text: str) -> str:
    letters = list(text)
    for _ in range(chance.choice([0, 0, 1, 2, 4])):
        at = chance.randrange(len(letters) + 1)
        letters[at : at + chance.randint(0, 1)] = chance.choice(["", *"0123456789-+:.,TZ e٣۵\t\u2028ＴX"])
    return "".join(letters)


_TIME = re.compile(
    r"(\d{4}-\d\d-\d\d)(?:[T ](\d\d:\d\d)(?::(\d\d)(?:[.,](\d+))?)?(Z|[+-]\d\d(?::?\d\d)?)?)?", re.ASCII | re.I
)


def read_time(text: str) -> datetime | None:
    """Another reading of the same grammar, by Python's calendar."""
    match = _TIME.fullmatch(fold(text).strip())
    if match is None:
        return None
    day, clock, seconds, fraction, offset = match.groups()
    offset = (offset or "Z").upper().replace(":", "").replace("Z", "+0000").ljust(5, "0")
    if int(offset[1:3]) > 15 or int(offset[3:]) > 59:
        return None
    try:
        return datetime.fromisoformat(
            f"{day}T{clock or '00:00'}:{seconds or '00'}.{(fraction or '').ljust(6, '0')[:6]}{offset}"
        )
    except (ValueError, OverflowError):
        return None


def test_times_at_random(ground: Ground) -> None:
    chance = random.Random(5)
    seeds = [
        "2027-03-21",
        "2024-02-29T23:59",
        "1999-12-31 08:30:15.250",
        "2027-03-21T08:00:59.123456+03:30",
        "2026-10-30T00:00Z",
    ]
    texts = [mutated(chance, chance.choice(seeds)) for _ in range(4000)]
    rows = ground.conn.execute(
        "SELECT safar_time(to_jsonb(t), 'UTC') FROM unnest(%s::text[]) WITH ORDINALITY u (t, n) ORDER BY n", (texts,)
    ).fetchall()
    read = 0
    for text, (found,) in zip(texts, rows, strict=True):
        assert found == read_time(text), ascii(text)
        read += found is not None
    assert 800 < read < 3500


def test_amounts_at_random(ground: Ground) -> None:
    chance = random.Random(6)
    texts = [mutated(chance, chance.choice(["5", "120.50", "-7", "۱۲۳", " 99 ", "1e5"])) for _ in range(3000)]
    rows = ground.conn.execute(
        "SELECT safar_amount(to_jsonb(t)) FROM unnest(%s::text[]) WITH ORDINALITY u (t, n) ORDER BY n", (texts,)
    ).fetchall()
    for text, (found,) in zip(texts, rows, strict=True):
        typed = fold(text).strip()
        assert found == (Decimal(typed) if re.fullmatch(r"[+-]?[0-9]+(\.[0-9]+)?", typed) else None), ascii(text)


def test_utc_is_what_python_calls_so() -> None:
    assert read_time("2027-03-21T08:00+03:30") == datetime(2027, 3, 21, 4, 30, tzinfo=UTC)
