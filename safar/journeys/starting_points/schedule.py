"""A date and time: once, every week or month, or at an occasion of the year; for everybody or for a segment."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable

from safar.journeys.definition.moments import ClockTime, Weekdays, parse_time
from safar.journeys.expressions import add, earlier_today, fixed_moment
from safar.journeys.hearing import optional
from safar.journeys.kinds import Parameter, Params, RecurringStart
from safar.journeys.scheduling import around, day_of, here, listed, monthly, weekly
from safar.journeys.words import before_or_after, choose, digits, quoted, say_weekdays
from safar.journeys.yearly import say_calendar
from safar.lib.durations import CALENDARS
from safar.lib.faults import Faults, did_you_mean, said
from safar.lib.occasions import BY_KEY
from safar.segments.conditions.segment import by_itself
from safar.segments.literals import text
from safar.segments.reading import Reading

WAYS = ("at", "every", "day_of_month", "occasion")


class Schedule(RecurringStart):
    key = "schedule"
    icon = "calendar-clock"
    label = {"en": "Schedule", "fa": "زمان‌بندی"}
    help = {
        "en": "At a date and time, every day, week or month, or at an occasion such as Yalda: whoever is in the segment then enters.",
        "fa": "در تاریخ و ساعتی معین، هر روز، هفته یا ماه، یا در مناسبتی مانند یلدا: هر کس آن هنگام عضو سگمنت باشد وارد می‌شود.",
    }
    parameters = (
        optional("segment", "segment", ("Segment", "سگمنت"), ("Everybody if left out.", "اگر نیاید همهٔ مخاطبان.")),
        optional(
            "at",
            "moment",
            ("At", "در"),
            (
                "Once: date and time in the contact's zone, such as 2027-03-21T08:00.",
                "یک بار: تاریخ و ساعت به وقت محلی مخاطب، مانند 2027-03-21T08:00.",
            ),
        ),
        optional(
            "every",
            "until",
            ("Every", "هر"),
            ("A time of day, on these weekdays or every day.", "ساعتی از روز، در این روزهای هفته یا هر روز."),
        ),
        optional(
            "day_of_month",
            "number",
            ("Day of the month", "روز ماه"),
            ("1 to 31; the last day where a month has no such day.", "۱ تا ۳۱؛ در ماهی که این روز را ندارد، روز آخر."),
        ),
        Parameter(
            "calendar",
            "text",
            {"en": "Calendar", "fa": "تقویم"},
            {
                "en": "Whose month: gregorian or jalali; the workspace's if left out.",
                "fa": "ماه کدام تقویم: gregorian یا jalali؛ اگر نیاید تقویم کسب‌وکار.",
            },
            required=False,
            choices=tuple(CALENDARS),
        ),
        optional(
            "occasion",
            "text",
            ("Occasion", "مناسبت"),
            ("Its key in the calendar of occasions, such as yalda.", "کلید آن در تقویم مناسبت‌ها، مانند yalda."),
        ),
        optional(
            "offset",
            "offset",
            ("Offset", "فاصله"),
            ("From the occasion: -P3D is three days before.", "فاصله از مناسبت: -P3D یعنی سه روز پیش از آن."),
        ),
        optional(
            "time",
            "text",
            ("Time", "ساعت"),
            (
                "Of a day of the month or an occasion; midnight if left out.",
                "برای روز ماه یا مناسبت؛ اگر نیاید نیمه‌شب.",
            ),
        ),
    )
    example = {"segment": "big-spenders", "occasion": "yalda", "offset": "-P3D", "time": "10:00"}

    def check(self, p: Params, faults: Faults) -> None:
        ways = [way for way in WAYS if way in p]
        if len(ways) != 1:
            faults.add(said("a schedule has exactly one of 'at', 'every', 'day_of_month' and 'occasion'"))
            return
        if "every" in p and not isinstance(p["every"], ClockTime | Weekdays):
            faults.at("every").add(said("is a time of day, with weekdays or without"))
        if "day_of_month" in p and p["day_of_month"] not in range(1, 32):
            faults.at("day_of_month").add(said("there is no such day of a month"))
        if "offset" in p and "occasion" not in p:
            faults.at("offset").add(said("is counted from an occasion, and there is none"))
        if "time" in p and ("at" in p or "every" in p):
            faults.at("time").add(said("stands in '%(way)s' already", way=ways[0]))
        elif "time" in p and parse_time(p["time"]) is None:
            faults.at("time").add(said('must be a time of day such as "10:00"'))
        length = p.get("offset")
        if length is not None and abs(length.months) * 31 + abs(length.days) + abs(length.exact.days) > 300:
            faults.at("offset").add(said("must be less than a year: it would come to another year's day"))
        if "occasion" in p and p["occasion"] not in BY_KEY and not p["occasion"].startswith("own_"):
            hint = did_you_mean(p["occasion"], BY_KEY)
            faults.at("occasion").add(said("there is no occasion '%(key)s'%(hint)s", key=p["occasion"], hint=hint))

    def reads(self, p: Params) -> frozenset[str]:
        """Armed with the contact's first event, and for everybody by publishing."""
        return frozenset({"created"})

    def coming(self, p: Params, r: Reading, *, included: bool) -> Composable:
        sign = SQL(">=" if included else ">")
        return self._pick("min", p, r, SQL("({} - 2)").format(here(r)), sign)

    def following(self, p: Params, r: Reading, occasion: Composable) -> Composable:
        """Where a zone leaves out a day, two days have one moment: it comes once."""
        after = SQL("days.number > {}").format(occasion)
        return self._pick("min", p, r, SQL("({} + 1)").format(occasion), SQL(">"), after)

    def moment(self, p: Params, r: Reading, occasion: Composable) -> Composable:
        if "at" in p:
            return SQL("(CASE WHEN {} = 0 THEN {} END)").format(occasion, fixed_moment(p["at"], r))
        local = SQL("({} + {}::time)").format(day_of(occasion), text(self._time(p)))
        moment = SQL("({} AT TIME ZONE {})").format(local, r.zone)
        return add(moment, p["offset"], r) if p.get("offset") is not None else moment

    def entry(self, p: Params, r: Reading) -> Composable:
        """date: the day itself, the offset not counted; of an occasion its key as well."""
        return SQL("jsonb_strip_nulls(jsonb_build_object('segment', {}, 'occasion', {}, 'date', {}))").format(
            text(p["segment"]) if "segment" in p else SQL("NULL::text"),
            text(p["occasion"]) if "occasion" in p else SQL("NULL::text"),
            SQL("NULL::text")
            if "at" in p
            else SQL("to_char({}, 'YYYY-MM-DD')").format(day_of(self._latest(p, r, SQL("<=")))),
        )

    def already(self, p: Params, r: Reading) -> Composable | None:
        """The day is a state as long as it lasts, as with date_reached; a moment that is stated comes for everybody when it comes."""
        if "at" in p:
            return None
        today = earlier_today(self.moment(p, r, self._latest(p, r, SQL("<"))), r)
        besides = self.besides(p, r)
        return today if besides is None else SQL("({} AND {})").format(today, besides)

    def brings(self, p: Params, r: Reading) -> Composable | None:
        return self.besides(p, r)

    def segments(self, p: Params) -> frozenset[str]:
        return frozenset({p["segment"]} if "segment" in p else ())

    def besides(self, p: Params, r: Reading) -> Composable | None:
        """Membership is the condition itself, true then."""
        if "segment" not in p:
            return None
        condition = r.segments.get(p["segment"])
        return SQL("false") if condition is None else condition.holds(by_itself(r))

    def _latest(self, p: Params, r: Reading, sign: Composable) -> Composable:
        return self._pick("max", p, r, SQL("({} - 68)").format(here(r)), sign)

    def _pick(
        self, pick: str, p: Params, r: Reading, begin: Composable, sign: Composable, also: Composable = SQL("true")
    ) -> Composable:
        """The least or greatest number whose moment stands so towards r.at."""
        return SQL("(SELECT {}(days.number) FROM {} AND {} AND {} {} {})").format(
            SQL(pick), self._days(p, r, begin), also, self.moment(p, r, SQL("days.number")), sign, r.at
        )

    def _days(self, p: Params, r: Reading, begin: Composable) -> Composable:
        """FROM … WHERE … of its days: some from begin on, of an occasion all that are known."""
        if "at" in p:
            return SQL("(VALUES (0)) AS days (number) WHERE true")
        if "occasion" in p:
            known = tuple(r.occasions.get(p["occasion"], ()))
            return SQL("{} WHERE true").format(listed(known))
        if "every" in p:
            return SQL("{} WHERE {}").format(around(begin), weekly(p["every"].weekdays))
        calendar = str(p.get("calendar") or r.calendar)
        return SQL("{} WHERE {}").format(around(begin), monthly(p["day_of_month"], calendar))

    @staticmethod
    def _time(p: Params) -> str:
        return p["every"].time if isinstance(p.get("every"), ClockTime) else p.get("time") or "00:00"

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        who = "" if p.get("segment") is None else quoted(p["segment"], language)
        who = choose(language, f"everybody in {who}", f"همهٔ {who}") if who else choose(language, "everybody", "همه")
        return f"{who}{choose(language, ', ', '، ')}{self._when(p, language)}"

    def _when(self, p: Mapping[str, Any], language: str) -> str:
        clock = digits(str(p.get("time") or ""), language)
        clock = choose(language, f" at {clock}", f" ساعت {clock}") if clock else ""
        if p.get("at") is not None:
            at = digits(str(p["at"]).replace("T", " "), language)
            return choose(language, f"at {at}", f"در {at}")
        if p.get("occasion") is not None:
            known = BY_KEY.get(str(p["occasion"]))
            name = choose(language, known.en, known.fa) if known else quoted(p["occasion"], language)
            return before_or_after(p.get("offset"), language, name) + clock
        if p.get("day_of_month") is not None:
            day = digits(p["day_of_month"], language)
            return (
                choose(language, f"on day {day} of the month", f"روز {day} هر ماه") + say_calendar(p, language) + clock
            )
        every = p.get("every") if isinstance(p.get("every"), Mapping) else {}
        assert every is not None
        days = say_weekdays(every.get("weekdays", ()), language) or choose(language, "day", "روز")
        at = digits(str(every.get("time") or ""), language)
        return choose(language, f"every {days}", f"هر {days}") + (
            choose(language, f" at {at}", f" ساعت {at}") if at else ""
        )
