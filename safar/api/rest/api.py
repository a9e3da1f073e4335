"""The REST API under ``/api/v1/``: its rooms, its description for machines, its manners."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.urls import URLPattern, re_path
from django.views.decorators.csrf import csrf_exempt
from ninja.renderers import JSONRenderer

from safar.api.rest import contacts, events, forms, journeys, messages, problems, segments, templates
from safar.api.rest.bodies import MAX_BODY, StrictParser
from safar.api.rest.description import DescribedAPI
from safar.api.rest.paging import LARGEST_PAGE

DESCRIPTION = f"""Journeys, contacts, segments, events, messages, templates and forms of one workspace: the one the key belongs to.

Send a **secret key** as `Authorization: Bearer sk_…`, or as the user name of Basic authentication. A key with scopes may do what they
say; one without may do everything. Another workspace's things are not there: 404.

**Lists** have `limit` ({LARGEST_PAGE} at most) and `after`: give `next` of the page before. **Puts** may be repeated: the same twice changes
nothing. A **body** is JSON in UTF-8 of {MAX_BODY // 1024} KB at most, definitions and templates also YAML; NUL, halves of surrogate pairs, NaN,
Infinity and doubled keys are refused. **Times** are ISO 8601 in UTC, money is in the workspace's currency.

What cannot be served is answered by RFC 9457 (`application/problem+json`), with every fault and its place.
Events are sent to another address: see `/v1/openapi.json`.
"""
Answer = Callable[..., HttpResponseBase]


class Readable(JSONRenderer):
    """Letters as they are, not as \\u escapes."""

    def __init__(self) -> None:
        self.json_dumps_params = {"ensure_ascii": False}


api = DescribedAPI(
    title="Safar",
    version="1",
    description=DESCRIPTION,
    docs_url=None,
    urls_namespace="api",
    parser=StrictParser(),
    renderer=Readable(),
)
problems.register(api)
for room in (journeys, segments, contacts, events, messages, templates, forms):
    api.add_router("", room.router)


def _mannerly(view: Answer) -> Answer:
    """What ninja leaves to Django, in our form: NUL in addresses, methods that are not there, what nobody foresaw."""

    @csrf_exempt  # a key is sent on purpose, no browser adds it by itself
    @wraps(view)
    def answer(request: HttpRequest, *args: Any, **kwargs: Any) -> HttpResponseBase:
        try:
            if "\0" in request.path or any("\0" in value for _, values in request.GET.lists() for value in values):
                return problems.answer(400, "an address with NUL in it leads nowhere")
            found = view(request, *args, **kwargs)
        except Exception as error:
            return problems.unexpected(request, error)
        if found.status_code == 405 and found.headers.get("Content-Type") != problems.MEDIA_TYPE:
            allow = found.headers.get("Allow", "")
            found = problems.answer(405, f"use {allow}")
            found.headers["Allow"] = allow
        found.headers["Cache-Control"] = "no-store"
        return found

    return answer


def _nowhere(request: HttpRequest, **_: Any) -> HttpResponse:
    return problems.answer(404, f"there is nothing at {request.path[:200]}")


def _patterns() -> list[URLPattern]:
    patterns = [pattern for pattern in api.urls[0] if isinstance(pattern, URLPattern) and pattern.name != "api-root"]
    for pattern in patterns:
        pattern.callback = _mannerly(pattern.callback)
    rest = re_path(r"^.*$", _mannerly(_nowhere), name="nowhere")
    return [*patterns, rest]


urls = (_patterns(), "api")
