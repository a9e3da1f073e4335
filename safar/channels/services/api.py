"""What asking an e-mail service's API for more than to carry a message has in common: JSON there and back, and what may go wrong, in a word."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import urlencode

from safar.channels.services.http_line import read_json, words_of
from safar.lib.calls import Call, Caller, CallFault

LOGIN, AWAY, TAKEN, REFUSED, CHANGED = "login", "away", "taken", "refused", "changed"


class NotRegistered(Exception):
    """reason: LOGIN (the key is wrong, or may not do this), AWAY (no answer, or not now), TAKEN (another address stands where ours would),
    REFUSED, CHANGED (the account is another one than when it was asked for). said: the service's words.
    """

    def __init__(self, reason: str, said: str = "") -> None:
        super().__init__(f"{reason}: {said}")
        self.reason, self.said = reason, said


@dataclass(frozen=True, slots=True)
class Registered:
    """The service reports to our address. already: it did before. settings: what it gave to prove its calls with, by the names of its fields."""

    already: bool = False
    settings: Mapping[str, str] = field(default_factory=dict)


class ServiceApi:
    """base: where the API is. headers: by which it knows the account."""

    def __init__(self, caller: Caller, base: str, headers: Mapping[str, str]) -> None:
        self._caller, self._base, self._headers = caller, base.rstrip("/"), headers

    def get(self, path: str) -> Any:
        """The JSON that is there; None where there is nothing (404). Raises NotRegistered."""
        return self._ask("GET", path)

    def send(self, method: str, path: str, given: Mapping[str, Any]) -> Any:
        """given: sent as JSON. Raises NotRegistered."""
        return self._ask(method, path, json.dumps(given).encode(), "application/json")

    def send_form(self, method: str, path: str, given: Sequence[tuple[str, str]]) -> Any:
        return self._ask(method, path, urlencode(given).encode(), "application/x-www-form-urlencoded")

    def _ask(self, method: str, path: str, body: bytes | None = None, sort: str = "") -> Any:
        headers = {**self._headers, **({"Content-Type": sort} if sort else {})}
        try:
            answer = self._caller.call(Call(method, f"{self._base}/{path}", headers, body))
        except (CallFault, ValueError) as fault:
            raise NotRegistered(AWAY, str(fault)[:300]) from None
        if answer.status in (401, 403):
            raise NotRegistered(LOGIN, words_of(answer))
        if answer.status == 429 or answer.status >= 500:
            raise NotRegistered(AWAY, words_of(answer))
        if answer.status == 404 and method == "GET":
            return None
        found = read_json(answer)
        if not 200 <= answer.status < 300 or not isinstance(found, dict | list):
            raise NotRegistered(REFUSED, words_of(answer))
        return found


def rows_of(answer: Any, *path: str) -> list[Mapping[str, Any]]:
    """The list of things under a path of an answer, whatever came."""
    for name in path:
        answer = answer.get(name) if isinstance(answer, Mapping) else None
    return [one for one in answer if isinstance(one, Mapping)] if isinstance(answer, list) else []


def text_of(answer: Any, name: str) -> str:
    """A text that an answer has to hold. Raises NotRegistered."""
    found = answer.get(name) if isinstance(answer, Mapping) else None
    if isinstance(found, int) and not isinstance(found, bool):
        return str(found)
    if not isinstance(found, str) or not found:
        raise NotRegistered(REFUSED, f"there is no {name} in the answer")
    return found
