"""Templates in files: drawn in blocks, written as MJML or as HTML; what a file says is what a file gets back."""

from __future__ import annotations

from typing import Any

import pytest

from safar.accounts.models import Workspace
from safar.content.models import Template
from safar.content.saving import save_template
from safar.content.services import apply_templates, write_templates
from safar.lib.faults import Refused

BLOCKS = [
    {"kind": "heading", "text": "سبدتان سر جایش است"},
    {"kind": "text", "text": "سلام {{ contact.first_name }}،"},
    {"kind": "products", "of": "cart", "most": 3},
    {"kind": "columns", "columns": [[{"kind": "coupon", "code": "CART10"}], [{"kind": "divider"}]]},
    {"kind": "footer", "text": "دیگر نمی‌خواهید؟"},
]
CART: dict[str, Any] = {
    "channel": "email",
    "title": "سبد",
    "fallbacks": {"contact.first_name": {"fa": "دوست عزیز"}},
    "languages": {
        "fa": {"subject": "سبدتان", "preheader": "همان‌جاست", "look": {"accent": "#123456"}, "blocks": BLOCKS},
        "en": {
            "subject": "Cart",
            "mjml": "<mjml><mj-body><mj-section><mj-column><mj-text>Hi</mj-text></mj-column></mj-section></mj-body></mjml>",
        },
    },
}


@pytest.fixture
def shop(database_url: str, unique: str) -> Workspace:
    from safar.accounts.services import create_workspace

    return create_workspace(slug=f"shop-{unique}", name="Mug shop")


def test_blocks_of_a_file_are_compiled_and_come_back_as_they_were(shop: Workspace) -> None:
    assert apply_templates(shop, {"cart": CART}) == ["cart"]
    kept = Template.objects.get(workspace_id=shop.pk, key="cart")
    assert kept.document["fa"] == {"kind": "blocks", "blocks": BLOCKS, "look": {"accent": "#123456"}}
    assert kept.document["en"]["kind"] == "mjml"
    assert "#123456" in kept.languages["fa"]["html"]
    assert 'dir="rtl"' in kept.languages["fa"]["html"]
    assert set(kept.languages["fa"]) == {"subject", "preheader", "html"}
    assert write_templates(shop) == {"cart": CART}
    assert apply_templates(shop, write_templates(shop, ["cart"])) == []


def test_what_an_editor_saved_goes_into_a_file_without_its_own_names(shop: Workspace) -> None:
    apply_templates(shop, {"cart": CART})
    kept = Template.objects.get(workspace_id=shop.pk, key="cart")
    named = [{"id": f"b{n}", **block} for n, block in enumerate(BLOCKS)]
    named[1]["text"] = "درود،"
    document = {**kept.document, "fa": {"kind": "blocks", "blocks": named}}
    save_template(shop, "cart", {"languages": kept.languages, "document": document}, revision=kept.revision, by="sara")
    written = write_templates(shop)["cart"]["languages"]["fa"]["blocks"]
    assert written[1] == {"kind": "text", "text": "درود،"}
    assert written[3] == BLOCKS[3]


def test_other_html_from_a_file_ends_what_was_drawn(shop: Workspace) -> None:
    apply_templates(shop, {"cart": CART})
    plain = {**CART, "languages": {**CART["languages"], "fa": {"subject": "سبدتان", "html": "<p>سلام</p>"}}}
    assert apply_templates(shop, {"cart": plain}) == ["cart"]
    assert set(Template.objects.get(workspace_id=shop.pk, key="cart").document) == {"en"}
    assert apply_templates(shop, {"cart": CART}) == ["cart"]  # and blocks of a file end what was HTML
    assert set(Template.objects.get(workspace_id=shop.pk, key="cart").document) == {"fa", "en"}


@pytest.mark.parametrize(
    ("parts", "place", "said"),
    [
        ({"blocks": [{"kind": "headline", "text": "x"}]}, "languages.fa.blocks.0", "no kind of block"),
        ({"blocks": "words"}, "languages.fa.blocks", "a list of blocks"),
        ({"blocks": [{"kind": "text", "text": 5}]}, "languages.fa.blocks.0.text", "has to be a text"),
        ({"blocks": BLOCKS, "html": "<p>x</p>"}, "languages.fa", "in one of blocks, mjml, html"),
        ({"look": {}}, "languages.fa", "no blocks"),
        ({"mjml": "<mjml><mj-body>"}, "languages.fa.mjml", "cannot be read"),
        ({"mjml": 5}, "languages.fa.mjml", "has no text"),
        ({"blocks": [{"kind": "text", "text": "{{ contact.first_name"}]}, "languages.fa.html", ""),
    ],
)
def test_what_is_wrong_is_told_with_its_place(shop: Workspace, parts: Any, place: str, said: str) -> None:
    with pytest.raises(Refused) as refused:
        apply_templates(shop, {"cart": {"channel": "email", "languages": {"fa": {"subject": "x", **parts}}}})
    (fault,) = refused.value.faults
    assert fault.place == f"cart.{place}"
    assert said in fault.message
    assert not Template.objects.filter(workspace_id=shop.pk).exists()


def test_blocks_are_no_part_of_an_sms(shop: Workspace) -> None:
    with pytest.raises(Refused, match="no part of a message by sms"):
        apply_templates(shop, {"cart": {"channel": "sms", "languages": {"fa": {"text": "x", "blocks": BLOCKS}}}})


def test_a_file_names_what_is_not_there(shop: Workspace) -> None:
    apply_templates(shop, {"cart": CART})
    with pytest.raises(Refused, match="did you mean 'cart'"):
        write_templates(shop, ["cat"])
