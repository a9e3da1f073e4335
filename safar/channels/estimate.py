"""What one message of a template would cost, before anybody gets it. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from decimal import Decimal
from typing import Any

from safar.channels.tracking.rewriting import bare_links
from safar.content.pattern_text import fill
from safar.content.sms import count, rough, with_stop_word

Short = Callable[[Mapping[str, Any]], str]  # tracking.marking.short_stand_in


def as_written(own: Mapping[str, Any]) -> str:
    """Links stay as they are."""
    return ""


def parts_of_template(
    template: Mapping[str, Any], language: str, *, short: Short = as_written, marketing: bool = True
) -> int:
    """Parts of an SMS, by its text in the language (else in the one it has) for somebody of whom nothing is known: of the pattern where that goes first, else of
    the free text, with its stop word where it is marketing. An e-mail is one.

    template: {"channel", "languages", "fallbacks", "tracking"}. short: how long the short link is that stands for the first of an SMS.
    """
    if template["channel"] != "sms":
        return 1
    languages: Mapping[str, Mapping[str, Any]] = template["languages"]
    chosen = language if language in languages else next(iter(languages), language)
    texts, fallbacks = languages.get(chosen, {}), template["fallbacks"]
    pattern, text = texts.get("pattern"), texts.get("text") or ""
    if pattern and not (pattern.get("second") and text.strip()):
        values = {name: rough(source, fallbacks, chosen) for name, source in pattern["variables"].items()}
        return count(fill(pattern["text"], values)).parts
    said = _shortened(rough(text, fallbacks, chosen), short(template.get("tracking") or {}))
    return count(with_stop_word(said) if marketing and chosen == "fa" and said else said).parts


def cost_of_one(
    template: Mapping[str, Any], language: str, prices: Mapping[str, Decimal | None], *, short: Short = as_written
) -> Decimal | None:
    """In the workspace's currency; None where the line of its channel has no price. prices: by channel. short: as above."""
    price = prices.get(template["channel"])
    return None if price is None else price * parts_of_template(template, language, short=short)


def _shortened(text: str, short: str) -> str:
    links = bare_links(text) if short else []
    return text.replace(links[0], short, 1) if links else text
