"""The WordPress plugin: its ZIP, its PHP, and what it sends. WordPress itself does not run here: `wordpress.php` stands in for it."""

from __future__ import annotations

import io
import json
import re
import shutil
import subprocess
import zipfile
from pathlib import Path
from typing import Any

import pytest
from babel.messages.pofile import read_po

from safar.shops.plugin import build_plugin
from tests.shops.conftest import Open
from tests.shops.counter import SECRET

HERE = Path(__file__).parent
PLUGIN = HERE.parents[1] / "safar" / "shops" / "wordpress" / "safar"
MOBILE = "+989121234567"
needs_php = pytest.mark.skipif(shutil.which("php") is None, reason="there is no php here")


def recorded() -> list[dict[str, Any]]:
    """The requests of Sara's visit, as `wordpress.php` last printed them."""
    return [json.loads(line) for line in (HERE / "plugin_requests.jsonl").read_text("utf-8").splitlines()]


def still(request: dict[str, Any]) -> Any:
    """Without what is another at every run: moments, and with them the signature."""
    body = re.sub(r'"[0-9]{4}-[0-9]{2}-[0-9]{2}T[0-9:]{8}Z?"', '"then"', request["body"])
    headers = {name: value for name, value in request["headers"].items() if name != "X-WC-Webhook-Signature"}
    return {**request, "body": body, "headers": headers}


def test_what_it_sends_becomes_carts_and_orders(counter: Open) -> None:
    at = counter("woocommerce")
    for request in [*recorded(), *recorded()]:
        answer = at.say("safar.deliveries", request["body"].encode(), **request["headers"])
        assert answer == (200, {"success": True})
    at.apply()
    people = at.people()
    assert set(people) == {MOBILE}
    sara = people[MOBILE]
    assert (sara["orders"], sara["spent"], sara["cart_value"], sara["consent"]) == (1, 5300000, 0, {"sms": "given"})
    names = [name for name, _ in at.history() if name not in ("identify", "alias")]
    assert sorted(names) == ["Cart Updated", "Checkout Started", "Order Completed", "Order Updated", "Product Viewed"]
    ((_, order),) = at.history("Order Completed")
    assert order["products"][0]["url"] == "https://livan.example/product/blue/"
    record = "SELECT text_version FROM consent_record WHERE workspace_id = %s"
    assert at.conn.execute(record, (at.house.id,)).fetchall() == [
        ("Send me news and offers by text message. I can stop it at any time.",)
    ]


@needs_php
def test_its_php_sends_what_was_recorded() -> None:
    command = ["php", str(HERE / "wordpress.php"), str(PLUGIN), SECRET]
    lines = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout.splitlines()
    assert [still(json.loads(line)) for line in lines] == [still(request) for request in recorded()]


@needs_php
def test_its_php_is_php() -> None:
    for file in sorted(PLUGIN.glob("**/*.php")):
        run = subprocess.run(["php", "-l", str(file)], capture_output=True, text=True, check=False, timeout=60)
        assert run.returncode == 0, run.stdout


def test_the_zip_has_address_and_secret_in_it() -> None:
    made = build_plugin(address="https://safar.example/shops/x", secret="it's a \\ secret")
    assert made == build_plugin(address="https://safar.example/shops/x", secret="it's a \\ secret")
    with zipfile.ZipFile(io.BytesIO(made)) as packed:
        names = set(packed.namelist())
        config = packed.read("safar/safar-config.php").decode()
    assert {"safar/safar.php", "safar/uninstall.php", "safar/assets/checkout.js", "safar/assets/visitor.js"} <= names
    assert "define( 'SAFAR_SECRET', 'it\\'s a \\\\ secret' );" in config


def test_its_persian_texts_are_whole() -> None:
    used = set()
    for file in PLUGIN.glob("**/*.php"):
        found = re.findall(r"(?:__|esc_html_e)\(\s*'((?:[^'\\]|\\.)*)',\s*'safar'", file.read_text("utf-8"))
        used |= {text.replace("\\'", "'") for text in found}
    with (PLUGIN / "languages" / "safar-fa_IR.po").open("rb") as file:
        kept = {str(message.id): str(message.string) for message in read_po(file) if message.id}
    assert set(kept) == used
    assert all(kept.values())
    quick = (PLUGIN / "languages" / "safar-fa_IR.l10n.php").read_text("utf-8")
    assert all(f"'{text}'" in quick.replace("\\'", "'") for text in kept.values())
