"""Tags: which there are, how many contacts have each, who uses them; calling one something else, taking one off everybody."""

from __future__ import annotations

from typing import Any

import psycopg
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.contacts.common import tell_faults, who
from safar.console.database import session
from safar.contacts.tags import Tag, count_tags, rename_tag
from safar.events.jobs.queue import list_jobs, put_job, start_job
from safar.events.jobs.untagging import KIND
from safar.journeys.uses import TAG, uses_of
from safar.lib.faults import Refused
from safar.lib.thrifty import Thrifty

# Counting reads every tag of everybody: what was counted is kept for as long as it cost.
_counted: Thrifty[list[Tag]] = Thrifty(least=1.0, most=600.0)


@require_safe
def tags(request: ConsoleRequest) -> HttpResponse:
    """``tags/``."""
    with session() as conn:
        found = _counted.get(request.workspace.pk, lambda: _count(conn, request.workspace.pk))
        going = {job.asked["tag"] for job in list_jobs(conn, request.workspace.pk, KIND) if job.going}
    uses = uses_of(request.workspace, TAG)
    lines = [(tag, tag.name in going, uses.get(tag.name)) for tag in found]
    return render(request, "console/contacts/tags.html", {"tags": lines})


@require_POST
@needs("editor")
def call_tag(request: ConsoleRequest) -> HttpResponse:
    """``tags/call/``: ``tag`` and ``title``; an empty title, or the tag itself, takes the title away."""
    tag, title = _tag(request), request.POST.get("title", "")
    if tag:
        try:
            with session() as conn:
                rename_tag(conn, request.workspace.pk, tag, title)
        except Refused as refused:
            tell_faults(request, refused)
        else:
            record(request.workspace, who(request), "rename_tag", f"tag:{tag}", {"title": title.strip()})
            _counted.forget(request.workspace.pk)
            messages.success(request, _("The tag has a new name. Journeys and segments go on knowing it."))
    return go(request, to(request, "tags"))


@require_POST
@needs("editor")
def remove_tag(request: ConsoleRequest) -> HttpResponse:
    """``tags/remove/``: ``tag``; it goes off everybody in the background, each by an event of its own."""
    tag = _tag(request)
    if tag:
        with session() as conn:
            job = put_job(conn, workspace_id=request.workspace.pk, kind=KIND, by=who(request), asked={"tag": tag})
            start_job(conn, workspace_id=request.workspace.pk, job=job, asked={})
        record(request.workspace, who(request), "remove_tag", f"job:{job}", {"tag": tag})
        _counted.forget(request.workspace.pk)
        messages.info(request, _("The tag is being taken off everybody. The list shows it until that is done."))
    return go(request, to(request, "tags"))


def _tag(request: ConsoleRequest) -> str:
    return request.POST.get("tag", "").replace("\0", "")[:200]


def _count(conn: psycopg.Connection[Any], workspace_id: int) -> list[Tag]:
    return count_tags(conn, workspace_id)
