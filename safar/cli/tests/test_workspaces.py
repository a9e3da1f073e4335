"""Workspaces and keys through the front door."""

from __future__ import annotations

import json

from safar.cli.failures import FAILED, WRONG_INPUT


def test_from_nothing_to_a_key(safar) -> None:
    code, _, err = safar("key", "create", "--kind", "write")
    assert code == FAILED
    assert "safar workspace create" in err
    assert (
        safar("workspace", "create", "shop", "--zone", "Asia/Tehran", "--calendar", "jalali", "--currency", "IRR")[0]
        == 0
    )
    code, out, _ = safar("key", "create", "--kind", "write")
    assert code == 0
    assert out.startswith("pk_")
    code, out, err = safar("key", "create", "--kind", "secret")
    assert out.startswith("sk_")
    assert "cannot be shown again" in err
    listed = json.loads(safar("workspace", "list", "--json")[1])
    assert listed == [{"slug": "shop", "name": "shop", "zone": "Asia/Tehran", "calendar": "jalali", "currency": "IRR"}]


def test_which_of_several(safar) -> None:
    for slug in ("shop", "other"):
        assert safar("workspace", "create", slug)[0] == 0
    code, _, err = safar("key", "create", "--kind", "write")
    assert code == FAILED
    assert "--workspace: other, shop" in err
    assert safar("key", "create", "--kind", "write", "-w", "shop")[0] == 0
    assert "did you mean 'shop'?" in safar("key", "create", "--kind", "write", "-w", "shoop")[2]


def test_all_faults_of_a_workspace(safar) -> None:
    code, _, err = safar("workspace", "create", "Shop!", "--zone", "Tehran", "--calendar", "lunar")
    assert code == WRONG_INPUT
    for word in ("slug", "zone", "calendar"):
        assert word in err


def test_settings_and_the_kill_switch(safar) -> None:
    from safar.accounts.models import AuditEntry, Workspace

    safar("workspace", "create", "shop")
    words = ("--send-mode", "team", "--team-address", "a@shop.example", "--late-events", "PT2H")
    code, out, _ = safar("workspace", "set", "shop", *words, "--json")
    assert code == 0
    assert set(json.loads(out)["changed"]) == {"send_mode", "team_addresses", "late_events"}
    shop = Workspace.objects.get(slug="shop")
    assert (shop.send_mode, shop.team_addresses, shop.late_events) == ("team", ["a@shop.example"], 7200)
    assert safar("workspace", "set", "shop", "--late-events", "P1D", "--zone", "Mars")[0] == WRONG_INPUT
    code, _, err = safar("workspace", "set", "shop", "--zone", "Mars", "--language", "de")
    assert code == WRONG_INPUT
    assert "zone" in err
    assert "language" in err
    assert safar("workspace", "stop", "shop")[0] == 0
    assert Workspace.objects.get(slug="shop").stopped
    assert safar("workspace", "start", "shop")[0] == 0
    assert not Workspace.objects.get(slug="shop").stopped
    assert AuditEntry.objects.filter(action="update_workspace").count() == 3
