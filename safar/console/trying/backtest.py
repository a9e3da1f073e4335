"""The page "Try it": a back-test of the draft over the last 90 days, started by a button and watched while it runs."""

from __future__ import annotations

from datetime import UTC, datetime
from decimal import Decimal
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from safar.accounts.services import record
from safar.channels.estimate import cost_of_one
from safar.channels.senders import read_senders
from safar.channels.tracking.marking import short_stand_in
from safar.console.access import ConsoleRequest, go, is_htmx, needs, to
from safar.console.database import session
from safar.console.journeys.common import faults_json, find, language, reading, title_of, who
from safar.console.messages.trying import sending
from safar.console.trying.drawing import draw_result
from safar.console.trying.mapped import trial_island
from safar.console.trying.words import STAGES
from safar.content.models import Template
from safar.events.jobs.queue import Job
from safar.journeys.backtest.asking import SPAN, Trials, ask_trial, read_trials
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.models import Journey
from safar.lib.faults import Fault, Refused


@require_http_methods(["GET", "HEAD", "POST"])
@needs("viewer", write="editor")
def trying(request: ConsoleRequest, key: str) -> HttpResponse:
    """``journeys/<key>/try/``: the last result, and how far a new one has come. POST starts one; it runs elsewhere.

    htmx asks for the progress alone, and for the whole page when it is over.
    """
    journey = find(request, key)
    if request.method == "POST":
        return _start(request, journey)
    with session() as conn:
        trials = read_trials(conn, journey)
    if is_htmx(request):
        answer = render(request, "console/trying/_progress.html", _progress(trials.going))
        if trials.going is None:
            answer["HX-Refresh"] = "true"
        return answer
    return render(request, "console/trying/trying.html", _shown(request, journey, trials))


def _start(request: ConsoleRequest, journey: Journey) -> HttpResponse:
    try:
        with session() as conn:
            job = ask_trial(conn, request.workspace, journey, by=who(request), now=datetime.now(UTC))
        record(request.workspace, who(request), "backtest_journey", f"journey:{journey.key}", {"job": job})
    except Refused as refused:
        if any(fault.place == "journey" and "under way" in fault.message for fault in refused.faults):
            messages.info(request, _("A back-test of this journey is under way already."))
        else:
            messages.error(request, _("The draft has faults; the map shows them. Mend them first."))
    return go(request, to(request, "trying", key=journey.key))


def _shown(request: ConsoleRequest, journey: Journey, trials: Trials) -> dict[str, Any]:
    draft = read_draft(journey)
    kept = trials.kept
    return {
        "journey": journey,
        "title": title_of(draft, journey.key, language()),
        "days": SPAN.days,
        "sound": not check_draft(request.workspace, draft).faults,
        "kept": kept,
        "since": datetime.fromisoformat(kept.asked["since"]) if kept else None,
        "until": datetime.fromisoformat(kept.asked["until"]) if kept else None,
        "stale": kept is not None and kept.asked["draft"] != journey.draft,
        "hours": kept.told.get("hours") if kept else None,
        "result": draw_result(kept, language(), _costs(request)) if kept else None,
        "island": trial_island(request, journey, shown) if (shown := trials.going or kept) else None,
        "failed": trials.failed,
        "faults": _faults(trials.failed),
        **_progress(trials.going),
    }


def _costs(request: ConsoleRequest) -> dict[str, Decimal]:
    """Template → what one message of it costs, about; those whose channel has a price."""
    prices = {channel: line.part_price for channel, line in read_senders(reading(), request.workspace.pk).items()}
    if not any(price is not None for price in prices.values()):
        return {}
    names = ("channel", "languages", "fallbacks", "tracking")
    found = Template.objects.filter(workspace_id=request.workspace.pk).values("key", *names)
    short = short_stand_in(reading(), request.workspace.pk, sending())
    costs = {one["key"]: cost_of_one(one, request.workspace.language, prices, short=short) for one in found}
    return {key: cost for key, cost in costs.items() if cost is not None}


def _progress(job: Job | None) -> dict[str, Any]:
    stage = job.told.get("stage", "") if job else ""
    return {"job": job, "stage": STAGES.get(stage, ""), "percent": round(job.share * 100) if job else 100}


def _faults(job: Job | None) -> list[str]:
    """What a failed one was refused for, in the page's language."""
    told = job.told.get("faults", []) if job else []
    return [each["message"] for each in faults_json([Fault(one["place"], one["message"]) for one in told])]
