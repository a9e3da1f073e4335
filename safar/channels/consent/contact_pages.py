"""What the pages that contacts see have in common: no login, no script, nothing loaded, the contact's language, the workspace's colour."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string
from django.utils.translation import get_language, gettext, override

from safar.contacts.privacy import COLOUR, Privacy
from safar.lib.csp import style_hashes

_STYLE = (Path(__file__).parents[1] / "templates/channels/contact.css").read_text("utf-8")
LANGUAGES = ("fa", "en")


def contact_page(
    request: HttpRequest,
    template: str,
    words: Mapping[str, str],
    context: Mapping[str, Any],
    *,
    language: str,
    accent: str = "",
    labelled: Mapping[str, Sequence[tuple[str, ...]]] | None = None,
    status: int = 200,
) -> HttpResponse:
    """words: name → msgid, said in ``language`` with context["names"] put in. labelled: name → choices, (key, …), which the template gets as
    (key, the word of that name, …). The page's own style is all that its policy lets in."""
    style = f":root {{ --accent: {accent if COLOUR.fullmatch(accent) else Privacy().accent}; --on-accent: {on(accent)} }}\n{_STYLE}"
    with override(language):
        said = {key: gettext(text) % context.get("names", {}) for key, text in words.items()}
        lists = {name: [(one[0], said[one[0]], *one[1:]) for one in some] for name, some in (labelled or {}).items()}
        shown = {
            **context,
            **lists,
            "words": said,
            "language": language,
            "direction": "rtl" if language == "fa" else "ltr",
            "style": style,
        }
        page = render_to_string(template, shown, request)
    answer = HttpResponse(page, status=status)
    policy = f"default-src 'none'; style-src {style_hashes(page)}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
    answer["Content-Security-Policy"] = policy
    answer["Referrer-Policy"] = "no-referrer"  # the token stays out of other servers' logs
    answer["X-Robots-Tag"] = "noindex, nofollow"
    return answer


def language_of(request: HttpRequest, own: str = "") -> str:
    """What was switched to (``?lang=``), else the contact's, else the browser's."""
    chosen = request.GET.get("lang", "")
    return chosen if chosen in LANGUAGES else own or ("fa" if (get_language() or "").startswith("fa") else "en")


def proof_of(request: HttpRequest, method: str) -> dict[str, str]:
    """What is kept of a request as the proof of what was said by it."""
    meta = request.META
    found = {"ip": str(meta.get("REMOTE_ADDR") or "")[:64], "user_agent": str(meta.get("HTTP_USER_AGENT") or "")[:300]}
    return {"method": method, **{name: value.replace("\0", "") for name, value in found.items() if value}}


def secret_keys() -> tuple[str, ...]:
    """The installation's, the present one first."""
    return (settings.SECRET_KEY, *settings.SECRET_KEY_FALLBACKS)


def on(colour: str) -> str:
    """Black or white, whichever can be read on it (WCAG's relative luminance)."""
    if not COLOUR.fullmatch(colour):
        return "#ffffff"
    parts = [int(colour[at : at + 2], 16) / 255 for at in (1, 3, 5)]
    red, green, blue = (part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return "#ffffff" if 0.2126 * red + 0.7152 * green + 0.0722 * blue < 0.18 else "#000000"
