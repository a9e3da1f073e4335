"""Who asks: a secret key, by Bearer or as the user name of Basic, and what its scopes allow."""

from __future__ import annotations

import base64
import binascii
from dataclasses import dataclass
from typing import Any, ClassVar

from django.http import HttpRequest
from ninja.security.base import AuthBase

from safar.accounts.keys import MAX_LENGTH, key_hash
from safar.accounts.models import ApiKey, Workspace
from safar.accounts.scopes import allows
from safar.api.rest.problems import Problem

HOW = "send a secret key: 'Authorization: Bearer sk_…', or as the user name of Basic"


@dataclass(frozen=True)
class Caller:
    """A live secret key and its workspace. name: as the audit log has it."""

    workspace: Workspace
    name: str
    scopes: tuple[str, ...]


class Request(HttpRequest):
    """What views get."""

    auth: Caller


class SecretKey(AuthBase):
    """Lets in whoever holds a live secret key whose scopes contain ``scope``. Asks the database every time: a key ends at once."""

    openapi_type: ClassVar[str] = "http"

    def __init__(self, scope: str) -> None:
        super().__init__()
        self.scope = scope

    def __call__(self, request: HttpRequest) -> Caller:
        """Raises Problem 401 without a live key, 403 for a public one and for one without the scope."""
        plain = _given(request.headers.get("Authorization", ""))
        if plain is None:
            raise Problem(401, f"there is no key; {HOW}")
        key = _find(plain)
        if key is None:
            raise Problem(401, f"the key is not known or was revoked; {HOW}")
        if key.kind != ApiKey.SECRET:
            raise Problem(403, f"a write key (pk_…) may send events and read nothing; {HOW}")
        if not allows(key.scopes, self.scope):
            raise Problem(403, f"this key may not: {self.scope!r} is not among its scopes")
        return Caller(key.workspace, f"{key.prefix}…", tuple(key.scopes))


def needs(scope: str) -> dict[str, Any]:
    """Arguments of a route: who may come. The description for machines learns it from the name of the class."""
    if scope not in _doors:
        _doors[scope] = type(f"scope {scope}", (SecretKey,), {})(scope)
    return {"auth": _doors[scope]}


_doors: dict[str, SecretKey] = {}


def _find(plain: str) -> ApiKey | None:
    if len(plain) > MAX_LENGTH or not plain.startswith(("pk_", "sk_")):
        return None
    found = ApiKey.objects.select_related("workspace").filter(hash=key_hash(plain), revoked_at=None)
    return found.first()


def _given(header: str) -> str | None:
    scheme, _, rest = header.partition(" ")
    if scheme.lower() == "bearer":
        return rest.strip() or None
    if scheme.lower() == "basic":
        try:
            return base64.b64decode(rest.strip(), validate=True).decode().partition(":")[0] or None
        except (binascii.Error, ValueError):
            return None
    return None
