"""The front page for whoever is not signed in: what runs here, where events go, where to read on. Shows nobody's data."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext_lazy, override
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safar.config.headers import POLICY
from safar.console.entrance.views import choose_workspace
from safar.lib.csp import style_hashes
from safar.workers.health import KINDS, look

TEMPLATE = "safar/landing.html"
_STYLES = style_hashes((Path(__file__).parent / "templates" / TEMPLATE).read_text("utf-8"))

PARTS = {
    "database": gettext_lazy("Database"),
    "web": gettext_lazy("Web"),
    "engine": gettext_lazy("Engine"),
    "dispatcher": gettext_lazy("Dispatcher"),
}
LANGUAGES = ("en", "fa")
# Its style stands in the page itself, so that it looks right where the console's assets were never built.
OWN_POLICY = f"{POLICY}; style-src {_STYLES}"
DOCS = ("README.md", "docs/install.md", "docs/operations.md", "docs/journeys.md")


@never_cache
@require_safe
def landing(request: HttpRequest) -> HttpResponse:
    """The page, in the reader's language or the one asked for with ?lang=en|fa; members go on to their workspace."""
    if request.session.session_key and request.user.is_authenticated:
        return choose_workspace(request)
    asked = request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else (get_language() or "en")[:2]
    health = look()
    alive = {"database": health.database is not None, **{kind: health.alive(kind) > 0 for kind in KINDS}}
    with override(language if language in LANGUAGES else "en"):
        context = {
            "parts": [(name, alive[part]) for part, name in PARTS.items()],
            "endpoint": f"{settings.SAFAR.public_url}/v1/batch",
            "docs": DOCS,
            "version": version("safar"),
        }
        answer = render(request, TEMPLATE, context)
    answer["Content-Security-Policy"] = OWN_POLICY
    return answer
