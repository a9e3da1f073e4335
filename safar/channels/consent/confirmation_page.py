"""The page behind the link of a confirmation, ``/confirm/<token>``. GET shows a button: scanners follow links, and a link that was followed is no yes.
POST confirms; after seven days it asks again instead."""

from __future__ import annotations

import os
from datetime import UTC, datetime

from django.db import connection, transaction
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from safar.channels.consent.confirming import EXPIRED, Asking, ask_confirmation, confirm, read_asking
from safar.channels.consent.contact_pages import contact_page, language_of, proof_of, secret_keys
from safar.channels.tokens import CONFIRMING, Unsubscribe, read_token
from safar.postgres.connections import connect, database_url

METHOD = "confirmation"
AGAIN = "again"  # what the button of a link that is too old asks for
WORDS = {
    "title": _("Confirm"),
    "email": _("Do you want e-mail from %(workspace)s at this address?"),
    "sms": _("Do you want text messages from %(workspace)s at this number?"),
    "yes": _("Yes, I want them"),
    "not_you": _("If it was not you who asked, close this page: nothing will be sent."),
    "confirmed": _("Thank you. It is confirmed."),
    "before": _("This was confirmed before. There is nothing left to do."),
    "expired": _("This link is too old: it was good for seven days."),
    "again": _("Send me a new one"),
    "asked": _("A new link is on its way."),
    "too_often": _("You were sent several links today. Use the newest of them, or come back tomorrow."),
    "already": _("This was confirmed before. There is nothing left to do."),
    "another": _("Your address is another one by now. Sign up with it once more."),
    "nobody": _("This link is not valid, or too old. Use the link in the newest message."),
}


@csrf_exempt  # the signed token is the permission; the page is opened from a mail program, without a cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def confirmation_page(request: HttpRequest, token: str) -> HttpResponse:
    """``/confirm/<token>?lang=…``. 404 for a token that was not made here, or whose contact is gone."""
    what, now = read_token(token, secret_keys(), CONFIRMING), datetime.now(UTC)
    with transaction.atomic(), connection.cursor() as cursor:
        asking = read_asking(cursor, what) if what else None
        if what is None or asking is None:
            words = {"title": WORDS["title"], "said": WORDS["nobody"]}
            return contact_page(request, "channels/said.html", words, {}, language=language_of(request), status=404)
        said = EXPIRED if asking.confirmed_at is None and now >= asking.expires_at else ""
        if request.method == "POST" and request.POST.get("what") != AGAIN:
            said = confirm(cursor, what, asking, now=now, proof=proof_of(request, METHOD), keys=secret_keys())
    if request.method == "POST" and request.POST.get("what") == AGAIN and said == EXPIRED:
        said = _ask_again(what, asking)
    return _page(request, asking, said)


def _ask_again(what: Unsubscribe, asking: Asking) -> str:
    with connect(database_url(os.environ), application_name="safar confirmation") as conn:
        return ask_confirmation(
            conn,
            workspace_id=what.workspace_id,
            contact=what.contact_id,
            channel=asking.channel,
            topics=asking.topics,
            proof=asking.proof,
        )


def _page(request: HttpRequest, asking: Asking, said: str) -> HttpResponse:
    own = "fa" if asking.language.startswith("fa") else "en"
    words = {**WORDS, "question": WORDS[asking.channel]} | ({"said": WORDS[said]} if said else {})
    context = {
        "names": {"workspace": asking.workspace},
        "address": asking.address,
        "asks": not said,
        "again": said == EXPIRED,
    }
    return contact_page(
        request, "channels/confirmation.html", words, context, language=language_of(request, own), accent=asking.accent
    )
