"""SMS, to one or more numbers: a message each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from safar.channels.fields import Field
from safar.channels.notices.kind import DestinationKind
from safar.channels.notices.kinds.email import lines_of
from safar.contacts.names import fold_phone
from safar.lib.faults import Faults, said

MOST_NUMBERS = 10


class Sms(DestinationKind):
    key = "sms"
    icon = "message"
    label = {"en": "SMS", "fa": "پیامک"}
    help = {
        "en": "Goes by the workspace's SMS service, at any hour; every part is paid for.",
        "fa": "با سرویس پیامک کسب‌وکار و در هر ساعتی فرستاده می‌شود؛ هر بخش هزینه دارد.",
    }
    channel = "sms"
    most = 3
    longest = 120
    links = False
    fields = (
        Field(
            name="to",
            label={"en": "Numbers", "fa": "شماره‌ها"},
            help={"en": "One a line, such as `09121234567`.", "fa": "هر خط یک شماره، مانند `09121234567`."},
            lines=3,
            longest=400,
        ),
    )

    def check(self, settings: Mapping[str, str], faults: Faults) -> None:
        numbers = lines_of(settings["to"])
        if len(numbers) > MOST_NUMBERS:
            faults.at("to").add(said("has to be at most %(number)s lines", number=MOST_NUMBERS))
        for number in numbers:
            if fold_phone(number) is None:
                faults.at("to").add(said("'%(number)s' is no phone number", number=number[:40]))

    def readers(self, settings: Mapping[str, str]) -> Sequence[Sequence[str]]:
        return [[fold_phone(number) or number] for number in lines_of(settings.get("to", ""))]
