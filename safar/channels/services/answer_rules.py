"""What the answers of a service mean, one rule a line, for services that are described in a form. Pure.

    accepted: return.status = 200
    account credit: return.status = 418
    refused bad_address: code = 21211 21614
    not_now: status = 500 502 503
    accepted: text > 1000

The first rule whose every condition (joined by ``&``) holds decides; where none does, nobody knows whether the message was taken. A place is
``status`` (of HTTP), ``text`` (the whole answer) or a path into its JSON, such as ``entries.0.status``. ``=`` is any of the words, ``>``
and ``<`` compare numbers, ``~`` is that the words stand somewhere in it, as they follow each other, in capitals or small.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from typing import Any

from safar.channels.provider import Accepted, AccountRefused, NotNow, Refused, Unanswered, Verdict
from safar.channels.services.http_line import read_json, words_of
from safar.channels.services.mends import OWN_MENDS
from safar.lib.calls import Answered
from safar.lib.faults import Faults, did_you_mean, said

REASONS: Mapping[str, tuple[str, ...]] = {
    "accepted": ("",),
    "refused": ("content", "bad_address", "blacklisted", "too_large", "pattern"),
    "account": tuple(OWN_MENDS),
    "not_now": ("service_down",),
}
_VERDICTS: Mapping[str, Callable[[str, str], Verdict]] = {
    "refused": Refused,
    "account": AccountRefused,
    "not_now": NotNow,
}
_RULE = re.compile(r"(?P<what>[a-z_]+)(?:\s+(?P<reason>[a-z_]+))?\s*:\s*(?P<conditions>.+)")
_CONDITION = re.compile(r"(?P<place>[\w.-]+)\s*(?P<sign>[=<>~])\s*(?P<words>.+)")
_NUMBER = re.compile(r"-?\d{1,30}(?:\.\d{1,12})?")


@dataclass(frozen=True, slots=True)
class Rule:
    """what: an outcome, a word of REASONS or of whatever else rules were read for. conditions: (place, sign, words), all of which have to hold."""

    what: str
    reason: str
    conditions: tuple[tuple[str, str, tuple[str, ...]], ...]


def read_rules(text: str, faults: Faults, *, outcomes: Mapping[str, tuple[str, ...]] = REASONS) -> list[Rule]:
    """Every line that is no rule is a fault of its own. outcomes: what may stand before the colon → its reasons, the first one where none is written; the first
    outcome is one that has to be there."""
    need = next(iter(outcomes))
    rules = []
    for number, line in enumerate(text.splitlines(), 1):
        if not line.strip():
            continue
        found = _RULE.fullmatch(line.strip())
        conditions = [_CONDITION.fullmatch(one.strip()) for one in found["conditions"].split("&")] if found else []
        if found is None or not all(conditions):
            faults.add(
                said("line %(number)s: write a rule such as: %(outcome)s: status = 200", number=number, outcome=need)
            )
        elif found["what"] not in outcomes:
            mend = did_you_mean(found["what"], outcomes)
            faults.add(
                said(
                    "line %(number)s: there is no outcome '%(word)s'%(mend)s",
                    number=number,
                    word=found["what"],
                    mend=mend,
                )
            )
        elif found["reason"] and found["reason"] not in outcomes[found["what"]]:
            words = ", ".join(filter(None, outcomes[found["what"]])) or "-"
            faults.add(said("line %(number)s: the reason has to be one of %(words)s", number=number, words=words))
        elif any(one["sign"] in "<>" and not _NUMBER.fullmatch(one["words"].strip()) for one in conditions if one):
            faults.add(said("line %(number)s: < and > compare with a number", number=number))
        else:
            given = tuple((one["place"], one["sign"], tuple(one["words"].split())) for one in conditions if one)
            rules.append(Rule(found["what"], found["reason"] or outcomes[found["what"]][0], given))
    if not faults and not any(rule.what == need for rule in rules):
        faults.add(said("no rule says when a message is %(outcome)s", outcome=need))
    return rules


def judge(rules: Sequence[Rule], answer: Answered, *, id_at: str = "") -> Verdict:
    """By the first rule that holds. id_at: the places where the service's own number for the message may stand; empty: there is none."""
    return judge_if_any(rules, answer, id_at=id_at) or Unanswered("strange_answer", words_of(answer))


def judge_if_any(rules: Sequence[Rule], answer: Answered, *, id_at: str = "") -> Verdict | None:
    """None where no rule holds."""
    body = read_json(answer)
    words = words_of(answer)
    rule = first_of(rules, lambda place: _at(answer, body, place))
    if rule is None:
        return None
    if rule.what == "accepted":
        number = next(filter(None, (_at(answer, body, place) for place in id_at.split())), "")
        return Accepted(number[:200] or None, words)
    return _VERDICTS[rule.what](rule.reason, words)


def first_of(rules: Sequence[Rule], look: Callable[[str], str]) -> Rule | None:
    """The first rule that holds. look: place → what stands there, as text."""
    for rule in rules:
        if all(_holds(look(place), sign, wanted) for place, sign, wanted in rule.conditions):
            return rule
    return None


def _at(answer: Answered, body: Any, place: str) -> str:
    """What stands at a place, as text; empty where there is nothing."""
    if place == "status":
        return str(answer.status)
    if place == "text":
        return answer.text.strip()
    return text_at(body, place)


def value_at(body: Any, place: str) -> Any:
    """What stands at a path into JSON; None where there is nothing."""
    for name in place.split("."):
        if isinstance(body, dict):
            body = body.get(name)
        elif isinstance(body, list) and name.isascii() and name.isdigit() and int(name[:6]) < len(body):
            body = body[int(name[:6])]
        else:
            return None
    return body


def text_at(body: Any, place: str) -> str:
    """As text: empty for nothing, and for what is more than a value."""
    found = value_at(body, place)
    if isinstance(found, bool):
        return "true" if found else "false"
    return "" if found is None or isinstance(found, dict | list) else str(found)


def _holds(value: str, sign: str, wanted: Sequence[str]) -> bool:
    if sign == "=":
        return value in wanted
    if sign == "~":
        return " ".join(wanted).lower() in " ".join(value.lower().split())
    if not _NUMBER.fullmatch(value):
        return False
    try:
        here, there = Decimal(value), Decimal(wanted[0])
    except InvalidOperation:
        return False
    return here > there if sign == ">" else here < there
