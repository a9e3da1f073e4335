"""The list of campaigns, a campaign's page, and who did not get it."""

from __future__ import annotations

from collections import Counter
from typing import Any

from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from safar.channels.reports.brakes import read_brake
from safar.channels.tracking.settings import Tracking, tracking_of
from safar.console.access import ConsoleRequest, may
from safar.console.campaigns.common import described, find, messages_of, now, segment_titles
from safar.console.campaigns.words import said, say_who_leads
from safar.console.journeys.common import reading
from safar.console.sent.words import REASONS
from safar.journeys.campaigns.plan import POINT, VARIANTS, Plan
from safar.journeys.campaigns.progress import DRAFT, Campaign, list_campaigns, list_missed
from safar.journeys.campaigns.services import moment_of
from safar.journeys.drafts import check_draft, read_draft
from safar.journeys.living import living_figures
from safar.journeys.models import PAUSED, Version
from safar.journeys.reckoning.variants import Comparison, VariantCounts, compare_variants, count_variants
from safar.journeys.sending import METRICS
from safar.lib.faults import Refused

ROWS = 50


@require_safe
def campaigns(request: ConsoleRequest) -> HttpResponse:
    """``campaigns/``: state, segment, when, how many got it, were skipped and why, failed."""
    segments = segment_titles(request)
    found = list_campaigns(reading(), request.workspace, now())
    lines = [{**described(request, one, segments), "skipped": _why(one.counts.skipped)} for one in found]
    return render(request, "console/campaigns/campaigns.html", {"lines": lines})


@require_safe
def campaign(request: ConsoleRequest, key: str) -> HttpResponse:
    """``campaigns/<key>/``: before it is sent who, when and what; then its figures."""
    one = find(request, key)
    context = {
        **described(request, one, segment_titles(request)),
        "sendings": messages_of(request, one.plan.variants),
        "control_share": one.plan.control_group / 100,
        "key": key,
        "braked": _braked(request, one),
    }
    more = _after(request, one) if one.sent else _before(request, one)
    return render(request, "console/campaigns/campaign.html", {**context, **more})


@require_safe
def missed(request: ConsoleRequest, key: str) -> HttpResponse:
    """``campaigns/<key>/missed/?state=skipped&reason=no_consent&after=…``."""
    one = find(request, key)
    state, reason = request.GET.get("state", ""), request.GET.get("reason", "")
    try:
        people, following = list_missed(
            reading(), one.journey, state=state, reason=reason, after=request.GET.get("after", ""), size=ROWS
        )
    except ValueError:
        raise Http404 from None
    context = {
        **described(request, one, {}),
        "key": key,
        "people": [(each, REASONS.get(each.reason, each.reason)) for each in people],
        "following": following,
        "asked": {"state": state, "reason": reason},
        "reason_said": REASONS.get(reason, reason),
    }
    return render(request, "console/campaigns/missed.html", context)


def _braked(request: ConsoleRequest, one: Campaign) -> str:
    """Why it has paused itself; empty where it has not."""
    if one.state != PAUSED:
        return ""
    words = read_brake(reading(), workspace_id=request.workspace.pk, journey_id=one.journey.pk) or {}
    return words.get(request.formats.language, "")


def _before(request: ConsoleRequest, one: Campaign) -> dict[str, Any]:
    """faults: why it cannot be sent; sendable: whether the member can send it as it is. How many could get it is asked for by the page itself: counting takes its time."""
    plan = one.plan
    faults = check_draft(request.workspace, read_draft(one.journey)).faults
    past = plan.at is not None and moment_of(plan, request.workspace) <= now()
    sendable = one.state == DRAFT and not faults and not past and may(request.membership, "editor")
    return {"faults": said(faults), "past": past, "sendable": sendable}


def _after(request: ConsoleRequest, one: Campaign) -> dict[str, Any]:
    version = Version.objects.filter(journey=one.journey).order_by("-number").first()
    held_out = 0
    if version is not None:
        try:
            held_out = living_figures(reading(), request.workspace, one.journey, version).json["held_out"]
        except Refused:  # its segment is gone: the messages are counted all the same
            held_out = 0
    counts = one.counts
    return {
        "held_out": held_out,
        "lost": [
            (state, reason, REASONS.get(reason, reason), n)
            for state, found in (("skipped", counts.skipped), ("failed", counts.failed))
            for reason, n in found.most_common()
        ],
        "lost_all": counts.skipped_all + counts.failed_all,
        "share": counts.got / counts.decided if counts.decided else None,
        "moves": one.state in ("planned", "sending"),
        **(_variants(request, one) if len(one.plan.variants) > 1 else {}),
    }


def _variants(request: ConsoleRequest, one: Campaign) -> dict[str, Any]:
    """variants: a line for each, its message, what became of it, who opened, clicked, reached the goal (None: nobody can tell); leads: which is ahead."""
    found = count_variants(reading(), one.journey)
    counts = found.get(POINT) or next(iter(found.values()), {})
    plan, all_counts, lines = one.plan, list[VariantCounts](), []
    tracked = tracking_of(reading(), request.workspace.pk, [each.template for each in plan.variants])
    for name, sending in zip(VARIANTS, messages_of(request, plan.variants), strict=False):
        each = counts.get(name, VariantCounts(name))
        all_counts.append(each)
        known = {metric: _compared(metric, [each], plan, [tracked[sending.key]]).known for metric in METRICS}
        lines.append(
            {
                "counts": each,
                "sending": sending,
                "skipped": _why(each.skipped),
                "failed": _why(each.failed),
                **{metric: each.share(metric) if known[metric] else None for metric in METRICS},
            }
        )
    compared = _compared(plan.metric, all_counts, plan, list(tracked.values()))
    return {"variants": lines, "leads": say_who_leads(compared, request.formats)}


def _compared(metric: str, counts: list[VariantCounts], plan: Plan, tracked: list[Tracking]) -> Comparison:
    return compare_variants(metric, counts, channel=plan.channel, goal=plan.goal, tracked=tracked)


def _why(found: Counter[str]) -> list[tuple[str, int]]:
    return [(str(REASONS.get(reason, reason)), n) for reason, n in found.most_common()]
