"""Members: who works here, with which role; inviting others."""

from __future__ import annotations

import logging
from smtplib import SMTPException

from django import forms
from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST

from safar.accounts.links import invite, withdraw_invitation
from safar.accounts.members import remove_member, set_role
from safar.accounts.models import Invitation, Membership, Role
from safar.console import post
from safar.console.access import ConsoleRequest, go, may, needs, to
from safar.console.faults import say
from safar.console.forms import Form, add_faults
from safar.lib.faults import Refused

ROLES = {
    Role.OWNER: gettext_lazy("Owner: everything"),
    Role.ADMIN: gettext_lazy("Admin: settings, members, keys"),
    Role.EDITOR: gettext_lazy("Editor: journeys, messages, contacts"),
    Role.ANALYST: gettext_lazy("Analyst: sees and exports"),
    Role.VIEWER: gettext_lazy("Viewer: sees"),
}
log = logging.getLogger(__name__)


class InviteForm(Form):
    """email, role."""

    email = forms.EmailField(label=gettext_lazy("E-mail"))
    role = forms.ChoiceField(label=gettext_lazy("Role"), initial=Role.EDITOR)


@needs("admin")
@require_http_methods(["GET", "HEAD", "POST"])
def members(request: ConsoleRequest) -> HttpResponse:
    """``settings/members/``: the list; by POST an invitation, whose address is shown once (and mailed where mail goes out)."""
    form = InviteForm(request.POST or None)
    roles = [(role.value, label) for role, label in ROLES.items() if may(request.membership, role)]
    form.offer("role", roles)
    address = ""
    if request.method == "POST" and form.is_valid():
        email, role = form.cleaned_data["email"], form.cleaned_data["role"]
        try:
            token = invite(
                workspace=request.workspace, email=email, role=role, by=request.membership, actor=request.user.email
            )
        except Refused as refused:
            add_faults(form, refused)
        else:
            address = settings.SAFAR.public_url + reverse("invitation", args=[token])
            if post.can_mail():
                _mail(request, email, address)
    context = {
        "form": form,
        "address": address,
        "invited": form.cleaned_data["email"] if address else "",
        "roles": roles,
        "members": Membership.objects.filter(workspace=request.workspace).select_related("member").order_by("id"),
        "invitations": Invitation.objects.filter(
            workspace=request.workspace, closed_at=None, expires_at__gt=timezone.now()
        ).order_by("-id"),
        "tab": "members",
    }
    return render(request, "console/settings/members.html", context)


def _mail(request: ConsoleRequest, email: str, address: str) -> None:
    body = _("%(member)s invites you to work in “%(workspace)s”:") % {
        "member": str(request.user),
        "workspace": request.workspace.name,
    }
    try:
        post.send(
            email, _("Invitation to %(workspace)s") % {"workspace": request.workspace.name}, f"{body}\n\n{address}\n"
        )
    except (SMTPException, OSError) as error:
        log.warning("an invitation could not be mailed: %s", error)
        messages.warning(request, _("The mail could not be sent. Give them the address yourself."))
    else:
        messages.success(request, _("The invitation is on its way."))


@needs("admin")
@require_POST
def change(request: ConsoleRequest, membership_id: int) -> HttpResponse:
    """``settings/members/<id>/``: another role."""
    found = get_object_or_404(Membership, pk=membership_id, workspace=request.workspace)
    role = request.POST.get("role", "")
    try:
        set_role(membership=found, role=role, by=request.membership, actor=request.user.email)
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, say(fault.message))
    else:
        messages.success(request, _("Saved."))
    return go(request, to(request, "members"))


@needs("admin")
@require_POST
def remove(request: ConsoleRequest, membership_id: int) -> HttpResponse:
    """``settings/members/<id>/remove/``."""
    found = get_object_or_404(Membership, pk=membership_id, workspace=request.workspace)
    try:
        remove_member(membership=found, by=request.membership, actor=request.user.email)
    except Refused as refused:
        for fault in refused.faults:
            messages.error(request, say(fault.message))
    else:
        messages.success(request, _("The member is removed."))
    return go(request, "/" if found.member_id == request.user.pk else to(request, "members"))


@needs("admin")
@require_POST
def withdraw(request: ConsoleRequest, invitation_id: int) -> HttpResponse:
    """``settings/invitations/<id>/withdraw/``."""
    found = get_object_or_404(Invitation, pk=invitation_id, workspace=request.workspace)
    if withdraw_invitation(invitation=found, actor=request.user.email):
        messages.success(request, _("The invitation is withdrawn."))
    return go(request, to(request, "members"))
