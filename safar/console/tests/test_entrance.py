"""Coming in: one-time links, invitations, passwords, the second step, where one lands."""

from __future__ import annotations

import re
from datetime import timedelta

import pytest
from django.contrib.sessions.models import Session
from django.core.cache import cache
from django.test import Client
from django.utils import timezone

from safar.accounts import links, members
from safar.accounts.models import AuditEntry, Member, Membership, Role, Workspace
from safar.accounts.services import create_workspace
from safar.console.conftest import Browser

PASSWORD = "a long walk to Shiraz"


@pytest.fixture(autouse=True)
def _no_limits_from_before() -> None:
    cache.clear()


def signed_in(client: Client) -> bool:
    return "_auth_user_id" in client.session


def test_a_one_time_link_shows_a_button_and_signs_in_by_post_once(browser: Browser, sara: Membership) -> None:
    address = f"/enter/{links.create_sign_in_link(member=sara.member)}/"
    client = browser()
    for _ in range(2):  # a preview in a chat, then the person
        page = client.get(address)
        assert sara.member.email in page.content.decode()
        assert not signed_in(client)
    assert client.post(address).headers["location"] == "/"
    assert signed_in(client)
    assert client.get("/").headers["location"] == f"/w/{sara.workspace.slug}/"
    again = browser()
    assert again.get(address).status_code == 410
    assert again.post(address).status_code == 410
    assert not signed_in(again)


def test_coming_in_clears_sessions_that_have_ended(browser: Browser, sara: Membership) -> None:
    Session.objects.create(session_key="old", session_data="", expire_date=timezone.now() - timedelta(days=1))
    browser().post(f"/enter/{links.create_sign_in_link(member=sara.member)}/")
    assert not Session.objects.filter(session_key="old").exists()


def test_a_link_needs_the_token_of_its_own_form(sara: Membership) -> None:
    client = Client(headers={"host": "localhost"}, enforce_csrf_checks=True)
    assert client.post(f"/enter/{links.create_sign_in_link(member=sara.member)}/").status_code == 403
    assert not signed_in(client)


def test_password_and_its_limits(browser: Browser, sara: Membership) -> None:
    sara.member.set_password(PASSWORD)
    sara.member.save()
    client = browser()
    assert client.post("/login/", {"login": sara.member.email.upper(), "password": PASSWORD}).status_code == 302
    assert signed_in(client)
    stranger = browser()
    for _ in range(5):
        assert not signed_in(stranger)
        stranger.post("/login/", {"login": sara.member.email, "password": "guess"})
    answer = stranger.post("/login/", {"login": sara.member.email, "password": PASSWORD})
    assert answer.status_code == 200
    assert not signed_in(stranger)


def test_a_forgotten_password_is_mailed_where_mail_goes_out(
    browser: Browser, database_url: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert "/account/password/reset/" not in browser().get("/login/").content.decode()
    monkeypatch.setattr("safar.console.entrance.forms.can_mail", lambda: True)
    assert "/account/password/reset/" in browser().get("/login/").content.decode()


def test_nobody_signs_up_by_himself(browser: Browser, database_url: str) -> None:
    client = browser()
    assert client.get("/signup/").status_code == 200
    answer = client.post("/signup/", {"email": "x@shop.example", "password1": PASSWORD, "password2": PASSWORD})
    assert answer.status_code == 405
    assert not Member.objects.filter(email="x@shop.example").exists()


def test_an_invitation_from_the_link_to_the_workspace(browser: Browser, shop: Workspace, sara: Membership) -> None:
    token = links.invite(workspace=shop, email=f"ali@{shop.slug}.example", role="editor", by=sara)
    client = browser()
    assert shop.name in client.get(f"/invitation/{token}/").content.decode()
    assert client.post(f"/invitation/{token}/").headers["location"] == f"/w/{shop.slug}/"
    assert client.get(f"/w/{shop.slug}/").status_code == 200
    assert browser().get(f"/invitation/{token}/").status_code == 410


def test_an_invitation_to_somebody_known_asks_them_to_sign_in(
    browser: Browser, shop: Workspace, sara: Membership, mina: Membership
) -> None:
    other = create_workspace(slug=f"other-{shop.slug}", name="Other")
    token = links.invite(workspace=other, email=mina.member.email, role="viewer")
    assert browser().post(f"/invitation/{token}/").headers["location"].startswith("/login/?next=")
    client = browser(sara)
    assert "another address" in client.post(f"/invitation/{token}/").content.decode()
    assert members.find_membership(sara.member, other.slug) is None
    assert browser(mina).post(f"/invitation/{token}/").headers["location"] == f"/w/{other.slug}/"


def test_several_workspaces_are_a_choice_and_none_is_said(browser: Browser, shop: Workspace, sara: Membership) -> None:
    other = create_workspace(slug=f"other-{shop.slug}", name="Other shop")
    Membership.objects.create(workspace=other, member=sara.member, role=Role.VIEWER)
    page = browser(sara).get("/").content.decode()
    assert f"/w/{shop.slug}/" in page
    assert f"/w/{other.slug}/" in page
    nobody = members.create_member(email=f"nobody@{shop.slug}.example")
    assert "no workspace for you" in browser(nobody).get("/").content.decode()


def test_strangers_see_nothing(browser: Browser, shop: Workspace, sara: Membership) -> None:
    stranger = members.create_member(email=f"stranger@{shop.slug}.example")
    assert browser(stranger).get(f"/w/{shop.slug}/").status_code == 404
    assert browser(sara).get("/w/no-such-shop/").status_code == 404
    answer = browser().get(f"/w/{shop.slug}/")
    assert answer.headers["location"] == f"/login/?next=/w/{shop.slug}/"
    assert browser().get(f"/w/{shop.slug}/", headers={"HX-Request": "true"}).headers["HX-Redirect"] == "/login/"


def test_language_and_theme_are_kept(browser: Browser, shop: Workspace, sara: Membership) -> None:
    client = browser(sara)
    home = f"/w/{shop.slug}/"
    assert 'lang="en" dir="ltr"' in client.get(home).content.decode()
    assert client.post("/account/language/", {"language": "fa", "next": home}).headers["location"] == home
    assert 'lang="fa" dir="rtl"' in client.get(home).content.decode()
    assert 'lang="fa" dir="rtl"' in browser(sara).get(home).content.decode()  # with the member, on another machine too
    client.post("/account/theme/", {"theme": "dark", "next": home})
    assert 'data-bs-theme="dark"' in client.get(home).content.decode()
    for evil in ("https://evil.example/", "//evil.example", "javascript:alert(1)"):
        assert client.post("/account/theme/", {"theme": "auto", "next": evil}).headers["location"] == "/"


def test_a_new_owner_writes_their_address_and_sets_a_password(browser: Browser, own_database_url: str) -> None:
    owner = members.find_or_make_owner()
    client = browser(owner)
    assert "write your own address" in client.get("/account/").content.decode()
    client.post("/account/", {"name": "Sara", "email": "sara@shop.example", "language": ""})
    owner.refresh_from_db()
    assert owner.email == "sara@shop.example"
    client.post("/account/password/set/", {"password1": PASSWORD, "password2": PASSWORD})
    owner.refresh_from_db()
    assert owner.check_password(PASSWORD)
    # From now on another address is taken only from whoever shows the password again.
    answer = client.post("/account/", {"name": "Sara", "email": "thief@shop.example", "language": ""})
    assert answer.headers["location"].startswith("/account/reauthenticate/")
    owner.refresh_from_db()
    assert owner.email == "sara@shop.example"


def test_the_second_step_is_asked_for_after_a_link_too(browser: Browser, sara: Membership) -> None:
    from allauth.mfa.models import Authenticator
    from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time

    client = browser(sara)
    page = client.get("/account/second-step/totp/activate/").content.decode()
    found = re.search(r'value="([A-Z2-7]{32})"', page)
    assert found is not None
    code = format_hotp_value(hotp_value(found[1], next(iter(yield_hotp_counters_from_time()))))
    client.post("/account/second-step/totp/activate/", {"code": code})
    kept = Authenticator.objects.get(user=sara.member, type=Authenticator.Type.TOTP)
    assert found[1] not in str(kept.data)  # kept encrypted
    assert TOTP(kept).validate_code is not None
    other = browser()
    answer = other.post(f"/enter/{links.create_sign_in_link(member=sara.member)}/")
    assert answer.headers["location"] == "/account/second-step/authenticate/"
    assert not signed_in(other)
    assert members.forget_second_step(member=sara.member) >= 1  # the phone is lost
    other.post(f"/enter/{links.create_sign_in_link(member=sara.member)}/")
    assert signed_in(other)


def test_another_address_counts_once_its_link_was_opened(
    browser: Browser, sara: Membership, unique: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    sent: list[tuple[str, ...]] = []
    monkeypatch.setattr("safar.console.post.can_mail", lambda: True)
    monkeypatch.setattr("safar.console.post.send", lambda *given: sent.append(given))
    sara.member.set_password(PASSWORD)
    sara.member.save()
    client, old, new = browser(sara), sara.member.email, f"new@{unique}.example"
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    given = {"name": "Sara", "email": new, "language": ""}
    answer = client.post("/account/", given)
    assert answer.status_code == 200, answer.headers
    page = answer.content.decode()
    assert "until it is opened" in page.lower()
    assert 'id="confirm-address"' not in page
    assert sent[0][0] == new
    found = re.search(r"/address/[\w-]+/", sent[0][2])
    assert found is not None
    assert new in browser().get(found[0]).content.decode()
    sara.member.refresh_from_db()
    assert sara.member.email == old
    assert browser().post(found[0]).headers["location"] == "/login/"
    sara.member.refresh_from_db()
    assert sara.member.email == new
    assert browser().get(found[0]).status_code == 410


def test_where_no_mail_goes_out_the_link_is_shown_once_and_can_be_withdrawn(
    browser: Browser, sara: Membership, unique: str
) -> None:
    sara.member.set_password(PASSWORD)
    sara.member.save()
    client = browser(sara)
    client.post("/account/reauthenticate/", {"password": PASSWORD})
    page = client.post("/account/", {"name": "", "email": f"new@{unique}.example", "language": ""}).content.decode()
    found = re.search(r"/address/[\w-]+/", page)
    assert found is not None
    assert found[0] not in client.get("/account/").content.decode()
    client.post("/account/address/withdraw/")
    assert browser().post(found[0]).status_code == 410


def test_the_owner_makes_a_workspace_on_a_page(browser: Browser, own_database_url: str) -> None:
    owner = members.find_or_make_owner()
    client = browser(owner, language="fa")
    page = client.get("/workspaces/new/").content.decode()
    assert 'value="Asia/Tehran"' in page
    given = {
        "name": "لیوان‌فروشی", "slug": "", "language": "fa", "calendar": "jalali", "zone": "Asia/Tehran",
        "currency": "IRR", "currency_unit": "IRT", "week_start": "sat", "weekend": ["thu", "fri"],
    }  # fmt: skip
    assert client.post("/workspaces/new/", given).headers["location"] == "/w/shop/"
    assert client.post("/workspaces/new/", given).headers["location"] == "/w/shop-2/"
    made = Workspace.objects.get(slug="shop")
    assert (made.calendar, made.currency_unit, made.weekend) == ("jalali", "IRT", ["thu", "fri"])
    entry = AuditEntry.objects.get(workspace=made, action="create_workspace")
    assert entry.actor == owner.email
    refused = client.post("/workspaces/new/", {**given, "slug": "Shop 1", "zone": "Tehran"})
    assert refused.content.decode().count("is-invalid") == 2
    listed = client.get("/workspaces/", headers={"HX-Request": "true"}).content.decode()
    assert "/w/shop-2/" in listed
    assert "<html" not in listed


def test_members_make_no_workspaces(browser: Browser, sara: Membership) -> None:
    client = browser(sara)
    assert client.get("/workspaces/new/").status_code == 403
    assert "/workspaces/new/" not in client.get("/workspaces/").content.decode()


@pytest.mark.parametrize("language", ["en", "fa"])
def test_every_page_of_the_door_is_shown(browser: Browser, sara: Membership, language: str) -> None:
    sara.member.set_password(PASSWORD)
    sara.member.save()
    own = browser(sara, language=language)
    for address in (
        "/account/", "/account/password/change/", "/account/second-step/", "/account/reauthenticate/",
    ):  # fmt: skip
        assert f'<html lang="{language}"' in own.get(address, follow=True).content.decode(), address
    nobody = browser(language=language)
    for address in ("/login/", "/signup/", "/account/password/reset/", "/account/password/reset/sent/"):
        assert f'<html lang="{language}"' in nobody.get(address).content.decode(), address
