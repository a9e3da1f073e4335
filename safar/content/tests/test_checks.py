"""What is remarked about a template before it goes out, and what is not."""

from __future__ import annotations

from typing import Any

from safar.content.checks import check

GOOD = (
    '<p>{{ contact.first_name }}</p><a href="https://shop.ir/{{ entry.id }}">x</a><a href="{{ unsubscribe_url }}">y</a>'
)


def codes(languages: dict[str, Any], *, channel: str = "email", marketing: bool = True) -> list[tuple[str, str]]:
    known = {"contact": {"first_name", "city"}}
    template = {"channel": channel, "languages": languages}
    return [(one.code, one.language) for one in check(template, known=known, marketing=marketing, wanted=["fa"])]


def test_a_good_one_is_left_alone() -> None:
    assert codes({"fa": {"subject": "سلام {{ contact.first_name }}", "html": GOOD}}) == []


def test_what_is_wrong_with_a_letter() -> None:
    html = "<p>{{ contact.nick }} {{ shop.name }} {% for p in cart.products %}{{ p.name }}{% endfor %}</p>"
    found = codes(
        {"en": {"subject": "x" * 80, "html": html + '<a href="#">x</a><a href="https://shop.example/">y</a>'}}
    )
    assert found == [
        ("missing_language", "fa"),
        ("long_subject", "en"),
        ("unsubscribe_added", "en"),
        ("unknown_variable", "en"),
        ("unknown_variable", "en"),
        ("broken_link", "en"),
        ("broken_link", "en"),
    ]


def test_a_letter_that_programs_would_cut() -> None:
    fits = GOOD + "<p>" + "س" * 40_000 + "</p>"  # two bytes each
    assert codes({"fa": {"subject": "سلام", "html": fits}}) == []
    assert codes({"fa": {"subject": "سلام", "html": fits + fits}}) == [("large_letter", "fa")]


def test_what_is_wrong_with_an_sms() -> None:
    assert codes({"fa": {"text": "سلام"}}, channel="sms") == [("stop_word_added", "fa")]
    assert codes({"fa": {"text": "سلام\nلغو ۱۱"}}, channel="sms") == []
    assert codes({"fa": {"text": "سلام لغو۱۱"}}, channel="sms") == []
    assert codes({"fa": {"text": "سلام لغو\u200c۱۱"}}, channel="sms") == []
    assert codes({"fa": {"text": "لغو ۱۱۰ سفارش"}}, channel="sms") == [("stop_word_added", "fa")]
    assert codes({"fa": {"text": "سلام"}}, channel="sms", marketing=False) == []


def test_liquid_that_cannot_be_read() -> None:
    assert codes({"fa": {"subject": "سلام", "html": "{% if %}x"}}, marketing=False) == [("liquid", "fa")]
