"""An SMS service on this machine that speaks as one of the real ones does, and misbehaves when it is told to."""

from __future__ import annotations

import base64
import json
import threading
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any
from urllib.parse import parse_qs, urlsplit

# What it may be told to do with a request instead of answering as the service would.
CUT_BEFORE = "cut before"  # takes the message and ends the connection without a word
CUT_IN_THE_MIDDLE = "cut in the middle"  # takes it and ends in the middle of its answer
DRIP = "drip"  # takes it and answers a byte at a time, for ever
HANG = "hang"  # takes it and says nothing
GARBAGE = "garbage"  # takes it and answers 200 with something that is no answer
MOVED = "moved"  # takes nothing and sends the caller elsewhere
LARGE = "large"  # answers with more than anybody reads
TOO_MANY, BROKEN, AWAY = 429, 500, 503  # statuses, with a page of a gateway


@dataclass(frozen=True)
class Asked:
    method: str
    path: str
    query: Mapping[str, str]
    headers: Mapping[str, str]
    form: Mapping[str, str]
    body: str = ""


@dataclass
class SmsServer:
    """speak: (server, request) → (status, body, perhaps headers) as the real service would. taken: number → what was taken, in order."""

    speak: Callable[[SmsServer, Asked], tuple[Any, ...]]
    says: list[Any] = field(default_factory=list)  # what it does next; then it behaves
    taken: list[dict[str, str]] = field(default_factory=list)
    filled: list[dict[str, Any]] = field(default_factory=list)  # patterns among them
    asked: list[Asked] = field(default_factory=list)
    released: threading.Event = field(default_factory=threading.Event)
    port: int = 0

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def fill(self, to: str, code: str, values: Mapping[str, str]) -> int:
        """A pattern with its values, as ``take``."""
        self.filled.append({"to": to, "code": code, "values": dict(values)})
        return self.take(to, "", "")

    def take(self, to: str, text: str, sender: str, number: str = "") -> int:
        """Its number for the message; the one it has already where it knows ``number``."""
        for place, one in enumerate(self.taken):
            if number and one["number"] == number:
                return place + 1
        self.taken.append({"to": to, "text": text, "sender": sender, "number": number})
        return len(self.taken)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    server: Any

    def do_POST(self) -> None:
        self._serve()

    def do_PATCH(self) -> None:
        self._serve()

    def do_GET(self) -> None:
        self._serve()

    def log_message(self, *_: Any) -> None:
        pass

    def _serve(self) -> None:
        told: SmsServer = self.server.told
        length = int(self.headers.get("Content-Length") or 0)
        body = self.rfile.read(length).decode()
        parts = urlsplit(self.path)
        asked = Asked(
            self.command,
            parts.path,
            {name: values[0] for name, values in parse_qs(parts.query).items()},
            {name.lower(): value for name, value in self.headers.items()},
            {name: values[0] for name, values in parse_qs(body).items()},
            body,
        )
        told.asked.append(asked)
        how = told.says.pop(0) if told.says else None
        if isinstance(how, int):
            self._send(how, b"<html>gateway</html>")
            return
        if how == MOVED:
            self._send(302, b"", {"Location": f"{told.url}/elsewhere"})
            return
        status, answer, *more = how if isinstance(how, tuple) else told.speak(told, asked)
        whole = answer if isinstance(answer, bytes) else json.dumps(answer).encode()
        if how == CUT_BEFORE:
            self.close_connection = True
        elif how == CUT_IN_THE_MIDDLE:
            self._begin(status, len(whole))
            self.wfile.write(whole[: len(whole) // 2])
            self.close_connection = True
        elif how == DRIP:
            self._begin(status, 10_000)
            try:
                while not told.released.wait(0.02):
                    self.wfile.write(b" ")
            except OSError:
                pass
            self.close_connection = True
        elif how == HANG:
            told.released.wait(30)
            self.close_connection = True
        elif how == GARBAGE:
            self._send(200, b"\xff\xfe<html>\x00 it works!")
        elif how == LARGE:
            self._send(200, b"[" * 3_000_000)
        else:
            self._send(status, whole, more[0] if more else None)

    def _begin(self, status: int, length: int, headers: Mapping[str, str] | None = None) -> None:
        self.send_response(status)
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        self.send_header("Content-Length", str(length))
        self.end_headers()

    def _send(self, status: int, body: bytes, headers: Mapping[str, str] | None = None) -> None:
        try:
            self._begin(status, len(body), headers)
            self.wfile.write(body)
        except OSError:
            pass


class _Server(ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, request: Any, client_address: Any) -> None:
        """Clients that go away are what is tested."""


@contextmanager
def running_sms(speak: Callable[[SmsServer, Asked], tuple[Any, ...]]) -> Iterator[SmsServer]:
    server = _Server(("127.0.0.1", 0), _Handler)
    told = SmsServer(speak, port=server.server_address[1])
    server.told = told
    thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
    thread.start()
    try:
        yield told
    finally:
        told.released.set()
        server.shutdown()
        server.server_close()
        thread.join(5)


def speak_kavenegar(server: SmsServer, asked: Asked) -> tuple[int, Any]:
    """As https://kavenegar.com/rest.html has it; the key is ``good-key``."""

    def say(status: int, message: str, entries: Any = None) -> tuple[int, Any]:
        return status, {"return": {"status": status, "message": message}, "entries": entries}

    _, version, key, *method = asked.path.split("/")
    form, name = asked.form, "/".join(method)
    if version != "v1" or key != "good-key":
        return say(403, "کد شناسایی معتبر نمی‌باشد")
    if name == "account/info.json":
        return say(200, "تایید شد", {"remaincredit": 1500000, "expiredate": 13548889, "type": "Master"})
    if name == "sms/status.json":
        ids = form["messageid"].split(",")
        return say(
            200, "تایید شد", [{"messageid": int(one), "status": 10, "statustext": "رسیده به گیرنده"} for one in ids]
        )
    if name == "verify/lookup.json":
        values = {one: form[one] for one in ("token", "token2", "token3", "token10", "token20") if one in form}
        if form.get("template") != "order-shipped":
            return say(424, "الگوی مورد نظر پیدا نشد")
        if any(" " in values.get(one, "") for one in ("token", "token2", "token3")):
            return say(431, "ساختار کد صحیح نمی‌باشد")
        number = server.fill(form["receptor"], form["template"], values)
        return say(200, "تایید شد", [{"messageid": number, "status": 5, "statustext": "ارسال به مخابرات"}])
    if name != "sms/send.json":
        return say(404, "متدی با این نام پیدا نشد")
    if not form.get("message"):
        return say(400, "پارامترها ناقص هستند")
    if not form.get("receptor", "").startswith("09") or len(form["receptor"]) != 11:
        return say(411, "دریافت کننده نامعتبر است")
    number = server.take(form["receptor"], form["message"], form.get("sender", ""), form.get("localid", ""))
    entry = {"messageid": number, "message": form["message"], "status": 1, "statustext": "در صف ارسال"}
    more = {"sender": form.get("sender", "10004346"), "receptor": form["receptor"], "date": 1356619709, "cost": 120}
    return say(200, "تایید شد", [{**entry, **more}])


ACCOUNT = "AC" + "0" * 32
CONTENT = "HX" + "0" * 32


def speak_twilio(server: SmsServer, asked: Asked) -> tuple[int, Any]:
    """As Twilio's OpenAPI has it; the token is ``good-key``."""

    def fault(status: int, code: int, message: str) -> tuple[int, Any]:
        return status, {
            "code": code,
            "message": message,
            "more_info": f"https://www.twilio.com/docs/errors/{code}",
            "status": status,
        }

    login = base64.b64encode(f"{ACCOUNT}:good-key".encode()).decode()
    if asked.headers.get("authorization") != f"Basic {login}":
        return fault(401, 20003, "Authenticate")
    if asked.path.endswith("/Balance.json"):
        return 200, {"account_sid": ACCOUNT, "balance": "12.345", "currency": "USD"}
    if asked.path != f"/2010-04-01/Accounts/{ACCOUNT}/Messages.json":
        return fault(404, 20404, "The requested resource was not found")
    form = asked.form
    if form.get("ContentSid", CONTENT) != CONTENT:
        return fault(400, 21655, "The ContentSid is invalid")
    if "ContentSid" not in form and not form.get("Body"):
        return fault(400, 21602, "Message body is required")
    if not form.get("To", "").startswith("+") or not 8 < len(form["To"]) < 17:
        return fault(400, 21211, "The 'To' number is not a valid phone number")
    if "ContentSid" in form:
        number = server.fill(form["To"], form["ContentSid"], json.loads(form["ContentVariables"]))
    else:
        number = server.take(form["To"], form["Body"], form.get("From", ""))
    return 201, {
        "sid": f"SM{number:032}",
        "status": "queued",
        "to": form["To"],
        "error_code": None,
        "error_message": None,
    }


def speak_melipayamak(server: SmsServer, asked: Asked) -> tuple[int, Any]:
    """As its public clients and lists have it; the user is ``shop``, the password ``good-key``."""

    def say(status: int, value: object, word: str = "") -> tuple[int, Any]:
        return 200, {
            "Value": str(value),
            "RetStatus": status,
            "StrRetStatus": word or ("Ok" if status == 1 else "InvalidData"),
        }

    form, name = asked.form, asked.path.removeprefix("/api/SendSMS/")
    if (form.get("username"), form.get("password")) != ("shop", "good-key"):
        return say(0, 0, "InvalidUserPass")
    to = form.get("to", "")
    if name == "GetCredit":
        return say(1, "1520.5")
    if name == "GetDeliveries2":
        return say(1, 1)
    if name not in ("SendSMS", "BaseServiceNumber"):
        return 404, b"<html>404</html>"
    if not to.startswith("09") or len(to) != 11:
        return say(18, 18)
    if name == "SendSMS":
        return say(1, 5_000_000_000_000_000_000 + server.take(to, form.get("text", ""), form.get("from", "")))
    if form.get("bodyId") != "4004":
        return say(35, -4)
    values = form["text"].split(";")
    return say(
        1, 5_000_000_000_000_000_000 + server.fill(to, form["bodyId"], {str(n): one for n, one in enumerate(values)})
    )


def speak_smsir(server: SmsServer, asked: Asked) -> tuple[int, Any]:
    """As https://sms.ir/rest-api/ has it; the key is ``good-key``."""

    def say(status: int, message: str, data: Any = None) -> tuple[int, Any]:
        return (200 if status == 1 else 401 if status == 10 else 400), {
            "status": status,
            "message": message,
            "data": data,
        }

    if asked.headers.get("x-api-key") != "good-key":
        return say(10, "کلید وب سرویس نامعتبر است")
    name = asked.path.removeprefix("/v1/")
    if name == "credit":
        return say(1, "موفق", 1520.5)
    if name == "send/live":
        page = int(asked.query["pageNumber"]) - 1
        sent = [{"messageId": n + 1, "deliveryState": 1} for n in range(len(server.taken))]
        return say(1, "موفق", sent[page * 100 : page * 100 + 100])
    if asked.method == "GET":
        return say(1, "موفق", {"messageId": int(name.removeprefix("send/")), "deliveryState": 1})
    given = json.loads(asked.body)
    to = given["mobiles"][0] if name == "send/bulk" else given["mobile"]
    if not to.startswith("09") or len(to) != 11:
        return say(104, "شماره موبایل نامعتبر است")
    if name == "send/bulk":
        number = server.take(to, given["messageText"], str(given["lineNumber"]))
        return say(1, "موفق", {"packId": "2b99e63c", "messageIds": [number], "cost": 1.0})
    if given["templateId"] != 4004:
        return say(113, "قالب یافت نشد")
    number = server.fill(to, str(given["templateId"]), {one["name"]: one["value"] for one in given["parameters"]})
    return say(1, "موفق", {"messageId": number, "cost": 1.0})
