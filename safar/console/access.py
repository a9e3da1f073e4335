"""Who may do what: every address of a workspace passes by `Doorkeeper` (middleware.py), which asks what stands here."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, TypeVar, cast
from urllib.parse import urlencode

from allauth.account.internal.flows.reauthentication import did_recently_reauthenticate
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse

from safar.accounts.models import Member, Membership, Role, Workspace
from safar.console.formats import Formats

View = TypeVar("View", bound=Callable[..., Any])
SAFE = ("GET", "HEAD", "OPTIONS")
_ROLES = "safar_roles"


class ConsoleRequest(HttpRequest):
    """What a view under ``/w/<slug>/`` gets: the slug is resolved already, and is no argument of the view."""

    user: Member
    workspace: Workspace
    membership: Membership
    formats: Formats


def needs(role: str, *, write: str = "") -> Callable[[View], View]:
    """The role a view asks for; ``write``: for all methods that are no GET, HEAD or OPTIONS (the same if left out).

    A view without it asks for a viewer to read and for an editor to write.
    """
    asked = (Role(role), Role(write or role))

    def mark(view: View) -> View:
        setattr(view, _ROLES, asked)
        return view

    return mark


def asked_lately(*, back: str = "") -> Callable[[View], View]:
    """Only whoever has shown lately who they are; others do so first and come back to the page named ``back`` (this one if left out).

    Not allauth's own decorator: that goes on with a suspended POST by itself, past the `Doorkeeper`, whom its view counts on.
    """

    def guard(view: View) -> View:
        @wraps(view)
        def guarded(request: ConsoleRequest, *args: Any, **kwargs: Any) -> Any:
            if not did_recently_reauthenticate(request):
                here = request.get_full_path() if request.method in SAFE else request.path
                return ask_who(request, to(request, back) if back else here)
            return view(request, *args, **kwargs)

        return cast(View, guarded)

    return guard


def ask_who(request: HttpRequest, back: str) -> HttpResponse:
    """Ask again who one is; then on to the address ``back``, where what was to be done is done by hand once more."""
    return go(request, f"{reverse('account_reauthenticate')}?{urlencode({'next': back})}")


def role_needed(view: object, method: str | None) -> Role:
    """What `view` asks of whoever comes by this method."""
    read, write = getattr(view, _ROLES, (Role.VIEWER, Role.EDITOR))
    found: Role = read if method in SAFE else write
    return found


def may(membership: Membership, role: str) -> bool:
    """Whether the member may do what `role` may: for buttons that would only be refused."""
    return Role(membership.role).covers(Role(role))


def to(request: HttpRequest, name: str, *args: object, **kwargs: object) -> str:
    """Address of the page `name` in the workspace of this request: ``to(request, "journey", key=…)``."""
    workspace = cast(ConsoleRequest, request).workspace
    if args:
        return reverse(f"console:{name}", args=(workspace.slug, *args))
    return reverse(f"console:{name}", kwargs={"workspace_slug": workspace.slug, **kwargs})


def is_htmx(request: HttpRequest) -> bool:
    """A piece of a page is asked for, not a whole one (history restores ask for the whole)."""
    return request.headers.get("HX-Request") == "true" and "HX-History-Restore-Request" not in request.headers


def go(request: HttpRequest, address: str) -> HttpResponse:
    """Send the browser to another page, whether it asked by htmx or by itself."""
    if is_htmx(request):
        return HttpResponse(status=204, headers={"HX-Redirect": address})
    return HttpResponseRedirect(address, status=303)
