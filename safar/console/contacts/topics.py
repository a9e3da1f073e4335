"""Topics: what contacts can choose to hear about. Made, described in both languages, put in order, deleted while nothing uses them."""

from __future__ import annotations

from typing import Any

import psycopg
from django import forms
from django.contrib import messages
from django.http import Http404, HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.services import record
from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.contacts.common import who
from safar.console.contacts.faults import say
from safar.console.database import session
from safar.console.forms import Form
from safar.contacts.topics import (
    LONGEST_DESCRIPTION,
    LONGEST_TITLE,
    Topic,
    count_topics,
    delete_topic,
    list_topics,
    order_topics,
    save_topic,
)
from safar.journeys.uses import TOPIC, uses_of
from safar.lib.faults import Refused
from safar.lib.thrifty import Thrifty

# Counting reads everybody's consents: what was counted is kept for as long as it cost.
_counted: Thrifty[dict[str, dict[str, int]]] = Thrifty(least=1.0, most=600.0)


class TopicForm(Form):
    """key: chosen once, when the topic is made."""

    key = forms.CharField(
        label=gettext_lazy("Key"),
        max_length=64,
        widget=forms.TextInput({"dir": "ltr", "autocomplete": "off"}),
        help_text=gettext_lazy("What programs and files call it, such as news. It never changes."),
    )
    title_fa = forms.CharField(label=gettext_lazy("Title in Persian"), max_length=LONGEST_TITLE, required=False)
    title_en = forms.CharField(label=gettext_lazy("Title in English"), max_length=LONGEST_TITLE, required=False)
    description_fa = forms.CharField(
        label=gettext_lazy("Description in Persian"), max_length=LONGEST_DESCRIPTION, required=False
    )
    description_en = forms.CharField(
        label=gettext_lazy("Description in English"), max_length=LONGEST_DESCRIPTION, required=False
    )
    shown = forms.BooleanField(
        label=gettext_lazy("Contacts see it"),
        required=False,
        initial=True,
        help_text=gettext_lazy("On the page behind the unsubscribe link, where they can leave it and come back."),
    )

    double_opt_in = forms.BooleanField(
        label=gettext_lazy("Whoever joins by a form is asked to confirm"),
        required=False,
        help_text=gettext_lazy("One message with a link, also where the workspace does not want it of all sign-ups."),
    )

    def __init__(self, *given: Any, fresh: bool, **named: Any) -> None:
        super().__init__(*given, **named)
        for name in ("title_fa", "description_fa"):
            self.fields[name].widget.attrs["dir"] = "rtl"
        for name in ("title_en", "description_en"):
            self.fields[name].widget.attrs["dir"] = "ltr"
        if not fresh:
            del self.fields["key"]


@require_safe
def topics(request: ConsoleRequest) -> HttpResponse:
    """``topics/``."""
    with session() as conn:
        found = list_topics(conn, request.workspace.pk)
        counts = _counted.get(request.workspace.pk, lambda: count_topics(conn, request.workspace.pk))
    uses = uses_of(request.workspace, TOPIC)
    lines = [(topic, counts.get(topic.key, {}), uses.get(topic.key)) for topic in found]
    return render(request, "console/contacts/topics.html", {"topics": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def topic(request: ConsoleRequest, key: str = "") -> HttpResponse:
    """``topics/new/`` and ``topics/<key>/``."""
    with session() as conn:
        now = _find(conn, request, key) if key else None
        initial = {"shown": True}
        if now is not None:
            texts = {f"{name}_{tongue}": getattr(now, name).get(tongue, "") for name in ("title", "description") for tongue in ("fa", "en")}  # fmt: skip
            initial = {**texts, "shown": now.shown, "double_opt_in": now.double_opt_in}
        form = TopicForm(request.POST or None, initial=initial, fresh=now is None)
        if request.method == "POST" and form.is_valid():
            said = form.cleaned_data
            wanted = Topic(
                key or said["key"].strip(),
                {tongue: said[f"title_{tongue}"] for tongue in ("fa", "en")},
                {tongue: said[f"description_{tongue}"] for tongue in ("fa", "en")},
                said["shown"],
                double_opt_in=said["double_opt_in"],
            )
            try:
                save_topic(conn, request.workspace.pk, wanted, fresh=now is None)
            except Refused as refused:
                for fault in refused.faults:
                    place = fault.place.replace(".", "_")
                    place = "title_fa" if place == "title" else place
                    form.add_error(place if place in form.fields else None, say(fault.message))
            else:
                action = "make_topic" if now is None else "change_topic"
                record(request.workspace, who(request), action, f"topic:{wanted.key}", {"shown": wanted.shown})
                messages.success(request, _("The topic is kept."))
                return go(request, to(request, "topics"))
    return render(request, "console/contacts/topic.html", {"form": form, "topic": now})


@require_POST
@needs("editor")
def move_topic(request: ConsoleRequest, key: str) -> HttpResponse:
    """``topics/<key>/move/``: ``to`` is up or down, one place."""
    with session() as conn:
        _find(conn, request, key)
        keys = [each.key for each in list_topics(conn, request.workspace.pk)]
        here = keys.index(key)
        there = here + (-1 if request.POST.get("to") == "up" else 1)
        if 0 <= there < len(keys):
            keys[here], keys[there] = keys[there], keys[here]
            order_topics(conn, request.workspace.pk, keys)
    return go(request, to(request, "topics"))


@require_POST
@needs("editor")
def remove_topic(request: ConsoleRequest, key: str) -> HttpResponse:
    """``topics/<key>/delete/``: refused while a journey, segment, campaign or template names it."""
    with session() as conn:
        found = _find(conn, request, key)
        if uses_of(request.workspace, TOPIC).get(key):
            messages.error(request, _("The topic stays: it is in use."))
        elif delete_topic(conn, request.workspace.pk, key):
            record(request.workspace, who(request), "delete_topic", f"topic:{key}", {"title": dict(found.title)})
            messages.success(request, _("The topic is deleted. What contacts said of it is kept."))
    return go(request, to(request, "topics"))


def _find(conn: psycopg.Connection[Any], request: ConsoleRequest, key: str) -> Topic:
    found = next((each for each in list_topics(conn, request.workspace.pk) if each.key == key), None)
    if found is None:
        raise Http404
    return found
