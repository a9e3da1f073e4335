"""Definitions, conditions and durations in words."""

from __future__ import annotations

from typing import Any

import pytest

from safar.journeys.definition.describe import describe
from safar.journeys.definition.parse import parse_definition
from safar.journeys.saying import say_condition, say_event
from safar.journeys.tests.cases import point, welcome
from safar.journeys.words import before_or_after, digits, listed, say_duration, say_weekdays
from safar.segments.kinds import condition_kinds


def test_the_example_in_english() -> None:
    assert describe(welcome(), "en") == [
        "Welcome new contacts (welcome)",
        "Serves engagement.",
        "",
        "Starts with signed_up: signed up for e-mail → greet",
        "Starts with tagged: got the tag “new-customer”, if not (has the tag “vip”) → greet",
        "Enters once.",
        "Goal: Order Completed within 14 days of the entry; its money: total.",
        "Leaves when: e-mail consent is withdrawn.",
        "Control group: 10 %.",
        "",
        "greet (Send an e-mail): sends “welcome-1” → bought",
        "bought (Wait): waits for Order Completed, at most 7 days; happened → thanks; timed_out → big_cart",
        "thanks (Send an e-mail): sends “thanks” → mark",
        "mark (Add a tag): adds the tag “vip” → end",
        "big_cart (If / Else): if cart value is at least 500,000 and city is “Tehran”; yes → call; no → offer",
        "call (Notify the team): tells the team “...” → offer",
        "offer (Send an SMS): sends “ten-per-cent” → end",
    ]


def test_the_example_in_persian() -> None:
    lines = describe(welcome(), "fa")
    assert lines[:2] == ["خوش‌آمدگویی (welcome)", "در خدمت تعامل."]
    assert "هدف: Order Completed تا ۱۴ روز پس از ورود؛ مبلغ آن: total." in lines
    assert "گروه کنترل: ۱۰٪." in lines
    assert "offer (ارسال پیامک): «ten-per-cent» را می‌فرستد → پایان" in lines


def test_re_entry() -> None:
    def said(**settings: Any) -> str:
        data = {"journey": "x", "start": {"s": {"kind": "ordered"}}, "settings": settings}
        return describe(parse_definition(data), "en")[-1]

    assert said(reentry="always") == "May enter again at any time."
    assert (
        said(reentry="P1M", one_per="order_id")
        == "May enter again 1 month after the last entry, counted for each order_id."
    )


@pytest.mark.parametrize(
    ("condition", "english"),
    [
        (
            {"all": [{"tag": "a"}, {"any": [{"tag": "b"}, {"tag": "c"}]}]},
            "(has the tag “a”) and (has the tag “b” or has the tag “c”)",
        ),
        ({"not": {"segment": "x"}}, "not (is in the segment “x”)"),
        ({"trait": "city", "in": ["Tehran", "Shiraz"]}, "city is one of “Tehran” or “Shiraz”"),
        ({"trait": "age", "at_least": 18, "less_than": 65}, "age is at least 18 and is less than 65"),
        ({"trait": "x", "exists": False}, "x is not known"),
        ({"trait": "birthday", "anniversary_within": "P7D"}, "birthday has its anniversary within 7 days"),
        ({"fact": "last_order", "before": "P90D"}, "last order is longer ago than 90 days"),
        ({"consent": "sms", "is": "given"}, "SMS consent is given"),
        (
            {"event": "Viewed", "times": {"at_least": 3}, "within": "P30D", "where": {"category": "shoes"}},
            "did Viewed (category is “shoes”), times: is at least 3, within 30 days",
        ),
        ({"event": "x", "since": "arrival"}, "did x, since arrival"),
        ({"message": "greet", "was": "clicked"}, "message “greet” was clicked"),
        ({"journey": "winback", "is": "inside"}, "is inside “winback”"),
        ({"entry": "total", "at_least": 5}, "the entry's total is at least 5"),
        ({"unknown": 1}, '{"unknown": 1}'),
        ({"consent": "sms"}, '{"consent": "sms"}'),
        ("x", '"x"'),
    ],
)
def test_conditions(condition: Any, english: str) -> None:
    assert say_condition(condition, "en") == english


def test_every_kind_of_condition_has_words() -> None:
    for kind in condition_kinds().values():
        for example in kind.examples:
            for language in ("en", "fa"):
                assert not say_condition(example, language).startswith("{"), example


@pytest.mark.parametrize(
    ("written", "english", "persian"),
    [
        ("P3D", "3 days", "۳ روز"),
        ("P1Y2M1W", "1 year, 2 months and 1 week", "۱ سال، ۲ ماه و ۱ هفته"),
        ("PT36H30M", "36 hours and 30 minutes", "۳۶ ساعت و ۳۰ دقیقه"),
        ("PT0.5S", "0.5 seconds", "۰.۵ ثانیه"),
        ("-P7D", "7 days", "۷ روز"),
        ("PT0S", "no time", "بدون مهلت"),
        ("soon", "soon", "soon"),
    ],
)
def test_durations(written: str, english: str, persian: str) -> None:
    assert (say_duration(written, "en"), say_duration(written, "fa")) == (english, persian)


def test_small_words() -> None:
    assert digits(1234567.5, "fa") == "۱٬۲۳۴٬۵۶۷٫۵"
    assert digits(1234567, "en") == "1,234,567"
    assert listed(["a", "b", "c"], "fa", last="or") == "a، b یا c"
    assert before_or_after("-P7D", "en", "renewal") == "7 days before renewal"
    assert before_or_after("P1M", "fa", "renewal") == "۱ ماه پس از renewal"
    assert say_weekdays(["sat", "mon"], "fa") == "شنبه یا دوشنبه"
    assert say_event({"event": "x", "where": {"a": {"same_as": "entry.a"}}}, "en") == "x (a is the same as entry.a)"


@pytest.mark.parametrize(
    ("kind", "params", "english", "persian"),
    [
        ("delay", {"until": {"time": "10:00", "weekdays": ["sat"]}}, "waits until Saturday 10:00", "تا شنبه ساعت ۱۰:۰۰ صبر می‌کند"),
        ("delay", {"until": {"time": "10:00"}}, "waits until 10:00", "تا ساعت ۱۰:۰۰ صبر می‌کند"),
        ("delay", {"until": {"trait": "renewal", "offset": "-P7D"}}, "waits until 7 days before renewal", "تا ۷ روز پیش از renewal صبر می‌کند"),
        ("delay", {"until": "2027-03-21T08:00"}, "waits until 2027-03-21 08:00", "تا ۲۰۲۷-۰۳-۲۱ ۰۸:۰۰ صبر می‌کند"),
        ("wait", {"for": {"tag": "x"}, "at_most": "P1D"}, "waits until: has the tag “x”, at most 1 day", "تا ۱ روز منتظر می‌ماند تا: برچسب «x» را دارد"),
        ("wait", {"for": {"any_event": ["a", {"event": "b"}]}, "at_most": "P1D"}, "waits for a or b, at most 1 day", "تا ۱ روز منتظر a یا b می‌ماند"),
        ("update_contact", {"set": {"a": 1, "b": None}}, "sets a to 1 and removes b", "a را ۱ می‌کند و b را برمی‌دارد"),
        ("trait_changed", {"trait": "a", "from": None}, "a changed from nothing", "a تغییر کرد از هیچ"),
        ("exit", {}, "leaves the journey", "از سفر بیرون می‌رود"),
    ],
)  # fmt: skip
def test_what_points_say(kind: str, params: dict[str, Any], english: str, persian: str) -> None:
    found = point(kind, **params)
    assert (found.summary("en"), found.summary("fa")) == (english, persian)
