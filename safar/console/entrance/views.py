"""One-time links and invitations: GET looks, POST lets in. The chooser of workspaces. Language and theme."""

from __future__ import annotations

from typing import cast

from allauth.account.utils import perform_login
from django.conf import settings
from django.contrib.auth.views import redirect_to_login
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.links import accept_invitation, find_invitation, find_sign_in_link, use_sign_in_link
from safar.accounts.members import update_member, workspaces_of
from safar.accounts.models import Member

THEMES = ("light", "dark")
YEAR = 365 * 86_400


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def enter(request: HttpRequest, token: str) -> HttpResponse:
    """``/enter/<token>/``: a button, and by POST the signing in (a second step is asked for where there is one)."""
    link = find_sign_in_link(token)
    if request.method == "POST":
        member = use_sign_in_link(token)
        if member is not None:
            return cast(HttpResponse, perform_login(request, member, redirect_url="/"))
        link = None
    if link is None:
        return render(request, "console/entrance/gone.html", {"what": "link"}, status=410)
    return render(request, "console/entrance/enter.html", {"member": link.member})


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def invitation(request: HttpRequest, token: str) -> HttpResponse:
    """``/invitation/<token>/``: whoever is new becomes a member at once; who has an account here signs in first."""
    found = find_invitation(token)
    if found is None:
        return render(request, "console/entrance/gone.html", {"what": "invitation"}, status=410)
    signed_in = request.user if isinstance(request.user, Member) else None
    known = Member.objects.filter(email=found.email).exists()
    context = {"invitation": found, "known": known, "other": signed_in is not None and signed_in.email != found.email}
    if request.method != "POST" or context["other"]:
        return render(request, "console/entrance/invitation.html", context)
    if known and signed_in is None:
        return redirect_to_login(request.path)
    member = accept_invitation(token=token, member=signed_in)
    if member is None:  # two at once, and the other was first
        return render(request, "console/entrance/gone.html", {"what": "invitation"}, status=410)
    home = f"/w/{found.workspace.slug}/"
    return redirect(home) if signed_in else cast(HttpResponse, perform_login(request, member, redirect_url=home))


@require_safe
def by_invitation(request: HttpRequest) -> HttpResponse:
    """In the place of signing up."""
    return render(request, "console/entrance/by_invitation.html")


@never_cache
@require_safe
def choose_workspace(request: HttpRequest) -> HttpResponse:
    """``/`` for members: straight into the only workspace, or a choice."""
    member = cast(Member, request.user)
    known = workspaces_of(member)
    if len(known) == 1:
        return redirect("console:home", workspace_slug=known[0].slug)
    return render(request, "console/entrance/choose.html", {"workspaces": known, "may_make": member.owner})


@require_POST
def set_language(request: HttpRequest) -> HttpResponse:
    """Kept with the member, and in a cookie for whoever is nobody yet."""
    answer = _back(request)
    language = request.POST.get("language", "")
    if language in dict(settings.LANGUAGES):
        if isinstance(request.user, Member):
            update_member(member=request.user, language=language)
        _keep(answer, settings.LANGUAGE_COOKIE_NAME, language)
    return answer


@require_POST
def set_theme(request: HttpRequest) -> HttpResponse:
    """light or dark; anything else: as the system says."""
    answer = _back(request)
    theme = request.POST.get("theme", "")
    if theme in THEMES:
        _keep(answer, "theme", theme)
    else:
        answer.delete_cookie("theme")
    return answer


def _keep(answer: HttpResponse, name: str, value: str) -> None:
    secure = settings.SESSION_COOKIE_SECURE
    answer.set_cookie(name, value, max_age=YEAR, secure=secure, httponly=True, samesite="Lax")


def _back(request: HttpRequest) -> HttpResponseRedirect:
    """To where one came from, on this installation only."""
    address = request.POST.get("next") or "/"
    own = url_has_allowed_host_and_scheme(address, {request.get_host()}, require_https=request.is_secure())
    return HttpResponseRedirect(address if own else "/", status=303)
