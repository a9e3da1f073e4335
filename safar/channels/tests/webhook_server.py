"""E-mail services on this machine that are told where to report, as the real ones are (from their public references). The key is ``good-key``.

What they keep is in ``taken``: {"id", "address", "events"}; an address that another has put there may stand among them.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Mapping
from typing import Any

from safar.channels.tests.sms_server import Asked, SmsServer

DENIED = {"message": "this key may not do that"}


def keep(server: SmsServer, address: str, events: Any) -> dict[str, Any]:
    one = {"id": f"hook-{len(server.taken) + 1}", "address": address, "events": events}
    server.taken.append(one)
    return one


def speak_brevo(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("api-key") != "good-key":
        return 401, {"code": "unauthorized", "message": "Key not found"}
    if asked.method == "GET":
        assert (asked.path, asked.query) == ("/webhooks", {"type": "transactional"})
        if not server.taken:
            return 404, {"code": "document_not_found", "message": "Webhook not found"}
        return 200, {"webhooks": [{"id": 7, "url": one["address"]} for one in server.taken]}
    given = json.loads(asked.body)
    assert given["type"] == "transactional"
    keep(server, given["url"], given["events"])
    return 201, {"id": 8}


def speak_mailgun(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != _basic("api"):
        return 401, b"Forbidden"
    assert asked.path == "/domains/mail.shop.example/webhooks"
    if asked.method == "GET":
        kinds: dict[str, dict[str, list[str]]] = {}
        for one in server.taken:
            for kind in one["events"]:
                kinds.setdefault(kind, {"urls": []})["urls"].append(one["address"])
        return 200, {"webhooks": kinds}
    events = [pair.partition("=")[2] for pair in asked.body.split("&") if pair.startswith("event_types=")]
    keep(server, asked.form["url"], events)
    return 200, {"webhooks": {}}


def speak_mailjet(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != _basic("account"):
        return 401, {"ErrorMessage": "API key authentication/authorization failure."}
    assert asked.path == "/eventcallbackurl"
    if asked.method == "GET":
        return 200, {"Count": 1, "Data": [{"EventType": one["events"], "Url": one["address"]} for one in server.taken]}
    given = json.loads(asked.body)
    assert (given["Version"], given["Status"]) == (2, "alive")
    keep(server, given["Url"], given["EventType"])
    return 201, {"Count": 1, "Data": [given]}


def speak_postmark(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("x-postmark-server-token") != "good-key":
        return 401, {"ErrorCode": 10, "Message": "No Server token"}
    if asked.method == "GET":
        assert (asked.path, asked.query) == ("/webhooks", {"MessageStream": "broadcast"})
        return 200, {"Webhooks": [{"ID": 7, "Url": one["address"]} for one in server.taken]}
    given = json.loads(asked.body)
    assert given["MessageStream"] == "broadcast"
    keep(server, given["Url"], [name for name, said in given["Triggers"].items() if said["Enabled"]])
    return 200, {"ID": 8}


def speak_resend(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != "Bearer good-key":
        return 401, {"name": "restricted_api_key", "message": "This API key is restricted to only send emails"}
    if asked.method == "POST":
        given = json.loads(asked.body)
        one = keep(server, given["endpoint"], given["events"])
        return 201, {"object": "webhook", "id": one["id"], "signing_secret": _secret(one["id"])}
    if asked.path == "/webhooks":
        return 200, {"data": [{"id": one["id"], "endpoint": one["address"]} for one in server.taken]}
    return 200, {"object": "webhook", "signing_secret": _secret(asked.path.rpartition("/")[2])}


def speak_sendgrid(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != "Bearer good-key":
        return 403, {"errors": [{"message": "access forbidden"}]}
    if asked.method == "GET":
        assert asked.path == "/user/webhooks/event/settings/all"
        return 200, {"max_allowed": 1, "webhooks": [{"id": one["id"], "url": one["address"]} for one in server.taken]}
    given = json.loads(asked.body)
    if asked.method == "PATCH":
        number = asked.path.removeprefix("/user/webhooks/event/settings/signed/")
        assert given == {"enabled": True}
        return 200, {"id": number, "public_key": _secret(number)}
    one = keep(server, given["url"], [name for name, said in given.items() if said is True and name != "enabled"])
    return 201, {"id": one["id"], "url": given["url"]}


def speak_sparkpost(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != "good-key":
        return 403, {"errors": [{"message": "Forbidden."}]}
    if asked.method == "GET":
        return 200, {"results": [{"id": one["id"], "target": one["address"]} for one in server.taken]}
    given = json.loads(asked.body)
    assert len(given["name"]) <= 24
    return 200, {"results": {"id": keep(server, given["target"], given["events"])["id"]}}


def _basic(user: str) -> str:
    return f"Basic {base64.b64encode(f'{user}:good-key'.encode()).decode()}"


def _secret(number: str) -> str:
    return f"whsec_{number}"


SPEAKERS: Mapping[str, Any] = {
    "brevo": speak_brevo,
    "mailgun": speak_mailgun,
    "mailjet": speak_mailjet,
    "postmark": speak_postmark,
    "resend": speak_resend,
    "sendgrid": speak_sendgrid,
    "sparkpost": speak_sparkpost,
}
