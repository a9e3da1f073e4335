"""What a request is answered that cannot be served: RFC 9457, with the place of every fault."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable, Iterable
from http import HTTPStatus
from typing import Any

import psycopg
from django.core.exceptions import RequestDataTooBig
from django.db import DatabaseError
from django.http import Http404, HttpRequest, HttpResponse, UnreadablePostError
from ninja import NinjaAPI
from ninja.errors import ValidationError

from safar.lib.faults import Fault, Refused
from safar.postgres.errors import ServerFault

log = logging.getLogger(__name__)

MEDIA_TYPE = "application/problem+json"
MAX_FAULTS = 100  # told of; a body can hold more than anybody reads
SECONDS_SAID = "this took longer than it may; ask for less at once"


class Problem(Exception):
    """An answer other than the one asked for. status: HTTP's; detail: what to do about it; faults: with their places."""

    def __init__(self, status: int, detail: str, faults: Iterable[Fault] = ()) -> None:
        super().__init__(detail)
        self.status = status
        self.detail = detail
        self.faults = tuple(faults)


class Missing(Problem):
    """404. what: "there is no journey 'welcome'"."""

    def __init__(self, what: str) -> None:
        super().__init__(404, what)


def answer(status: int, detail: str, faults: Iterable[Fault] = ()) -> HttpResponse:
    """The problem as a response."""
    body: dict[str, Any] = {"type": "about:blank", "title": HTTPStatus(status).phrase, "status": status}
    if detail:
        body["detail"] = detail
    told = [
        {"place": fault.place, "message": fault.message, **({"line": fault.line} if fault.line else {})}
        for fault in list(faults)[:MAX_FAULTS]
    ]
    if told:
        body["faults"] = told
    response = HttpResponse(json.dumps(body, ensure_ascii=False), status=status, content_type=MEDIA_TYPE)
    if status == 401:
        response.headers["WWW-Authenticate"] = 'Bearer realm="Safar", Basic realm="Safar"'
    if status == 503:
        response.headers["Retry-After"] = "1"
    return response


def refusal(refused: Refused) -> HttpResponse:
    """400 with every fault."""
    return answer(400, "what was sent is refused: see faults", refused.faults)


def register(api: NinjaAPI) -> None:
    """Every exception that a view may raise becomes a problem."""
    for kind, handler in _HANDLERS.items():
        api.add_exception_handler(kind, handler)


def unexpected(request: HttpRequest, error: Exception) -> HttpResponse:
    """What nobody foresaw; a database that is away is 503, a bug 500 and a line in the log."""
    if isinstance(error, RequestDataTooBig):
        return answer(413, "the body is larger than it may be")
    if isinstance(error, UnreadablePostError):
        return answer(400, "the body could not be read to its end")
    if isinstance(error, DatabaseError) and isinstance(error.__cause__, Exception):
        error = error.__cause__
    if isinstance(error, psycopg.errors.QueryCanceled):
        return answer(503, SECONDS_SAID)
    if isinstance(error, psycopg.OperationalError | ServerFault):
        log.warning("%s could not be answered: %s", request.path, str(error).strip())
        return answer(503, "the database cannot be reached; ask again")
    log.error("%s %s failed", request.method, request.path, exc_info=error)
    return answer(500, "this failed on our side")


def _problem(request: HttpRequest, error: Any) -> HttpResponse:
    return answer(error.status, error.detail, error.faults)


def _faults(error: ValidationError) -> list[Fault]:
    """pydantic's, with places as ours: without `body`, `query` and the name of the parameter around them."""
    found = []
    for each in error.errors:
        kind, *rest = each.get("loc", ("",))
        place = ".".join(str(part) for part in (rest[1:] if kind == "body" else rest))
        found.append(Fault(place, _said(str(each.get("msg", "cannot be read")))))
    return found


def _said(message: str) -> str:
    return message[:1].lower() + message[1:]


_HANDLERS: dict[type[Exception], Callable[[HttpRequest, Any], HttpResponse]] = {
    Problem: _problem,
    Refused: lambda request, error: refusal(error),
    ValidationError: lambda request, error: refusal(Refused(_faults(error))),
    Http404: lambda request, error: answer(404, "there is nothing here"),
    Exception: unexpected,
}
