"""When what goes out may go: the end of a contact's quiet hours, and their hour, in SQL text (docs/semantics.md 61 to 63, 69)."""

from __future__ import annotations

from dataclasses import replace

from safar.journeys.compiler.text import lit, sql, text
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


def goes_at(outgoing: Outgoing, quiet: Quiet, reading: Reading, woken: str) -> str | None:
    """timestamptz over c and m: until when somebody stands who comes at reading.at, NULL for whoever goes on. None: nobody ever stands.

    woken: boolean, whether they have stood there already: their hour is asked for once, quiet hours each time.
    """
    at_once = quiet_until(outgoing, quiet, reading)
    if not (outgoing.best_hour and outgoing.marketing):
        return at_once
    later = quiet_until(outgoing, quiet, replace(reading, at=sql("h.at")))
    hour = (
        "coalesce((SELECT b.hour FROM best_hour b WHERE b.bucket = m.bucket AND b.contact_id = m.contact_id),"
        " (SELECT b.hour FROM workspace_hour b WHERE b.workspace_id = m.workspace_id))"
    )
    at = text(reading.at)
    moment = f"coalesce(safar_at_hour({at}, {text(reading.zone)}, {hour}, safar_share(c.key || '|hour')), {at})"
    chosen = f"(SELECT coalesce({later or 'NULL'}, nullif(h.at, {at})) FROM (SELECT {moment} AS at OFFSET 0) h)"
    return f"CASE WHEN {woken} THEN {at_once or 'NULL::timestamptz'} ELSE {chosen} END"
