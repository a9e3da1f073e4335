"""Who may come in, and how it is said to those who may not."""

from __future__ import annotations

import base64
from typing import Any

import psycopg
import pytest

from safar.accounts.models import ApiKey
from safar.accounts.scopes import SCOPES, allows
from safar.accounts.services import create_key, revoke_key
from safar.api.rest.api import api
from safar.api.rest.tests.conftest import House
from safar.website.form import Form
from safar.website.keeping import save_form

# Every address with what fills it; `scope` is what the description says of it.
FILLED = {"{key}": "welcome", "{id}": "1"}


def operations() -> list[tuple[str, str, dict[str, Any]]]:
    """(method, path below /api/v1, what the description says)."""
    found = []
    for path, methods in api.get_openapi_schema()["paths"].items():
        for name, filling in FILLED.items():
            path = path.replace(name, filling)
        found += [(method.upper(), path.removeprefix("/api/v1"), said) for method, said in methods.items()]
    return found


def test_every_operation_asks_for_a_scope_that_there_is() -> None:
    assert operations()
    for method, path, said in operations():
        assert said.get("x-scope") in SCOPES, (method, path)
        assert said["x-scope"].endswith("read") or method != "GET", (method, path)
        assert method == "GET" or said["x-scope"].endswith("write") or path == "/check", (method, path)


def test_nobody_gets_in_without_a_live_secret_key(house: House) -> None:
    write = create_key(workspace=house.workspace, kind="write")
    for method, path, _ in operations():
        assert house.ask(method, path, authorization="")[0] == 401, (method, path)
        assert house.ask(method, path, key="sk_" + "0" * 32)[0] == 401, (method, path)
        status, problem = house.ask(method, path, key=write)
        assert status == 403, (method, path)
        assert "pk_" in problem["detail"]


def test_a_key_without_the_scope_gets_403_and_changes_nothing(house: House) -> None:
    limited = create_key(workspace=house.workspace, kind="secret", scopes=["events"])
    for method, path, said in operations():
        status, problem = house.ask(method, path, {}, key=limited)
        assert status == 403, (method, path)
        assert said["x-scope"] in problem["detail"]


def test_a_key_with_the_scope_gets_further(house: House) -> None:
    limited = create_key(workspace=house.workspace, kind="secret", scopes=["journeys:write"])
    assert house.get("/journeys", key=limited)[0] == 200
    assert house.get("/contacts", key=limited)[0] == 403
    assert allows([], "contacts:write")
    assert not allows(["contacts:read"], "contacts:write")


def test_a_revoked_key_ends_at_once(house: House) -> None:
    assert house.get("/journeys")[0] == 200
    revoke_key(key=ApiKey.objects.get(workspace=house.workspace, kind="secret"))
    status, problem = house.get("/journeys")
    assert status == 401
    assert problem["title"] == "Unauthorized"


@pytest.mark.parametrize("form", ["basic", "bearer", "Bearer"])
def test_the_key_comes_as_bearer_or_as_user_of_basic(house: House, form: str) -> None:
    told = base64.b64encode(f"{house.key}:".encode()).decode() if form == "basic" else house.key
    assert house.get("/journeys", authorization=f"{form} {told}")[0] == 200


@pytest.mark.parametrize(
    "header", ["Basic", "Basic ???", "Basic " + base64.b64encode(b"\xff:").decode(), "Digest x", "Bearer"]
)
def test_what_is_no_key_is_401(house: House, header: str) -> None:
    assert house.get("/journeys", authorization=header)[0] == 401


def test_another_workspaces_things_are_not_there(house: House, other: House, conn: psycopg.Connection[Any]) -> None:
    sara = other.people["sara"]
    template = {"channel": "sms", "languages": {"en": {"text": "hi"}}}
    assert other.ask("PUT", "/templates/hi", template)[0] == 200
    assert other.ask("PUT", "/segments/vip", {"tag": "vip"})[0] == 200
    assert (
        other.ask("PUT", "/journeys/welcome", {"journey": "welcome", "start": {"s": {"kind": "contact_created"}}})[0]
        == 200
    )
    save_form(conn, other.workspace.pk, Form("news", {"en": other.workspace.slug}), live=True, fresh=True)
    for method, path in [
        ("GET", "/forms/news"), ("GET", "/forms/news/figures"),
        ("GET", f"/contacts/{sara}"), ("PATCH", f"/contacts/{sara}"), ("GET", f"/contacts/{sara}/events"), ("GET", f"/contacts/{sara}/visitor"),
        ("GET", "/contacts/find?email=sara@" + other.workspace.slug + ".example"),
        ("GET", "/templates/hi"), ("GET", "/segments/vip"), ("GET", "/segments/vip/count"), ("GET", "/segments/vip/members"),
        ("DELETE", "/segments/vip"), ("GET", "/journeys/welcome"), ("GET", "/journeys/welcome/yaml"),
        ("POST", "/journeys/welcome/publish"), ("POST", "/journeys/welcome/pause"), ("POST", "/journeys/welcome/resume"),
        ("POST", "/journeys/welcome/archive"), ("GET", "/journeys/welcome/figures"),
        ("GET", "/journeys/welcome/people?point=start.s"), ("GET", "/messages/1"),
    ]:  # fmt: skip
        status, problem = house.ask(method, path, {"tags": {"add": ["x"]}} if method == "PATCH" else None)
        assert status == 404, (method, path, problem)
        assert "example" not in str(problem).replace(path, ""), (method, path)
    for path in ("/contacts", "/segments", "/templates", "/journeys", "/messages", "/events/names", "/forms"):
        assert other.workspace.slug not in str(house.get(path)), path
