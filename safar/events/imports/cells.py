"""What a cell of a contact file says: numbers, dates of either calendar, tags, consents."""

from __future__ import annotations

import re
from datetime import date
from typing import Any

from safar.lib.jalali import from_jalali
from safar.lib.text import fold_digits

NUMBER = re.compile(r"-?(?:0|[1-9][0-9]{0,14})(?:\.[0-9]{1,15})?")
TIME = r"(?:[T ](?P<time>[0-9]{1,2}:[0-9]{2}(?::[0-9]{2})?)(?:\.[0-9]+)?(?P<zone>Z|[+-][0-9]{2}:?[0-9]{2})?)?"
YEAR_FIRST = re.compile(r"(?P<y>[0-9]{4})([-/.])(?P<m>[0-9]{1,2})\2(?P<d>[0-9]{1,2})" + TIME)
DAY_FIRST = re.compile(r"(?P<d>[0-9]{1,2})([-/.])(?P<m>[0-9]{1,2})\2(?P<y>[0-9]{4})" + TIME)
JALALI_YEARS = range(1300, 1500)
DAMAGED = re.compile(r"[0-9][.,][0-9]+[eE]\+?[0-9]{1,2}")  # what a spreadsheet makes of a long number

YES = frozenset(["yes", "true", "1", "y", "on", "given", "granted", "subscribed", "optin", "بله", "بلی", "دارد"])
NO = frozenset(["no", "false", "0", "n", "off", "withdrawn", "denied", "unsubscribed", "optout", "خیر", "نه", "ندارد"])
JOINED, LEFT = frozenset(("joined", "پیوسته", "عضو")), frozenset(("left", "ترک", "ترک کرده"))
WAITING = frozenset(("pending", "unconfirmed", "در انتظار"))
GONE = frozenset(["unsubscribed", "cancelled", "canceled", "bounced", "complained", "cleaned", "blacklisted", "لغو"])

# The status of a mailing list's member, as Mailchimp and others write it → (consent, reason of a suppression).
LIST_STATUSES: dict[str, tuple[str | None, str | None]] = {
    **dict.fromkeys(("subscribed", "active", "confirmed", "opted-in"), ("given", None)),
    **dict.fromkeys(("pending", "unconfirmed"), ("pending", None)),
    **dict.fromkeys(("unsubscribed", "opted-out", "cancelled", "canceled"), ("withdrawn", "unsubscribed")),
    **dict.fromkeys(("cleaned", "bounced", "hard bounced"), (None, "bounced")),
    **dict.fromkeys(("complained", "spam", "abuse"), ("withdrawn", "complained")),
    **dict.fromkeys(("nonsubscribed", "non-subscribed", "transactional", "archived"), (None, None)),
}
PLACEHOLDER = re.compile(
    r"(test\d*|no-?reply|do-?not-?reply|example|none|null|n/?a|asdf\w*|fake|email)@.*|.*@(.*\.)?(example\.(com|org|net)|example|test|invalid|localhost)"
    r"|.*@(test|example|domain|noemail|none|no-?mail)\.[a-z.]+"
)


class BadCell(ValueError):
    """A cell that cannot be what its column is."""


def read_trait(cell: str, *, code: bool, date: bool) -> Any:
    """A cell as JSON: number, true or false, ISO 8601 date, else text. Persian and Arabic digits count as digits.

    code: digits stay text (a postal code is no number). date: what looks like a date and is none is a fault.
    """
    text = cell.strip()
    digits = fold_digits(text)
    if (found := read_date(digits)) is not None:
        return found
    if date and (YEAR_FIRST.fullmatch(digits) or (DAY_FIRST.fullmatch(digits) and "/" not in digits)):
        raise BadCell(f"{text!r} is no day of any calendar")
    if not code and NUMBER.fullmatch(digits):
        return float(digits) if "." in digits else int(digits)
    if text.lower() in ("true", "false"):
        return text.lower() == "true"
    return text


def read_date(text: str) -> str | None:
    """ISO 8601, Gregorian, with the time if there is one; None where it is no date, or can be read in two ways.

    Years 1300 to 1499 are Jalali. 12-04-2022 and 12.04.2022 have the day first; of 03/05/2024 nobody knows.
    """
    found = YEAR_FIRST.fullmatch(text)
    if found is None:
        found = DAY_FIRST.fullmatch(text)
        if found is None:
            return None
        if found[2] == "/" and int(found["d"]) <= 12 and int(found["y"]) not in JALALI_YEARS:
            return None
    year, month, day = int(found["y"]), int(found["m"]), int(found["d"])
    try:
        read = from_jalali(year, month, day) if year in JALALI_YEARS else date(year, month, day)
    except ValueError:
        return None
    if not 1900 <= read.year <= 9999:
        return None
    if found["time"] is None:
        return read.isoformat()
    hour, _, rest = found["time"].partition(":")
    if int(hour) > 23 or int(rest[:2]) > 59 or int(rest[3:] or 0) > 59:
        return None
    return f"{read.isoformat()}T{int(hour):02}:{rest if len(rest) > 2 else rest + ':00'}{found['zone'] or ''}"


def read_tags(cell: str) -> list[str]:
    """Tags with , ; or | between them, each once; quotes around one are taken off. Raises BadCell."""
    tags = [tag for tag in (part.strip().strip("\"'").strip() for part in re.split(r"[,;|،؛]", cell)) if tag]
    if any(len(tag) > 128 for tag in tags):
        raise BadCell("a tag is longer than 128 characters")
    return list(dict.fromkeys(tags))


def read_consent(cell: str) -> str | None:
    """given, pending or withdrawn; None where it says nothing. Raises BadCell for another word."""
    word = fold_digits(cell.strip().lower())
    if not word or word in ("unknown", "-"):
        return None
    if word in YES:
        return "given"
    if word in NO:
        return "withdrawn"
    if word in WAITING:
        return "pending"
    raise BadCell(f"{cell.strip()[:40]!r} is none of given, pending, withdrawn")


def read_topic(cell: str) -> str | None:
    """joined or left; None where it says nothing. Raises BadCell for another word."""
    word = fold_digits(cell.strip().lower())
    if not word or word in ("unknown", "-"):
        return None
    if word in YES or word in JOINED:
        return "joined"
    if word in NO or word in LEFT:
        return "left"
    raise BadCell(f"{cell.strip()[:40]!r} is neither joined nor left")


def read_refusal(cell: str) -> str | None:
    """withdrawn, where a column of refusals says yes (or when); what says no tells nothing."""
    word = fold_digits(cell.strip().lower())
    return None if not word or word in NO else "withdrawn"


def read_status(cell: str) -> str | None:
    """A status column is believed where it says no: nobody's consent is given by a guess."""
    word = cell.strip().lower()
    return "withdrawn" if word in GONE else "pending" if word in WAITING else None


def read_list_status(cell: str) -> tuple[str | None, str | None]:
    """(consent, reason of a suppression) of a mailing list's member; somebody has said that the column is that. Raises BadCell."""
    word = cell.strip().lower()
    if word not in LIST_STATUSES:
        raise BadCell(f"{cell.strip()[:40]!r} is no status of a mailing list")
    return LIST_STATUSES[word]


def is_placeholder(address: str) -> bool:
    """An address that nobody reads: of examples and tests, or one that takes no mail."""
    return PLACEHOLDER.fullmatch(address.strip().lower()) is not None
