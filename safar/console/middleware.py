"""Before every page: the member's language, and the door of a workspace."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django.contrib.auth.views import redirect_to_login
from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import reverse
from django.utils import translation

from safar.accounts.members import find_membership
from safar.accounts.models import Role
from safar.console.access import ConsoleRequest, is_htmx, role_needed
from safar.console.formats import Formats

Respond = Callable[[HttpRequest], HttpResponse]


class MembersLanguage:
    """A signed-in member's own language goes before the browser's."""

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        # Whoever has no session costs no query here.
        language = getattr(request.user, "language", "") if request.session.session_key else ""
        if language:
            translation.activate(language)
            request.LANGUAGE_CODE = language
        answer = self.get_response(request)
        if language:
            answer.headers["Content-Language"] = language
        return answer


class Doorkeeper:
    """Whatever lies under ``/w/<slug>/`` gets ``request.workspace``, ``.membership`` and ``.formats``.

    404 for strangers, as for a workspace that is not there; 403 for members whose role does not reach; to the sign-in for
    nobody. It stands before every view, so a page that says nothing about roles is closed, not open.
    """

    def __init__(self, get_response: Respond) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        return self.get_response(request)

    def process_view(
        self, request: HttpRequest, view: Callable[..., Any], _args: Any, kwargs: dict[str, Any]
    ) -> HttpResponse | None:
        slug = kwargs.pop("workspace_slug", None)
        if slug is None:
            return None
        if not request.user.is_authenticated:
            if is_htmx(request):
                return HttpResponse(status=401, headers={"HX-Redirect": reverse("account_login")})
            return redirect_to_login(request.get_full_path() if request.method in ("GET", "HEAD") else "/")
        membership = find_membership(request.user, slug)
        if membership is None:
            raise Http404
        if not Role(membership.role).covers(role_needed(view, request.method)):
            raise PermissionDenied
        workspace = membership.workspace
        inside = cast(ConsoleRequest, request)
        inside.workspace, inside.membership = workspace, membership
        inside.formats = Formats.of(workspace, translation.get_language() or "en")
        return None
