"""What of a rendered SMS goes out, in which order, and how its text ends. Pure.

A template may have an approved pattern, a free text, or both in a language. The pattern goes first unless it says ``second``; what the service cannot take is left for the
other. Links are made short before (``tracking.marking``). A free advertising text to a number in Iran ends with «لغو۱۱»; a pattern never does, because it goes by a service line, as it was approved.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from safar.channels.services.numbers import IRAN
from safar.channels.sms.patterns import Pattern, PatternRules
from safar.content.pool import Rendered
from safar.content.sms import with_stop_word
from safar.lib.faults import said, told

MARKETING = "marketing"


@dataclass(frozen=True, slots=True)
class Written:
    """One way to say it: a free text, or a pattern with the text that it makes."""

    text: str
    pattern: Pattern | None = None


def ways_of(
    made: Rendered,
    *,
    klass: str,
    address: str | None,
    rules: PatternRules | None,
    strict: bool,
) -> tuple[list[Written], str]:
    """(the ways in which it may go out, the first one first; why the pattern is none of them).

    address: E.164; None where nobody in particular gets it: then Persian texts are taken for Iran's. rules: of the service that carries it; None: it takes no patterns.
    strict: False where nothing leaves the house (the mailbox): then a pattern is shown as it is.
    """
    ways, why = [], ""
    if made.pattern is not None:
        pattern = Pattern(made.pattern["code"], made.pattern["values"])
        try:
            fitted = pattern if not strict else _fit(pattern, rules)
            ways.append(Written(made.pattern["text"], fitted))
        except ValueError as fault:
            why = told(fault)
    if made.text.strip():
        in_iran = address.startswith(IRAN) if address else made.language == "fa"
        free = Written(with_stop_word(made.text) if klass == MARKETING and in_iran else made.text)
        ways.insert(0 if made.pattern is not None and made.pattern["second"] else len(ways), free)
    return ways, why


def kept_pattern(pattern: Pattern | None) -> Mapping[str, Any] | None:
    """As a message keeps it."""
    return None if pattern is None else {"code": pattern.code, "values": dict(pattern.values)}


def pattern_of(kept: Mapping[str, Any] | None) -> Pattern | None:
    return None if kept is None else Pattern(kept["code"], kept["values"])


def _fit(pattern: Pattern, rules: PatternRules | None) -> Pattern:
    if rules is None:
        raise ValueError(said("the SMS service takes no patterns"))
    return rules.fit(pattern)
