"""One connection to a described service. Its addresses were typed by somebody of a workspace: only hosts of the open Internet are called
(``lib.outward``), and no redirect is followed.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any
from urllib.parse import urlencode

from safar.channels.described.checking import at_once
from safar.channels.described.filling import ESCAPES, TYPES, Escape, Values, fill, fill_headers, fill_url, write_values
from safar.channels.described.reading import MEANINGS, read_amount, read_list, read_texts, report_by
from safar.channels.provider import Inbound, Parcel, Report, Verdict
from safar.channels.services.answer_rules import judge, read_rules, text_at
from safar.channels.services.http_line import Credit, HttpLine
from safar.channels.services.numbers import digits, in_iran
from safar.channels.tokens import local_id
from safar.lib.calls import Answered, Call, Caller
from safar.lib.faults import Faults
from safar.lib.outward import choose_address


def basic_of(settings: Mapping[str, str]) -> str:
    """Both keys as HTTP's Basic wants them."""
    return base64.b64encode(f"{settings['key']}:{settings['second_key']}".encode()).decode()


class DescribedLine(HttpLine):
    """settings: by the names of the form, the secret ones in clear. report_to: where the service may report; empty: nowhere."""

    def __init__(self, settings: Mapping[str, str], secret: str, report_to: str = "") -> None:
        super().__init__(Caller(lambda host, port: choose_address(host, port)))
        self.settings, self.secret, self.report_to = settings, secret, report_to
        self.rules = read_rules(settings["answers"], Faults())
        self.meanings = read_rules(settings["reports"], Faults(), outcomes=MEANINGS)

    def request(self, parcel: Parcel) -> Call:
        given, pattern = self.settings, parcel.pattern
        values: dict[str, str | Callable[[Escape], str]] = {**self._account(), **self._message(parcel)}
        if pattern is None:
            return self._call(given["url"], given["body"], values, posts=given["method"] == "POST")
        values["pattern"] = pattern.code
        values["values"] = lambda escape: write_values(pattern.values, given["values_as"], escape)
        url = given["pattern_url"] or given["url"]
        return self._call(url, given["pattern_body"], values, posts=given["method"] == "POST")

    def judge(self, answer: Answered) -> Verdict:
        return judge(self.rules, answer, id_at=self.settings["id_at"])

    def ask_credit(self) -> Credit | None:
        return self.read_credit(self.caller.call(self.question("credit"))) if self.settings["credit_url"] else None

    def read_credit(self, answer: Answered) -> Credit:
        return Credit(read_amount(answer, self.settings["credit_at"]), self.settings["credit_unit"])

    def ask_reports(self, provider_ids: Sequence[str]) -> list[Report]:
        answer = self.caller.call(self.question("reports", provider_ids))
        return self.read_reports(answer, provider_ids)

    def read_reports(self, answer: Answered, provider_ids: Sequence[str]) -> list[Report]:
        """Whatever an answer does not tell of is under way."""
        entries, place = read_list(answer, self.settings["reports_at"]), self.settings["reports_id_at"]
        if at_once(self.settings) > 1:
            told = {text_at(one, place): one for one in entries}
        else:
            told = dict(zip(provider_ids, entries, strict=False))
        return [self._report(number, told.get(number, {})) for number in provider_ids]

    def ask_inbound(self) -> list[Inbound]:
        return self.read_inbound(self.caller.call(self.question("inbound"))) if self.settings["inbound_url"] else []

    def read_inbound(self, answer: Answered) -> list[Inbound]:
        return read_texts(read_list(answer, self.settings["inbound_at"]))

    def question(self, about: str, provider_ids: Sequence[str] = ()) -> Call:
        """The call that asks about ``reports``, ``inbound`` or ``credit``: by POST where it has a body."""
        url, body = self.settings[f"{about}_url"], self.settings[f"{about}_body"]
        numbers = {"id": "".join(provider_ids[:1]), "ids": ",".join(provider_ids)}
        return self._call(url, body, {**self._account(), **numbers}, posts=bool(body))

    def _report(self, number: str, entry: Mapping[str, Any]) -> Report:
        return report_by(self.meanings, number, lambda place: text_at(entry, place))

    def _call(self, url: str, body: str, values: Values, *, posts: bool) -> Call:
        given, kind = self.settings, self.settings["kind"]
        headers = fill_headers(given["headers"], values)
        content = fill(body, values, ESCAPES[kind]).encode() if posts else None
        if content is not None and "content-type" not in {name.lower() for name in headers}:
            headers["Content-Type"] = TYPES[kind]
        return Call("POST" if posts else "GET", fill_url(url, values), headers, content)

    def _account(self) -> Mapping[str, str]:
        key, second = self.settings["key"], self.settings["second_key"]
        return {"sender": self.settings["sender"], "key": key, "second_key": second, "basic": basic_of(self.settings)}

    def _message(self, parcel: Parcel) -> Mapping[str, str]:
        report_to = f"{self.report_to}?{urlencode({'message': parcel.message_id})}" if self.report_to else ""
        return {
            "to": parcel.address,
            "to_local": in_iran(parcel.address),
            "to_digits": digits(parcel.address),
            "text": parcel.source.decode(),
            "sender": parcel.sender,
            "number": local_id(parcel, self.secret),
            "report_url": report_to,
        }
