"""Calls as e-mail services make them, small ones of our own making: what became of a message whose Message-ID is given."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import time
from collections.abc import Callable, Mapping
from typing import Any

from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

MAILGUN_KEY = "signing-key"
SENDGRID_KEY = ec.generate_private_key(ec.SECP256R1())
SENDGRID_PUBLIC = base64.b64encode(
    SENDGRID_KEY.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
).decode()
RESEND_SECRET = "whsec_" + base64.b64encode(b"secret of the webhook").decode()

Made = tuple[bytes, dict[str, str]]  # body, headers


def postmark(kind: str, mark: str, to: str) -> Made:
    record = {
        "delivered": "Delivery",
        "hard": "Bounce",
        "soft": "Bounce",
        "complaint": "SpamComplaint",
        "unsubscribed": "SubscriptionChange",
    }[kind]
    types = {"hard": "HardBounce", "soft": "SoftBounce", "complaint": "SpamComplaint"}
    body = {
        "RecordType": record,
        "MessageID": "pm-1",
        "Email": to,
        "Recipient": to,
        "Metadata": {"safar": mark},
        "ID": 1,
    }
    body |= {"Type": types[kind], "TypeCode": 1, "BouncedAt": "2026-03-21T12:00:00Z"} if kind in types else {}
    body |= (
        {"SuppressSending": True, "ChangedAt": "2026-03-21T12:00:00Z"}
        if kind == "unsubscribed"
        else {"DeliveredAt": "2026-03-21T12:00:00Z"}
    )
    return json.dumps(body).encode(), {}


def brevo(kind: str, mark: str, to: str) -> Made:
    events = {
        "delivered": "delivered",
        "hard": "hard_bounce",
        "soft": "soft_bounce",
        "complaint": "spam",
        "unsubscribed": "unsubscribe",
    }
    body = {
        "event": events[kind],
        "email": to,
        "message-id": "<1@mailin>",
        "ts_epoch": 1774094400000,
        "X-Mailin-custom": json.dumps({"safar": mark}),
    }
    return json.dumps(body).encode(), {}


def mailgun(kind: str, mark: str, to: str) -> Made:
    events = {"delivered": "delivered", "hard": "failed", "complaint": "complained", "unsubscribed": "unsubscribed"}
    data = {"event": events[kind], "timestamp": 1774094400.0, "recipient": to, "user-variables": {"safar": mark}}
    data |= {"severity": "permanent", "reason": "bounce"} if kind == "hard" else {}
    signature = hmac.new(MAILGUN_KEY.encode(), b"1774094400token", hashlib.sha256).hexdigest()
    body = {"signature": {"timestamp": "1774094400", "token": "token", "signature": signature}, "event-data": data}
    return json.dumps(body).encode(), {}


def mailjet(kind: str, mark: str, to: str) -> Made:
    events = {"delivered": "sent", "hard": "bounce", "soft": "bounce", "complaint": "spam", "unsubscribed": "unsub"}
    body = {
        "event": events[kind],
        "time": 1774094400,
        "MessageID": 1,
        "email": to,
        "Payload": json.dumps({"safar": mark}),
    }
    body |= (
        {"hard_bounce": kind == "hard", "blocked": False, "error": "user unknown"} if kind in ("hard", "soft") else {}
    )
    return json.dumps([body]).encode(), {}


def resend(kind: str, mark: str, to: str) -> Made:
    events = {
        "delivered": "email.delivered",
        "hard": "email.bounced",
        "soft": "email.bounced",
        "complaint": "email.complained",
    }
    data: dict[str, Any] = {
        "email_id": "re-1",
        "to": [to],
        "headers": [{"name": "X-Metadata", "value": json.dumps({"safar": mark})}],
    }
    if kind in ("hard", "soft"):
        data["bounce"] = {
            "type": "Permanent" if kind == "hard" else "Transient",
            "message": "The recipient's server sent a bounce message.",
        }
    body = json.dumps({"type": events[kind], "created_at": "2026-03-21T12:00:00Z", "data": data}).encode()
    now = str(int(time.time()))
    key = base64.b64decode(RESEND_SECRET.removeprefix("whsec_"))
    signature = base64.b64encode(hmac.new(key, f"msg_1.{now}.".encode() + body, hashlib.sha256).digest()).decode()
    return body, {"svix-id": "msg_1", "svix-timestamp": now, "svix-signature": f"v1,AAAA v1,{signature}"}


def sendgrid(kind: str, mark: str, to: str) -> Made:
    events = {
        "delivered": "delivered",
        "hard": "bounce",
        "soft": "bounce",
        "complaint": "spamreport",
        "unsubscribed": "unsubscribe",
    }
    event = {
        "event": events[kind],
        "email": to,
        "timestamp": 1774094400,
        "sg_event_id": "e",
        "anymail_id": "a",
        "safar": mark,
    }
    event |= {"type": "bounce" if kind == "hard" else "blocked"} if kind in ("hard", "soft") else {}
    body = json.dumps([event]).encode()
    signature = base64.b64encode(SENDGRID_KEY.sign(b"1774094400" + body, ec.ECDSA(SHA256()))).decode()
    names = {"Signature": signature, "Timestamp": "1774094400"}
    return body, {f"X-Twilio-Email-Event-Webhook-{name}": value for name, value in names.items()}


def sparkpost(kind: str, mark: str, to: str) -> Made:
    types = {
        "delivered": "delivery",
        "hard": "bounce",
        "soft": "bounce",
        "complaint": "spam_complaint",
        "unsubscribed": "list_unsubscribe",
    }
    event: dict[str, Any] = {
        "type": types[kind],
        "timestamp": "1774094400",
        "raw_rcpt_to": to,
        "transmission_id": "1",
        "rcpt_meta": {"safar": mark},
    }
    event |= {"bounce_class": "10" if kind == "hard" else "20"} if kind in ("hard", "soft") else {}
    klass = "unsubscribe_event" if kind == "unsubscribed" else "message_event"
    return json.dumps([{"msys": {klass: event}}]).encode(), {}


def amazon_ses(kind: str, mark: str, to: str) -> Made:
    """Not signed yet: SNS signs what it wraps it in (``sns``)."""
    headers = [{"name": "X-Metadata", "value": json.dumps({"safar": mark})}]
    event: dict[str, Any] = {"mail": {"messageId": "0102-1", "destination": [to], "headers": headers}}
    if kind == "delivered":
        event |= {"eventType": "Delivery", "delivery": {"recipients": [to], "smtpResponse": "250 ok"}}
    elif kind == "complaint":
        event |= {
            "eventType": "Complaint",
            "complaint": {"complainedRecipients": [{"emailAddress": to}], "complaintFeedbackType": "abuse"},
        }
    else:
        people = [{"emailAddress": to, "diagnosticCode": "smtp; 550 5.1.1 user unknown"}]
        how = "Permanent" if kind == "hard" else "Transient"
        event |= {
            "eventType": "Bounce",
            "bounce": {"bounceType": how, "bounceSubType": "General", "bouncedRecipients": people},
        }
    return json.dumps(event).encode(), {}


def opened_at_postmark(mark: str, to: str, agent: str) -> Made:
    body = {"RecordType": "Open", "MessageID": "pm-1", "Recipient": to, "Metadata": {"safar": mark}, "UserAgent": agent}
    return json.dumps(body).encode(), {}


def clicked_at_postmark(mark: str, to: str, agent: str, url: str) -> Made:
    body = {
        "RecordType": "Click",
        "MessageID": "pm-1",
        "Recipient": to,
        "Metadata": {"safar": mark},
        "UserAgent": agent,
    }
    return json.dumps({**body, "OriginalLink": url}).encode(), {}


CALLS: Mapping[str, Callable[[str, str, str], Made]] = {
    "amazon_ses": amazon_ses,
    "brevo": brevo,
    "mailgun": mailgun,
    "mailjet": mailjet,
    "postmark": postmark,
    "resend": resend,
    "sendgrid": sendgrid,
    "sparkpost": sparkpost,
}
SETTINGS: Mapping[str, Mapping[str, str]] = {
    "amazon_ses": {"access_key": "a", "secret_key": "b", "region": "eu-central-1"},
    "brevo": {"api_key": "k"},
    "mailgun": {"api_key": "k", "domain": "mail.shop.example", "signing_key": MAILGUN_KEY},
    "mailjet": {"api_key": "k", "secret_key": "s"},
    "postmark": {"server_token": "t"},
    "resend": {"api_key": "k", "signing_secret": RESEND_SECRET},
    "sendgrid": {"api_key": "k", "verification_key": SENDGRID_PUBLIC},
    "sparkpost": {"api_key": "k"},
}
