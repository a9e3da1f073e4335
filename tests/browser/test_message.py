"""A message as a marketer writes it, in a real browser: its text changed, seen, saved, tried on oneself; drawn in blocks."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import expect

from safar.console.templatetags.assets import built
from tests.browser.conftest import PHONE, Seen
from tests.browser.test_pages import serious_faults

pytestmark = [
    pytest.mark.usefixtures("database_url"),
    pytest.mark.skipif(not built(), reason="the assets are not built (make assets; it needs Node 20)"),
]
Opens = Callable[..., Seen]
FRAME = ".message-frame:not(.is-coming)"
HELLO = {
    "channel": "email",
    "title": "خوش‌آمد",
    "languages": {"fa": {"subject": "سلام", "html": "<p>خوش آمدید، {{ contact.first_name }}</p>"}},
    "fallbacks": {"contact.first_name": {"fa": "دوست عزیز"}},
}


def open_message(seen: Seen, shop: Any, key: str) -> Any:
    page = seen.go(f"/w/{shop.slug}/messages/{key}/")
    page.locator(".message").wait_for()
    return page


def kept(shop: Any, key: str) -> Any:
    from safar.content.models import Template

    return Template.objects.get(workspace_id=shop.pk, key=key)


def sees(page: Any, text: str) -> None:
    page.frame_locator(FRAME).last.get_by_text(text).first.wait_for()


def dispatch(database_url: str) -> None:
    from safar.channels.sending.dispatch import Dispatcher
    from safar.channels.tests.settings import sending

    dispatcher = Dispatcher(database_url, "test", sending=sending(email_url=None))
    dispatcher.run_once()
    dispatcher.close()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_text_is_changed_seen_saved_tried_and_read(
    opens: Opens,
    shop: Any,
    sara: Any,
    database_url: str,
    language: str,
) -> None:
    from safar.content.services import apply_templates

    apply_templates(shop, {"hello": HELLO})
    seen = opens(sara, language=language)
    page = open_message(seen, shop, "hello")
    sees(page, "خوش آمدید، دوست عزیز")
    page.locator("textarea.code-area").fill("<p>رسیدنتان به‌خیر، {{ contact.first_name }}</p>")
    sees(page, "رسیدنتان به‌خیر، دوست عزیز")
    page.keyboard.press("Control+s")
    page.locator('.message[data-saving="saved"]').wait_for()
    assert "رسیدنتان" in kept(shop, "hello").languages["fa"]["html"]
    page.locator(".test-box button").click()
    page.locator(".test-box a").wait_for()
    dispatch(database_url)
    page.locator(".test-box a").click()
    page.locator(".stretched-link").first.click()
    page.frame_locator("iframe.mail-frame").get_by_text("رسیدنتان به‌خیر، دوست عزیز").wait_for()
    assert seen.complaints == []


@pytest.mark.parametrize(
    ("language", "old", "new"),
    [
        ("en", "Your cart is just as you left it", "Your mugs are waiting for you"),
        ("fa", "سبدتان همان‌طور که گذاشتید مانده است", "ماگ‌هایتان منتظرند"),
    ],
)
def test_a_newcomer_changes_the_text_of_a_ready_made_message_and_never_sees_html(
    opens: Opens, shop: Any, sara: Any, language: str, old: str, new: str
) -> None:
    shop.language = language
    shop.save()
    seen = opens(sara, language=language)
    page = seen.go(f"/w/{shop.slug}/journeys/new/")
    page.locator('form:has(input[value="abandoned-cart"]) button').click()
    page.wait_for_url("**/journeys/abandoned-cart/**")
    page.goto(f"{seen.site}/w/{shop.slug}/messages/")
    page.locator('a[href$="/messages/cart-remind/"]').click()
    page.locator(".message").wait_for()
    expect(page.locator(f"#tab-{language}")).to_have_attribute("aria-selected", "true")
    sees(page, old)
    expect(page.locator(".code-area")).to_have_count(0)
    assert "<" not in "".join(page.locator(".block textarea").evaluate_all("all => all.map(one => one.value)"))
    kinds = page.locator(".block-list > .block").evaluate_all("all => all.map(one => one.dataset.kind)")
    assert kinds == ["heading", "heading", "text", "products", "text", "button", "text", "footer"]
    text = page.locator('.block[data-kind="text"] textarea').first
    text.fill(text.input_value().replace(old, new))
    sees(page, new)
    direction = page.frame_locator(FRAME).last.get_by_text(new).first.evaluate("one => getComputedStyle(one).direction")
    assert direction == ("rtl" if language == "fa" else "ltr")
    page.locator(".message-tools .btn-primary").click()
    page.locator('.message[data-saving="saved"]').wait_for()
    assert new in kept(shop, "cart-remind").languages[language]["html"]
    assert old not in kept(shop, "cart-remind").languages[language]["html"]
    assert seen.complaints == []


@pytest.mark.parametrize(("language", "words"), [("en", "Hello"), ("fa", "سلام")])
def test_an_e_mail_is_drawn_in_blocks(opens: Opens, shop: Any, sara: Any, language: str, words: str) -> None:
    from safar.content.saving import make_template

    make_template(shop, key="spring", channel="email", title="Spring", by="sara")
    seen = opens(sara, language=language)
    page = open_message(seen, shop, "spring")
    page.locator(f"#tab-{language}").click()
    page.locator(".message-writing input[type=text]").first.fill("Spring")
    page.locator(".beginning button").first.click()
    sees(page, words)
    add = page.locator(".blocks > .block-add")
    add.locator('[data-add="heading"]').click()
    page.locator('.block[data-kind="heading"] input').fill("اول")
    sees(page, "اول")
    for kind in ("image", "button", "products", "coupon", "columns", "divider"):
        add.locator(f'[data-add="{kind}"]').click()
    page.locator('.block[data-kind="columns"] .block-add').first.locator('[data-add="text"]').click()
    heading = page.locator('.block[data-kind="heading"] input')
    for _ in range(2):
        heading.press("Alt+ArrowUp")
    page.locator(".message-tools .btn-primary").click()
    page.locator('.message[data-saving="saved"]').wait_for()
    document = kept(shop, "spring").document[language]
    kinds = [one["kind"] for one in document["blocks"]]
    assert kinds == ["heading", "text", "footer", "image", "button", "products", "coupon", "columns", "divider"]
    assert [one["kind"] for one in document["blocks"][7]["columns"][0]] == ["text"]
    for _ in range(2):
        page.locator(".message-tools .btn-icon").first.click()
    expect(page.locator(".block-list > .block").first).to_have_attribute("data-kind", "text")
    page.locator(".message-tools .btn-icon").last.click()
    page.locator(".message-tools .btn-icon").last.click()
    expect(page.locator(".block-list > .block").first).to_have_attribute("data-kind", "heading")
    assert seen.complaints == []


def test_variables_go_where_the_caret_is_and_blocks_drag(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.content.saving import make_template

    make_template(shop, key="spring", channel="email", title="Spring", by="sara")
    page = open_message(opens(sara), shop, "spring")
    page.locator(".beginning button").first.click()
    subject = page.locator(".message-writing input[type=text]").first
    subject.fill("بهار، ")
    page.locator(".variables").select_option(label="First name")
    expect(subject).to_have_value('بهار، {{ contact.first_name | default: "دوست عزیز" }}')
    page.locator('.preview-subject:has-text("بهار، دوست عزیز")').wait_for()
    text, footer = page.locator('.block[data-kind="text"]'), page.locator('.block[data-kind="footer"]')
    footer.locator(".block-name").drag_to(text)
    expect(page.locator(".block-list > .block").first).to_have_attribute("data-kind", "footer")


def test_two_at_once_lose_nothing_here(opens: Opens, shop: Any, sara: Any) -> None:
    from safar.content.services import apply_templates

    apply_templates(shop, {"short": {"channel": "sms", "languages": {"fa": {"text": "سلام"}}}})
    page = open_message(opens(sara, language="fa", width=PHONE), shop, "short")
    page.locator(".sms-count").wait_for()
    apply_templates(shop, {"short": {"channel": "sms", "languages": {"fa": {"text": "درود"}}}})
    page.locator("textarea").first.fill("وقت بخیر")
    page.locator(".message-tools .btn-primary").click()
    page.locator(".alert-warning .btn").last.click()
    expect(page.locator(".alert-warning .btn")).to_have_count(0)
    assert kept(shop, "short").languages["fa"]["text"] == "درود"
    page.locator(".message-tools .btn-primary").click()
    page.locator('.message[data-saving="saved"]').wait_for()
    assert kept(shop, "short").languages["fa"]["text"] == "وقت بخیر"


@pytest.mark.parametrize("language", ["en", "fa"])
def test_a_pattern_stands_beside_a_free_text(opens: Opens, shop: Any, sara: Any, language: str) -> None:
    from safar.content.services import apply_templates

    apply_templates(shop, {"short": {"channel": "sms", "languages": {"fa": {"text": "سلام"}}}})
    page = open_message(opens(sara, language=language), shop, "short")
    expect(page.locator(".sms-bubble").first).to_have_text("سلام\nلغو۱۱")
    page.locator(".message-writing .card-body > .btn").click()
    page.locator(".pattern-form input").first.fill("welcome")
    page.locator(".pattern-form textarea").fill("%token عزیز، خوش آمدید")
    page.locator(".pattern-tools .btn").first.click()
    page.locator(".pattern-variable input").nth(1).fill("{{ contact.first_name | default: 'دوست' }}")
    expect(page.locator(".sms-bubble").first).to_have_text("دوست عزیز، خوش آمدید")
    page.keyboard.press("Control+s")
    page.locator('.message[data-saving="saved"]').wait_for()
    expect(page.locator(".message-tools .btn-primary")).to_be_disabled()
    assert serious_faults(page) == []
    pattern = kept(shop, "short").languages["fa"]["pattern"]
    assert pattern["variables"] == {"token": "{{ contact.first_name | default: 'دوست' }}"}
    page.locator(".pattern-form select").select_option("second")
    expect(page.locator(".sms-bubble").first).to_have_text("سلام\nلغو۱۱")
