"""A back-test as the map island draws it: the draft that was tried, with its figures on the points and paths."""

from __future__ import annotations

import json
from typing import Any

from safar.console.access import ConsoleRequest
from safar.console.journeys.common import language
from safar.console.journeys.island import island_of
from safar.events.jobs.queue import Job
from safar.journeys.backtest.answers import find_unknown, sends
from safar.journeys.backtest.run import read_drafts
from safar.journeys.models import Journey
from safar.journeys.saying_draft import say_points, ways_of_points
from safar.lib.faults import Refused


def trial_island(request: ConsoleRequest, journey: Journey, job: Job) -> dict[str, Any] | None:
    """Boot of the island with ``trial``: {figures}, null while it is under way. None where the draft of that time cannot be read any more."""
    figures = _figures(job)
    if figures is None and not job.going:
        return None
    draft = json.loads(job.asked["draft"])
    told = {
        "revision": job.asked["revision"],
        "by": job.by,
        "draft": draft,
        "faults": [],
        "summaries": say_points(draft, language()),
        "ways": ways_of_points(draft),
        "settings": [],
    }
    nothing = {"version": None, "published": None, "mayEdit": False}
    return {**island_of(request, journey), **nothing, "map": told, "trial": {"figures": figures}}


def _figures(job: Job) -> dict[str, Any] | None:
    """As figures.json has them, and on each point ``would_send`` and ``unknown``: reads, or after (see `Unknown`)."""
    if job.going:
        return None
    try:
        definition = read_drafts([job.asked["draft"]], job.asked["segments"])[0][0]
    except Refused:
        return None
    told, unknown = job.told["figures"], find_unknown(definition)
    points = {}
    for point in definition.points:
        figures: dict[str, Any] = {**told["points"][point.key]}
        if sends(point):
            figures["would_send"] = sum(figures["paths"].values())
        if point.key in unknown.reads:
            figures["unknown"] = "reads"
        elif point.key in unknown.after:
            figures["unknown"] = "after"
        points[point.key] = figures
    return {**told, "points": points}
