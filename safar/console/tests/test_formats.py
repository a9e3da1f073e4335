"""How pages write figures and read dates, in both languages and calendars."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from decimal import Decimal

import pytest
from django.template import Context, Template
from django.utils import translation

from safar.console.formats import Formats
from safar.console.forms import DayField, Form, NumberField

TEHRAN = Formats("fa", "jalali", "Asia/Tehran", "IRR", "IRT")
BERLIN = Formats("en", "gregorian", "Europe/Berlin", "EUR", "EUR")
NOW = datetime(2026, 11, 22, 20, 45, tzinfo=UTC)  # past midnight in Tehran


def test_numbers_shares_and_money() -> None:
    assert TEHRAN.number(1234567) == "۱٬۲۳۴٬۵۶۷"
    assert BERLIN.number(1234567.5) == "1,234,567.5"
    assert TEHRAN.number(Decimal("12.50"), 2) == "۱۲٫۵۰"
    assert TEHRAN.percent(0.125) == "۱۲٫۵٪"
    assert BERLIN.percent(1) == "100%"
    assert BERLIN.percent(0) == "0%"
    assert TEHRAN.money(1_200_000) == "۱۲۰٬۰۰۰ تومان"
    assert BERLIN.money(Decimal("12.5")) == "12.50 EUR"
    assert BERLIN.number(None) == TEHRAN.money(None) == BERLIN.percent(None) == "–"


def test_days_and_moments_are_the_workspaces() -> None:
    assert TEHRAN.day(NOW) == "۲ آذر ۱۴۰۵"
    assert BERLIN.moment(NOW) == "22 November 2026, 21:45"
    assert TEHRAN.moment(NOW) == "۲ آذر ۱۴۰۵، ۰۰:۱۵"
    assert TEHRAN.day(date(2026, 3, 21)) == "۱ فروردین ۱۴۰۵"  # a date has no zone
    assert BERLIN.iso(NOW) == "2026-11-22T21:45:00+01:00"


def test_how_long_ago() -> None:
    with translation.override("fa"):
        assert TEHRAN.ago(NOW - timedelta(minutes=5), NOW) == "۵ دقیقه پیش"
        assert TEHRAN.ago(NOW + timedelta(hours=3), NOW) == "۳ ساعت دیگر"
        assert TEHRAN.span(40) == "۴۰ ثانیه"
    with translation.override("en"):
        assert BERLIN.ago(NOW - timedelta(seconds=3), NOW) == "just now"
        assert BERLIN.ago(NOW - timedelta(days=1), NOW) == "1 day ago"
        assert BERLIN.ago(NOW - timedelta(days=40), NOW) == "13 October 2026"
        assert BERLIN.ago(None) == "–"


def test_weeks_begin_on_saturday_in_persian() -> None:
    assert [name for _, name in TEHRAN.weekdays()][:2] == ["شنبه", "یکشنبه"]
    assert BERLIN.weekdays()[0] == (0, "Monday")


@pytest.mark.parametrize(
    "typed", ["1405/09/01", "۱۴۰۵/۰۹/۰۱", "1405-9-1", "2026-11-22", "٢٠٢٦/١١/٢٢", "22.11.2026", " ۱/۹/۱۴۰۵ "]
)
def test_a_date_is_read_in_either_calendar_and_digits(typed: str) -> None:
    assert TEHRAN.read_day(typed) == BERLIN.read_day(typed) == date(2026, 11, 22)


@pytest.mark.parametrize("typed", ["tomorrow", "1405/13/01", "1405/12/30", "2026-02-30", "5/9/1", "0000-01-01"])
def test_what_is_no_date_is_said(typed: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        TEHRAN.read_day(typed)


def test_a_form_reads_days_and_numbers() -> None:
    class Report(Form):
        day = DayField()
        most = NumberField(required=False)

    form = Report({"day": "۱۴۰۵/۰۹/۰۱", "most": "۱٬۲۰۰"})
    form.of(TEHRAN)
    assert form.is_valid(), form.errors
    assert form.cleaned_data == {"day": date(2026, 11, 22), "most": 1200}
    shown = Report(initial={"day": date(2026, 11, 22)})
    shown.of(TEHRAN)
    assert 'value="۱۴۰۵/۰۹/۰۱"' in str(shown["day"])
    with translation.override("en"):
        assert not Report({"day": "soon"}).is_valid()


def test_what_people_wrote_is_hostile_and_has_its_own_direction() -> None:
    page = Template("{% load formats %}{% user name %}{% ltr phone %}{% user nothing %}")
    shown = page.render(Context({"name": "<script>سارا", "phone": "+98912", "nothing": None}))
    assert shown == (
        '<bdi dir="auto">&lt;script&gt;سارا</bdi><bdi dir="ltr" class="ltr">+98912</bdi><bdi dir="auto">–</bdi>'
    )
