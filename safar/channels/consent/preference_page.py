"""The preference centre, ``/p/<token>``: the same signed token as an unsubscribe link. GET shows what is chosen and changes nothing; POST keeps
what is chosen, each change an event with its proof. No login, no script, no cookie."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from safar.channels.consent.contact_pages import LANGUAGES, contact_page, language_of, proof_of, secret_keys
from safar.channels.consent.preferring import LONGEST, Centre, look_up_centre, prefer, wait_for_told
from safar.channels.tokens import read_token
from safar.contacts.preferences import (
    ENDED,
    FREQUENCIES,
    FREQUENCY,
    PAUSE,
    PAUSE_DAYS,
    PAUSED,
    SWITCHES,
    TRACKING,
    Preferences,
)
from safar.contacts.requests import CONTACT, ask
from safar.contacts.topics import CHANNEL_PREFIX, JOINED, LEFT

METHOD = "preferences"
KEEP, NOTHING, RIGHTS = "keep", "nothing", ("export", "erase")  # what a button of the page asks for
TONGUES = (("fa", "فارسی"), ("en", "English"))
WORDS = {
    "title": _("Your messages"),
    "channels": _("By which way may we write to you?"),
    "email": _("E-mail"),
    "sms": _("Text message"),
    "bounced": _("Our messages do not arrive there, so we send none."),
    "stop_word": _("You have answered our line with a stop word. Send 12 to the same line to come back."),
    "barred": _("%(workspace)s sends nothing there any more. If you want that changed, ask them."),
    "topics": _("What do you want to hear about?"),
    "often": _("How often?"),
    "everything": _("Everything"),
    "weekly": _("Once a week at most"),
    "monthly": _("Once a month at most"),
    "pause": _("Nothing for 30 days"),
    "paused": _("Your pause is running."),
    "tracking": _("What you open and click"),
    "tracking_say": _("%(workspace)s may see what I open and click, so that I get what suits me."),
    "you": _("About you"),
    "name": _("Name"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "tongue": _("Language of our messages"),
    "keep": _("Keep my choice"),
    "nothing": _("I want no messages at all"),
    "rights": _("What we know about you"),
    "rights_say": _(
        "You can ask for everything that %(workspace)s keeps about you, or that it is erased. The answer comes within 30 days."
    ),
    "export": _("What do you know about me?"),
    "erase": _("Erase what you know about me"),
    "kept": _("Done. Your choice is kept."),
    "left": _("Done. You will get no more messages from %(workspace)s. What belongs to an order of yours still comes."),
    "asked_export": _("%(workspace)s was told. You will get what is kept about you within 30 days."),
    "asked_erase": _("%(workspace)s was told. What is kept about you will be erased within 30 days."),
    "too_late": _("It is kept, and counts within moments."),
    "unknown": _("This link is not valid, or too old. Use the link in the newest message."),
}


@csrf_exempt  # the signed token is the permission; the page is opened from a mail program, without a cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def preference_page(request: HttpRequest, token: str) -> HttpResponse:
    """``/p/<token>?lang=…``. 404 for a token that was not made here, or whose contact is gone."""
    token_says = read_token(token, secret_keys())
    with connection.cursor() as cursor:
        found = look_up_centre(cursor, token_says, secret_keys()) if token_says else None
        if found is None:
            words = {"title": WORDS["title"], "said": WORDS["unknown"]}
            return contact_page(request, "channels/said.html", words, {}, language=language_of(request), status=404)
        what, centre = found
        if request.method != "POST":
            return _page(request, centre)
        wanted = request.POST.get("what", "")
        if wanted in RIGHTS:
            ask(cursor, workspace_id=what.workspace_id, contact=what.contact_id, kind=wanted, by=CONTACT)
            return _page(request, centre, f"asked_{wanted}")
        said, traits = (
            (_nothing(centre), {}) if wanted == NOTHING else (_chosen(request, centre), _names(request, centre))
        )
        told = prefer(cursor, what, said, traits=traits, proof=proof_of(request, METHOD), marks=centre.marks)
        applied = told is None or wait_for_told(cursor, told)
    after = _as_chosen(centre, said, traits)
    word = "left" if wanted == NOTHING else "kept" if applied else "too_late"
    return _page(request, after, word, switch=traits.get("language"))


def _chosen(request: HttpRequest, centre: Centre) -> dict[str, str]:
    channels, topics = request.POST.getlist("channel"), request.POST.getlist("topic")
    said = {
        one.key: "given" if one.key in channels else "withdrawn"
        for one in centre.channels
        if not one.closed and one.on != (one.key in channels)
    }
    said |= {CHANNEL_PREFIX + one.key: JOINED if one.key in topics else LEFT for one in centre.topics}
    tracked = TRACKING in request.POST
    if tracked != centre.preferences.tracked:
        said[TRACKING] = SWITCHES[TRACKING][0 if tracked else 1]
    often = request.POST.get("often")
    if often == PAUSE:
        running = centre.preferences.is_paused(datetime.now(UTC))
        return said if running else said | {PAUSE: PAUSED}
    return said | ({FREQUENCY: often, PAUSE: ENDED} if often in FREQUENCIES else {})


def _nothing(centre: Centre) -> dict[str, str]:
    """Closed channels too: an address that bounced is a good one again some day, and a member may take it off the list."""
    return {one.key: "withdrawn" for one in centre.channels} | {CHANNEL_PREFIX + one.key: LEFT for one in centre.topics}


def _names(request: HttpRequest, centre: Centre) -> dict[str, str | None]:
    """What is another than before; an emptied name is taken away."""
    found: dict[str, str | None] = {}
    for name, before in centre.names.items():
        typed = " ".join(
            "".join(one for one in request.POST.get(name, before) if one.isprintable() or one.isspace()).split()
        )[:LONGEST]
        if typed != before:
            found[name] = typed or None
    language = request.POST.get("language")
    return found | ({"language": language} if language in LANGUAGES and language != centre.language else {})


def _as_chosen(centre: Centre, said: Mapping[str, str], traits: Mapping[str, str | None]) -> Centre:
    """The page as it is from now on, also where the engine has not come to it yet."""
    until = datetime.now(UTC) + timedelta(days=PAUSE_DAYS)
    paused = {PAUSED: until, ENDED: None}.get(said.get(PAUSE, ""), centre.preferences.paused_until)
    return replace(
        centre,
        channels=tuple(
            replace(one, on=said.get(one.key, "given" if one.on else "") == "given") for one in centre.channels
        ),
        topics=tuple(
            replace(one, taken=said.get(CHANNEL_PREFIX + one.key, JOINED if one.taken else LEFT) == JOINED)
            for one in centre.topics
        ),
        preferences=Preferences(
            said.get(FREQUENCY, centre.preferences.frequency),
            paused,
            said.get(TRACKING, SWITCHES[TRACKING][0 if centre.preferences.tracked else 1]) == SWITCHES[TRACKING][0],
        ),
        names={name: traits.get(name, value) or "" for name, value in centre.names.items()},
        language=traits.get("language") or centre.language,
    )


def _page(request: HttpRequest, centre: Centre, said: str = "", *, switch: str | None = None) -> HttpResponse:
    language = switch or language_of(request, centre.language)
    paused = centre.preferences.is_paused(datetime.now(UTC))
    context: dict[str, Any] = {
        "centre": centre,
        "names": {"workspace": centre.workspace},
        "until": paused,
        "tongues": TONGUES,
    }
    words = WORDS | ({"said": WORDS[said]} if said else {})
    context["chosen"] = PAUSE if paused else centre.preferences.frequency
    labelled: dict[str, list[tuple[str, ...]]] = {
        "often": [(one,) for one in (*FREQUENCIES, PAUSE)],
        "fields": list(centre.names.items()),
    }
    return contact_page(
        request, "channels/preferences.html", words, context, language=language, accent=centre.accent, labelled=labelled
    )
