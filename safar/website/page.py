"""``/f/<token>``: a form's own page, which works without a script, and where the script of a website sends what was filled in.
``/site/forms/<key>.json``: what that script shows."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from django.db import connection
from django.http import HttpRequest, HttpResponse
from django.utils.translation import get_language, gettext, override
from django.utils.translation import gettext_noop as _
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_safe
from psycopg import Connection

from safar.accounts.keys import find_key
from safar.channels.contact_pages import LANGUAGES, contact_page, on, proof_of, secret_keys
from safar.contacts.privacy import COLOUR, Privacy
from safar.lib.faults import Refused
from safar.website.form import EMAIL, KNOWN, PAGE, PHONE, Form
from safar.website.guards import OK, SHOWN, TOO_OLD, TRAP, Rate, check_shown, present, sign_shown
from safar.website.keeping import Kept, find_form, list_forms
from safar.website.submitting import AGREED, METHOD, submit

now = present  # tests move it
rate = Rate()
JSON_TYPE = "application/json"
WORDS = {
    "title": _("Form"),
    "email": _("E-mail"),
    "phone": _("Mobile number"),
    "first_name": _("First name"),
    "last_name": _("Last name"),
    "send": _("Send"),
    "close": _("Close"),
    "thanks": _("Thank you."),
    "confirm": _("We have sent you a message. Press the button in it, and you will hear from us."),
    "again": _("Please press the button once more."),
    "often": _("That was too often. Please try again in a few minutes."),
    "faults": _("Please look at what is marked."),
    "failed": _("It could not be sent. Please try again."),
    "gone": _("This form is not here any more."),
    "go_on": _("Go on"),
    "trap": _("Leave this empty"),
    "missing": _("is missing"),
    "wrong": _("is not right"),
}
TYPES = {EMAIL: ("email", "email"), PHONE: ("tel", "tel"), "first_name": ("text", "given-name"), "last_name": ("text", "family-name")}  # fmt: skip


@csrf_exempt  # what is filled in comes from pages of elsewhere, without a cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, token: str) -> HttpResponse:
    """``/f/<token>?lang=…``; by POST what was filled in. With ``Accept: application/json`` the answer is {thanks, redirect} or {faults, said}."""
    kept = _find(token)
    asked = request.POST.get("language") or request.GET.get("lang", "")
    language = asked if asked in LANGUAGES else (kept.language if kept else _of_browser())
    if kept is None:
        return _answer(request, None, language, {"said": WORDS["gone"]}, status=404)
    if request.method != "POST":
        return _answer(request, kept, language, {})
    given = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    proof, at = proof_of(request, METHOD), now()
    if given.get(TRAP):  # a machine: it hears what people hear, and nothing was taken
        return _thanks(request, kept, language, confirm=False)
    if check_shown(given.get(SHOWN, ""), token, at, secret_keys()) != OK:
        return _answer(request, kept, language, {"said": WORDS["again"]}, given, status=422)
    if not rate.takes(f"{token} {proof.get('ip', '')}", at):
        return _answer(request, kept, language, {"said": WORDS["often"]}, given, status=429)
    try:
        confirm = submit(
            _conn(),
            kept,
            given,
            language=language,
            proof=proof,
            anonymous=given.get("anonymous", ""),
            page=given.get("page", "").replace("\0", ""),
            now=at,
        )
    except Refused as refused:
        wrong = {fault.place: "missing" if "missing" in fault.message else "wrong" for fault in refused.faults}
        return _answer(request, kept, language, {"said": WORDS["faults"]}, given, wrong, status=422)
    return _thanks(request, kept, language, confirm=confirm)


@require_safe
def forms_of_key(request: HttpRequest, key: str) -> HttpResponse:
    """``/site/forms/<public key>.json?lang=…``: the forms that the script shows, for a minute in any cache."""
    found = find_key(_conn(), key)
    if found is None or found.trusted or not found.takes_from(request.headers.get("Origin", "")):
        return _json({"error": "the key is not known, or pages of this site may not use it"}, 404)
    language = request.GET.get("lang", "")
    told = [
        as_told(one, language if language in LANGUAGES else one.language, request)
        for one in list_forms(_conn(), found.workspace_id)
        if one.live and one.form.kind != PAGE
    ]
    answer = HttpResponse(json.dumps({"forms": told}), content_type=JSON_TYPE)
    answer["Cache-Control"] = "public, max-age=60"
    answer["Access-Control-Allow-Origin"] = "*"
    answer["Vary"] = "Origin"
    return answer


def as_told(kept: Kept, language: str, request: HttpRequest) -> dict[str, Any]:
    """A form for the script: every text in one language, and when it opens."""
    form, words = kept.form, _words(language)
    colour = kept.colour if COLOUR.fullmatch(kept.colour) else Privacy().accent
    return {
        "token": kept.token,
        "key": form.key,
        "kind": form.kind,
        "language": language,
        "dir": "rtl" if language == "fa" else "ltr",
        "address": request.build_absolute_uri(f"/f/{kept.token}"),
        **_texts(form, language, words),
        "close": words["close"],
        "failed": words["failed"],
        "trap_name": TRAP,
        "trap": words["trap"],
        "colour": colour,
        "on_colour": on(colour),
        "place": form.place,
        "fields": _fields(form, language, words),
        "consents": [form.called(one.text, language) for one in form.consents],
        "opens": {"after": form.after, "scroll": form.scroll, "leaving": form.leaving, "path": form.path, "days": form.days},
        SHOWN: sign_shown(kept.token, now(), secret_keys()),
    }  # fmt: skip


def _texts(form: Form, language: str, words: Mapping[str, str]) -> dict[str, str]:
    return {
        "title": form.called(form.title, language),
        "text": form.called(form.text, language),
        "button": form.called(form.button, language) or words["send"],
        "thanks": form.called(form.thanks, language) or words["thanks"],
    }


def _fields(
    form: Form,
    language: str,
    words: Mapping[str, str],
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
) -> list[dict[str, Any]]:
    return [
        {
            "name": field.name,
            "label": words[field.name] if field.name in KNOWN else form.called(field.label, language) or field.name,
            "required": field.required,
            "type": TYPES.get(field.name, ("text", "off"))[0],
            "autocomplete": TYPES.get(field.name, ("text", "off"))[1],
            "value": (given or {}).get(field.name, ""),
            "wrong": words[(wrong or {})[field.name]] if field.name in (wrong or {}) else "",
        }
        for field in form.fields
    ]


def _thanks(request: HttpRequest, kept: Kept, language: str, *, confirm: bool) -> HttpResponse:
    words = _words(language)
    thanks = _texts(kept.form, language, words)["thanks"] + (f" {words['confirm']}" if confirm else "")
    if _wants_json(request):
        return _json({"thanks": thanks, "redirect": kept.form.redirect}, 200)
    context = {"names": {"workspace": kept.workspace}, "thanks": thanks, "redirect": kept.form.redirect}
    return contact_page(request, "website/thanks.html", WORDS, context, language=language, accent=kept.colour)


def _answer(
    request: HttpRequest,
    kept: Kept | None,
    language: str,
    said: Mapping[str, str],
    given: Mapping[str, str] | None = None,
    wrong: Mapping[str, str] | None = None,
    status: int = 200,
) -> HttpResponse:
    words = _words(language)
    if kept is not None and _wants_json(request):
        told = {"said": words_of(said, language), "faults": {name: words[what] for name, what in (wrong or {}).items()}}
        return _json({**told, SHOWN: _shown(kept, given)}, status)
    if kept is None:
        gone = {"title": WORDS["title"], **said}
        return contact_page(request, "channels/said.html", gone, {}, language=language, status=status)
    form = kept.form
    context = {
        "names": {"workspace": kept.workspace},
        **_texts(form, language, words),
        "fields": _fields(form, language, words, given, wrong),
        "consents": [(f"{AGREED}{number}", form.called(one.text, language), f"{AGREED}{number}" in (given or {})) for number, one in enumerate(form.consents)],
        "trap": TRAP,
        "shown": _shown(kept, given),
    }  # fmt: skip
    return contact_page(
        request, "website/form.html", {**WORDS, **said}, context, language=language, accent=kept.colour, status=status
    )


def _shown(kept: Kept, given: Mapping[str, str] | None) -> str:
    """What was handed out first, so that pressing once more is not too quick again; a new one where that is too old."""
    before = (given or {}).get(SHOWN, "")
    old = check_shown(before, kept.token, now(), secret_keys()) == TOO_OLD
    return sign_shown(kept.token, now(), secret_keys()) if old else before


def words_of(said: Mapping[str, str], language: str) -> str:
    with override(language):
        return " ".join(gettext(text) for text in said.values())


def _words(language: str) -> dict[str, str]:
    with override(language):
        return {name: gettext(text) for name, text in WORDS.items()}


def _json(told: Mapping[str, Any], status: int) -> HttpResponse:
    answer = HttpResponse(json.dumps(told), content_type=JSON_TYPE, status=status)
    answer["Access-Control-Allow-Origin"] = "*"
    return answer


def _wants_json(request: HttpRequest) -> bool:
    return request.headers.get("Accept", "") == JSON_TYPE


def _find(token: str) -> Kept | None:
    kept = find_form(_conn(), token)
    return kept if kept and kept.live else None


def _conn() -> Connection[Any]:
    connection.ensure_connection()
    found: Connection[Any] = connection.connection
    return found


def _of_browser() -> str:
    return "fa" if (get_language() or "").startswith("fa") else "en"
