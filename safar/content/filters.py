"""Filters beside Liquid's own: dates in the workspace's calendar, numbers and money as they are written in each
language.

How to write them comes with the render: ``locale`` in the data, {"language", "calendar", "zone", "currency", "unit"}.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, time
from decimal import Decimal, InvalidOperation
from typing import Any
from zoneinfo import ZoneInfo

from liquid import RenderContext
from liquid.filter import with_context
from liquid.undefined import is_undefined

from safar.content import calendar
from safar.lib.text import fold_digits

PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
RIALS = {"IRR": 1, "IRT": 10, "IRHR": 1_000, "IRHT": 10_000}
UNITS = {
    "IRR": ("Rials", "ریال"),
    "IRT": ("Tomans", "تومان"),
    "IRHR": ("thousand Rials", "هزار ریال"),
    "IRHT": ("thousand Tomans", "هزار تومان"),
}
LARGEST_EXPONENT = 30


def locale_of(context: RenderContext) -> Mapping[str, str]:
    found = context.globals.get("locale")
    return found if isinstance(found, Mapping) else {}


def is_persian(context: RenderContext) -> bool:
    return locale_of(context).get("language") == "fa"


def as_decimal(value: object) -> Decimal | None:
    """The number in a value, text with Persian digits and separators included; None where there is none of sane size."""
    if isinstance(value, bool) or value is None or is_undefined(value):
        return None
    try:
        number = Decimal(fold_digits(str(value)).replace(",", "").replace("٬", "").strip())
    except InvalidOperation:
        return None
    return number if number.is_finite() and abs(number.adjusted()) <= LARGEST_EXPONENT else None


def as_moment(value: object, zone: str) -> datetime | None:
    """A point in time in ``zone``: ISO 8601 text (without offset: local), a date, or seconds since 1970. None: cannot
    be read.
    """
    try:
        where = ZoneInfo(zone or "UTC")
    except (LookupError, ValueError, OSError):
        where = ZoneInfo("UTC")
    try:
        if isinstance(value, bool):
            return None
        if isinstance(value, (int, float)):
            return datetime.fromtimestamp(value, tz=where)
        if isinstance(value, datetime):
            moment = value
        elif isinstance(value, date):
            moment = datetime.combine(value, time())
        else:
            moment = datetime.fromisoformat(fold_digits(str(value)).strip())
        return moment.astimezone(where) if moment.tzinfo else moment.replace(tzinfo=where)
    except (ValueError, OverflowError, OSError):
        return None


@with_context
def date_filter(value: object, form: object = "%d %B %Y", *, context: RenderContext) -> object:
    """``{{ entry.date | date: "%d %B %Y" }}`` in the workspace's calendar and the contact's language. What is no date
    stays as it is.
    """
    if is_undefined(value) or value is None:
        return ""
    locale = locale_of(context)
    if value in ("now", "today"):
        value = context.globals.get("now") or datetime.now(UTC).isoformat()
    moment = as_moment(value, locale.get("zone", "UTC"))
    if moment is None:
        return value
    text = calendar.write(
        moment, str(form), jalali=locale.get("calendar") == "jalali", language=locale.get("language", "en")
    )
    return text.translate(PERSIAN_DIGITS) if is_persian(context) else text


@with_context
def number_filter(value: object, places: object = None, *, context: RenderContext) -> object:
    """Grouped by thousands: 1,234,567 or ۱٬۲۳۴٬۵۶۷. places: digits after the point, as many as there are if left out."""
    number = as_decimal(value)
    if number is None:
        return "" if is_undefined(value) or value is None else value
    return write_number(number, _places(places), persian=is_persian(context))


@with_context
def money_filter(value: object, *, context: RenderContext) -> object:
    """An amount in the workspace's currency, in the unit it shows money in, with the unit's name."""
    locale = locale_of(context)
    currency = locale.get("currency", "")
    return _money(value, currency, locale.get("unit") or currency, is_persian(context))


@with_context
def toman_filter(value: object, *, context: RenderContext) -> object:
    """An amount in the workspace's (Iranian) currency, in tomans; in another currency as ``money``."""
    currency = locale_of(context).get("currency", "")
    return _money(value, currency, "IRT" if currency in RIALS else currency, is_persian(context))


def persian_digits(value: object) -> str:
    """123 as ۱۲۳."""
    return "" if is_undefined(value) or value is None else str(value).translate(PERSIAN_DIGITS)


def latin_digits(value: object) -> str:
    """۱۲۳ as 123: for links and codes."""
    return "" if is_undefined(value) or value is None else fold_digits(str(value))


def write_number(number: Decimal, places: int | None, *, persian: bool) -> str:
    """Digits, separators and point of the language."""
    if places is not None:
        number = round(number, places)
    elif number == number.to_integral_value():
        number = number.to_integral_value()
    text = f"{number:,f}"
    return text.replace(",", "٬").replace(".", "٫").translate(PERSIAN_DIGITS) if persian else text


def _money(value: object, currency: str, unit: str, persian: bool) -> object:
    number = as_decimal(value)
    if number is None:
        return "" if is_undefined(value) or value is None else value
    if currency in RIALS and unit in RIALS:
        number = number * RIALS[currency] / RIALS[unit]
    else:
        unit = currency
    places = None if unit in RIALS or number == number.to_integral_value() else 2
    name = UNITS[unit][persian] if unit in UNITS else unit
    return f"{write_number(number, places, persian=persian)} {name}".strip()


def _places(value: object) -> int | None:
    number = as_decimal(value)
    return None if number is None else min(max(int(number), 0), 10)


FILTERS: Mapping[str, Callable[..., Any]] = {
    "date": date_filter,
    "number": number_filter,
    "money": money_filter,
    "toman": toman_filter,
    "persian_digits": persian_digits,
    "latin_digits": latin_digits,
}
