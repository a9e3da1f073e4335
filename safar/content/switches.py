"""What a message says itself of being tracked, over what its workspace has set. Pure.

    tracking: {opens: false, clicks: true, utm: false}
    tracking: {utm: {utm_campaign: yalda-{variant}}}        UTM parameters with values of its own; the others are the workspace's

What is left out is as the workspace has it. A contact who does not want to be watched is watched by no message.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from safar.lib.faults import Faults, did_you_mean, said
from safar.lib.utm import NAMES, check_utm

SWITCHES = ("opens", "clicks", "utm")


def check_switches(written: Any, channel: Any, faults: Faults) -> None:
    """Adds what is wrong with them."""
    if not isinstance(written, Mapping):
        faults.add(said("is a mapping such as {opens: false, clicks: true, utm: false}"))
        return
    for name, value in written.items():
        if name not in SWITCHES:
            faults.at(str(name)).add(said("there is no such word here%(hint)s", hint=did_you_mean(str(name), SWITCHES)))
        elif name == "opens" and channel == "sms":
            faults.at(name).add(said("nobody can tell whether an SMS was opened"))
        elif name == "utm" and isinstance(value, Mapping):
            _check_values(value, faults.at(name))
        elif not isinstance(value, bool):
            faults.at(name).add(said("has to be true or false"))


def complete_switches(written: Any) -> Any:
    """As they are stored: what says nothing is left out."""
    if not isinstance(written, Mapping):
        return written or {}
    found = {name: value for name, value in written.items() if value is not None}
    if isinstance(utm := found.get("utm"), Mapping):
        found["utm"] = {name: text for name, text in utm.items() if text != ""} or True
    return found


def _check_values(values: Mapping[Any, Any], faults: Faults) -> None:
    for name, text in values.items():
        if name not in NAMES:
            faults.at(str(name)).add(said("there is no such word here%(hint)s", hint=did_you_mean(str(name), NAMES)))
        elif not isinstance(text, str):
            faults.at(name).add(said("has to be a text"))
        else:
            check_utm(text, faults.at(name))
