"""Documents become HTML: direction everywhere, Liquid and Persian spelling unharmed, nothing hostile gets through."""

from __future__ import annotations

import re
from typing import Any

import pytest

from safar.content.blocks import KINDS, DocumentFault
from safar.content.mjml import MOST_ELEMENTS, compile_document, compile_mjml
from safar.content.render import render

EVERY: list[dict[str, Any]] = [
    {"kind": "heading", "text": "سلام {{ contact.first_name }}", "level": 2},
    {"kind": "text", "text": "**یک** *دو* [سه](https://x.example/?a=1&b={{ x }})\n\n- الف\n- ب"},
    {"kind": "image", "src": "https://x.example/a.png", "alt": "می‌بینید «لیوان»"},
    {"kind": "button", "text": "ببینید", "href": "{{ cart.url }}"},
    {"kind": "products", "of": "cart", "most": 3},
    {"kind": "products", "of": "chosen", "items": [{"name": "لیوان", "price": "۱۲", "url": "https://x.example/1"}]},
    {"kind": "coupon", "code": "{{ entry.code }}"},
    {"kind": "columns", "columns": [[{"kind": "text", "text": "یک"}], [{"kind": "divider"}]]},
    {"kind": "divider"},
    {"kind": "footer", "text": "تمام"},
]


def compiled(*blocks: dict[str, Any], language: str = "fa") -> str:
    return compile_document({"kind": "blocks", "blocks": list(blocks)}, language)


def rendered(html: str, language: str = "fa", **data: Any) -> dict[str, str]:
    template = {"channel": "email", "languages": {language: {"subject": "x", "html": html}}}
    locale = {"language": language, "currency": "IRR", "unit": "IRT"}
    job = {"template": template, "data": {"unsubscribe_url": "https://out.example", **data}, "locale": locale}
    return render({**job, "unsubscribe": True})


@pytest.mark.parametrize(("language", "direction", "side"), [("fa", "rtl", "right"), ("en", "ltr", "left")])
def test_direction_and_side_stand_everywhere(language: str, direction: str, side: str) -> None:
    html = compiled(*EVERY, language=language)
    other = {"rtl": "ltr", "ltr": "rtl"}[direction]
    assert {one["kind"] for one in EVERY} == set(KINDS)
    assert f'<html lang="{language}" dir="{direction}"' in html
    assert f"direction:{other}" not in html
    assert set(re.findall(r'<(?:p|ul|h\d|table|div) dir="(\w+)"', html)) == {direction}
    for style in re.findall(r'<td style="(direction:[^"]*)"', html):
        assert f"text-align:{side}" in style
    for inner in re.findall(r"font-size:1[36]px;line-height:1.8;text-align:(\w+)", html):
        assert inner == side


def test_liquid_survives_and_is_filled() -> None:
    products = [{"name": "لیوان <آبی>", "price": 120000, "url": "https://x.example/1"}, {"name": "بشقاب", "price": 9}]
    cart = {"url": "https://x.example/c", "products": products}
    made = rendered(compiled(*EVERY), contact={"first_name": "مینا"}, cart=cart, entry={"code": "A<1"}, x="&")
    assert "سلام مینا" in made["html"]
    assert "لیوان &lt;آبی&gt;" in made["html"]
    assert 'href="https://x.example/?a=1&amp;b=&amp;"' in made["html"]
    assert "A&lt;1" in made["html"]
    assert made["html"].count("https://out.example") == 1  # the footer's own link, and no second one
    assert "۱۲٬۰۰۰ تومان" in made["text"]


def test_conditions_in_a_text() -> None:
    html = compiled({"kind": "text", "text": "{% if facts.orders < 3 and a != 'b' %}کم{% else %}زیاد{% endif %}"})
    assert "کم" in rendered(html, facts={"orders": 1})["text"]
    assert "زیاد" in rendered(html, facts={"orders": 5})["text"]


def test_zero_width_letters_and_backslashes_survive() -> None:
    html = compiled(*EVERY, {"kind": "text", "text": "[می‌خواهم](https://x.example/می‌خواهم) a\\b"})
    assert 'alt="می‌بینید «لیوان»"' in html
    assert 'href="https://x.example/می‌خواهم"' in html
    assert "\\u{" not in html
    assert "a\\b" in html


def test_what_is_written_is_text() -> None:
    evil = "<script>alert(1)</script>\"'>"
    html = compiled(
        {"kind": "heading", "text": evil},
        {"kind": "text", "text": f"{evil} [x](javascript:alert(1))"},
        {"kind": "image", "src": 'https://x.example/"onerror="x', "alt": evil, "href": "javascript:x"},
        {"kind": "button", "text": evil, "href": "JavaScript:alert(1)"},
        {"kind": "products", "of": "chosen", "items": [{"name": evil, "image": "javascript:x", "url": "data:x"}]},
        {"kind": "coupon", "code": evil},
    )
    assert "<script" not in html
    assert not re.search(r'(href|src)="(javascript|data)', html, re.IGNORECASE)
    assert "onerror=" not in html.replace("&quot;onerror=&quot;", "")


@pytest.mark.parametrize(
    ("document", "place"),
    [
        ({"kind": "blocks", "blocks": {}}, "blocks"),
        ({"kind": "blocks", "blocks": [{"kind": "marquee"}]}, "blocks.0"),
        ({"kind": "blocks", "blocks": [{"kind": "text", "text": 3}]}, "blocks.0.text"),
        ({"kind": "blocks", "blocks": [{"kind": "products", "of": "shelf"}]}, "blocks.0.of"),
        ({"kind": "blocks", "blocks": [{"kind": "columns", "columns": [[], []], "x": 1}, 7]}, "blocks.1"),
        ({"kind": "blocks", "blocks": [{"kind": "columns", "columns": [[]]}]}, "blocks.0.columns"),
        ({"kind": "blocks", "blocks": [{"kind": "columns", "columns": [[{"kind": "footer"}], []]}]}, "blocks.0"),
        ({"kind": "blocks", "blocks": [{"kind": "divider"}] * 101}, "blocks"),
        ({"kind": "mjml", "source": "<mjml><mj-body>"}, "source"),
        ({"kind": "mjml", "source": " "}, "source"),
        ({"kind": "mjml", "source": '<mjml><mj-body><mj-include path="/etc/hostname" /></mj-body></mjml>'}, "source"),
    ],
)
def test_what_cannot_be_compiled_is_told_with_its_place(document: dict[str, Any], place: str) -> None:
    with pytest.raises(DocumentFault) as fault:
        compile_document(document, "fa")
    assert fault.value.place == place


def test_nesting_cannot_bring_the_process_down() -> None:
    deep = "<mjml><mj-body>" + "<mj-wrapper>" * 5000 + "</mj-wrapper>" * 5000 + "</mj-body></mjml>"
    with pytest.raises(DocumentFault):
        compile_mjml(deep)
    near = MOST_ELEMENTS - 5
    compile_mjml("<mjml><mj-body>" + "<mj-wrapper>" * near + "</mj-wrapper>" * near + "</mj-body></mjml>")


def test_mjml_by_hand_says_its_language_and_loads_nothing() -> None:
    column = "<mj-section><mj-column><mj-text>{{ contact.city | default: 'یزد' }}</mj-text></mj-column></mj-section>"
    html = compile_document({"kind": "mjml", "source": f"<mjml><mj-body>{column}</mj-body></mjml>"}, "fa")
    assert '<html lang="fa" dir="rtl"' in html
    assert "یزد" in rendered(html)["text"]
    assert "http" not in html.replace("http://www.w3.org", "").split("<body")[0].replace("http-equiv", "")
