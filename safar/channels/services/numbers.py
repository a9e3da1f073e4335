"""A number as each service wants it. Contacts have E.164: + and digits."""

from __future__ import annotations

IRAN = "+98"


def in_iran(address: str) -> str:
    """As Iranian services want it: ``09121234567``; of other countries ``0049…``."""
    if address.startswith(IRAN):
        return "0" + address.removeprefix(IRAN)
    return "00" + address.removeprefix("+")


def digits(address: str) -> str:
    """``989121234567``: without the plus."""
    return address.removeprefix("+")
