"""A service that is described in a form: how it is asked, and what its answers mean (``answer_rules``). For whatever has no file of its own.

Its address was typed by somebody of a workspace: only hosts of the open Internet are called (``lib.outward``), and no redirect is followed.
"""

from __future__ import annotations

import base64
import json
import re
from collections.abc import Callable, Mapping, Sequence
from urllib.parse import quote, quote_plus, urlsplit

from safar.channels.answer_rules import judge, read_rules
from safar.channels.fields import Field
from safar.channels.http_line import HttpLine
from safar.channels.inbound import read_inbound
from safar.channels.numbers import digits, in_iran
from safar.channels.provider import Inbound, Line, Own, Parcel, Provider, Verdict
from safar.channels.settings import Sending
from safar.channels.tokens import local_id
from safar.lib.calls import Answered, Call, Caller
from safar.lib.faults import Faults, did_you_mean, said
from safar.lib.outward import choose_address

VARIABLES = ("to", "to_local", "to_digits", "text", "sender", "number", "key", "second_key", "basic")
_VARIABLE = re.compile(r"\{\{\s*([\w.]*)\s*\}\}")
_HEADER = re.compile(r"([A-Za-z0-9-]+)\s*:\s*(.*)")
_OURS = ("host", "content-length", "transfer-encoding", "connection")  # headers that are not the form's to say
TYPES = {
    "form": "application/x-www-form-urlencoded",
    "json": "application/json",
    "text": "text/plain; charset=utf-8",
}
# What services call the parts of a message that somebody wrote; whatever has other names is given ours in its address.
INBOUND: Mapping[str, Sequence[str]] = {
    "sender": ("from", "sender", "mobile", "msisdn", "from_number"),
    "line": ("to", "line", "receptor", "receiver", "number", "linenumber"),
    "text": ("text", "message", "body", "messagetext", "content"),
    "id": ("id", "messageid", "message_id", "msgid", "messagesid"),
}
_ESCAPES: Mapping[str, Callable[[str], str]] = {
    "form": quote_plus,
    "json": lambda text: json.dumps(text, ensure_ascii=False)[1:-1],
    "text": str,
}


class DescribedLine(HttpLine):
    def __init__(self, settings: Mapping[str, str], secret: str) -> None:
        super().__init__(Caller(lambda host, port: choose_address(host, port)))
        self.settings, self.secret = settings, secret
        self.rules = read_rules(settings["answers"], Faults())

    def request(self, parcel: Parcel) -> Call:
        given, values = self.settings, self._values(parcel)
        kind = given["kind"]
        headers = dict(_headers(_fill(given["headers"], values, _in_a_header)))
        body = _fill(given["body"], values, _ESCAPES[kind]).encode() if given["method"] == "POST" else None
        if body is not None and "content-type" not in {name.lower() for name in headers}:
            headers["Content-Type"] = TYPES[kind]
        return Call(given["method"], _fill(given["url"], values, lambda text: quote(text, safe="")), headers, body)

    def judge(self, answer: Answered) -> Verdict:
        return judge(self.rules, answer, id_at=self.settings["id_at"])

    def _values(self, parcel: Parcel) -> Mapping[str, str]:
        key, second = self.settings["key"], self.settings["second_key"]
        return {
            "to": parcel.address,
            "to_local": in_iran(parcel.address),
            "to_digits": digits(parcel.address),
            "text": parcel.source.decode(),
            "sender": parcel.sender,
            "number": local_id(parcel, self.secret),
            "key": key,
            "second_key": second,
            "basic": base64.b64encode(f"{key}:{second}".encode()).decode(),
        }


class Described(Provider):
    key = "described"
    label = {"en": "Another service, described here", "fa": "سرویسی دیگر، با توصیف شما"}
    channels = frozenset(("sms",))
    tells_inbound = True
    fields = (
        Field(
            name="method",
            label={"en": "Method", "fa": "روش"},
            choices={"POST": {"en": "POST", "fa": "POST"}, "GET": {"en": "GET", "fa": "GET"}},
            default="POST",
        ),
        Field(
            name="url",
            label={"en": "Address", "fa": "نشانی"},
            help={
                "en": "Such as `https://api.example.com/send`. Variables: `{{ to }}` (as `+98912…`), `{{ to_local }}` (`0912…`), "
                "`{{ to_digits }}` (`98912…`), `{{ text }}`, `{{ sender }}`, `{{ number }}` (the same at every attempt), `{{ key }}`, "
                "`{{ second_key }}`, `{{ basic }}` (both keys, for Basic login).",
                "fa": "مانند `https://api.example.com/send`. متغیرها: `{{ to }}` (به شکل `+98912…`)، `{{ to_local }}` (`0912…`)، "
                "`{{ to_digits }}` (`98912…`)، `{{ text }}`، `{{ sender }}`، `{{ number }}` (در هر تلاش همان)، `{{ key }}`، "
                "`{{ second_key }}`، `{{ basic }}` (هر دو کلید، برای ورود Basic).",
            },
            longest=2000,
        ),
        Field(
            name="headers",
            label={"en": "Headers", "fa": "سرآیندها"},
            help={"en": "One on each line: `Name: value`.", "fa": "هر کدام در یک سطر: `Name: value`."},
            required=False,
            lines=3,
            longest=2000,
        ),
        Field(
            name="kind",
            label={"en": "The body is", "fa": "نوع بدنه"},
            choices={
                "form": {"en": "a form (a=b&c=d)", "fa": "فرم (a=b&c=d)"},
                "json": {"en": "JSON", "fa": "JSON"},
                "text": {"en": "text", "fa": "متن"},
            },
            default="form",
        ),
        Field(
            name="body",
            label={"en": "Body", "fa": "بدنه"},
            help={
                "en": "Variables are escaped as the kind of body asks for.",
                "fa": "متغیرها به شیوهٔ همان نوع بدنه نوشته می‌شوند.",
            },
            required=False,
            lines=5,
            longest=5000,
        ),
        Field(
            name="answers",
            label={"en": "What answers mean", "fa": "معنای پاسخ‌ها"},
            help={
                "en": "One rule on each line; the first that holds decides: `accepted: return.status = 200`, `refused bad_address: code = 411`, "
                "`account credit: code = 418`, `not_now: status = 500 503`. A place is `status` (HTTP), `text`, or a path into the JSON.",
                "fa": "هر سطر یک قاعده؛ نخستین قاعده‌ای که درست باشد تعیین می‌کند: `accepted: return.status = 200`، `refused bad_address: code = 411`، "
                "`account credit: code = 418`، `not_now: status = 500 503`. جای مقدار یا `status` (HTTP) است، یا `text`، یا مسیری در JSON.",
            },
            lines=8,
            longest=5000,
        ),
        Field(
            name="id_at",
            label={"en": "Where its number for the message stands", "fa": "جای شمارهٔ پیام در پاسخ"},
            help={"en": "Such as `entries.0.messageid` or `text`.", "fa": "مانند `entries.0.messageid` یا `text`."},
            required=False,
            longest=100,
        ),
        Field(name="sender", label={"en": "Sender", "fa": "فرستنده"}, required=False, longest=34),
        Field(name="key", label={"en": "Key", "fa": "کلید"}, secret=True, required=False, longest=1000),
        Field(
            name="second_key",
            label={"en": "Second key, or password", "fa": "کلید دوم یا گذرواژه"},
            secret=True,
            required=False,
            longest=1000,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        for name in ("url", "headers", "body"):
            for variable in _VARIABLE.findall(settings[name]):
                if variable not in VARIABLES:
                    mend = did_you_mean(variable, VARIABLES)
                    faults.at(name).add(said("there is no variable '%(name)s'%(mend)s", name=variable, mend=mend))
        _check_url(settings["url"], faults.at("url"))
        for line in filter(str.strip, settings["headers"].splitlines()):
            found = _HEADER.fullmatch(line.strip())
            if found is None or found[1].lower() in _OURS:
                faults.at("headers").add(
                    said("'%(line)s' is no header that can be set; write Name: value", line=line[:80])
                )
        if settings["method"] == "GET" and settings["body"]:
            faults.at("body").add(said("a GET has no body"))
        read_rules(settings["answers"], faults.at("answers"))

    def hear_inbound(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Inbound | None:
        return read_inbound(form, **INBOUND)

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        return DescribedLine(settings, sending.secret_key)


def _check_url(url: str, faults: Faults) -> None:
    try:
        parts = urlsplit(_VARIABLE.sub("x", url))
        _ = parts.port  # raises where it is no number
    except ValueError:
        faults.add(said("this is no address; write it like https://api.example.com/send"))
        return
    if (
        parts.scheme not in ("https", "http")
        or not parts.hostname
        or parts.username
        or not url.isascii()
        or re.search(r"[\s\\]", _VARIABLE.sub("", url))
    ):
        faults.add(said("this is no address; write it like https://api.example.com/send"))
    elif _VARIABLE.search(url.split("/", 3)[2]):
        faults.add(said("the host cannot be a variable"))


def _headers(text: str) -> list[tuple[str, str]]:
    return [(found[1], found[2]) for line in text.splitlines() if (found := _HEADER.fullmatch(line.strip()))]


def _fill(template: str, values: Mapping[str, str], escape: Callable[[str], str]) -> str:
    return _VARIABLE.sub(lambda found: escape(values[found[1]]), template)


def _in_a_header(text: str) -> str:
    """One line of ASCII: whatever else there is would end the header, or not go over the wire."""
    return quote("".join(letter for letter in text if letter.isprintable()), safe=" !\"#$%&'()*+,-./:;<=>?@[\\]^_`{|}~")
