"""One's own account: name, address, language; from here to password and second step."""

from __future__ import annotations

from typing import cast

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import messages
from django.contrib.auth.decorators import login_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from safar.accounts.members import OWNER_EMAIL, update_member, workspaces_of
from safar.accounts.models import Member
from safar.console.access import ask_who
from safar.console.forms import Form, add_faults
from safar.lib.faults import Refused


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
    """``/account/``. Another address is taken only from whoever has just shown again who they are."""
    member = cast(Member, request.user)
    form = AccountForm(
        request.POST or None, initial={"name": member.name, "email": member.email, "language": member.language}
    )
    if request.method == "POST" and form.is_valid():
        changes = form.cleaned_data
        if changes["email"].lower() != member.email and not did_recently_reauthenticate(request):
            return ask_who(request, reverse("account"))
        try:
            update_member(member=member, **changes)
        except Refused as refused:
            add_faults(form, refused)
        else:
            messages.success(request, _("Saved."))
            return redirect("account")
    context = {
        "form": form,
        "new_owner": member.email == OWNER_EMAIL,
        "second_step": is_mfa_enabled(member),
        "workspaces": workspaces_of(member),
    }
    return render(request, "console/entrance/account.html", context)
