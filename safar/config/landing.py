"""The front page for whoever is not signed in: what runs here, where events go, where to read on. Shows nobody's data."""

from __future__ import annotations

from importlib.metadata import version
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from safar.config.headers import POLICY
from safar.console.entrance.views import choose_workspace
from safar.lib.csp import style_hashes
from safar.workers.health import KINDS, look

TEMPLATE = "safar/landing.html"
_STYLES = style_hashes((Path(__file__).parent / "templates" / TEMPLATE).read_text("utf-8"))

WORDS: dict[str, dict[str, Any]] = {
    "en": {
        "title": "Safar is running",
        "what": "Customer journeys on this server: events come in, contacts walk along journeys, messages go out.",
        "parts": {"database": "Database", "web": "Web", "engine": "Engine", "dispatcher": "Dispatcher"},
        "alive": "alive",
        "silent": "does not answer",
        "events": "Events come in here, from any Segment client, with a key of a workspace",
        "key": "Make a key",
        "look": "Look at a journey in the terminal",
        "read": "Read on",
        "other": "فارسی",
        "sign_in": "Sign in",
    },
    "fa": {
        "title": "سفر در حال کار است",
        "what": "سفر مشتری روی همین سرور: رویدادها می‌رسند، مخاطبان در سفرها پیش می‌روند و پیام‌ها فرستاده می‌شوند.",
        "parts": {"database": "پایگاه داده", "web": "وب", "engine": "موتور", "dispatcher": "فرستنده"},
        "alive": "برقرار",
        "silent": "پاسخ نمی‌دهد",
        "events": "رویدادها با هر کلاینت Segment و کلید یک کسب‌وکار به این نشانی می‌رسند",
        "key": "ساختن کلید",
        "look": "دیدن یک سفر در ترمینال",
        "read": "بیشتر بخوانید",
        "other": "English",
        "sign_in": "ورود",
    },
}
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
    language = asked if asked in WORDS else (get_language() or "en")[:2]
    words = WORDS.get(language, WORDS["en"])
    health = look()
    alive = {"database": health.database is not None, **{kind: health.alive(kind) > 0 for kind in KINDS}}
    context = {
        "words": words,
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "other": "en" if language == "fa" else "fa",
        "parts": [(words["parts"][name], alive[name]) for name in words["parts"]],
        "endpoint": f"{settings.SAFAR.public_url}/v1/batch",
        "docs": DOCS,
        "version": version("safar"),
    }
    answer = render(request, TEMPLATE, context)
    answer["Content-Security-Policy"] = OWN_POLICY
    return answer
