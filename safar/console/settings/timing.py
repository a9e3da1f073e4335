"""When messages go out and how many: quiet hours, caps, and the SMS budget of a day. One page, three lists."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods
from psycopg import Connection

from safar.accounts.services import record
from safar.channels.pace.budget import WHOLE, Budget, read_budgets, set_budget
from safar.channels.pace.caps import Cap, read_caps, remove_cap, set_cap
from safar.channels.quiet.rules import read_rules, remove_rule, set_rule
from safar.channels.senders import read_senders
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.database import session
from safar.console.formats import Formats
from safar.console.forms import Form, add_faults
from safar.console.journeys.common import title_of
from safar.console.settings.timing_forms import CHANNELS, BudgetForm, CapForm, QuietForm
from safar.contacts.topics import list_topics
from safar.journeys.drafts import read_draft
from safar.journeys.engine.load import touch_plan
from safar.journeys.models import Journey
from safar.lib.faults import Refused
from safar.lib.quiet import SMS_RULE, QuietRule

HOUR, DAY = 1, 24


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def timing(request: ConsoleRequest) -> HttpResponse:
    """``settings/timing/``; by POST what ``what`` says: quiet, cap or budget kept, drop_quiet or drop_cap."""
    workspace, what = request.workspace, request.POST.get("what", "") if request.method == "POST" else ""
    with session() as conn:
        topics = {topic.key: topic.called(request.formats.language) for topic in list_topics(conn, workspace.pk)}
        named = {
            one.pk: title_of(read_draft(one), one.key, request.formats.language)
            for one in Journey.objects.filter(workspace=workspace).exclude(state="archived").order_by("key")
        }
        forms = _forms(request, what, topics, named)
        if what in _DROPS:
            _DROPS[what](request, conn)
            return go(request, to(request, "timing"))
        if what in forms and forms[what].is_valid():
            try:
                changed = _KEEPS[what](request, conn, forms[what].cleaned_data)
            except Refused as refused:
                add_faults(forms[what], refused)
            else:
                if changed:
                    record(workspace, request.user.email, f"set_{what}", f"{what}", changed)
                messages.success(request, _("Saved."))
                return go(request, to(request, "timing"))
        now = datetime.now(UTC)
        context = {
            "forms": forms,
            "rules": [_rule(one, topics, request.formats) for one in read_rules(conn, workspace.pk)],
            "caps": [_cap(one, topics, request.formats) for one in read_caps(conn, workspace.pk)],
            "budgets": [
                _budget(one, named, request.formats) for one in read_budgets(conn, workspace.pk, workspace.zone, now)
            ],
            "no_price": read_senders(conn, workspace.pk)["sms"].part_price is None,
            "tab": "timing",
        }
    return render(request, "console/settings/timing.html", context)


def _forms(
    request: ConsoleRequest, what: str, topics: Mapping[str, str], journeys: Mapping[int, str]
) -> dict[str, Form]:
    """Only the one that was sent has what was typed."""
    made: dict[str, Form] = {}
    for name, kind in (("quiet", QuietForm), ("cap", CapForm), ("budget", BudgetForm)):
        form = kind(request.POST if what == name else None, prefix=name)
        form.of(request.formats)
        if "topic" in form.fields:
            form.offer("topic", [("", _("Every topic")), *topics.items()])
        if "journey" in form.fields:
            form.offer("journey", [("", _("The whole workspace")), *((str(n), t) for n, t in journeys.items())])
        made[name] = form
    return made


# keeping: what is kept, for the audit log; empty where nothing changed


def _keep_quiet(request: ConsoleRequest, conn: Connection[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    rule = QuietRule(
        given["channel"],
        given["topic"],
        given["begins"],
        given["ends"],
        tuple(sorted(given["weekdays"])),
        tuple(given["days_off"]),
        given["spread"] * 60,
    )
    changed = set_rule(conn, request.workspace.pk, rule)
    if changed:
        touch_plan(conn)
    return rule.as_json() if changed else {}


def _keep_cap(request: ConsoleRequest, conn: Connection[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    hours = given["span"] * (DAY if given["unit"] == "days" else HOUR)
    cap = Cap(given["channel"], given["topic"], hours, given["most"], given["transactional"])
    return vars(cap) if set_cap(conn, request.workspace.pk, cap) else {}


def _keep_budget(request: ConsoleRequest, conn: Connection[Any], given: Mapping[str, Any]) -> dict[str, Any]:
    journey, amount = int(given["journey"] or WHOLE), given["amount"]
    changed = set_budget(conn, request.workspace.pk, journey, amount, datetime.now(UTC))
    return {"journey": journey, "amount": None if amount is None else str(amount)} if changed else {}


def _drop_quiet(request: ConsoleRequest, conn: Connection[Any]) -> None:
    channel, topic = request.POST.get("channel", "")[:20], request.POST.get("topic", "")[:64]
    if remove_rule(conn, request.workspace.pk, channel, topic):
        touch_plan(conn)
        record(request.workspace, request.user.email, "drop_quiet", "quiet", {"channel": channel, "topic": topic})
        messages.success(request, _("The rule is gone."))


def _drop_cap(request: ConsoleRequest, conn: Connection[Any]) -> None:
    channel, topic = request.POST.get("channel", "")[:20], request.POST.get("topic", "")[:64]
    hours = request.POST.get("hours", "")
    typed = hours.isascii() and hours.isdecimal() and len(hours) < 6
    if typed and remove_cap(conn, request.workspace.pk, channel, topic, int(hours)):
        told = {"channel": channel, "topic": topic, "hours": int(hours)}
        record(request.workspace, request.user.email, "drop_cap", "cap", told)
        messages.success(request, _("The cap is gone."))


_KEEPS: dict[str, Callable[..., dict[str, Any]]] = {"quiet": _keep_quiet, "cap": _keep_cap, "budget": _keep_budget}
_DROPS: dict[str, Callable[..., None]] = {"drop_quiet": _drop_quiet, "drop_cap": _drop_cap}


# saying


def _about(channel: str, topic: str, topics: Mapping[str, str]) -> str:
    if topic:
        return f"{CHANNELS[channel]} · {topics.get(topic, topic)}"
    return str(CHANNELS[channel])


def _rule(rule: QuietRule, topics: Mapping[str, str], formats: Formats) -> dict[str, Any]:
    parts = []
    if rule.begins is not None and rule.ends is not None:
        between = {"begins": _clock(rule.begins, formats), "ends": _clock(rule.ends, formats)}
        parts.append(_("from %(begins)s to %(ends)s") % between)
    if rule.weekdays:
        names = dict(formats.weekdays())
        parts.append(_("all day: %(days)s") % {"days": _listed([names[day - 1] for day in rule.weekdays])})
    if rule.days_off:
        parts.append(_("dates: %(days)s") % {"days": _listed([formats.day(day) for day in rule.days_off])})
    return {
        "about": _about(rule.channel, rule.topic, topics),
        "channel": rule.channel,
        "topic": rule.topic,
        "when": _listed(parts) or _("never quiet"),
        "example": _example(rule, formats),
        "given": rule is SMS_RULE,
    }


def _example(rule: QuietRule, formats: Formats) -> str:
    """What becomes of a message that is due in the middle of the night."""
    if rule.begins is None or rule.ends is None:
        return ""
    day = date(2026, 1, 1)
    due = datetime.combine(day, rule.begins) + timedelta(minutes=100)
    ends = datetime.combine(day + timedelta(days=rule.ends <= rule.begins), rule.ends)
    due = min(due, ends - timedelta(minutes=1))
    shown = {"due": _clock(due.time(), formats), "first": _clock(ends.time(), formats)}
    if not rule.spread:
        return _("A message due at %(due)s goes out at %(first)s.") % shown
    last = _clock((ends + timedelta(seconds=rule.spread)).time(), formats)
    return _("A message due at %(due)s goes out between %(first)s and %(last)s.") % {**shown, "last": last}


def _cap(cap: Cap, topics: Mapping[str, str], formats: Formats) -> dict[str, Any]:
    span = formats.span(timedelta(hours=cap.hours))
    if cap.hours % DAY:
        span = ngettext("%(n)s hour", "%(n)s hours", cap.hours) % {"n": formats.number(cap.hours)}
    said = ngettext("at most %(n)s message in %(span)s", "at most %(n)s messages in %(span)s", cap.most) % {
        "n": formats.number(cap.most),
        "span": span,
    }
    return {"about": _about(cap.channel, cap.topic, topics), "said": said, "cap": cap}


def _budget(budget: Budget, journeys: Mapping[int, str], formats: Formats) -> dict[str, Any]:
    whole = budget.journey_id == WHOLE
    return {
        "about": _("The whole workspace") if whole else journeys.get(budget.journey_id, str(budget.journey_id)),
        "amount": formats.money(budget.amount),
        "spent": formats.money(budget.spent),
        "waiting": budget.waiting,
        "used_up": budget.used_up,
        "journey": "" if whole else budget.journey_id,
    }


def _clock(clock: time, formats: Formats) -> str:
    return formats.digits(f"{clock.hour}:{clock.minute:02}")


def _listed(parts: Sequence[str]) -> str:
    return _(", ").join(parts)
