"""The occasions of a year that everybody knows: on which days they are. Pure; what a workspace makes of them stands in accounts/occasions.py.

Those of the Jalali and the Gregorian calendar are computed. Those of the lunar year depend on the moon being seen: they stand in a table, a
Jalali year at a time, and are to be confirmed.
"""

from __future__ import annotations

from calendar import monthrange
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from safar.lib import jalali

FIRST, LAST = 1404, 1423  # Jalali years for which days are given
TUESDAY = 1  # date.weekday()

# Jalali year → month-day. 1404 as it was; later ones by the arithmetical lunar calendar and the printed one of 1405.
LUNAR: Mapping[str, Mapping[int, tuple[str, ...]]] = {
    "ramadan_begins": {1404: ("11-30",), 1405: ("11-19",), 1406: ("11-08",), 1407: ("10-27",)},
    "ali_martyrdom": {1404: ("01-02", "12-20"), 1405: ("12-09",), 1406: ("11-28",), 1407: ("11-17",)},
    "eid_fitr": {1404: ("01-11",), 1405: ("01-01", "12-19"), 1406: ("12-08",), 1407: ("11-27",)},
    "girls_day": {1404: ("02-09",), 1405: ("01-29",), 1406: ("01-19",), 1407: ("01-08", "12-26")},
    "eid_qurban": {1404: ("03-17",), 1405: ("03-06",), 1406: ("02-27",), 1407: ("02-16",)},
    "eid_ghadir": {1404: ("03-25",), 1405: ("03-14",), 1406: ("03-04",), 1407: ("02-24",)},
    "tasua": {1404: ("04-14",), 1405: ("04-04",), 1406: ("03-24",), 1407: ("03-13",)},
    "ashura": {1404: ("04-15",), 1405: ("04-05",), 1406: ("03-25",), 1407: ("03-14",)},
    "arbaeen": {1404: ("05-23",), 1405: ("05-14",), 1406: ("05-03",), 1407: ("04-23",)},
    "prophet_death": {1404: ("05-31",), 1405: ("05-22",), 1406: ("05-11",), 1407: ("04-31",)},
    "prophet_birthday": {1404: ("06-19",), 1405: ("06-09",), 1406: ("05-29",), 1407: ("05-18",)},
    "fatimiyya": {1404: ("09-03",), 1405: ("08-23",), 1406: ("08-12",), 1407: ("08-01",)},
    "mothers_day": {1404: ("09-20",), 1405: ("09-10",), 1406: ("08-29",), 1407: ("08-18",)},
    "fathers_day": {1404: ("10-13",), 1405: ("10-02",), 1406: ("09-21",), 1407: ("09-10",)},
    "mabath": {1404: ("10-27",), 1405: ("10-16",), 1406: ("10-05",), 1407: ("09-24",)},
    "mid_shaban": {1404: ("11-15",), 1405: ("11-04",), 1406: ("10-23",), 1407: ("10-12",)},
}


@dataclass(frozen=True)
class Occasion:
    """calendar: of whom it is usual, jalali or gregorian. mourning: a day on which shops are silent. on: the days in a year of that
    calendar; None: they stand in LUNAR."""

    key: str
    en: str
    fa: str
    calendar: str
    on: Callable[[int], date] | None = None
    mourning: bool = False

    @property
    def to_be_confirmed(self) -> bool:
        return self.on is None

    def days(self, first: int = FIRST, last: int = LAST) -> list[date]:
        """In order, of the Jalali years ``first`` to ``last``."""
        if self.on is None:
            written = LUNAR[self.key]
            return [jalali_day(year, each) for year in range(first, last + 1) for each in written.get(year, ())]
        if self.calendar == "jalali":
            return [self.on(year) for year in range(first, last + 1)]
        begin, end = jalali.from_jalali(first, 1, 1), jalali.from_jalali(last + 1, 1, 1)
        return [day for year in range(begin.year, end.year + 1) if begin <= (day := self.on(year)) < end]


def jalali_day(year: int, written: str) -> date:
    """The date of ``04-15`` in a Jalali year."""
    month, day = written.split("-")
    return jalali.from_jalali(year, int(month), int(day))


def nth_weekday(year: int, month: int, weekday: int, n: int) -> date:
    """The n-th such day of a Gregorian month; -1 for the last. weekday: Monday 0."""
    if n < 0:
        last = date(year, month, monthrange(year, month)[1])
        return last - timedelta(days=(last.weekday() - weekday) % 7)
    first = date(year, month, 1)
    return first + timedelta(days=(weekday - first.weekday()) % 7 + 7 * (n - 1))


def easter(year: int) -> date:
    """Easter Sunday of the western churches (the Gregorian computus in its anonymous form)."""
    a, b, c = year % 19, year // 100, year % 100
    h = (19 * a + b - b // 4 - (b - (b + 8) // 25 + 1) // 3 + 15) % 30
    rest = (32 + 2 * (b % 4) + 2 * (c // 4) - h - c % 4) % 7
    m = (a + 11 * h + 22 * rest) // 451
    month, day = divmod(h + rest - 7 * m + 114, 31)
    return date(year, month, day + 1)


def last_tuesday(year: int) -> date:
    """The Tuesday whose evening is Chaharshanbe Suri: the last one of a Jalali year."""
    end = jalali.from_jalali(year + 1, 1, 1) - timedelta(days=1)
    return end - timedelta(days=(end.weekday() - TUESDAY) % 7)


def _black_friday(year: int) -> date:
    return nth_weekday(year, 11, 3, 4) + timedelta(days=1)


def _fixed(month: int, day: int) -> Callable[[int], date]:
    return lambda year: date(year, month, day)


def _solar(month: int, day: int) -> Callable[[int], date]:
    return lambda year: jalali.from_jalali(year, month, day)


OCCASIONS: tuple[Occasion, ...] = (
    Occasion("nowruz", "Nowruz", "نوروز", "jalali", _solar(1, 1)),
    Occasion("sizdah_bedar", "Sizdah Bedar", "سیزده‌به‌در", "jalali", _solar(1, 13)),
    Occasion("teachers_day", "Teacher's day", "روز معلم", "jalali", _solar(2, 12)),
    Occasion("back_to_school", "Back to school", "بازگشایی مدرسه‌ها", "jalali", _solar(7, 1)),
    Occasion("students_day", "Students' day", "روز دانشجو", "jalali", _solar(9, 16)),
    Occasion("yalda", "Yalda", "شب یلدا", "jalali", _solar(9, 30)),
    Occasion("engineers_day", "Engineers' day", "روز مهندس", "jalali", _solar(12, 5)),
    Occasion("chaharshanbe_suri", "Chaharshanbe Suri", "چهارشنبه‌سوری", "jalali", last_tuesday),
    Occasion("mothers_day", "Mother's day (20 Jumada II)", "روز مادر", "jalali"),
    Occasion("fathers_day", "Father's day (13 Rajab)", "روز پدر", "jalali"),
    Occasion("girls_day", "Girls' day", "روز دختر", "jalali"),
    Occasion("ramadan_begins", "Ramadan begins", "آغاز رمضان", "jalali"),
    Occasion("eid_fitr", "Eid al-Fitr", "عید فطر", "jalali"),
    Occasion("eid_qurban", "Eid al-Adha", "عید قربان", "jalali"),
    Occasion("eid_ghadir", "Eid al-Ghadir", "عید غدیر", "jalali"),
    Occasion("prophet_birthday", "Birthday of the Prophet", "میلاد پیامبر", "jalali"),
    Occasion("mabath", "Mab'ath", "مبعث", "jalali"),
    Occasion("mid_shaban", "Mid-Sha'ban", "نیمهٔ شعبان", "jalali"),
    Occasion("tasua", "Tasu'a", "تاسوعا", "jalali", mourning=True),
    Occasion("ashura", "Ashura", "عاشورا", "jalali", mourning=True),
    Occasion("arbaeen", "Arba'een", "اربعین", "jalali", mourning=True),
    Occasion("prophet_death", "Death of the Prophet", "رحلت پیامبر", "jalali", mourning=True),
    Occasion("fatimiyya", "Martyrdom of Fatima", "شهادت حضرت فاطمه", "jalali", mourning=True),
    Occasion("ali_martyrdom", "Martyrdom of Ali", "شهادت امام علی", "jalali", mourning=True),
    Occasion("new_year", "New Year", "سال نو میلادی", "gregorian", _fixed(1, 1)),
    Occasion("valentine", "Valentine's day", "ولنتاین", "gregorian", _fixed(2, 14)),
    Occasion("womens_day", "Women's day", "روز جهانی زن", "gregorian", _fixed(3, 8)),
    Occasion("easter", "Easter", "عید پاک", "gregorian", easter),
    Occasion("mothers_day_may", "Mother's day (May)", "روز مادر (اردیبهشت)", "gregorian", lambda y: nth_weekday(y, 5, 6, 2)),
    Occasion("fathers_day_june", "Father's day (June)", "روز پدر (خرداد)", "gregorian", lambda y: nth_weekday(y, 6, 6, 3)),
    Occasion("halloween", "Halloween", "هالووین", "gregorian", _fixed(10, 31)),
    Occasion("singles_day", "Singles' day", "یازدهٔ یازده", "gregorian", _fixed(11, 11)),
    Occasion("black_friday", "Black Friday", "بلک فرایدی", "gregorian", _black_friday),
    Occasion("cyber_monday", "Cyber Monday", "سایبر ماندی", "gregorian", lambda y: _black_friday(y) + timedelta(days=3)),
    Occasion("christmas", "Christmas", "کریسمس", "gregorian", _fixed(12, 25)),
)  # fmt: skip
BY_KEY: Mapping[str, Occasion] = {occasion.key: occasion for occasion in OCCASIONS}
Days = Mapping[str, tuple[date, ...]]  # key → its days, in order


def usual_days() -> Days:
    """Of everything that is known here, for whoever has no workspace to ask."""
    return {occasion.key: tuple(occasion.days()) for occasion in OCCASIONS}
