"""The list of templates, and a new one."""

from __future__ import annotations

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_http_methods, require_safe

from safar.console.access import ConsoleRequest, go, needs, to
from safar.console.forms import Form, add_faults
from safar.console.messages.common import titled, who
from safar.content.models import Template
from safar.content.saving import free_key, make_template
from safar.journeys.template_use import Use, use_of_templates
from safar.lib.faults import Refused

PAGES = ("new", "media")  # addresses of this room that a key would hide behind
CHANNELS = {"email": _("E-mail"), "sms": _("SMS")}


class NewTemplate(Form):
    """The key is made from the name where none is given."""

    title = forms.CharField(label=_("Name"), max_length=200, help_text=_("Only your team sees it."))
    channel = forms.ChoiceField(label=_("Channel"), choices=list(CHANNELS.items()), widget=forms.RadioSelect)
    key = forms.SlugField(
        label=_("Key"),
        max_length=128,
        required=False,
        help_text=_("Latin letters, digits and hyphens. It never changes; journeys name the message by it."),
    )


@require_safe
def messages(request: ConsoleRequest) -> HttpResponse:
    """``messages/``: channel, languages, journeys that send it, last change; the newest change first."""
    uses = use_of_templates(request.workspace)
    found = Template.objects.filter(workspace_id=request.workspace.pk).order_by("-updated_at", "key")
    lines = [
        {
            "template": one,
            "title": one.title or one.key,
            "channel": CHANNELS.get(one.channel, one.channel),
            "languages": [name for name in ("fa", "en") if one.languages.get(name)],
            "journeys": titled(uses.get(one.key, Use())),
        }
        for one in found
    ]
    return render(request, "console/messages/messages.html", {"lines": lines})


@require_http_methods(["GET", "HEAD", "POST"])
@needs("editor")
def new_template(request: ConsoleRequest) -> HttpResponse:
    """``messages/new/``."""
    form = NewTemplate(request.POST if request.method == "POST" else None, initial={"channel": "email"})
    if request.method == "POST" and form.is_valid():
        asked = form.cleaned_data
        key = asked["key"].lower() or free_key(request.workspace, asked["title"])
        key = f"{key}-message" if key in PAGES else key
        try:
            make_template(request.workspace, key=key, channel=asked["channel"], title=asked["title"], by=who(request))
        except Refused as fault:
            add_faults(form, fault)
        else:
            return go(request, to(request, "template", key=key))
    return render(request, "console/messages/new.html", {"form": form})
