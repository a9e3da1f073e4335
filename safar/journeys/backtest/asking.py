"""Asking for a back-test of a draft, and finding what came of it: one result a journey is kept."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, cast

import psycopg
from django.db import connection as database

from safar.accounts.models import Workspace
from safar.accounts.occasions import read_days
from safar.channels.quiet.rules import read_quiet
from safar.events.jobs.queue import FINISHED, Job, jobs_about, put_job, start_job
from safar.journeys.backtest.trial import KIND
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.models import Journey
from safar.lib.faults import Fault, Refused, said
from safar.lib.occasions import Days
from safar.lib.quiet import Quiet
from safar.segments.services import read_segments, written_segments

SPAN = timedelta(days=90)


@dataclass(frozen=True)
class Trials:
    """going: the one under way; kept: the last that came to its end; failed: the newest one, where it did not."""

    going: Job | None
    kept: Job | None
    failed: Job | None


def ask_trial(conn: psycopg.Connection[Any], workspace: Workspace, journey: Journey, *, by: str, now: datetime) -> int:
    """A back-test of the draft as it stands, up to this moment; the number of its job. Raises Refused with the draft's faults, or
    where one is under way."""
    if read_trials(conn, journey).going is not None:
        raise Refused([Fault("journey", said("a back-test of this journey is under way"))])
    faults = check_draft(workspace, read_draft(journey)).faults
    if faults:
        raise Refused(list(faults))
    asked = {
        "journey": journey.pk,
        "revision": journey.revision,
        "draft": journey.draft,
        "since": (now - SPAN).isoformat(),
        "until": now.isoformat(),
        **setting_of(workspace),
    }
    job = put_job(conn, workspace_id=workspace.pk, kind=KIND, by=by, asked=asked)
    start_job(conn, workspace_id=workspace.pk, job=job, asked={})
    return job


def read_trials(conn: psycopg.Connection[Any], journey: Journey) -> Trials:
    jobs = jobs_about(conn, journey.workspace_id, KIND, {"journey": journey.pk})
    going = next((job for job in jobs if job.going), None)
    kept = next((job for job in jobs if job.state == FINISHED), None)
    failed = jobs[0] if jobs and not jobs[0].going and jobs[0].state != FINISHED else None
    return Trials(going, kept, failed)


def quiet_of(workspace: Workspace) -> Quiet:
    """Its quiet hours, as they are now."""
    database.ensure_connection()
    return read_quiet(cast("psycopg.Connection[Any]", database.connection), [workspace.pk])[workspace.pk]


def occasions_of(workspace: Workspace) -> Days:
    """Its occasions, as they are now."""
    database.ensure_connection()
    connection = cast("psycopg.Connection[Any]", database.connection)
    return read_days(connection, {workspace.pk: workspace.calendar})[workspace.pk]


def setting_of(workspace: Workspace) -> dict[str, Any]:
    """What a back-test has to know of a workspace, as a job keeps it. Segments that cannot be read any more are not among it."""
    readable = read_segments(workspace)
    return {
        "zone": workspace.zone,
        "calendar": workspace.calendar,
        "currency": workspace.currency,
        "late_events": workspace.late_events,
        "quiet": quiet_of(workspace).as_json(),
        "occasions": {key: [day.isoformat() for day in days] for key, days in occasions_of(workspace).items()},
        "segments": {key: written for key, written in written_segments(workspace).items() if key in readable},
    }
