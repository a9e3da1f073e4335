"""The last so many e-mails were not opened."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from psycopg.sql import SQL, Composable, Literal

from safar.journeys.kinds import Parameter, Params, StateStart
from safar.journeys.unanswered import UTC
from safar.journeys.words import choose, digits, say_duration
from safar.lib.faults import Faults, said
from safar.segments.lookups import rows
from safar.segments.moments import plus
from safar.segments.reading import Reading

MOST = 100


class IgnoredLastN(StateStart):
    key = "ignored_last_n"
    icon = "mail-pause"
    label = {"en": "Ignored the last e-mails", "fa": "بی‌اعتنایی به ایمیل‌های اخیر"}
    help = {
        "en": "So many e-mails in a row were not opened, this long after the last of them. Once, until one is opened again.",
        "fa": "این تعداد ایمیل پیاپی باز نشد و از آخرین آن‌ها این مدت گذشت. یک بار، تا وقتی که باز ایمیلی باز شود.",
    }
    parameters = (
        Parameter(
            "n",
            "number",
            {"en": "How many", "fa": "چند تا"},
            {"en": "E-mails in a row, 1 to 100.", "fa": "تعداد ایمیل‌های پیاپی، ۱ تا ۱۰۰."},
        ),
        Parameter(
            "after",
            "duration",
            {"en": "After", "fa": "پس از"},
            {
                "en": "Time since the last of them was sent, such as P2D.",
                "fa": "زمان از ارسال آخرین آن‌ها، مانند P2D.",
            },
        ),
    )
    example = {"n": 5, "after": "P2D"}

    def check(self, p: Params, faults: Faults) -> None:
        if not isinstance(p["n"], int) or not 1 <= p["n"] <= MOST:
            faults.at("n").add(
                said("must be a whole number from 1 to %(most_times)s, not %(times)s", most_times=MOST, times=p["n"])
            )

    def reads(self, p: Params) -> frozenset[str]:
        return frozenset({"fact:unopened_in_a_row"})

    def due(self, p: Params, r: Reading) -> Composable:
        return SQL("CASE WHEN {}.unopened_in_a_row >= {} THEN (SELECT {} {}) END").format(
            r.facts, Literal(p["n"]), plus(SQL("v.timestamp"), p["after"], UTC, r.calendar), self._last(p, r)
        )

    def mark(self, p: Params, r: Reading) -> Composable:
        return SQL("(SELECT v.seq::text {})").format(self._last(p, r))

    def entry(self, p: Params, r: Reading) -> Composable:
        return SQL("jsonb_build_object('unopened_in_a_row', coalesce({}.unopened_in_a_row, 0))").format(r.facts)

    def _last(self, p: Params, r: Reading) -> Composable:
        """The sending that made them so many: the n-th since the latest opening, in the order of application."""
        opened = rows("event", SQL("v.name = 'email_opened'"), r)
        tests = SQL(
            "v.name = 'message_sent' AND v.properties ->> 'channel' = 'email' AND v.seq > coalesce((SELECT max(v.seq) {}), 0)"
            " ORDER BY v.seq OFFSET {} LIMIT 1"
        ).format(opened, Literal(p["n"] - 1))
        return rows("event", tests, r)

    def summary(self, p: Mapping[str, Any], language: str) -> str:
        n, after = digits(p["n"], language), say_duration(p["after"], language)
        return choose(
            language, f"opened none of the last {n} e-mails, {after} on", f"{n} ایمیل اخیر را باز نکرد، پس از {after}"
        )
