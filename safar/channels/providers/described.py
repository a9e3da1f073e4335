"""A service that is described in a form (``channels.described``): how it is asked, and what its answers mean. For whatever has no file of its own."""

from __future__ import annotations

from collections.abc import Mapping

from safar.channels.described.checking import at_once, check_described, is_told, takes_patterns
from safar.channels.described.fields import FIELDS
from safar.channels.described.line import DescribedLine
from safar.channels.described.pattern_rules import read_variables
from safar.channels.described.reading import INBOUND, MEANINGS, report_by
from safar.channels.provider import Inbound, Line, Own, Provider, Report
from safar.channels.services.answer_rules import read_rules
from safar.channels.settings import Sending
from safar.channels.sms.inbound import read_inbound
from safar.channels.tokens import report_address
from safar.lib.faults import Faults

_NOTHING = {one.name: one.default for one in FIELDS}  # of forms that were kept before a field was there


class Described(Provider):
    key = "described"
    label = {"en": "Another service, described here", "fa": "سرویسی دیگر، با توصیف شما"}
    channels = frozenset(("sms",))
    fields = FIELDS
    tells_inbound = True
    tells_credit = True
    asks_inbound = True
    polls = 100

    def of(self, settings: Mapping[str, str]) -> Provider:
        """As the form says: what stands empty there it does not do."""
        given, mine = _NOTHING | dict(settings), Described()
        joined = given["values_as"] == "joined"
        mine.patterns = read_variables(given["variables"], Faults(), joined=joined) if takes_patterns(given) else None
        mine.polls, mine.hears = at_once(given), is_told(given)
        mine.tells_credit, mine.asks_inbound = bool(given["credit_url"]), bool(given["inbound_url"])
        return mine

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        check_described(settings, faults)

    def hear(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Report | None:
        given = _NOTHING | dict(settings)
        meanings = read_rules(given["reports"], Faults(), outcomes=MEANINGS)
        return report_by(meanings, form.get(given["reports_id_at"], ""), lambda place: form.get(place, ""))

    def hear_inbound(
        self, settings: Mapping[str, str], url: str, form: Mapping[str, str], headers: Mapping[str, str]
    ) -> Inbound | None:
        return read_inbound(form, **INBOUND)

    def open_own(self, sending: Sending, own: Own, settings: Mapping[str, str]) -> Line:
        # It is told where to report only where nobody listens on the way.
        report_to = report_address(sending, own) if sending.secure else ""
        return DescribedLine(_NOTHING | dict(settings), sending.secret_key, report_to)
