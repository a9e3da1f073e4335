"""The page behind every unsubscribe link. GET shows a button and changes nothing: mail programs and scanners follow links.
POST unsubscribes at once, without login and without a cookie (RFC 8058: the mail program itself sends it)."""

from __future__ import annotations

from pathlib import Path

from django.conf import settings
from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.translation import get_language
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from safar.channels.tokens import read_token
from safar.channels.unsubscribing import ONE_CLICK, PAGE, Subscription, look_up, unsubscribe
from safar.lib.csp import style_hashes

TEMPLATE = "channels/unsubscribe.html"
_STYLES = style_hashes((Path(__file__).parent / "templates" / TEMPLATE).read_text("utf-8"))
# Nothing is loaded and nothing runs but the page's own style. The token stays out of other servers' logs.
HEADERS = {
    "Content-Security-Policy": f"default-src 'none'; style-src {_STYLES}; form-action 'self'; frame-ancestors 'none'; base-uri 'none'",
    "Referrer-Policy": "no-referrer",
    "X-Robots-Tag": "noindex, nofollow",
}

WORDS = {
    "en": {
        "title": "Unsubscribe",
        "email": "Do you want no more e-mail from {workspace}?",
        "sms": "Do you want no more text messages from {workspace}?",
        "button": "Unsubscribe",
        "done": "Done. You will get no more of these messages from {workspace}.",
        "unknown": "This link is not valid, or too old. Use the link in the newest message.",
    },
    "fa": {
        "title": "لغو اشتراک",
        "email": "دیگر ایمیلی از {workspace} نمی‌خواهید؟",
        "sms": "دیگر پیامکی از {workspace} نمی‌خواهید؟",
        "button": "لغو اشتراک",
        "done": "انجام شد. دیگر چنین پیامی از {workspace} دریافت نخواهید کرد.",
        "unknown": "این پیوند معتبر نیست یا قدیمی است. پیوند تازه‌ترین پیام را به کار ببرید.",
    },
}


@csrf_exempt  # the signed token is the permission; a mail program has no cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def unsubscribe_page(request: HttpRequest, token: str) -> HttpResponse:
    """``/u/<token>``. 404 for a token that was not made here, or whose contact is gone."""
    what = read_token(token, settings.SECRET_KEY)
    with connection.cursor() as cursor:
        found = look_up(cursor, what) if what else None
        if what is None or found is None:
            return _page(request, None, "unknown", status=404)
        if request.method != "POST":
            return _page(request, found, "sms" if found.channel == "sms" else "email")
        one_click = request.POST.get("List-Unsubscribe") == "One-Click"
        unsubscribe(cursor, what, method=ONE_CLICK if one_click else PAGE)
    return _page(request, found, "done")


def _page(request: HttpRequest, found: Subscription | None, said: str, status: int = 200) -> HttpResponse:
    language = found.language if found else ("fa" if (get_language() or "").startswith("fa") else "en")
    words = WORDS[language]
    context = {
        "language": language,
        "direction": "rtl" if language == "fa" else "ltr",
        "title": words["title"],
        "button": words["button"] if said in ("email", "sms") else "",
        "said": words[said].format(workspace=found.workspace if found else ""),
        "address": found.address if found and said in ("email", "sms") else "",
    }
    answer = render(request, TEMPLATE, context, status=status)
    for name, value in HEADERS.items():
        answer[name] = value
    return answer
