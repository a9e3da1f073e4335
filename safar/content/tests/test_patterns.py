"""Approved patterns in templates: what may be written, how they are filled, how they stand in files."""

from __future__ import annotations

import pytest

from safar.content.checks import check
from safar.content.pattern_text import fill, places
from safar.content.render import CannotRender, render
from safar.content.saving import complete
from safar.content.services import check_template
from safar.content.written import as_written
from safar.lib.faults import Faults

PATTERN = {"code": "welcome", "text": "سلام %token", "variables": {"token": "{{ contact.first_name }}"}}


@pytest.mark.parametrize(
    ("text", "values", "expected"),
    [
        ("%token2 به %token", {"token": "الف", "token2": "ب"}, "ب به الف"),
        ("کد #CODE# و #Name#", {"CODE": "1", "NAME": "سارا"}, "کد 1 و سارا"),
        ("{0} و {1}", {"0": "a", "1": "{0}"}, "a و {0}"),
        ("Hi {{1}}, {{ 2 }}", {"1": "Sara", "2": "x"}, "Hi Sara, x"),
        ("%token و ۵۰% تخفیف", {"token": "a"}, "a و ۵۰% تخفیف"),
        ("%token", {}, "%token"),
        ("%tokenعزیز", {"token": "a"}, "aعزیز"),
    ],
)
def test_values_in_their_places(text, values, expected):
    assert fill(text, values) == expected


def test_places():
    assert places("%token، #CODE# و {0}") == {"token", "code", "0"}


def faults_of(pattern):
    faults = Faults()
    check_template({"channel": "sms", "languages": {"fa": {"pattern": pattern}}}, faults)
    return [fault.place for fault in faults]


@pytest.mark.parametrize(
    ("change", "place"),
    [
        ({}, None),
        ({"code": ""}, "code"),
        ({"code": 5}, "code"),
        ({"text": " "}, "text"),
        ({"text": "x" * 2001}, "text"),
        ({"variables": []}, "variables"),
        ({"variables": {"نام": "x"}}, "variables.نام"),
        ({"variables": {"token": ""}}, "variables.token"),
        ({"variables": {"token": "{{ contact."}}, "variables.token"),
        ({"variables": {str(n): "x" for n in range(21)}}, "variables"),
        ({"second": "no"}, "second"),
        ({"colour": "red"}, "colour"),
    ],
)
def test_what_may_be_written(change, place):
    assert faults_of({**PATTERN, **change}) == ([] if place is None else [f"languages.fa.pattern.{place}"])


def test_what_is_no_pattern_at_all():
    assert faults_of("welcome") == ["languages.fa.pattern"]
    faults = Faults()
    check_template({"channel": "email", "languages": {"fa": {"subject": "x", "html": "x", "pattern": PATTERN}}}, faults)
    assert [fault.place for fault in faults] == ["languages.fa.pattern"]


def test_it_is_kept_without_what_says_nothing():
    empty = {"code": " ", "text": "", "variables": {}}
    languages = {
        "fa": {"text": "متن", "pattern": {**PATTERN, "code": " welcome ", "second": False}},
        "en": {"pattern": {**empty, "code": ""}},
    }
    kept = complete("sms", {"languages": languages}, Faults())
    assert kept["languages"] == {"fa": {"text": "متن", "pattern": PATTERN}}
    assert complete("email", {"languages": languages}, Faults())["languages"]["fa"] == {"text": "متن"}


def test_a_file_says_it_as_it_is_stored():
    class Kept:
        channel, document, languages = "sms", {}, {"fa": {"text": "متن", "pattern": {**PATTERN, "second": True}}}

    assert as_written(Kept()) == {"channel": "sms", "languages": Kept.languages}


def made(texts, *, strict=False, **contact):
    data = {"contact": contact}
    template = {"channel": "sms", "languages": {"fa": texts}, "strict": strict, "fallbacks": {}}
    return render({"template": template, "language": "fa", "data": data, "locale": {"language": "fa"}})


def test_it_is_filled_beside_the_free_text():
    found = made({"text": "متن {{ contact.first_name }}", "pattern": PATTERN}, first_name="سارا\n محمدی")
    assert found["pattern"] == {
        "code": "welcome",
        "text": "سلام سارا محمدی",
        "values": {"token": "سارا محمدی"},
        "second": False,
    }
    assert found["text"].startswith("متن سارا")
    assert made({"text": "متن"})["pattern"] is None
    assert made({"pattern": PATTERN}, first_name="سارا")["text"] == ""


def test_one_that_cannot_be_filled_does_not_keep_the_other_back():
    found = made({"text": "متن", "pattern": PATTERN}, strict=True)
    assert (found["text"], found["pattern"]) == ("متن", None)
    found = made({"text": "{{ contact.city }}", "pattern": PATTERN}, strict=True, first_name="سارا")
    assert (found["text"], found["pattern"]["text"]) == ("", "سلام سارا")
    with pytest.raises(CannotRender, match="token"):
        made({"pattern": PATTERN}, strict=True)
    with pytest.raises(CannotRender, match="text"):
        made({"text": "{{ contact.city }}", "pattern": PATTERN}, strict=True)


def test_places_and_variables_that_do_not_meet_are_remarked():
    pattern = {**PATTERN, "text": "سلام %token2", "variables": {"token": "{{ contact.nickname }}"}}
    found = check(
        {"channel": "sms", "languages": {"fa": {"pattern": pattern}}},
        known={"contact": {"first_name"}},
        marketing=True,
        wanted=["fa"],
    )
    assert [(one.code, one.values.get("name")) for one in found] == [
        ("pattern_no_place", "token"),
        ("unknown_variable", "contact.nickname"),
        ("pattern_no_value", "token2"),
    ]
