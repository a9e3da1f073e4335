"""Workspaces and keys."""

from __future__ import annotations

import pytest

from safar.accounts import keys, services
from safar.accounts.changes import update_workspace
from safar.accounts.models import ApiKey, AuditEntry
from safar.lib.faults import Refused


def test_a_workspace(database_url, unique):
    made = services.create_workspace(
        slug=unique,
        name="Mug shop",
        zone="Asia/Tehran",
        calendar="jalali",
        language="fa",
        currency="irr",
        currency_unit="irt",
    )
    assert (made.currency, made.currency_unit, made.late_events, made.send_mode) == ("IRR", "IRT", 3600, "mailbox")
    entry = AuditEntry.objects.get(workspace=made)
    assert (entry.actor, entry.action, entry.details) == ("command line", "create_workspace", {"slug": unique})


def test_all_faults_of_a_workspace_at_once(database_url, unique):
    services.create_workspace(slug=unique, name="x")
    with pytest.raises(Refused) as caught:
        services.create_workspace(
            slug=unique, name=" ", zone="../etc", calendar="lunar", language="de", currency="R$", send_mode="loud"
        )
    places = [fault.place for fault in caught.value.faults]
    assert places == ["slug", "name", "zone", "calendar", "language", "send_mode", "currency", "currency_unit"]
    with pytest.raises(Refused):
        services.create_workspace(slug="Mug Shop", name="x")


def test_keys_are_shown_once_and_found(conn, unique):
    workspace = services.create_workspace(slug=unique, name="x")
    write = services.create_key(workspace=workspace, kind="write", label="website")
    secret = services.create_key(workspace=workspace, kind="secret", scopes=["segments:read", "events"])
    assert write.startswith("pk_")
    assert secret.startswith("sk_")
    found = keys.find_key(conn, write)
    assert (found.workspace_id, found.trusted, found.scopes) == (workspace.pk, False, ())
    found = keys.find_key(conn, secret)
    assert (found.workspace_id, found.trusted, found.scopes) == (workspace.pk, True, ("events", "segments:read"))
    kept = ApiKey.objects.filter(workspace=workspace).values_list("prefix", "hash")
    assert all(plain not in (prefix, bytes(hash)) for prefix, hash in kept for plain in (write, secret))
    told = str(list(AuditEntry.objects.filter(workspace=workspace).values()))
    assert write not in told
    assert secret not in told


def test_two_live_secret_keys(database_url, unique):
    workspace = services.create_workspace(slug=unique, name="x")
    for _ in range(2):
        services.create_key(workspace=workspace, kind="secret")
    with pytest.raises(Refused):
        services.create_key(workspace=workspace, kind="secret")
    first = ApiKey.objects.filter(workspace=workspace).order_by("id")[0]
    assert services.revoke_key(key=first) is True
    assert services.revoke_key(key=first) is False
    services.create_key(workspace=workspace, kind="secret")
    with pytest.raises(Refused):
        services.create_key(workspace=workspace, kind="master")
    with pytest.raises(Refused):
        services.create_key(workspace=workspace, kind="write", scopes=["events"])
    with pytest.raises(Refused, match="there is no scope 'event'; did you mean 'events'"):
        services.create_key(workspace=workspace, kind="secret", scopes=["event"])


def test_weeks_are_the_calendars_until_one_says_otherwise(database_url, unique):
    made = services.create_workspace(slug=unique, name="x", calendar="jalali")
    assert (made.week_start, made.weekend) == ("sat", ["thu", "fri"])
    made = services.create_workspace(slug=f"{unique}-2", name="x")
    assert (made.week_start, made.weekend) == ("mon", ["sat", "sun"])
    assert update_workspace(workspace=made, week_start="sun", weekend=["fri"]) == ["week_start", "weekend"]
    made.refresh_from_db()
    assert (made.week_start, made.weekend) == ("sun", ["fri"])
    for wrong in ({"week_start": "wed"}, {"weekend": ["fri", "fri"]}, {"weekend": ["holiday"]}, {"weekend": "fri"}):
        with pytest.raises(Refused):
            update_workspace(workspace=made, **wrong)


def test_a_key_is_believed_for_a_while(conn, unique):
    now = 0.0
    ring = keys.KeyRing(clock=lambda: now)
    workspace = services.create_workspace(slug=unique, name="x")
    plain = services.create_key(workspace=workspace, kind="write")
    assert ring.find(conn, plain) is not None
    services.revoke_key(key=ApiKey.objects.get(workspace=workspace))
    assert ring.find(conn, plain) is not None
    now = keys.TTL + 1
    assert ring.find(conn, plain) is None


@pytest.mark.parametrize(
    "plain", ["", "pk_", "pk_unknown", "nonsense", "sk_" + "x" * 500, "pk_\0", "pk_\ud800", "pk_سارا"]
)
def test_what_is_no_key(conn, plain):
    assert keys.KeyRing().find(conn, plain) is None


def test_unknown_keys_do_not_fill_the_memory(conn, monkeypatch):
    monkeypatch.setattr(keys, "MAX_KEPT", 10)
    ring = keys.KeyRing()
    for number in range(50):
        ring.find(conn, f"pk_{number}")
    assert len(ring._kept) <= 10
