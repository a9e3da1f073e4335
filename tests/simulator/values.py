"""Values: folding, equality, the operators of conditions, amounts of money, hashes."""

from __future__ import annotations

import hashlib
import json
import re
import unicodedata
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from functools import lru_cache
from typing import Any
from zoneinfo import ZoneInfo

import re2  # type: ignore[import-untyped]

Json = Any  # a JSON value: None, bool, int, float, str, list, dict

_LETTERS = str.maketrans("يك" + "۰۱۲۳۴۵۶۷۸۹" + "٠١٢٣٤٥٦٧٨٩", "یک" + "0123456789" * 2)
_AMOUNT = re.compile(r"^[+-]?[0-9]+(?:\.[0-9]+)?$")
RIALS = {"IRR": 1, "IRT": 10, "IRHR": 1000, "IRHT": 10000}


@lru_cache(maxsize=16384)
def fold(text: str) -> str:
    """NFKC, then Arabic ي ك to Persian ی ک and Persian and Arabic digits to ASCII; case stays."""
    return unicodedata.normalize("NFKC", text).translate(_LETTERS)


def number(value: Json) -> Decimal | None:
    """A JSON number as an exact decimal; None for everything else (true is no number)."""
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return Decimal(str(value))


def same(value: Json, other: Json) -> bool:
    """`is`: numbers by value, texts folded, true and false as such; nothing is the same as a missing value."""
    if isinstance(value, bool) or isinstance(other, bool):
        return isinstance(value, bool) and isinstance(other, bool) and value == other
    if isinstance(value, str) or isinstance(other, str):
        return isinstance(value, str) and isinstance(other, str) and fold(value) == fold(other)
    left, right = number(value), number(other)
    return left is not None and left == right


def equal(value: Json, other: Json) -> bool:
    """The same JSON value, as traits go: 5 = 5.0, true is not 1, texts exactly as typed."""
    if isinstance(value, dict) and isinstance(other, dict):
        return value.keys() == other.keys() and all(equal(value[key], other[key]) for key in value)
    if isinstance(value, list) and isinstance(other, list):
        return len(value) == len(other) and all(equal(a, b) for a, b in zip(value, other, strict=True))
    left, right = number(value), number(other)
    if left is not None and right is not None:
        return left == right
    return type(value) is type(other) and bool(value == other)


def _ordered(operator: str, value: Json, bound: Json) -> bool:
    left: Any
    right: Any
    if isinstance(value, str) and isinstance(bound, str):
        left, right = fold(value), fold(bound)
    else:
        left, right = number(value), number(bound)
        if left is None or right is None:
            return False
    return bool(
        {
            "at_least": left >= right,
            "at_most": left <= right,
            "more_than": left > right,
            "less_than": left < right,
        }[operator]
    )


def operator_holds(operator: str, value: Json, operand: Json) -> bool:
    """One operator on a value that may be missing (None); the wrong type never matches."""
    if operator == "exists":
        return (value is not None) is bool(operand)
    if operator == "is":
        return same(value, operand)
    if operator == "is_not":
        return not same(value, operand)
    if operator == "in":
        return any(same(value, one) for one in operand)
    if operator in ("at_least", "at_most", "more_than", "less_than"):
        return _ordered(operator, value, operand)
    if not isinstance(value, str) or not isinstance(operand, str):
        return False
    if operator == "contains":
        return fold(operand) in fold(value)
    if operator == "starts_with":
        return fold(value).startswith(fold(operand))
    if operator == "matches":
        return re2.search(fold(operand), fold(value)) is not None
    raise ValueError(f"no such operator: {operator}")


OPERATORS = frozenset(
    "is is_not in contains starts_with at_least at_most more_than less_than exists matches".split()  # noqa: SIM905
)


def operators_hold(value: Json, condition: dict[str, Json]) -> bool:
    """All operators among the keys of a condition."""
    return all(operator_holds(key, value, operand) for key, operand in condition.items() if key in OPERATORS)


@dataclass(frozen=True)
class Money:
    """What money is worth in a workspace. rates: currency -> first day it holds -> rate."""

    currency: str
    zone: str = "UTC"
    rates: dict[str, dict[str, str]] = field(default_factory=dict)

    def rate(self, currency: str, at: datetime) -> Decimal | None:
        """Of the latest day not after the local day of `at`; the rials have one rate together."""
        today = at.astimezone(ZoneInfo(self.zone)).date().isoformat()
        days = [day for day in self.rates.get("IRR" if currency in RIALS else currency, {}) if day <= today]
        if not days:
            return None
        known = Decimal(self.rates["IRR" if currency in RIALS else currency][max(days)])
        return known * RIALS[currency] if currency in RIALS else known


def amount(properties: dict[str, Json], key: str, money: Money, at: datetime) -> Decimal | None:
    """An amount of that moment in the workspace's currency, from a number or numeric text; None if unreadable or without a rate."""
    value = properties.get(key)
    if isinstance(value, str):
        text = fold(value).strip()
        read = Decimal(text) if _AMOUNT.match(text) else None
    else:
        read = number(value)
    given = properties.get("currency")
    if read is None or not isinstance(given, str):
        return read
    given = given.strip().upper()
    if given in ("", money.currency):
        return read
    if given in RIALS and money.currency in RIALS:
        return read * RIALS[given] / RIALS[money.currency]
    rate = money.rate(given, at)
    return None if rate is None else read * rate


def shown(value: Decimal) -> int | float:
    """An amount as a JSON number."""
    return int(value) if value == value.to_integral_value() else float(value)


def key_text(value: Json) -> str | None:
    """The text by which order_ids and one_per values are compared; None where they count as missing."""
    if isinstance(value, bool):
        return f"bool:{value}"
    if isinstance(value, str):
        return f"text:{fold(value)}"
    exact = number(value)
    return None if exact is None else f"number:{exact.normalize():f}"


@lru_cache(maxsize=4096)
def share(text: str) -> float:
    """A stable hash in [0, 1)."""
    return int(hashlib.md5(text.encode()).hexdigest()[:8], 16) / 2**32


def sort_text(value: Json) -> str:
    return json.dumps(value, ensure_ascii=False, sort_keys=True)
