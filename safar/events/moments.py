"""When a message happened: by its own clock, put right by ours."""

from __future__ import annotations

import re
from datetime import UTC, datetime, timedelta
from typing import Any

from safar.lib.faults import Faults, said

MIN_YEAR, MAX_YEAR = 1900, 9999
MAX_AHEAD = timedelta(hours=1)
SHORT = re.compile(r"-[0-9](?![0-9])")


def read_moment(given: dict[str, Any], field: str, faults: Faults) -> datetime | None:
    """An ISO 8601 text as a moment in UTC (UTC is meant where it has no offset); None where it is missing or faulty."""
    value = given.get(field)
    if value is None:
        return None
    moment = _parse(value) if isinstance(value, str) and len(value) <= 40 else None
    if moment is None:
        faults.at(field).add(said("has to be a moment such as 2026-03-21T08:00:00Z"))
    elif not MIN_YEAR <= moment.year <= MAX_YEAR:
        faults.at(field).add(
            said("is not in the years %(min_year)s to %(max_year)s", min_year=MIN_YEAR, max_year=MAX_YEAR)
        )
        return None
    return moment


def moment_of(message: dict[str, Any], sent_at: datetime | None, received: datetime, faults: Faults) -> datetime:
    """The timestamp of a message. sent_at: of the request it came in, for messages without one of their own.

    As Segment does it: received − (sentAt − timestamp), which takes out what the sender's clock is wrong by. A message
    that has both `timestamp` and `originalTimestamp` was put right by somebody before us. Later than received counts as
    received, but more than an hour later is a fault. Without a timestamp it happened when it was received.
    """
    given = read_moment(message, "timestamp", faults)
    original = read_moment(message, "originalTimestamp", faults)
    sent = read_moment(message, "sentAt", faults) or sent_at
    moment = given or original
    if moment is None:
        return received
    if sent is not None and (given is None or original is None):
        try:
            moment = received - (sent - moment)
            far = moment.year < MIN_YEAR
        except OverflowError:
            far = True
        if far:
            faults.at("sentAt").add(said("is too far from the timestamp"))
            return received
    if moment > received:
        if moment - received > MAX_AHEAD:
            faults.at("timestamp").add(said("is more than an hour ahead of our clock"))
        return received
    return moment


def _parse(text: str) -> datetime | None:
    try:
        try:
            moment = datetime.fromisoformat(text)
        except ValueError:  # 2015-2-02, as Segment's own documents have it
            moment = datetime.fromisoformat(SHORT.sub(lambda found: found[0].replace("-", "-0"), text))
        if moment.tzinfo is None:
            return moment.replace(tzinfo=UTC)
        return moment if moment.tzinfo is UTC else moment.astimezone(UTC)
    except (ValueError, OverflowError):
        return None
