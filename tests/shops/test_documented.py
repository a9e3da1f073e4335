"""The examples of docs/shop-events.md, played at the door for any shop: they do what the page says."""

from __future__ import annotations

import json
import random
import re
from pathlib import Path
from typing import Any

from safar.shops import words
from tests.shops.conftest import Open

PAGE = (Path(__file__).parents[2] / "docs" / "shop-events.md").read_text("utf-8")


def batch() -> list[dict[str, Any]]:
    found = re.search(r"```json\n(.*?)```", PAGE, re.DOTALL)
    assert found is not None
    return list(json.loads(found[1])["batch"])


def test_the_page_names_every_event_and_status() -> None:
    named = {value for name, value in vars(words).items() if name.isupper() and isinstance(value, str)}
    assert not [name for name in named if f"`{name}`" not in PAGE]


def test_the_examples_do_what_the_page_says(counter: Open) -> None:
    at = counter("woocommerce")  # for its house
    said = batch()
    random.Random(7).shuffle(said)
    for _ in range(2):
        assert at.client.post("/v1/batch", {"batch": said}, key=at.house.secret_key)[0] == 200
    at.apply()
    (sara,) = at.people().values()
    assert "4:+989121234567" in sara["names"]
    assert (sara["orders"], sara["spent"], sara["cart_value"], sara["consent"]) == (1, 5000000, 0, {"sms": "given"})
    assert len(at.history()) == len(said)
