"""``safar shop``: the shops that are connected, and the plugin with address and secret in it."""

from __future__ import annotations

import json
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings

from safar.cli.failures import FAILED
from safar.cli.session import connection
from safar.shops.connecting import Shop, connect_shop

SECRET = "a long word of the shop's own"


def connect(slug: str, system: str, **given: str) -> Shop:
    from safar.accounts.models import Workspace

    keys = (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)
    with connection() as conn:
        number = Workspace.objects.get(slug=slug).pk
        return connect_shop(conn, workspace_id=number, system=system, given={**given, "secret": SECRET}, keys=keys)


def test_a_shop_is_listed_and_its_plugin_written(safar: Any, tmp_path: Path) -> None:
    safar("workspace", "create", "livan")
    connect("livan", "shopify", domain="mugs-berlin.myshopify.com")
    code, _, said = safar("shop", "plugin")
    assert code == FAILED
    assert "No shop here takes a plugin" in said

    made = connect("livan", "woocommerce", url="https://livan.example")
    code, told, said = safar("shop", "list", "--json")
    assert code == 0, said
    shops = json.loads(told)
    assert [one["shop"] for one in shops] == ["shopify", "woocommerce"]
    assert shops[1]["address"] == f"{settings.SAFAR.public_url}/shops/{made.token}"
    assert shops[1]["last_heard"] is None
    assert SECRET not in told
    assert "livan.example" in safar("shop", "list")[1]

    path = tmp_path / "plugin.zip"
    code, _, said = safar("shop", "plugin", "--to", str(path))
    assert code == 0, said
    assert path.stat().st_mode & 0o077 == 0  # the secret is in it
    with zipfile.ZipFile(path) as packed:
        config = packed.read("safar/safar-config.php").decode()
    assert made.token in config
    assert "a long word of the shop\\'s own" in config


@pytest.mark.parametrize(("name", "heard"), [("woocommerc", "woocommerce"), ("shopify", "takes a plugin")])
def test_a_shop_that_takes_none(safar: Any, name: str, heard: str) -> None:
    safar("workspace", "create", "livan")
    connect("livan", "shopify", domain="mugs-berlin.myshopify.com")
    connect("livan", "woocommerce", url="https://livan.example")
    code, _, said = safar("shop", "plugin", name)
    assert code == FAILED
    assert heard in said


def test_a_file_that_is_there_is_left_alone(safar: Any, tmp_path: Path) -> None:
    """Whoever may read it could read the secret."""
    safar("workspace", "create", "livan")
    connect("livan", "woocommerce", url="https://livan.example")
    there, link, away = tmp_path / "plugin.zip", tmp_path / "link.zip", tmp_path / "elsewhere.zip"
    there.write_text("of old")
    there.chmod(0o644)
    link.symlink_to(away)
    for path in (there, link):
        code, _, said = safar("shop", "plugin", "--to", str(path))
        assert code != 0
        assert "such a file already" in said
    assert there.read_text() == "of old"
    assert not away.exists()


def test_a_folder_that_is_not_there(safar: Any, tmp_path: Path) -> None:
    safar("workspace", "create", "livan")
    connect("livan", "woocommerce", url="https://livan.example")
    code, _, said = safar("shop", "plugin", "--to", str(tmp_path / "no" / "plugin.zip"))
    assert code != 0
    assert "No such file" in said
