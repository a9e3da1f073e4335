"""Consent as a message says it (docs/semantics.md 7)."""

from __future__ import annotations

from typing import Any

from safar.lib.faults import Faults, did_you_mean

CHANNELS = ("email", "sms")
STATES = ("given", "pending", "withdrawn")


def read_consent(context: dict[str, Any], faults: Faults) -> dict[str, str] | None:
    """``context.consent`` as channel → given | pending | withdrawn; None where it says nothing of our channels.

    true and false stand for given and withdrawn; Segment's ``categoryPreferences`` inside it is read likewise.
    """
    said = context.get("consent")
    if not isinstance(said, dict):
        return None
    found: dict[str, str] = {}
    inner = said.get("categoryPreferences")
    if isinstance(inner, dict):
        _read(inner, found, faults.at("categoryPreferences"))
    _read(said, found, faults)
    return found or None


def _read(said: dict[str, Any], found: dict[str, str], faults: Faults) -> None:
    for channel in CHANNELS:
        value = said.get(channel)
        if value is None:
            continue
        if isinstance(value, bool):
            found[channel] = "given" if value else "withdrawn"
        elif isinstance(value, str) and value in STATES:
            found[channel] = value
        else:
            mend = did_you_mean(value, STATES) if isinstance(value, str) else ""
            faults.at(channel).add(f"has to be {', '.join(STATES)}, true or false{mend}")
