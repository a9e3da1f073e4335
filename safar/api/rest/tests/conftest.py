"""A workspace with a secret key, another one to keep out of, and a client that speaks HTTP to both."""

from __future__ import annotations

import json
import os
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import TYPE_CHECKING, Any

import psycopg
import pytest

from safar.postgres.connections import database_url as database_url_of

if TYPE_CHECKING:
    from safar.accounts.models import Workspace


@dataclass
class House:
    """A workspace and one of its keys. `ask` sends what it is given as JSON, text as it is; the answer is (status, body)."""

    workspace: Workspace
    key: str
    people: dict[str, int] = field(default_factory=dict)

    def ask(
        self, method: str, path: str, body: Any = None, *, key: str | None = None, **headers: str
    ) -> tuple[int, Any]:
        from django.test import Client

        client = Client(enforce_csrf_checks=True, headers={"host": "localhost"})
        data = body if isinstance(body, str | bytes) else b"" if body is None else json.dumps(body).encode()
        given = {"authorization": f"Bearer {self.key if key is None else key}", **headers}
        answer = client.generic(method, f"/api/v1{path}", data, content_type="application/json", headers=given)
        if answer.status_code >= 400:
            assert answer.headers["content-type"] == "application/problem+json", answer.content
        plain = "json" in answer.headers.get("content-type", "")
        return answer.status_code, json.loads(answer.content) if plain and answer.content else answer.content.decode()

    def get(self, path: str, **more: Any) -> tuple[int, Any]:
        return self.ask("GET", path, **more)


@pytest.fixture
def house(database_url: str, conn: psycopg.Connection[Any], unique: str) -> House:
    """Sara, Ali and Mina live here; Sara has ordered."""
    return _house(conn, f"ours-{unique}")


@pytest.fixture
def other(database_url: str, conn: psycopg.Connection[Any], unique: str) -> House:
    """Another workspace with people of the same names."""
    return _house(conn, f"theirs-{unique}")


def _house(conn: psycopg.Connection[Any], slug: str) -> House:
    from safar.accounts.services import create_key, create_workspace

    workspace = create_workspace(slug=slug, name=slug, currency="IRR", currency_unit="IRT")
    made = House(workspace, create_key(workspace=workspace, kind="secret"))
    for name in ("sara", "ali", "mina"):
        traits = {"first_name": name.title(), "email": f"{name}@{slug}.example"}
        send(conn, workspace, [{"type": "identify", "userId": name, "traits": traits}])
    order = {"order_id": "1", "total": 480000, "currency": "IRR"}
    send(conn, workspace, [{"type": "track", "userId": "sara", "event": "Order Completed", "properties": order}])
    tick()
    rows = conn.execute("SELECT value, contact_id FROM identity WHERE workspace_id = %s AND kind = 1", (workspace.pk,))
    made.people = dict(rows.fetchall())
    return made


def send(conn: psycopg.Connection[Any], workspace: Workspace, messages: list[dict[str, Any]]) -> None:
    from safar.events.accept import accept
    from safar.events.message import check_message
    from safar.lib.faults import Faults

    faults, now = Faults(), datetime.now(UTC)
    checked = [check_message(each, faults, received=now, trusted=True) for each in messages]
    assert not faults, list(faults)
    accept(conn, workspace.pk, [each for each in checked if each], trusted=True)


def tick() -> None:
    """Everything that was accepted is applied."""
    from safar.journeys.engine.loop import Engine

    engine = Engine(database_url_of(os.environ))
    while engine.run_once():
        pass
    engine.close()
