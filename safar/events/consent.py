"""Consent, topics and preferences as a message says them (docs/semantics.md 7, 54 and 59). The inbox keeps all as one map, topics as
``topic:<key>``."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.contacts.preferences import FREQUENCY, SWITCHES
from safar.contacts.preferences import STATES as PREFERENCES
from safar.contacts.topics import CHANNEL_PREFIX, JOINED, LEFT, TOPIC
from safar.contacts.topics import STATES as TOPIC_STATES
from safar.lib.faults import Faults, did_you_mean, said

CHANNELS = ("email", "sms")
STATES = ("given", "pending", "withdrawn")
SAYING = frozenset(("consent", "topics", "preferences"))  # of a message's context
MOST_TOPICS = 100  # said at once


def read_consent(context: dict[str, Any], faults: Faults) -> dict[str, str] | None:
    """``context.consent`` as channel → given | pending | withdrawn; None where it says nothing of our channels.

    true and false stand for given and withdrawn; Segment's ``categoryPreferences`` inside it is read likewise.
    """
    given = context.get("consent")
    if not isinstance(given, dict):
        return None
    found: dict[str, str] = {}
    inner = given.get("categoryPreferences")
    if isinstance(inner, dict):
        _read(inner, found, faults.at("categoryPreferences"))
    _read(given, found, faults)
    return found or None


def read_said(context: Mapping[str, Any], faults: Faults) -> dict[str, str] | None:
    """All that a message's context says of consent, topics and preferences, as the inbox keeps it; None where it says nothing."""
    consent = read_consent(dict(context), faults.at("consent")) or {}
    topics = read_topics(context, faults.at("topics")) or {}
    return {**consent, **topics, **(read_preferences(context, faults.at("preferences")) or {})} or None


def read_preferences(context: Mapping[str, Any], faults: Faults) -> dict[str, str] | None:
    """``context.preferences``, {"frequency": everything | weekly | monthly, "pause": true | false, "tracking": true | false};
    None where it says nothing."""
    given = context.get("preferences")
    if given is None:
        return None
    if not isinstance(given, dict):
        faults.add(said("has to be an object"))
        return None
    found: dict[str, str] = {}
    for name, value in given.items():
        if name in SWITCHES and isinstance(value, bool):
            value = SWITCHES[name][0 if value else 1]
        if name not in PREFERENCES:
            continue  # as of channels: what others call so is theirs
        if isinstance(value, str) and value in PREFERENCES[name]:
            found[name] = value
        else:
            known = PREFERENCES[name] if name == FREQUENCY else (*PREFERENCES[name], "true", "false")
            faults.at(name).add(said("has to be one of %(known)s", known=", ".join(known)))
    return found or None


def _read(given: dict[str, Any], found: dict[str, str], faults: Faults) -> None:
    for channel in CHANNELS:
        value = given.get(channel)
        if value is None:
            continue
        if isinstance(value, bool):
            found[channel] = "given" if value else "withdrawn"
        elif isinstance(value, str) and value in STATES:
            found[channel] = value
        else:
            mend = did_you_mean(value, STATES) if isinstance(value, str) else ""
            faults.at(channel).add(
                said("has to be %(known)s, true or false%(mend)s", known=", ".join(STATES), mend=mend)
            )


def read_topics(context: Mapping[str, Any], faults: Faults) -> dict[str, str] | None:
    """``context.topics``, topic → joined | left (or true, false), as ``topic:<key>`` → state; None where it says nothing.

    Whether there is such a topic is not asked here: what is said of one that is made later counts from then on.
    """
    given = context.get("topics")
    if given is None:
        return None
    if not isinstance(given, dict) or len(given) > MOST_TOPICS:
        faults.add(said("has to be an object of at most %(most_topics)s topics", most_topics=MOST_TOPICS))
        return None
    found: dict[str, str] = {}
    for key, value in given.items():
        if not TOPIC.fullmatch(key):
            faults.at(key).add(said("is no key of a topic: small Latin letters, digits, - and _"))
        elif isinstance(value, bool):
            found[CHANNEL_PREFIX + key] = JOINED if value else LEFT
        elif isinstance(value, str) and value in TOPIC_STATES:
            found[CHANNEL_PREFIX + key] = value
        else:
            mend = did_you_mean(value, TOPIC_STATES) if isinstance(value, str) else ""
            faults.at(key).add(
                said("has to be %(known)s, true or false%(mend)s", known=", ".join(TOPIC_STATES), mend=mend)
            )
    return found or None
