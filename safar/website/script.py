"""What the script of a website asks, and code of one's own that stands in for it; all of it with a public key.

/site/forms/<key>.json            the forms that open over pages or stand inside them
/site/forms/<key>/<form>.json     one form; by POST what was filled in
/site/forms/<key>/seen            by POST: it was shown, or closed without an answer
/site/forms/<key>/mine            by POST: which of the forms for some may open for this visitor
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from safar.accounts.keys import Key, find_key
from safar.channels.consent.contact_pages import proof_of, secret_keys
from safar.events.reading import MAX_DEPTH, read_json
from safar.lib.faults import Refused
from safar.website import taking
from safar.website.answering import connected, said_of, say_json
from safar.website.coming import SENT, read_coming
from safar.website.counting import SEEN, count_seen
from safar.website.form import AGREED, PAGE, Form
from safar.website.guards import SHOWN, TRAP, Rate
from safar.website.keeping import Kept, list_forms
from safar.website.submitting import METHOD
from safar.website.taking import take
from safar.website.telling import as_told
from safar.website.visitors import list_shown

MAX_BODY = 32_000  # bytes
MINUTE = "public, max-age=60"
seen_rate = Rate(most=300)
NOBODY = {"error": "the key is not known, or pages of this site may not use it"}
PREFLIGHT = {"Access-Control-Allow-Methods": "GET, POST", "Access-Control-Allow-Headers": "content-type", "Access-Control-Max-Age": "86400"}  # fmt: skip


@require_safe
def forms_of_key(request: HttpRequest, key: str) -> HttpResponse:
    """``/site/forms/<public key>.json?lang=…``: {forms: […]}, for a minute in any cache."""
    found = _key(request, key)
    if found is None:
        return say_json(NOBODY, 404)
    shown = [one for one in list_forms(connected(), found.workspace_id) if one.live and one.form.kind != PAGE]
    return _kept_a_minute({"forms": [_told(request, one) for one in shown]})


@csrf_exempt  # a key and a signature are sent, no cookie of ours
@require_http_methods(["GET", "HEAD", "POST", "OPTIONS"])
def form_of_key(request: HttpRequest, key: str, form: str) -> HttpResponse:
    """``/site/forms/<public key>/<form>.json?lang=…``: one form of any kind. By POST {fields, consents: [channel], language, shown, …} (docs/website.md)."""
    if request.method == "OPTIONS":
        answer = say_json({}, 204)
        for name, value in PREFLIGHT.items():
            answer[name] = value
        return answer
    found = _key(request, key)
    kept = _live(found, lambda one: one.form.key == form) if found else None
    if kept is None:
        return say_json(NOBODY if found is None else {"error": "there is no such form, or it is not shown"}, 404)
    if request.method != "POST":
        return _kept_a_minute(_told(request, kept))
    try:
        given = _read(request, kept.form)
    except Refused as refused:
        faults = [{"place": fault.place, "message": fault.message} for fault in refused.faults]
        return say_json({"error": "what was sent is refused: see faults", "faults": faults}, 400)
    language = kept.form.spoken(given.get("language", ""), kept.language)
    taken = take(connected(), kept, given, language=language, proof=proof_of(request, METHOD))
    return say_json(said_of(kept, taken, language, given), taken.status)


@csrf_exempt
@never_cache
@require_POST
def seen(request: HttpRequest, key: str) -> HttpResponse:
    """``/site/forms/<public key>/seen``: {token, what: shown | closed, page, …}, in any type, as `sendBeacon` sends it. Nobody is known by it."""
    found, at = _key(request, key), taking.now()
    if found is None:
        return say_json(NOBODY, 404)
    if not seen_rate.takes(f"{found.workspace_id} {proof_of(request, METHOD).get('ip', '')}", at):
        return say_json({"error": "that was too often"}, 429)
    try:
        said = _texts(_object(request))
    except Refused:
        return say_json({"error": "send a JSON object"}, 400)
    kept = _live(found, lambda one: one.token == said.get("token"))
    if kept is None or said.get("what") not in SEEN:
        return say_json({"error": "there is no such form, or it is not shown"}, 404)
    count_seen(connected(), kept, said["what"], read_coming(said), at)
    return say_json({}, 200)


@csrf_exempt
@never_cache
@require_POST
def mine(request: HttpRequest, key: str) -> HttpResponse:
    """``/site/forms/<public key>/mine``: {anonymousId, visitor}. {show: [token]}; no segment is named, and nobody's but the visitor's own told."""
    found, at = _key(request, key), taking.now()
    if found is None:
        return say_json(NOBODY, 404)
    if not seen_rate.takes(f"mine {found.workspace_id} {proof_of(request, METHOD).get('ip', '')}", at):
        return say_json({"error": "that was too often"}, 429)
    try:
        said = _texts(_object(request))
    except Refused:
        return say_json({"error": "send a JSON object"}, 400)
    given = {"visitor": said.get("visitor", ""), "anonymous": said.get("anonymousId", "")}
    return say_json({"show": list_shown(connected(), found.workspace_id, **given, now=at, keys=secret_keys())})


def _key(request: HttpRequest, plain: str) -> Key | None:
    """The public key, where the page that asks may use it."""
    found = find_key(connected(), plain)
    return found if found and not found.trusted and found.takes_from(request.headers.get("Origin", "")) else None


def _live(key: Key, which: Any) -> Kept | None:
    return next((one for one in list_forms(connected(), key.workspace_id) if one.live and which(one)), None)


def _told(request: HttpRequest, kept: Kept) -> dict[str, Any]:
    return as_told(kept, kept.form.spoken(request.GET.get("lang", ""), kept.language), taking.now())


def _kept_a_minute(told: Mapping[str, Any]) -> HttpResponse:
    answer = say_json(told)
    answer["Cache-Control"] = MINUTE
    answer["Vary"] = "Origin"
    return answer


def _object(request: HttpRequest) -> dict[str, Any]:
    """Raises Refused for what is no JSON object of a bearable size."""
    said = read_json(request.body[:MAX_BODY], max_depth=MAX_DEPTH)
    return said if isinstance(said, dict) else {}


def _read(request: HttpRequest, form: Form) -> dict[str, str]:
    """What `take` reads, from the JSON of a program."""
    said = _object(request)
    fields, agreed = said.get("fields"), said.get("consents")
    given = _texts(fields) if isinstance(fields, dict) else {}
    channels = agreed if isinstance(agreed, list) else []
    given |= {f"{AGREED}{number}": "yes" for number, one in enumerate(form.consents) if one.channel in channels}
    named = {name: said.get(name, "") for name in ("language", "page", *SENT, SHOWN, TRAP)}
    return given | _texts({**named, "anonymous": said.get("anonymousId", "")})


def _texts(said: Mapping[str, Any]) -> dict[str, str]:
    return {name: value.replace("\0", "") for name, value in said.items() if isinstance(value, str)}
