"""``/f/<token>``: a form's own page, which works without a script, and where the script of a website sends what was filled in."""

from __future__ import annotations

from collections.abc import Mapping

from django.http import HttpRequest, HttpResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from safar.channels.consent.contact_pages import contact_page, language_of, proof_of
from safar.channels.tracking.machines import ROBOTS
from safar.website import taking
from safar.website.answering import connected, said_of, say_json
from safar.website.coming import SENT, read_coming
from safar.website.counting import SHOWN as SEEN
from safar.website.counting import count_seen
from safar.website.form import AGREED
from safar.website.guards import TRAP
from safar.website.keeping import Kept, find_form
from safar.website.submitting import METHOD
from safar.website.taking import Taken, shown_again, take
from safar.website.telling import WORDS, fields_of, texts_of, words_in


@csrf_exempt  # what is filled in comes from pages of elsewhere, without a cookie of ours
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def form_page(request: HttpRequest, token: str) -> HttpResponse:
    """``/f/<token>?lang=…``; by POST what was filled in. With ``Accept: application/json`` the answer is that of `said_of`."""
    kept = find_form(connected(), token)
    if kept is None or not kept.live:
        gone = {"title": WORDS["title"], "said": WORDS["gone"]}
        return contact_page(request, "channels/said.html", gone, {}, language=language_of(request), status=404)
    language = kept.form.spoken(request.POST.get("language") or request.GET.get("lang", ""), kept.language)
    if request.method != "POST":
        came = {"referrer": request.headers.get("Referer", ""), **request.GET.dict()}
        if request.method == "GET" and not ROBOTS.search(request.headers.get("User-Agent", "")):
            count_seen(connected(), kept, SEEN, read_coming({**came, "page": ""}), taking.now())
        return draw(request, kept, language, {name: came.get(name, "")[:500] for name in SENT})
    given = {name: value for name, value in request.POST.items() if isinstance(value, str)}
    taken = take(connected(), kept, given, language=language, proof=proof_of(request, METHOD))
    if request.headers.get("Accept", "") == "application/json":
        return say_json(said_of(kept, taken, language, given), taken.status)
    return draw(request, kept, language, given, taken) if taken.said else _thanks(request, kept, language, taken)


def draw(
    request: HttpRequest, kept: Kept, language: str, given: Mapping[str, str], taken: Taken = Taken()
) -> HttpResponse:
    """The page with the form. given: what stands in it already."""
    form, words = kept.form, words_in(language)
    context = {
        "names": {"workspace": kept.workspace},
        **texts_of(form, language, words),
        "fields": fields_of(form, language, words, given, taken.wrong),
        "consents": [(f"{AGREED}{number}", form.called(one.text, language), f"{AGREED}{number}" in given) for number, one in enumerate(form.consents)],
        "came": [(name, given[name]) for name in SENT if given.get(name)],
        "trap": TRAP,
        "shown": shown_again(kept, given),
    }  # fmt: skip
    said = {**WORDS, **({"said": WORDS[taken.said]} if taken.said else {})}
    return contact_page(
        request, "website/form.html", said, context, language=language, accent=kept.colour, status=taken.status
    )


def _thanks(request: HttpRequest, kept: Kept, language: str, taken: Taken) -> HttpResponse:
    told = said_of(kept, taken, language, {})
    context = {"names": {"workspace": kept.workspace}, **told}
    return contact_page(request, "website/thanks.html", WORDS, context, language=language, accent=kept.colour)
