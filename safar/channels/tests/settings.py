"""Settings of sending for tests."""

from __future__ import annotations

from typing import Any

from safar.channels.settings import Sending

SECRET = "a key for tests only, nothing else"


def sending(**changes: Any) -> Sending:
    """An installation with https and a sender; mailbox only, unless ``email_url`` is given."""
    given = {"secret_key": SECRET, "public_url": "https://safar.example", "email_from": "Shop <shop@shop.example>"}
    return Sending(**{**given, **changes})


def states(shop, people):
    return [shop.message(person)["state"] for person in people]
