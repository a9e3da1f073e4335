"""One's own account: name, address, language; from here to password and second step."""

from __future__ import annotations

import logging
from smtplib import SMTPException
from typing import cast

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.conf import settings
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST

from safar.accounts.addresses import ask_for_email, confirm_email, find_email_change, open_change, withdraw_email
from safar.accounts.members import OWNER_EMAIL, update_member, workspaces_of
from safar.accounts.models import Member
from safar.console import post
from safar.console.access import ask_who
from safar.console.forms import Form, add_faults
from safar.lib.faults import Refused

log = logging.getLogger(__name__)


class AccountForm(Form):
    """name, email, language."""

    name = forms.CharField(label=gettext_lazy("Name"), required=False, max_length=200)
    email = forms.EmailField(label=gettext_lazy("E-mail"), help_text=gettext_lazy("You sign in with this address."))
    language = forms.ChoiceField(
        label=gettext_lazy("Language of the pages"),
        required=False,
        choices=[("", gettext_lazy("As my browser says")), ("fa", "فارسی"), ("en", "English")],
    )


@never_cache
@login_required
@require_http_methods(["GET", "HEAD", "POST"])
def account(request: HttpRequest) -> HttpResponse:
    """``/account/``. Another address is asked for only by whoever has just shown again who they are, and taken by its link."""
    member = cast(Member, request.user)
    form = AccountForm(
        request.POST or None, initial={"name": member.name, "email": member.email, "language": member.language}
    )
    address = ""
    if request.method == "POST" and form.is_valid():
        changes = dict(form.cleaned_data)
        moves = changes["email"].strip().lower() != member.email
        if moves and not did_recently_reauthenticate(request):
            return ask_who(request, reverse("account"))
        later = changes.pop("email") if moves and member.email != OWNER_EMAIL else ""
        try:
            token = ask_for_email(member=member, email=later, actor=member.email) if later else ""
            update_member(member=member, **changes)
        except Refused as refused:
            add_faults(form, refused)
        else:
            address = settings.SAFAR.public_url + reverse("confirm_address", args=[token]) if token else ""
            if not address:
                messages.success(request, _("Saved."))
                return redirect("account")
            if post.can_mail():
                address = "" if _mail(request, later, address) else address
    context = {
        "form": form,
        "address": address,
        "waiting": open_change(member),
        "new_owner": member.email == OWNER_EMAIL,
        "second_step": is_mfa_enabled(member),
        "workspaces": workspaces_of(member),
    }
    return render(request, "console/entrance/account.html", context)


def _mail(request: HttpRequest, email: str, address: str) -> bool:
    """To the new address; whether it went out. Where it did not, the page shows the link."""
    body = _("Whoever opens this link signs in to Safar by this address from now on. If that is not you, leave it:")
    try:
        post.send(email, _("Confirm your new address"), f"{body}\n\n{address}\n")
    except (SMTPException, OSError) as error:
        log.warning("the link to a new address could not be mailed: %s", error)
        messages.warning(request, _("The mail could not be sent."))
        return False
    return True


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirm_address(request: HttpRequest, token: str) -> HttpResponse:
    """``/address/<token>/``: a button, and by POST the new address counts. Signs nobody in."""
    found = find_email_change(token)
    if found is not None and request.method == "POST":
        if confirm_email(token) is None:
            found = None
        else:
            messages.success(request, _("The new address counts from now on."))
            return redirect("account" if request.user.is_authenticated else "account_login")
    if found is None:
        return render(request, "console/entrance/gone.html", {"what": "address"}, status=410)
    return render(request, "console/entrance/address.html", {"change": found})


@login_required
@require_POST
def withdraw_address(request: HttpRequest) -> HttpResponse:
    """``/account/address/withdraw/``."""
    if withdraw_email(member=cast(Member, request.user)):
        messages.success(request, _("Your address stays as it is."))
    return redirect("account")
