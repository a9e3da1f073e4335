"""The page behind every unsubscribe link. GET shows what can be chosen and changes nothing: mail programs and scanners follow links.
POST unsubscribes at once, without login and without a cookie (RFC 8058: the mail program itself sends it): from the topic of the
message where it has one, else from the channel. Why: docs/sending.md."""

from __future__ import annotations

from pathlib import Path

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from safar.channels.consent.contact_pages import proof_of, secret_keys
from safar.channels.consent.unsubscribing import ONE_CLICK, PAGE, Subscription, choose_topics, look_up, unsubscribe
from safar.channels.tokens import read_token
from safar.lib.csp import style_hashes

TEMPLATE = "channels/unsubscribe.html"
_STYLES = style_hashes((Path(__file__).parents[1] / "templates" / TEMPLATE).read_text("utf-8"))
# Nothing is loaded and nothing runs but the page's own style. The token stays out of other servers' logs.
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src {_STYLES}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

TOPIC, EVERYTHING, CHOICE = "topic", "everything", "choice"  # what a button of the page asks for
WORDS = {
    "title": _("Unsubscribe"),
    "email": _("Do you want no more e-mail from %(workspace)s?"),
    "sms": _("Do you want no more text messages from %(workspace)s?"),
    "about": _("This message of %(workspace)s is about “%(topic)s”. What do you want no more of?"),
    "button": _("Unsubscribe"),
    "topic_button": _("No more about “%(topic)s”"),
    "email_button": _("No more e-mail at all"),
    "sms_button": _("No more text messages at all"),
    "topics": _("What do you want to hear about?"),
    "save": _("Keep my choice"),
    "done": _("Done. You will get no more of these messages from %(workspace)s."),
    "topic_done": _("Done. You will get no more about “%(topic)s” from %(workspace)s."),
    "chosen": _("Done. Your choice is kept."),
    "more": _("Choose more: how often, and which way"),
    "unknown": _("This link is not valid, or too old. Use the link in the newest message."),
}


@csrf_exempt  # the signed token is the permission; a mail program has no cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """``/u/<token>``. 404 for a token that was not made here, or whose contact is gone."""
    what = read_token(token, secret_keys())
    with connection.cursor() as cursor:
        found = look_up(cursor, what) if what else None
        if what is None or found is None:
            return _page(request, None, "unknown", status=404)
        if request.method != "POST":
            return _page(request, found, "about" if found.topic else _channel(found), token)
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        wanted = "" if one_click else request.POST.get("what", "")
        proof = proof_of(request, ONE_CLICK if one_click else PAGE)
        if wanted == CHOICE:
            taken = request.POST.getlist("topic")
            choices = {one.key: one.key in taken for one in found.topics}
            choose_topics(cursor, what, choices, proof=proof)
            return _page(request, found, "chosen", token)
        if found.topic is not None and wanted != EVERYTHING:
            choose_topics(cursor, what, {found.topic.key: False}, proof=proof)
            return _page(request, found, "topic_done", token)
        unsubscribe(cursor, what, proof=proof)
    return _page(request, found, "done", token)


def _channel(found: Subscription) -> str:
    return "sms" if found.channel == "sms" else "email"


def _page(
    request: HttpRequest, found: Subscription | None, said: str, token: str = "", status: int = 200
) -> HttpResponse:
    language = found.language if found else ("fa" if (get_language() or "").startswith("fa") else "en")
    names = {"workspace": found.workspace if found else "", "topic": found.topic.title if found and found.topic else ""}
    with override(language):  # the contact's, whatever the browser's
        words = {key: gettext(text) % names for key, text in WORDS.items()}
    asks = found is not None and said in ("email", "sms", "about")
    buttons: list[tuple[str, str]] = []
    if found is not None and said == "about" and found.topic:
        buttons = [(TOPIC, words["topic_button"]), (EVERYTHING, words[f"{_channel(found)}_button"])]
    elif found is not None and said == "topic_done":
        buttons = [(EVERYTHING, words[f"{_channel(found)}_button"])]
    elif asks:
        buttons = [(EVERYTHING, words["button"])]
    context = {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "title": words["title"],
        "buttons": buttons,
        "topics": found.topics if found and asks else (),
        "asked": words["topics"],
        "save": words["save"],
        "more": words["more"] if found else "",
        "token": token,
        "said": words[said],
        "address": found.address if found and asks else "",
    }
    answer = render(request, TEMPLATE, context, status=status)
    for name, value in HEADERS.items():
        answer[name] = value
    return answer
