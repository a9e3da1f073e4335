"""What a cell of a file of orders says: an amount, a moment, a state. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime, time
from decimal import Decimal
from zoneinfo import ZoneInfo

from safar.events.imports.cells import DAY_FIRST, JALALI_YEARS, TIME, BadCell, read_date
from safar.lib.faults import said
from safar.lib.text import fold, fold_digits

_AMOUNT = re.compile(r"[-+(]?[0-9][0-9.,'٬٫ \u00a0\u202f]*\)?")
_GROUPED = re.compile(r"[0-9]{1,3}([.,'])[0-9]{3}(\1[0-9]{3})*")
_ZONE = re.compile(r" (?=(?:[+-][0-9]{2}:?[0-9]{2}|Z)$)")
_SLASHED = re.compile(r"(?P<a>[0-9]{1,2})/(?P<b>[0-9]{1,2})/(?P<y>[0-9]{4})" + TIME)

# Words of shops for an order that was never paid, and for one that was given back whole.
_NEVER = frozenset(
    (
        *("cancelled", "canceled", "voided", "void", "failed", "expired", "unpaid", "pending", "onhold"),
        *("draft", "checkoutdraft", "pendingpayment", "abandoned"),
        *("لغوشده", "لغو", "ناموفق", "درانتظارپرداخت", "پرداختنشده", "منقضی"),
    )
)
_BACK = frozenset(("refunded", "returned", "fullyrefunded", "مستردشده", "مرجوعی", "بازگشتخورده", "بازگشتدادهشده"))


def read_amount(cell: str) -> Decimal | None:
    """The number in it, whatever stands around it (a currency's sign or name); None for an empty cell. Raises BadCell.

    Of comma and point the later is the decimal one; one alone with three digits behind it groups, but for ``0.125``.
    """
    text = fold_digits(cell).replace("٬", ",").replace("٫", ".").strip()
    if not text:
        return None
    found = _AMOUNT.search(text)
    if found is None:
        raise BadCell(said("%(value)s is no amount", value=repr(cell.strip()[:40])))
    number = re.sub(r"[\s']", "", found[0].strip("()+-"))
    marks = [mark for mark in number if mark in ".,"]
    if len(set(marks)) == 2:
        number = number.replace(",", "") if marks[-1] == "." else number.replace(".", "").replace(",", ".")
    elif _GROUPED.fullmatch(number) and number[0] != "0":
        number = number.replace(marks[0], "")
    else:
        number = number.replace(",", ".")
    if number.count(".") > 1:
        raise BadCell(said("%(value)s is no amount", value=repr(cell.strip()[:40])))
    amount = Decimal(number.rstrip("."))
    return -amount if text.startswith(("-", "(")) or "-" in text[: found.start() + 1] else amount


def day_comes_first(cells: Iterable[str]) -> bool | None:
    """Whether 03/05/2024 is the 3rd of May in this file: where one of the two numbers is above 12, all is said. None: nobody can know."""
    for cell in cells:
        found = _SLASHED.fullmatch(fold_digits(cell.strip()))
        if found and int(found["y"]) not in JALALI_YEARS and max(int(found["a"]), int(found["b"])) > 12:
            return int(found["a"]) > 12
    return None


def read_at(cell: str, zone: ZoneInfo, day_first: bool | None) -> datetime:
    """The moment, of either calendar; a day alone is its noon in the zone. day_first: as `day_comes_first` found. Raises BadCell."""
    text = _ZONE.sub("", fold_digits(cell.strip()))
    slashed = _SLASHED.fullmatch(text)
    if slashed and int(slashed["y"]) not in JALALI_YEARS and day_first is not None:
        day, month = (slashed["a"], slashed["b"]) if day_first else (slashed["b"], slashed["a"])
        text = f"{slashed['y']}-{month}-{day}{text[slashed.end('y') :]}"
    iso = read_date(text)
    if iso is None:
        if DAY_FIRST.fullmatch(text) and slashed:
            raise BadCell(said("nobody can know which of %(value)s is the day; write 2024-05-03", value=repr(text)))
        raise BadCell(said("%(value)s is no moment", value=repr(cell.strip()[:40])))
    at = datetime.fromisoformat(iso)
    if "T" not in iso:
        at = datetime.combine(at.date(), time(12))
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def read_state(cell: str) -> str:
    """paid, never (never paid, or called off before), or back (given back whole). What is not known counts as paid."""
    word = re.sub(r"[\s_\-\u200c]+", "", fold(cell).lower()).removeprefix("wc")
    return "never" if word in _NEVER else "back" if word in _BACK else "paid"
