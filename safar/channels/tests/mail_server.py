"""E-mail services on this machine that speak as the real ones do (their public references); ``sms_server`` makes them misbehave.

The key is ``good-key``; an address at ``nowhere`` is refused as each of them refuses one. What was taken is kept in one form for all.
"""

from __future__ import annotations

import base64
import json
from email import message_from_bytes, policy
from typing import Any

from safar.channels.tests.sms_server import Asked, SmsServer

BAD = "@nowhere"


def take(
    server: SmsServer,
    *,
    to: str,
    sender: str,
    subject: str,
    text: str,
    html: str,
    headers: Any,
    mark: str,
    key: str = "",
) -> int:
    """Its number; the one it has already where it knows ``key``."""
    for place, one in enumerate(server.taken):
        if key and one["number"] == key:
            return place + 1
    found = {
        "to": to,
        "sender": sender,
        "subject": subject,
        "text": text,
        "html": html,
        "headers": dict(headers),
        "mark": mark,
    }
    server.taken.append({**found, "number": key})
    return len(server.taken)


def speak_postmark(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("x-postmark-server-token") != "good-key":
        return 401, {"ErrorCode": 10, "Message": "Request does not contain a valid Server token."}
    given = json.loads(asked.body)
    assert given["MessageStream"] == "broadcast"
    if BAD in given["To"]:
        return 422, {"ErrorCode": 300, "Message": f"Invalid 'To' address: '{given['To']}'."}
    headers = {one["Name"]: one["Value"] for one in given["Headers"]}
    number = take(
        server,
        to=given["To"],
        sender=given["From"],
        subject=given["Subject"],
        text=given["TextBody"],
        html=given.get("HtmlBody", ""),
        headers=headers,
        mark=given["Metadata"]["safar"],
    )
    return 200, {
        "To": given["To"],
        "MessageID": f"pm-{number}",
        "ErrorCode": 0,
        "Message": "OK",
        "SubmittedAt": "2026-03-21T12:00:00Z",
    }


def speak_resend(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != "Bearer good-key":
        return 401, {"statusCode": 401, "name": "invalid_api_key", "message": "API key is invalid"}
    given = json.loads(asked.body)
    if BAD in given["to"][0]:
        return 422, {
            "statusCode": 422,
            "name": "validation_error",
            "message": "Invalid `to` field. The email address needs to follow the format.",
        }
    number = take(
        server,
        to=given["to"][0],
        sender=given["from"],
        subject=given["subject"],
        text=given["text"],
        html=given.get("html", ""),
        headers=given["headers"],
        mark=json.loads(given["headers"]["X-Metadata"])["safar"],
        key=asked.headers["idempotency-key"],
    )
    return 200, {"id": f"re-{number}"}


def speak_sendgrid(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != "Bearer good-key":
        fault = {
            "field": None,
            "message": "The provided authorization grant is invalid, expired, or revoked",
            "help": None,
        }
        return 401, {"errors": [fault]}
    given = json.loads(asked.body)
    (person,) = given["personalizations"]
    to = person["to"][0]["email"]
    if BAD in to:
        where = "personalizations.0.to.0.email"
        return 400, {"errors": [{"message": "Does not contain a valid address.", "field": where, "help": None}]}
    content = {one["type"]: one["value"] for one in given["content"]}
    take(
        server,
        to=to,
        sender=given["from"]["email"],
        subject=given["subject"],
        text=content["text/plain"],
        html=content.get("text/html", ""),
        headers=given["headers"],
        mark=given["custom_args"]["safar"],
    )
    return 202, b" "  # the real one has nothing at all to say: it could not be cut


def speak_sparkpost(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("authorization") != "good-key":
        return 401, {"errors": [{"message": "Unauthorized."}]}
    given = json.loads(asked.body)
    assert given["options"]["transactional"] is True
    to, content = given["recipients"][0]["address"]["email"], given["content"]
    if BAD in to:
        return 400, {
            "errors": [{"message": "invalid recipients", "description": "no valid recipients", "code": "5002"}]
        }
    number = take(
        server,
        to=to,
        sender=content["from"],
        subject=content["subject"],
        text=content["text"],
        html=content.get("html", ""),
        headers=content["headers"],
        mark=given["metadata"]["safar"],
    )
    return 200, {"results": {"total_rejected_recipients": 0, "total_accepted_recipients": 1, "id": str(number)}}


def speak_mailgun(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    login = base64.b64encode(b"api:good-key").decode()
    if asked.headers.get("authorization") != f"Basic {login}":
        return 401, b"Forbidden"
    if asked.path != "/mail.shop.example/messages":
        return 404, {"message": "Domain not found: other.example"}
    form = asked.form
    if BAD in form["to"]:
        return 400, {"message": "'to' parameter is not a valid address. please check documentation"}
    number = take(
        server,
        to=form["to"],
        sender=form["from"],
        subject=form["subject"],
        text=form["text"],
        html=form.get("html", ""),
        headers={name[2:]: value for name, value in form.items() if name.startswith("h:")},
        mark=form["v:safar"],
    )
    return 200, {"id": f"<{number}@mail.shop.example>", "message": "Queued. Thank you."}


def speak_mailjet(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    login = base64.b64encode(b"account:good-key").decode()
    if asked.headers.get("authorization") != f"Basic {login}":
        return 401, {
            "ErrorIdentifier": "x",
            "StatusCode": 401,
            "ErrorMessage": "API key authentication/authorization failure.",
        }
    given = json.loads(asked.body)
    (message,), shared = given["Messages"], given["Globals"]
    to = message["To"][0]["Email"]
    if BAD in to:
        fault = {
            "ErrorCode": "mj-0013",
            "StatusCode": 400,
            "ErrorMessage": f'"{to}" is an invalid email address.',
            "ErrorRelatedTo": ["To[0].Email"],
        }
        return 400, {"Messages": [{"Status": "error", "Errors": [fault]}]}, {"Content-Type": "application/json"}
    number = take(
        server,
        to=to,
        sender=shared["From"]["Email"],
        subject=shared["Subject"],
        text=shared["TextPart"],
        html=shared.get("HTMLPart", ""),
        headers=shared["Headers"],
        mark=json.loads(shared["EventPayload"])["safar"],
    )
    return 200, {
        "Messages": [
            {"Status": "success", "To": [{"Email": to, "MessageUUID": "u", "MessageID": number, "MessageHref": "x"}]}
        ]
    }


def speak_brevo(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    if asked.headers.get("api-key") != "good-key":
        return 401, {"message": "Key not found", "code": "unauthorized"}
    given = json.loads(asked.body)
    to, headers = given["to"][0]["email"], given["headers"]
    if BAD in to:
        return 400, {"code": "invalid_parameter", "message": "email is not valid in to"}
    number = take(
        server,
        to=to,
        sender=given["sender"]["email"],
        subject=given["subject"],
        text=given["textContent"],
        html=given.get("htmlContent", ""),
        headers=headers,
        mark=json.loads(headers["X-Mailin-custom"])["safar"],
    )
    return 201, {"messageId": f"<{number}@smtp-relay.mailin.fr>"}


def speak_amazon_ses(server: SmsServer, asked: Asked) -> tuple[Any, ...]:
    signed = asked.headers.get("authorization", "")
    if not signed.startswith("AWS4-HMAC-SHA256 Credential=good-key/") or "/eu-central-1/ses/aws4_request" not in signed:
        message = {"message": "The security token included in the request is invalid."}
        return 403, message, {"x-amzn-ErrorType": "UnrecognizedClientException"}
    given = json.loads(asked.body)
    to = given["Destination"]["ToAddresses"][0]
    if BAD in to:
        return (
            400,
            {"message": "Domain contains illegal character in the address"},
            {"x-amzn-ErrorType": "BadRequestException:http://x"},
        )
    mail = message_from_bytes(base64.b64decode(given["Content"]["Raw"]["Data"]), policy=policy.default)
    number = take(
        server,
        to=to,
        sender=str(mail["From"]),
        subject=str(mail["Subject"]),
        text=mail.get_body(("plain",)).get_content(),
        html=mail.get_body(("html",)).get_content() if mail.get_body(("html",)) else "",
        headers={name: str(value) for name, value in mail.items()},
        mark=json.loads(str(mail["X-Metadata"]))["safar"],
    )
    return 200, {"MessageId": f"0102-{number}-000000"}
