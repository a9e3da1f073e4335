"""The walk itself: all addresses × methods × roles. 0 leaks, and no address that is not listed."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from typing import Any

import psycopg
import pytest
from django.test import Client

from safar.accounts.members import create_member
from safar.accounts.models import Membership, Role
from safar.accounts.services import create_workspace, record
from safar.console.conftest import Browser
from safar.console.tests.reading import read_page
from safar.console.tests.walking import METHODS, Entry, Side, entries, fills, names_below, picture

# Outside of workspaces. Whoever has nothing to do with any of them may see these:
PUBLIC = {
    "landing", "healthz", "unsubscribe", "preferences", "confirmation", "form", "forms_of_key", "form_of_key", "form_seen", "forms_mine", "report", "mail_report", "inbound", "media", "enter", "invitation", "confirm_address", "set_language", "set_theme", "account_login", "account_logout",
    "account_signup", "account_inactive", "account_reset_password", "account_reset_password_done",
    "account_reset_password_from_key", "account_reset_password_from_key_done", "mfa_login_webauthn", "mfa_authenticate",
}  # fmt: skip
# And these are one's own, whoever one is; nobody is sent to the sign-in:
OWN = {
    "account", "withdraw_address", "workspaces", "new_workspace", "account_reauthenticate", "account_change_password", "account_set_password", "mfa_index", "mfa_reauthenticate",
    "mfa_activate_totp", "mfa_deactivate_totp", "mfa_view_recovery_codes", "mfa_generate_recovery_codes",
    "mfa_download_recovery_codes", "mfa_add_webauthn", "mfa_list_webauthn", "mfa_edit_webauthn", "mfa_remove_webauthn",
    "mfa_reauthenticate_webauthn",
}  # fmt: skip
# A door of its own with keys instead of members; it has its own walk.
OTHER_DOORS = ("api",)

ENTRIES = entries()


@pytest.fixture(scope="module")
def sides(database_url: str) -> tuple[Side, Side]:
    """(ours, theirs), each filled by every room."""
    made = []
    for slug, marker in (("ours", "hummingbird"), ("theirs", "zebrafinch")):
        workspace = create_workspace(slug=slug, name=f"Shop {marker}", demo=True)
        side = Side(workspace, marker)
        record(workspace, f"{marker}@shop.example", "test", marker, {"said": marker})
        for fill in fills():
            fill(side)
        made.append(side)
    return made[0], made[1]


@pytest.fixture(scope="module")
def people(sides: tuple[Side, Side]) -> dict[str, Any]:
    """A member of ours in each role, and a stranger, who owns a third workspace."""
    found: dict[str, Any] = {}
    for role in Role:
        found[role] = create_member(email=f"{role}@ours.example", name=str(role))
        Membership.objects.create(workspace=sides[0].workspace, member=found[role], role=role)
    found["stranger"] = create_member(email="stranger@shop.example")
    third = create_workspace(slug="third-shop", name="Third")
    Membership.objects.create(workspace=third, member=found["stranger"], role=Role.OWNER)
    return found


def test_every_address_has_an_entry_and_every_entry_an_address() -> None:
    found = {name for name in names_below() if not name.startswith(OTHER_DOORS)}
    listed = {f"console:{name}" for name in ENTRIES} | PUBLIC | OWN
    assert found - listed == set(), "say in <room>/tests/walk.py who may come there"
    assert listed - found == set(), "there is no such address"


def ask(client: Client, method: str, address: str, entry: Entry, ids: dict[str, Any]) -> Any:
    data = {name: ids[source] for name, source in entry.body.items()}
    call: Callable[..., Any] = getattr(client, method)
    return call(address, data) if method == "post" else call(address)


def said(answer: Any) -> str:
    return "" if answer.streaming else answer.content.decode("utf-8", "replace")


def every_request() -> Iterator[tuple[str, Entry, str]]:
    return ((name, entry, method) for name, entry in ENTRIES.items() for method in METHODS)


def test_nobody_and_strangers_get_nothing(sides: tuple[Side, Side], people: dict[str, Any], browser: Browser) -> None:
    _, theirs = sides
    nobody, stranger, owner_of_ours = browser(), browser(people["stranger"]), browser(people[Role.OWNER])
    for name, entry, method in every_request():
        address = theirs.address(name, entry, theirs.ids)
        answer = ask(nobody, method, address, entry, theirs.ids)
        assert answer.status_code == 302, (method, address)
        assert answer.headers["location"].startswith("/login/"), (method, address)
        for client in (stranger, owner_of_ours):
            answer = ask(client, method, address, entry, theirs.ids)
            assert answer.status_code == 404, (method, address)
            assert theirs.marker not in said(answer), (method, address)


def test_another_workspaces_ids_open_nothing_in_ones_own(
    sides: tuple[Side, Side], people: dict[str, Any], browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    ours, theirs = sides
    before = picture(conn, theirs.workspace)
    owner = browser(people[Role.OWNER])
    for name, entry, method in every_request():
        if not entry.ids and not (entry.body and method == "post"):
            continue
        address = ours.address(name, entry, theirs.ids)
        answer = ask(owner, method, address, entry, theirs.ids)
        if entry.ids:
            assert answer.status_code in (404, 405), (method, address, answer.status_code)
        assert answer.status_code < 500, (method, address)
        assert theirs.marker not in said(answer).replace(address, ""), (method, address)
    assert picture(conn, theirs.workspace) == before


def test_lower_roles_get_nothing_and_change_nothing(
    sides: tuple[Side, Side], people: dict[str, Any], browser: Browser, conn: psycopg.Connection[Any]
) -> None:
    ours, _ = sides
    before = picture(conn, ours.workspace)
    for role in Role:
        client = browser(people[role])
        for name, entry, method in every_request():
            if role.covers(entry.needed(method)):
                continue
            address = ours.address(name, entry, ours.ids)
            answer = ask(client, method, address, entry, ours.ids)
            assert answer.status_code == 403, (role, method, address, answer.status_code)
            assert ours.marker not in said(answer).replace(address, ""), (role, method, address)
    assert picture(conn, ours.workspace) == before


@pytest.mark.parametrize("language", ["en", "fa"])
def test_whoever_may_read_reads(
    sides: tuple[Side, Side], people: dict[str, Any], browser: Browser, language: str
) -> None:
    ours, theirs = sides
    for role in Role:
        client = browser(people[role], language=language)
        for name, entry in ENTRIES.items():
            if not role.covers(entry.needed("get")):
                continue
            address = ours.address(name, entry, ours.ids)
            answer = client.get(address)
            assert answer.status_code in (200, 204, 302, 405), (role, address, answer.status_code)
            assert theirs.marker not in said(answer), (role, address)


def test_a_demo_shows_its_banner(sides: tuple[Side, Side], people: dict[str, Any], browser: Browser) -> None:
    address = f"/w/{sides[0].workspace.slug}/"
    assert "settings/delete/" in browser(people[Role.OWNER]).get(address).content.decode()
    viewed = browser(people[Role.VIEWER]).get(address).content.decode()
    assert "A demo" in viewed
    assert "settings/delete/" not in viewed


def test_one_s_own_pages_are_closed_to_nobody(browser: Browser, database_url: str) -> None:
    from django.urls import reverse

    for name in sorted(OWN - {"mfa_edit_webauthn", "mfa_remove_webauthn"}):
        answer = browser().get(reverse(name))
        assert answer.status_code == 302, name
        assert "/login/" in answer.headers["location"], name


def test_pages_are_written_as_their_language_is(
    sides: tuple[Side, Side], people: dict[str, Any], browser: Browser
) -> None:
    """What people wrote stands in a direction of its own; on Persian pages figures have Persian digits and separators."""
    ours, _ = sides
    faults: dict[str, list[str]] = {}
    for language in ("en", "fa"):
        client = browser(people[Role.OWNER], language=language)
        for name, entry in ENTRIES.items():
            answer = client.get(ours.address(name, entry, ours.ids))
            if (
                answer.status_code != 200
                or answer.streaming
                or not answer.headers["content-type"].startswith("text/html")
            ):
                continue
            page = said(answer)
            if "<html" not in page or "sandbox" in answer.headers.get("Content-Security-Policy", ""):
                continue
            assert f'lang="{language}" dir="{"rtl" if language == "fa" else "ltr"}"' in page, name
            for piece in read_page(page):
                if ours.marker in piece.text and not piece.isolated:
                    faults.setdefault(f"{name}, {language}: not in <bdi>", []).append(piece.text)
                if language == "fa" and not piece.isolated and re.search(r"[0-9]", piece.text):
                    faults.setdefault(f"{name}: digits", []).append(piece.text)
    assert not faults
