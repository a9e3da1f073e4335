"""``/v1/*``: Segment's HTTP API for sending. A plain ASGI application; every request is answered after its commit."""

from __future__ import annotations

import json
import logging
import re
from datetime import UTC, datetime
from functools import cache
from importlib.resources import files
from typing import Any

from safar.accounts.keys import Key
from safar.api.answering import JSON, SUCCESS, refusal_of, send_answer
from safar.api.answering import error as error_body
from safar.api.request import Gone, Receive, Refusal, Scope, Send, as_dict, basic_user, check_headers, read_body
from safar.api.writer import RefusedByDatabase, Unavailable, Writer
from safar.events.accept import Parcel
from safar.events.message import MAX_MESSAGE, Accepted, check_message, check_size
from safar.events.moments import read_moment
from safar.events.names import ALIAS, GROUP, IDENTIFY, PAGE, SCREEN, TRACK
from safar.events.reading import MAX_DEPTH, read_json
from safar.lib.faults import Faults, Refused

log = logging.getLogger(__name__)

MAX_BATCH = 500
BATCH = "batch"
# The short ones are what Segment's browser client calls.
PATHS = {
    **{f"/v1/{name}": name for name in (IDENTIFY, TRACK, PAGE, SCREEN, GROUP, ALIAS, BATCH)},
    "/v1/i": IDENTIFY,
    "/v1/t": TRACK,
    "/v1/p": PAGE,
    "/v1/s": SCREEN,
    "/v1/g": GROUP,
    "/v1/a": ALIAS,
    "/v1/b": BATCH,
    "/v1/import": BATCH,
}
SCOPE = "events"  # that a secret key needs, if it has scopes at all
DESCRIPTION = "/v1/openapi.json"
SETTINGS = re.compile(
    r"/v1/projects/([^/]+)/settings"
)  # which browser and mobile clients of Segment's ask for at first
CORS = (b"access-control-allow-origin", b"*")  # keys say who may write; nothing can be read here
PREFLIGHT = [
    CORS,
    (b"access-control-allow-methods", b"POST"),
    (b"access-control-allow-headers", b"authorization, content-type, content-encoding"),
    (b"access-control-max-age", b"86400"),
]


class Ingest:
    """The application. It owns nothing but its writer. public_url: where clients are told to send."""

    def __init__(self, writer: Writer, public_url: str = "") -> None:
        self.writer, self._public = writer, public_url

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Answer one HTTP request. Whatever it holds, the answer is 200 or says what is wrong, never 500."""
        extra: list[tuple[bytes, bytes]] = []
        try:
            if scope["method"] == "OPTIONS" and _kind(scope["path"]):
                await send_answer(send, 204, b"", PREFLIGHT)
                return
            if scope["method"] == "GET" and scope["path"] == DESCRIPTION:
                await send_answer(send, 200, _description(), [CORS, JSON])
                return
            if scope["method"] == "GET" and (asked := SETTINGS.fullmatch(scope["path"])):
                await self._key(asked[1])
                await send_answer(send, 200, _settings(asked[1], self._public), [CORS, JSON])
                return
            await self._accept(scope, receive)
            status, body = 200, SUCCESS
        except Gone:
            return
        except Refusal as refusal:
            status, body = refusal.status, error_body(str(refusal), refusal.faults)
            if status == 401:
                extra.append((b"www-authenticate", b'Basic realm="write key"'))
            elif status == 405:
                extra.append((b"allow", b"POST, OPTIONS"))
        except RefusedByDatabase as refused:
            status, body = 400, error_body(str(refused))
        except Unavailable as error:
            status, body = 503, error_body(f"{error}; send it again")
            extra.append((b"retry-after", b"1"))
        except Exception:  # a bug: logged, and nothing was accepted
            log.exception("a request to %s failed", scope["path"])
            status, body = 503, error_body("this failed on our side; send it again")
        await send_answer(send, status, body, [CORS, JSON, *extra])

    async def _accept(self, scope: Scope, receive: Receive) -> None:
        kind = _kind(scope["path"])
        if kind is None:
            raise Refusal(404, f"there is nothing at {scope['path'][:100]}")
        if scope["method"] != "POST":
            raise Refusal(405, "use POST")
        headers = as_dict(scope["headers"])
        plain = basic_user(headers)
        key = None if plain is None else await self._key(plain)
        data = None
        try:
            origin = headers.get(b"origin", b"").decode("latin-1")
            if key is not None:
                _may_send(key, origin)
            data = await read_body(receive, check_headers(headers))
            body = _read(data, kind)
            if key is None:
                key = await self._key(body.get("writeKey"))
                _may_send(key, origin)
            messages = _check(body, kind, key, large=len(data) > MAX_MESSAGE)
        except Refusal as refusal:
            if key is not None:  # without a key nobody knows whose it was
                self._note(scope, headers, key, refusal, data)
            raise
        if messages:
            await self.writer.accept(Parcel(key.workspace_id, messages))

    def _note(self, scope: Scope, headers: dict[bytes, bytes], key: Key, refusal: Refusal, data: bytes | None) -> None:
        """For the page of live events; costs a few copies, and nothing once enough are waiting."""
        self.writer.refused(
            workspace_id=key.workspace_id,
            key=key.prefix,
            path=scope["path"],
            status=refusal.status,
            said=str(refusal),
            faults=refusal.faults,
            body=data,
            agent=headers.get(b"user-agent", b"").decode("latin-1"),
        )

    async def _key(self, plain: Any) -> Key:
        key = await self.writer.find_key(plain) if isinstance(plain, str) else None
        if key is None:
            raise Refusal(401, "the write key is missing or not known: it is the user name, or writeKey in the body")
        return key


def _may_send(key: Key, origin: str) -> None:
    if key.scopes and SCOPE not in key.scopes:
        raise Refusal(403, f"this key may not send: {SCOPE!r} is not among its scopes")
    if not key.takes_from(origin):
        raise Refusal(403, f"pages of {origin[:200]} may not send with this key: add the site in Settings → Website")


def _settings(key: str, public_url: str) -> bytes:
    """What Segment's clients want to know: one destination, which is here, and no figures of theirs to Segment."""
    protocol, _colon, host = public_url.partition("://")
    here = {"apiKey": key, "apiHost": f"{host}/v1", "protocol": protocol}
    return json.dumps({"integrations": {"Segment.io": here}, "plan": {}, "metrics": {"sampleRate": 0}}).encode()


@cache
def _description() -> bytes:
    return (files("safar.api") / "openapi.json").read_bytes()


def _kind(path: str) -> str | None:
    return PATHS.get(path) or PATHS.get(path.rstrip("/"))


def _read(data: bytes, kind: str) -> dict[str, Any]:
    try:
        body = read_json(data, max_depth=MAX_DEPTH + (2 if kind == BATCH else 0))
    except Refused as refused:
        raise refusal_of(refused) from None
    if not isinstance(body, dict):
        raise Refusal(400, "the body has to be a JSON object")
    return body


def _check(body: dict[str, Any], kind: str, key: Key, *, large: bool) -> list[Accepted]:
    """The messages of a body; one bad message refuses them all. Raises Refusal 400 with every fault."""
    faults = Faults()
    received = datetime.now(UTC)
    accepted: list[Accepted | None] = []
    if kind == BATCH:
        batch = body.get("batch")
        if not isinstance(batch, list):
            raise Refusal(400, "batch has to be a list", [{"place": "batch", "message": "has to be a list"}])
        if len(batch) > MAX_BATCH:
            faults.at("batch").add(f"has {len(batch)} messages, and {MAX_BATCH} are the limit")
            raise refusal_of(Refused(faults))
        sent_at = read_moment(body, "sentAt", faults)
        shared = body.get("context")
        for number, message in enumerate(batch):
            place = faults.at("batch", number)
            if shared and isinstance(shared, dict) and isinstance(message, dict):
                own = message.get("context")
                message = {**message, "context": {**shared, **own} if isinstance(own, dict) else shared}
            if large:
                check_size(message, place)
            accepted.append(check_message(message, place, received=received, trusted=key.trusted, sent_at=sent_at))
    else:
        if large:
            check_size(body, faults)
        accepted.append(check_message(body, faults, received=received, trusted=key.trusted, type=kind))
    if faults:
        raise refusal_of(Refused(faults))
    return [message for message in accepted if message is not None]
