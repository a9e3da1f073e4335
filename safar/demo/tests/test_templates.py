"""The letters: made for everybody, whatever is known of them, without a gap."""

from __future__ import annotations

import re
from functools import cache
from itertools import combinations
from typing import Any

import pytest

from safar.content.checks import check
from safar.content.render import render
from safar.content.services import apply_templates, as_stored
from safar.demo.setting_up import read_templates
from safar.demo.shops import SHARES, Shop, read_shop
from safar.lib.faults import Faults

LETTERS = [(slug, key) for slug in SHARES for key in read_templates(slug)]
FIELDS = {
    "first_name": "سارا",
    "last_name": "احمدی",
    "city": "تهران",
    "birthday": "1990-03-21",
    "timezone": "Asia/Tehran",
}
KNOWN = [dict(some) for n in range(len(FIELDS) + 1) for some in combinations(FIELDS.items(), n)]
ZWNJ = "\u200c"
# Words that are written with a half-space, and how they look when somebody forgot it.
FORGOTTEN = re.compile(
    r"(?<![\w‌])(می|نمی) (?=[\u0600-\u06ff])| (ها|های|هایی|هایمان|هایشان|اید|ایم|اند)(?![\w‌])|[كي٠-٩]"
)


@cache
def stored(slug: str, key: str) -> dict[str, Any]:
    """Its columns, compiled; the demo has no fault."""
    faults = Faults()
    found = as_stored(read_templates(slug)[key], faults)
    assert list(faults) == []
    return found


def job(shop: Shop, key: str, known: dict[str, str], full: bool) -> dict[str, Any]:
    """A message to somebody of whom `known` is known; full: with the things in the cart and in the orders, or without."""
    cart = {"products": [dict(product.as_sent) for product in shop.products[:2]], "cart_value": 5}
    order = {"order_id": "F-1-1", "total": 5, "products": cart["products"]}
    bare = {"order_id": "F-1-1", "cart_value": 5}  # what the starting points give in any case
    data = {
        "contact": {**known, "email": "sara@nameh.example", "phone": None},
        "facts": {"orders": 3, "spent": 900},
        "entry": {**order, **cart} if full else bare,
        "journey": {"key": "welcome", "point": "hello"},
        "cart": cart if full else {},
        "latest_order": order if full else {},
        "workspace": {"name": shop.name, "language": shop.language, "currency": shop.currency},
        "unsubscribe_url": "https://safar.example/u/token",
        "now": "2026-05-04T09:30:00+00:00",
    }
    locale = {name: getattr(shop, name) for name in ("language", "calendar", "zone", "currency")}
    locale["unit"] = shop.currency
    return {
        "template": stored(shop.slug, key),
        "language": None,
        "data": data,
        "locale": locale,
        "unsubscribe": True,
    }


@pytest.mark.parametrize(("slug", "key"), LETTERS)
def test_a_letter_has_no_gap_whatever_is_known(slug: str, key: str) -> None:
    for known in KNOWN:
        for full in (True, False):
            made = render(job(read_shop(slug), key, known, full))
            assert made["language"] == read_shop(slug).language
            for part in ("subject", "text"):
                assert "{" not in made[part]
                assert not re.search(r"None|  \S|«»|“”|\(\)| [،,.]", made[part]), (part, made[part])
            if read_templates(slug)[key]["channel"] == "email":
                assert made["subject"].strip()
                assert made["html"].count("<html") == made["html"].count("</html>") == 1
                assert "https://safar.example/u/token" in made["html"]


def test_a_cart_is_shown_with_prices_in_its_currency() -> None:
    fenjan, kiln = (render(job(read_shop(slug), "cart-reminder", {}, True))["text"] for slug in SHARES)
    assert "۵۸۵٬۰۰۰ تومان" in fenjan
    assert "14.50 EUR" in kiln


@pytest.mark.parametrize("key", read_templates("fenjan"))
def test_persian_is_written_as_it_should_be(key: str) -> None:
    for texts in read_templates("fenjan")[key]["languages"].values():
        for part in words_of(texts):
            seen = re.sub(r"<style>.*?</style>|<[^>]*>|\{[{%].*?[%}]\}", " ", part, flags=re.DOTALL)
            assert not FORGOTTEN.search(seen), FORGOTTEN.search(seen)
            assert not re.search(rf"{ZWNJ}(?![\u0600-\u06ff])|(?<![\u0600-\u06ff]){ZWNJ}", seen)


@pytest.mark.parametrize(("slug", "key"), LETTERS)
def test_an_email_is_drawn_in_blocks_and_passes_the_checks(slug: str, key: str) -> None:
    template = stored(slug, key)
    language = read_shop(slug).language
    remarks = check(template, known={"contact": set(FIELDS)}, marketing=True, wanted=[language])
    assert {remark.code for remark in remarks} <= {"broken_link"}  # shops that never were have no addresses
    if template["channel"] == "email":
        assert template["document"][language]["kind"] == "blocks"
        html = template["languages"][language]["html"]
        assert f'dir="{"rtl" if language == "fa" else "ltr"}"' in html
        assert template["document"][language]["look"]["background"] in html


def words_of(value: Any) -> list[str]:
    """Every text in it, those of blocks too."""
    if isinstance(value, str):
        return [value]
    inside = value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
    return [text for one in inside for text in words_of(one)]


@pytest.mark.parametrize("slug", SHARES)
def test_they_are_stored_as_they_are(slug: str, database_url: str) -> None:
    from safar.accounts.services import create_workspace

    workspace = create_workspace(slug=f"only-{slug}", name=slug)
    assert set(apply_templates(workspace, read_templates(slug))) == set(read_templates(slug))
    assert apply_templates(workspace, read_templates(slug)) == []
