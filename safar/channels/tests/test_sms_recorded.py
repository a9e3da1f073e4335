"""Recorded requests and answers of real services (beside the checkout): ours are asked for in the same form, and theirs are understood."""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
from pathlib import Path
from urllib.parse import parse_qs, urlsplit

import pytest

from safar.channels.provider import Accepted
from safar.channels.providers.kavenegar import CODES, KavenegarLine
from safar.channels.providers.twilio import Twilio, TwilioLine
from safar.channels.sms.patterns import Pattern
from safar.channels.tests.settings import SECRET
from safar.channels.tests.sms_cases import sms_parcel
from safar.lib.calls import Answered

DATA = Path(__file__).resolve().parents[4] / "shared" / "data" / "sms"
pytestmark = [
    pytest.mark.shared,
    pytest.mark.skipif(not DATA.is_dir(), reason="the recorded requests do not lie beside this checkout"),
]


def read(name):
    return json.loads((DATA / name).read_text("utf-8"))


def same_form(call, recorded, *, more=()):
    """The same address, method and fields, but for those that only we send."""
    assert (call.method, call.url) == (recorded["method"], recorded["url"])
    ours, theirs = parse_qs(call.body.decode()), parse_qs(recorded["body"])
    assert set(ours) - set(more) == set(theirs) - {"StatusCallback"}
    assert call.headers["Content-Type"].partition(";")[0] == recorded["headers"]["Content-Type"]


def test_what_is_asked():
    captures = read("sdk_http_captures.json")
    send = next(one for one in captures if urlsplit(one["url"]).path.endswith("sms/send.json"))
    same_form(KavenegarLine("https://api.kavenegar.com", {"key": "API-KEY-TEST"}, SECRET).request(sms_parcel()), send)
    lookup = next(one for one in captures if urlsplit(one["url"]).path.endswith("verify/lookup.json"))
    pattern = Pattern("verify", {"token": "12345"})
    line = KavenegarLine("https://api.kavenegar.com", {"key": "API-KEY-TEST"}, SECRET)
    same_form(line.request(sms_parcel(pattern=pattern)), lookup)
    sent = next(one for one in captures if one["sdk"] == "twilio-python" and "Scheduled" not in one["body"])
    account = urlsplit(sent["url"]).path.split("/")[3]
    call = TwilioLine("https://api.twilio.com", {"account": account, "token": "token"}, "").request(sms_parcel())
    same_form(call, sent)
    assert call.headers["Authorization"] == sent["headers"]["Authorization"]


def test_what_is_answered():
    rest = read("kavenegar_rest.json")
    line = KavenegarLine("https://api.kavenegar.com", {"key": "k"}, SECRET)
    verdict = line.judge(Answered(200, {}, json.dumps(rest["sms/send ok"]).encode()))
    assert verdict == Accepted("8792343", verdict.said)
    errors = [body for name, body in rest.items() if name.startswith("error ")]
    assert len(errors) >= 3
    for body in errors:
        code = body["return"]["status"]
        found = line.judge(Answered(code, {}, json.dumps(body).encode()))
        assert (type(found), found.reason) == CODES[code]
    known = {int(code) for code in rest["return_codes"]} - {
        200,
        404,
        405,
        607,
    }  # these are faults of the account's settings
    assert known <= set(CODES)


def test_twilios_states_each_mean_something():
    states = read("twilio_messages_openapi.json")["components"]["schemas"]["message_enum_status"]["enum"]
    ends = {"delivered": "delivered", "read": "delivered"}
    ends |= dict.fromkeys(("undelivered", "failed", "canceled"), "failed")
    assert set(ends) <= set(states)
    url = "https://safar.example/reports/sms/1-x?message=1-1"
    for state in states:
        form = {"MessageSid": "SM1", "MessageStatus": state}
        whole = f"{url}MessageSidSM1MessageStatus{state}"
        signature = base64.b64encode(hmac.new(b"t", whole.encode(), hashlib.sha1).digest()).decode()
        report = Twilio().hear({"token": "t"}, url, form, {"x-twilio-signature": signature})
        assert report is not None
        assert report.state == ends.get(state, "waiting"), state
