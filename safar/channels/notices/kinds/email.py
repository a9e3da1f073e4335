"""E-mail, to one or more addresses at once."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safar.channels.fields import Field
from safar.channels.mail.compose import BadAddress, bare_address
from safar.channels.notices.kind import DestinationKind
from safar.lib.faults import Faults, said

MOST_ADDRESSES = 20


class Email(DestinationKind):
    key = "email"
    icon = "mail"
    label = {"en": "E-mail", "fa": "ایمیل"}
    help = {
        "en": "Goes by the workspace's e-mail service.",
        "fa": "با سرویس ایمیل کسب‌وکار فرستاده می‌شود.",
    }
    channel = "email"
    most = 50
    longest = 1_000
    fields = (
        Field(
            name="to",
            label={"en": "Addresses", "fa": "نشانی‌ها"},
            help={
                "en": "One a line. Empty: the team's addresses (Settings → Sending).",
                "fa": "هر خط یک نشانی. خالی: نشانی‌های همکاران («تنظیمات ← ارسال»).",
            },
            required=False,
            lines=3,
            longest=4_000,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        addresses = lines_of(settings.get("to", ""))
        if len(addresses) > MOST_ADDRESSES:
            faults.at("to").add(said("has to be at most %(number)s lines", number=MOST_ADDRESSES))
        for address in addresses:
            if not is_address(address):
                faults.at("to").add(said("'%(address)s' is no e-mail address", address=address[:80]))

    def readers(self, settings: Mapping[str, str]) -> Sequence[Sequence[str]]:
        return [lines_of(settings.get("to", ""))]


def lines_of(text: str) -> list[str]:
    """What stands on its lines, each once."""
    return list(dict.fromkeys(line.strip() for line in text.splitlines() if line.strip()))


def is_address(text: str) -> bool:
    try:
        bare_address(text)
    except BadAddress:
        return False
    return True
