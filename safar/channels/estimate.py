"""What one message of a template would cost, before anybody gets it. Pure."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from safar.content.sms import roughly


def parts_of_template(template: Mapping[str, Any], language: str) -> int:
    """Parts of an SMS, by its text in the language (else in the one it has) for somebody of whom nothing is known; an e-mail is one.

    template: {"channel", "languages", "fallbacks"}.
    """
    if template["channel"] != "sms":
        return 1
    languages: Mapping[str, Mapping[str, str]] = template["languages"]
    texts = languages.get(language) or next(iter(languages.values()), {})
    return roughly(texts.get("text", ""), template["fallbacks"], language).parts


def cost_of_one(template: Mapping[str, Any], language: str, prices: Mapping[str, Decimal | None]) -> Decimal | None:
    """In the workspace's currency; None where the line of its channel has no price. prices: by channel."""
    price = prices.get(template["channel"])
    return None if price is None else price * parts_of_template(template, language)
