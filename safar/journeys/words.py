"""Words for people: durations, numbers and lists as a kind's summary says them, in English and in Persian.

Works on what was written (``P3D``), never on what it was read into, so a summary needs no database and no clock.
"""

from __future__ import annotations

import json
import re
from collections.abc import Sequence
from typing import Any

_PERSIAN_DIGITS = str.maketrans("0123456789", "۰۱۲۳۴۵۶۷۸۹")
_ISO = re.compile(r"(?P<sign>[-+]?)P(?P<date>[^T]*)(T(?P<time>.*))?")
_PART = re.compile(r"([-+]?\d+(?:[.,]\d+)?)([YMWDHS])")
_UNITS = {
    "Y": ("year", "years", "سال"),
    "M": ("month", "months", "ماه"),
    "W": ("week", "weeks", "هفته"),
    "D": ("day", "days", "روز"),
    "TH": ("hour", "hours", "ساعت"),
    "TM": ("minute", "minutes", "دقیقه"),
    "TS": ("second", "seconds", "ثانیه"),
}
WEEKDAYS = {
    "sat": ("Saturday", "شنبه"),
    "sun": ("Sunday", "یکشنبه"),
    "mon": ("Monday", "دوشنبه"),
    "tue": ("Tuesday", "سه‌شنبه"),
    "wed": ("Wednesday", "چهارشنبه"),
    "thu": ("Thursday", "پنجشنبه"),
    "fri": ("Friday", "جمعه"),
}


def choose(language: str, english: str, persian: str) -> str:
    """The text in the language asked for; English for every language but ``fa``."""
    return persian if language == "fa" else english


def digits(text: object, language: str) -> str:
    """A number as it is shown: Persian digits in Persian, a comma or «٬» between thousands."""
    if isinstance(text, bool):
        return choose(language, str(text).lower(), "بله" if text else "خیر")
    if isinstance(text, (int, float)):
        text = f"{text:,}"
        text = text.replace(",", "٬").replace(".", "٫") if language == "fa" else text
    return str(text).translate(_PERSIAN_DIGITS) if language == "fa" else str(text)


def quoted(text: object, language: str) -> str:
    """A value set off from the sentence around it: a number as digits, a text in quotes, the rest as JSON."""
    if isinstance(text, (bool, int, float)):
        return digits(text, language)
    if not isinstance(text, str):
        return json.dumps(text, ensure_ascii=False)
    return choose(language, f"“{text}”", f"«{text}»")


def short(text: str, limit: int = 60) -> str:
    """A text on one line, cut where it is longer than ``limit`` characters."""
    line = " ".join(text.split())
    return line if len(line) <= limit else line[: limit - 1] + "…"


def listed(items: Sequence[str], language: str, last: str = "and") -> str:
    """ "a, b and c"; last: ``and`` or ``or``."""
    if len(items) < 2:
        return "".join(items)
    word = choose(language, last, "و" if last == "and" else "یا")
    comma = choose(language, ", ", "، ")
    return f"{comma.join(items[:-1])} {word} {items[-1]}"


def say_duration(written: str, language: str) -> str:
    """``P1DT2H`` as "1 day and 2 hours", without its sign; a text that is no duration comes back as it is."""
    iso = _ISO.fullmatch(written.strip())
    if not iso:
        return written
    parts = [(number, unit) for number, unit in _PART.findall(iso["date"])]
    parts += [(number, "T" + unit) for number, unit in _PART.findall(iso["time"] or "")]
    said = []
    for number, unit in parts:
        one, many, persian = _UNITS.get(unit, (unit, unit, unit))
        number = number.lstrip("+-")
        if float(number.replace(",", ".")) != 0:
            shown = digits(number.replace(",", "."), language)
            said.append(f"{shown} {choose(language, one if number == '1' else many, persian)}")
    return listed(said, language) or choose(language, "no time", "بدون مهلت")


def before_or_after(written: str | None, language: str, moment: str) -> str:
    """An offset from a moment: "7 days before renewal", "renewal", "2 hours after renewal"."""
    if not written:
        return moment
    said = say_duration(written, language)
    if written.strip().startswith("-"):
        return choose(language, f"{said} before {moment}", f"{said} پیش از {moment}")
    return choose(language, f"{said} after {moment}", f"{said} پس از {moment}")


def say_weekdays(names: Sequence[Any], language: str) -> str:
    """ "Saturday or Monday"."""
    known = [WEEKDAYS[name][1 if language == "fa" else 0] for name in names if name in WEEKDAYS]
    return listed(known, language, last="or")
