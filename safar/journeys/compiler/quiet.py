"""The end of a contact's quiet hours, in SQL text (docs/semantics.md 61 to 63)."""

from __future__ import annotations

from safar.journeys.compiler.text import lit, text
from safar.journeys.kinds import Outgoing
from safar.lib.quiet import Quiet
from safar.segments.reading import Reading


def quiet_until(outgoing: Outgoing, quiet: Quiet, reading: Reading) -> str | None:
    """timestamptz over c: NULL for whom it is not quiet at reading.at. None: it is so for nobody."""
    if not outgoing.marketing:
        return None
    rule = quiet.of(outgoing.channel, quiet.topic_of(outgoing.topic, outgoing.templates))
    if rule is None:
        return None
    begins, ends = (None if clock is None else clock.isoformat() for clock in (rule.begins, rule.ends))
    weekdays = "{" + ",".join(map(str, rule.weekdays)) + "}"
    days_off = "{" + ",".join(day.isoformat() for day in rule.days_off) + "}"
    return (
        f"safar_quiet_until({text(reading.at)}, {text(reading.zone)}, safar_share(c.key || '|quiet'), {lit(begins)}::time,"
        f" {lit(ends)}::time, '{weekdays}'::smallint[], '{days_off}'::date[], {rule.spread})"
    )
