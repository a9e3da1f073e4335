"""A workspace that is taken away leaves nothing behind, and others lose nothing."""

from __future__ import annotations

from typing import Any

import psycopg

from safar.accounts.services import create_key, create_workspace
from safar.journeys.models import Journey
from safar.journeys.removing import AT_LAST, BY_LANE, remove_workspace

# Tables that name no workspace, by themselves or through a contact, an enrollment or a version.
OTHERS = {
    *("accounts_member", "accounts_signinlink", "accounts_emailchange", "account_emailaddress", "account_emailconfirmation", "mfa_authenticator"),
    *("auth_group", "auth_group_permissions", "auth_permission", "django_content_type", "django_migrations", "django_session"),
    *("seen", "timer", "lane", "bucket_lane", "engine_plan", "worker_heartbeat", "installation"),
}  # fmt: skip


def test_every_table_is_thought_of(conn: psycopg.Connection[Any]) -> None:
    """A room that adds a table says here whether a workspace's rows lie in it."""
    tables = conn.execute(
        "SELECT relname FROM pg_class WHERE relkind IN ('r', 'p') AND NOT relispartition"
        " AND relnamespace = current_schema()::regnamespace"
    ).fetchall()
    assert {name for (name,) in tables} - OTHERS == {table for table, _ in (*BY_LANE, *AT_LAST)}


def test_all_of_one_workspace_goes_and_nothing_of_another(conn: psycopg.Connection[Any], unique: str) -> None:
    shops = [create_workspace(slug=f"{name}-{unique}", name=name) for name in ("gone", "stays")]
    for number, shop in enumerate(shops):
        create_key(workspace=shop, kind="write")
        Journey.objects.create(workspace=shop, key="welcome")
        contact = (1000 + number) << 10 | 5
        conn.execute(
            "INSERT INTO contact (bucket, id, workspace_id, key, created_at) VALUES (5, %s, %s, %s, now())",
            (contact, shop.pk, f"mina-{unique}"),
        )
        conn.execute("INSERT INTO contact_tag (bucket, contact_id, tag, at) VALUES (5, %s, 'vip', now())", (contact,))
        conn.execute(
            "INSERT INTO identity (workspace_id, kind, value, contact_id) VALUES (%s, 1, 'm', %s)",
            (shop.pk, contact),
        )
    assert remove_workspace(conn, shops[0].pk) >= 7
    assert remove_workspace(conn, shops[0].pk) == 0
    for table in ("contact", "identity", "accounts_apikey", "journeys_journey", "accounts_auditentry"):
        left = conn.execute(
            psycopg.sql.SQL("SELECT workspace_id, count(*) FROM {} WHERE workspace_id = ANY (%s) GROUP BY 1").format(
                psycopg.sql.Identifier(table)
            ),
            ([shop.pk for shop in shops],),
        ).fetchall()
        assert left
        assert {workspace for workspace, _ in left} == {shops[1].pk}, table
    assert conn.execute("SELECT count(*) FROM contact_tag WHERE bucket = 5 AND tag = 'vip'").fetchone() == (1,)
