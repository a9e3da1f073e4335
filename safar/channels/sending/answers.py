"""From a provider's verdict to what is written down. Pure."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import timedelta
from typing import Any

from safar.channels.provider import Accepted, AccountRefused, NotNow, Refused, Unanswered
from safar.channels.sending.lines import Outcome
from safar.channels.sms.text import kept_pattern
from safar.content.sms import count
from safar.outbox.finish import MOST_REFUSALS, Answer, back_off

ACCOUNT_WAIT = timedelta(
    minutes=1
)  # a message that met a refusal of the account steps back, so that another one is the next probe


def answer_to(
    outcome: Outcome, *, doubt_for: timedelta, circuit_open: bool, back_off: Callable[[int], timedelta] = back_off
) -> Answer:
    """The answer for the outbox.

    A message that is told "not now" too often has failed. So has one that again and again meets an "account" refusal
    while others get through (the circuit is closed): then it is about the message, whatever the words.
    """
    row, attempt, verdict = outcome.hand_over.prepared.ready.row, outcome.hand_over.attempt, outcome.verdict
    refusals = row.refusals + 1
    if not outcome.left:
        return Answer(row.key, attempt, "pending", reason="not_handed_over")
    match verdict:
        case Accepted(provider_id=provider_id, said=said, otherwise=otherwise):
            instead = _instead(outcome) if otherwise else None
            return Answer(row.key, attempt, "accepted", said=said, provider_id=provider_id, instead=instead)
        case Refused(reason, said):
            return Answer(row.key, attempt, "failed", reason=reason, said=said)
        case NotNow(reason, said, after) if refusals < MOST_REFUSALS:
            wait = max(back_off(refusals), after)
            return Answer(row.key, attempt, "retry_wait", reason=reason, said=said, wait=wait)
        case AccountRefused(reason, said) if refusals < MOST_REFUSALS or circuit_open:
            return Answer(row.key, attempt, "pending", reason=reason, said=said, wait=ACCOUNT_WAIT)
        case NotNow(_, said) | AccountRefused(_, said):
            return Answer(row.key, attempt, "failed", reason="given_up", said=said)
        case Unanswered(reason, said, otherwise):
            instead = _instead(outcome) if otherwise else None
            return Answer(row.key, attempt, "in_doubt", reason=reason, said=said, wait=doubt_for, instead=instead)
    raise TypeError(f"a verdict of another kind: {verdict!r}")


def _instead(outcome: Outcome) -> Mapping[str, Any] | None:
    """What went in the other way."""
    parcel = outcome.hand_over.prepared.parcel
    other = parcel.otherwise if parcel else None
    if other is None:
        return None
    text = other.source.decode()
    return {"body_text": text, "pattern": kept_pattern(other.pattern), "parts": count(text).parts}
