"""The settings of a journey: re-entry, one_per, goal, exit_when, control group."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from safar.journeys.definition.collecting import mend
from safar.journeys.definition.model import Goal, Settings
from safar.journeys.definition.parameters import read_duration, read_mapping, read_number, read_text
from safar.lib.durations import Duration
from safar.lib.faults import Faults, said
from safar.segments.catalog import Catalog
from safar.segments.operators import Where, parse_where
from safar.segments.parse import parse_condition

KEYS = ("reentry", "one_per", "goal", "exit_when", "control_group")
GOAL = ("event", "where", "within", "money")


def read_settings(written: Any, faults: Faults, catalog: Catalog) -> Settings:
    """The settings as written; defaults for what is left out, null, or wrong (then with a fault)."""
    if written is None:
        return Settings()
    found = read_mapping(written, faults, KEYS)
    if found is None:
        return Settings()
    given: Mapping[str, Any] = {key: value for key, value in found.items() if value is not None}
    with_entry = replace(catalog, entry=True, since=("entry",))
    one_per = read_text(given["one_per"], faults.at("one_per")) if "one_per" in given else None
    goal = _goal(given["goal"], faults.at("goal"), with_entry) if "goal" in given else None
    exit_when = (
        parse_condition(given["exit_when"], faults.at("exit_when"), with_entry) if "exit_when" in given else None
    )
    control = read_number(given.get("control_group", 0), faults.at("control_group"), least=0, most=100)
    return Settings(
        reentry=_reentry(given.get("reentry", "never"), faults.at("reentry")),
        one_per=one_per,
        goal=goal,
        exit_when=exit_when,
        control_group=float(control or 0),
    )


def read_positive(written: Any, faults: Faults) -> Duration | None:
    """A duration that is not negative."""
    duration = read_duration(written, faults)
    if duration is not None and duration != Duration() and not duration.positive:
        faults.add(said("must not be negative, as %(written)s is", written=written))
        return None
    return duration


def _reentry(written: Any, faults: Faults) -> str | Duration:
    if written in ("never", "always"):
        return str(written)
    if isinstance(written, str) and not written.lstrip("+-").startswith("P"):
        guess = mend(written, ("never", "always"), faults)
        faults.add(
            said(
                "must be never, always, or a duration such as P30D, not '%(written)s'%(guess)s",
                written=written[:40],
                guess=guess,
            )
        )
        return "never"
    return read_positive(written, faults) or "never"


def _goal(written: Any, faults: Faults, catalog: Catalog) -> Goal | None:
    found = read_mapping(written, faults, GOAL)
    if found is None:
        return None
    event = None
    if "event" in found:
        event = read_text(found["event"], faults.at("event"))
    else:
        faults.at("event").add(said("is missing"))
    where: Where | None = None
    if found.get("where") is not None:
        where = parse_where(found["where"], faults.at("where"), catalog)
    within = read_positive(found["within"], faults.at("within")) if found.get("within") is not None else None
    money = read_text(found["money"], faults.at("money")) if found.get("money") is not None else None
    return Goal(event, where, within, money) if event is not None else None
