"""The messages of the shelf: made for everybody whatever is known, without a gap, each language written as it should be."""

from __future__ import annotations

import re
from itertools import combinations
from typing import Any

import pytest

from safar.content.checks import check
from safar.content.render import render
from safar.content.services import as_stored
from safar.journeys.definition.parse import parse_definition
from safar.journeys.readymade.shelf import (
    KEYS,
    SITE,
    STAGES,
    find_ready_made,
    list_ready_made,
    read_draft,
    read_segments,
    read_templates,
)
from safar.journeys.tests.cases import ALL_KINDS
from safar.lib.faults import Faults, Refused
from safar.segments.catalog import Catalog
from safar.segments.parse import parse_segments

LANGUAGES = ("en", "fa")
MESSAGES = [(key, name, language) for key in KEYS for language in LANGUAGES for name in read_templates(key, [language])]
THERE = {name: f"https://shop.example/{name}" for name in ("pay_url", "checkout_url", "tracking_url", "url")}
KNOWN = [dict(some) for n in range(3) for some in combinations({"first_name": "سارا", "city": "Qom"}.items(), n)]
LOCALES = {
    "fa": {"language": "fa", "calendar": "jalali", "zone": "Asia/Tehran", "currency": "IRT", "unit": "IRT"},
    "en": {"language": "en", "calendar": "gregorian", "zone": "UTC", "currency": "GBP", "unit": "GBP"},
}
ZWNJ = "\u200c"
OF_AN_ORDER = {"failed-payment", "order-shipped"}  # transactional: no consent, no way out
# Words that are written with a half-space, and how they look when somebody forgot it; letters and digits of the Arabic keyboard.
FORGOTTEN = re.compile(
    r"(?<![\w\u200c])(می|نمی) (?=[\u0600-\u06ff])| (ها|های|هایی|هایمان|هایشان|هایتان|اید|ایم|اند|تر|ترین)(?![\w\u200c])|[كي٠-٩]"
)


def stored(key: str, name: str, language: str, site: str = SITE) -> dict[str, Any]:
    """Its columns, compiled; the shelf has no fault."""
    faults = Faults()
    found = as_stored(read_templates(key, [language], site)[name], faults)
    assert list(faults) == []
    return found


def made(key: str, name: str, language: str, known: dict[str, str], *, full: bool) -> dict[str, str]:
    products = [{"name": "Mug", "price": 12, "url": "https://shop.example/p"}]
    template = stored(key, name, language)
    return render(
        {
            "template": {**template, "strict": True},
            "language": language,
            "data": {
                "contact": {**known, "email": "sara@example.com"},
                "facts": {"orders": 4, "cart_value": 24},
                "entry": {"order_id": "o1", **({"total": 24, **THERE} if full else {})},
                "cart": {"products": products} if full else {},
                "workspace": {"name": "Fenjan"},
                "unsubscribe_url": "https://safar.example/u/token",
                "preferences_url": "https://safar.example/p/token",
            },
            "locale": LOCALES[language],
            "unsubscribe": True,
        }
    )


def words_of(value: Any) -> list[str]:
    """Every text in it, those of blocks too."""
    if isinstance(value, str):
        return [value]
    return (
        [text for one in (value.values() if isinstance(value, dict) else value) for text in words_of(one)]
        if isinstance(value, dict | list)
        else []
    )


@pytest.mark.parametrize(("key", "name", "language"), MESSAGES)
def test_a_message_has_no_gap_whatever_is_known(key: str, name: str, language: str) -> None:
    email = read_templates(key, [language])[name]["channel"] == "email"
    for known in KNOWN:
        for full in (True, False):
            parts = made(key, name, language, known, full=full)
            assert parts["language"] == language
            for part in ("subject", "text") if email else ("text",):
                assert parts[part].strip()
                assert "{" not in parts[part]
                assert not re.search(r"None|  \S|«»|“”|\(\)| [،,.]", parts[part]), (part, parts[part])
            if email:
                assert parts["html"].count("https://safar.example/u/token") == 1
                assert "https://safar.example/u/token" in parts["text"]
                assert ("Mug" in parts["text"]) == (full and name == "cart-remind")


@pytest.mark.parametrize(("key", "name", "language"), MESSAGES)
def test_an_email_is_drawn_in_blocks_that_stand_in_its_languages_direction(key: str, name: str, language: str) -> None:
    template = read_templates(key, [language])[name]
    if template["channel"] != "email":
        return
    assert set(template["languages"][language]) == {"subject", "preheader", "blocks"}
    blocks = template["languages"][language]["blocks"]
    kinds = [block["kind"] for block in blocks]
    assert kinds[:2] == ["heading", "heading"]
    assert kinds[-1] == "footer"
    assert {"text", "button"} <= set(kinds)
    assert not any("<" in str(text) or "{%" in str(text) for block in blocks for text in block.values())
    html = stored(key, name, language)["languages"][language]["html"]
    direction, other, side = ("rtl", "ltr", "right") if language == "fa" else ("ltr", "rtl", "left")
    assert f'<html lang="{language}" dir="{direction}"' in html
    against = re.findall(rf'<(\w+)[^>]* dir="{other}"', html)
    assert set(against) <= {"span"}, "only a code runs the other way"
    aligned = set(re.findall(r'<div style="[^"]*text-align:(\w+)', html))
    assert aligned <= {side, "center"}
    assert side in aligned


@pytest.mark.parametrize(("key", "name", "language"), MESSAGES)
def test_a_message_passes_the_checks_that_a_marketer_sees(key: str, name: str, language: str) -> None:
    template = stored(key, name, language, site="lahzeh.shop")
    known = {"contact": {"first_name", "city", "email", "phone"}}
    marketing = key not in OF_AN_ORDER
    assert check(template, known=known, marketing=marketing, wanted=[language]) == []


@pytest.mark.parametrize(("key", "name", "language"), MESSAGES)
def test_a_message_fits_where_it_is_read(key: str, name: str, language: str) -> None:
    parts = read_templates(key, [language])[name]["languages"][language]
    if "subject" in parts:
        assert len(parts["subject"]) <= 60
        assert 20 <= len(parts["preheader"]) <= 90
    else:
        assert ("لغو۱۱" in parts["text"] or "STOP" in parts["text"]) == (key not in OF_AN_ORDER)
        assert len(re.sub(r"\{\{.*?\}\}", "x" * 25, parts["text"])) <= 200  # a link of ours has 25 letters


@pytest.mark.parametrize("key", KEYS)
def test_persian_is_written_as_it_should_be(key: str) -> None:
    found = find_ready_made(key, "fa")
    texts = [found.title, found.about, *(need.text for need in found.needs)]
    for template in read_templates(key, ["fa"]).values():
        texts += [template["title"], *words_of(template["languages"]["fa"])]
    for point in found.draft["points"].values():
        texts += [point["text"]] if isinstance(point.get("text"), str) else []
    for text in texts:
        seen = re.sub(r"<style>.*?</style>|<[^>]*>|\{[{%].*?[%}]\}", " ", text, flags=re.DOTALL)
        assert not FORGOTTEN.search(seen), FORGOTTEN.search(seen)
        assert not re.search(rf"{ZWNJ}(?![\u0600-\u06ff])|(?<![\u0600-\u06ff]){ZWNJ}", seen)
        assert not re.search(r"[\u0600-\u06ff] ?[,;?]", seen), f"an English sign in {seen}"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_shelf_says_what_there_is(language: str) -> None:
    found = list_ready_made(language)
    assert [each.key for each in found] == list(KEYS)
    assert len({each.title for each in found}) == len(KEYS)
    for each in found:
        assert each.about.strip()
        assert each.needs
        assert each.stage in STAGES
        conditions = {key: segment["condition"] for key, segment in read_segments(each.key).items()}
        faults = Faults()
        catalog = Catalog(segments=parse_segments(conditions, faults), templates=each.templates)
        assert not faults
        definition = parse_definition(each.draft, catalog)
        assert definition.serves
        used = {point.params["template"] for point in definition.points if "template" in point.params}
        assert used == set(each.templates)
        assert {start.params["segment"] for start in definition.starts if "segment" in start.params} <= set(
            each.segments
        )


@pytest.mark.parametrize(
    ("key", "name", "link", "other"),
    [
        ("failed-payment", "payment-way-back", "pay_url", "checkout"),
        ("failed-payment", "payment-sms", "pay_url", "checkout"),
        ("abandoned-cart", "cart-remind", "checkout_url", "cart"),
        ("abandoned-cart", "cart-remind-sms", "checkout_url", "cart"),
        ("order-shipped", "shipped-tell", "tracking_url", ""),
        ("browsed", "browsed-show", "url", ""),
    ],
)
def test_a_link_leads_where_the_shop_said_it_goes_on(key: str, name: str, link: str, other: str) -> None:
    for language in LANGUAGES:
        parts = [made(key, name, language, {}, full=full)["text"] for full in (True, False)]
        assert f"https://shop.example/{link}" in parts[0]
        assert f"https://shop.example/{other}" in parts[1]
        assert f"https://shop.example/{link}" not in parts[1]


def test_both_languages_have_the_same_messages() -> None:
    for key in KEYS:
        here, there = (read_templates(key, [language]) for language in LANGUAGES)
        assert {name: each["channel"] for name, each in here.items()} == {
            name: each["channel"] for name, each in there.items()
        }


def test_the_shops_own_address_takes_the_place_of_the_example() -> None:
    for key in KEYS:
        for template in read_templates(key, LANGUAGES, site="fenjan.example").values():
            assert all(SITE not in text for parts in template["languages"].values() for text in words_of(parts))


def test_what_is_not_there_is_refused_with_the_nearest() -> None:
    with pytest.raises(Refused, match="did you mean 'birthday'"):
        find_ready_made("birthdays", "en")


def test_texts_of_points_are_in_one_language() -> None:
    def texts(language: str) -> list[Any]:
        return [
            point["text"] for key in KEYS for point in read_draft(key, language)["points"].values() if "text" in point
        ]

    assert all(isinstance(text, str) for language in LANGUAGES for text in texts(language))
    assert texts("en") != texts("fa")
    assert {point["kind"] for key in KEYS for point in read_draft(key, "en")["points"].values()} <= set(ALL_KINDS)
