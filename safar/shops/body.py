"""What a shop sent, read by name: what cannot be done without is a fault with its place, everything else is left out where it makes no sense."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Any

import msgspec
import phonenumbers

from safar.contacts.names import fold_phone
from safar.events.moments import read_moment
from safar.lib.faults import Fault, Faults, Refused, said
from safar.lib.text import fold

LONGEST_TEXT = 255  # characters of what is kept; longer ones are cut
LONGEST_ADDRESS = 2_048
MOST_LINES = 100  # of an order or a cart that are kept
_UNSTORABLE = re.compile("[\0\ud800-\udfff]")
_AMOUNT = re.compile(r"[+-]?[0-9]{1,20}(\.[0-9]{1,12})?")
_EXACT = 15  # digits that a number of JSON surely keeps

Money = int | float | str  # as JSON; a text where a number would lose digits


class Part:
    """One object of a body. Missing, null, and PHP's ``[]`` for an empty object are all an object without members."""

    __slots__ = ("faults", "value")

    def __init__(self, value: Any, faults: Faults) -> None:
        self.value: dict[str, Any] = value if isinstance(value, dict) else {}
        self.faults = faults

    def __bool__(self) -> bool:
        return bool(self.value)

    def text(self, *names: str, most: int = LONGEST_TEXT) -> str:
        """The first of these that says something, trimmed and cut; a number as it is written. Empty where none does."""
        for name in names:
            value = self.value.get(name)
            if isinstance(value, int | float) and not isinstance(value, bool):
                value = str(value)
            if isinstance(value, str) and (clean := _UNSTORABLE.sub("", value).strip()):
                return clean[:most]
        return ""

    def address(self, *names: str) -> str:
        """A link, or nothing where it is none."""
        text = self.text(*names, most=LONGEST_ADDRESS + 1)
        return text if text.startswith(("https://", "http://")) and len(text) <= LONGEST_ADDRESS else ""

    def id(self, name: str) -> str:
        """A number or text that names something. A fault where it is missing."""
        text = self.text(name)
        if not text:
            self.faults.at(name).add(said("is missing"))
        return text

    def true(self, name: str) -> bool:
        return self.value.get(name) in (True, "true", "1", 1, "yes")

    def amount(self, *names: str, needed: bool = False) -> Decimal | None:
        """The first of these that is an amount of money. needed: a fault where none is."""
        for name in names:
            value = self.value.get(name)
            if isinstance(value, int | float | str) and not isinstance(value, bool):
                text = fold(str(value)).strip()
                if _AMOUNT.fullmatch(text):
                    return Decimal(text)
        if needed:
            self.faults.at(names[0]).add(said("has to be an amount"))
        return None

    def whole(self, name: str) -> int | None:
        amount = self.amount(name)
        try:
            return None if amount is None or abs(amount) >= 2**31 else int(amount)
        except InvalidOperation:
            return None

    def moment(self, *names: str, needed: bool = False) -> datetime | None:
        """The first of these that is given; UTC is meant where it has no offset. needed: a fault where none is."""
        for name in names:
            if self.value.get(name):
                return read_moment(self.value, name, self.faults)
        if needed:
            self.faults.at(names[0]).add(said("is missing"))
        return None

    def part(self, name: str) -> Part:
        return Part(self.value.get(name), self.faults.at(name))

    def parts(self, name: str, most: int = MOST_LINES) -> list[Part]:
        """The objects of a list; whatever else stands in it is passed over."""
        listed = self.value.get(name)
        if not isinstance(listed, list):
            return []
        place = self.faults.at(name)
        return [Part(one, place.at(n)) for n, one in enumerate(listed[:most]) if isinstance(one, dict)]


def read_body(data: bytes, faults: Faults) -> Any:
    """A body as JSON. Raises Refused where it is none."""
    try:
        return msgspec.json.decode(data)
    except RecursionError:
        raise Refused([Fault("", said("is nested too deep"))]) from None
    except UnicodeDecodeError:
        raise Refused([Fault("", said("is not UTF-8"))]) from None
    except (msgspec.DecodeError, ValueError) as error:
        raise Refused([Fault("", str(error))]) from None


def money(amount: Decimal | None) -> Money | None:
    """An amount as it goes into an event: exactly."""
    if amount is None:
        return None
    if amount == amount.to_integral_value():
        whole = int(amount)
        return whole if abs(whole) < 10**_EXACT else str(whole)
    plain = amount.normalize()
    return float(plain) if len(plain.as_tuple().digits) <= _EXACT else format(plain, "f")


def phone(text: str, country: str) -> str | None:
    """E.164, read as one dials it in the country (two letters). Without a country, 09… is Iranian."""
    if not text:
        return None
    country = country.upper()
    if country and country != "IR":
        try:
            number = phonenumbers.parse(fold(text), country)
        except phonenumbers.NumberParseException:
            return None
        if not phonenumbers.is_valid_number(
            number
        ):  # what stands for a number in a form would make one contact of many
            return None
        return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)
    return fold_phone(text)


def first_of(*moments: datetime | None) -> datetime:
    """The first that is known; now where none is."""
    return next((moment for moment in moments if moment is not None), datetime.now(UTC))
