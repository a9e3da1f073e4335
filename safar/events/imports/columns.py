"""What a column of a contact file is, guessed from its header; whatever is not known is a trait of that name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safar.events.reading import MAX_KEY
from safar.lib.faults import Faults, Refused
from safar.lib.text import fold

ID, EMAIL, PHONE, TAGS, TRAIT, STATUS = "id", "email", "phone", "tags", "trait", "status"
CONSENT, REFUSED = "consent", "refused"  # refused: a column that says no, such as EMAIL_BLACKLISTED


@dataclass(frozen=True)
class Column:
    """kind: one of those above. name: the trait, or the channel of a consent. code: digits in it are no number."""

    kind: str
    name: str
    code: bool = False
    date: bool = False


# kind name: headers as `plain` writes them, those of Mailchimp, Brevo, ActiveCampaign and Shopify among them.
HEADERS = """
id id: id userid customerid externalid شناسه کدمشتری شناسهکاربر
email email: email emailaddress mail ایمیل آدرسایمیل پستالکترونیک پستالکترونیکی رایانامه
phone phone: phone phonenumber mobile mobilenumber mobilephone cell cellphone cellphonenumber tel telephone sms msisdn
phone phone: موبایل تلفن همراه تلفنهمراه شمارههمراه شمارهموبایل شمارهتلفن شمارهتلفنهمراه شمارهتماس
trait first_name: firstname fname givenname نام نامکوچک
trait last_name: lastname lname surname familyname نامخانوادگی فامیلی فامیل
trait name: name fullname نامونامخانوادگی نامکامل
trait city: city شهر
trait birthday: birthday birthdate dateofbirth dob تاریختولد تولد
trait timezone: timezone
tags tags: tags tag labels برچسب برچسبها
consent email: emailconsent consentemail emailoptin emailsubscribed emailpermission emailmarketingconsent رضایتایمیل
consent email: acceptsemailmarketing acceptsmarketing
consent sms: smsconsent consentsms smsoptin smssubscribed smspermission smsmarketingconsent acceptssmsmarketing
consent sms: رضایتپیامک رضایتپیامکی
refused email: emailblacklisted emailunsubscribed unsubscribed unsubscribedat unsubtime emailoptout
refused sms: smsblacklisted smsunsubscribed smsoptout لغوپیامک
status email: status subscriptionstatus emailstatus وضعیت
"""


def _words() -> Iterator[tuple[str, tuple[str, str]]]:
    for line in HEADERS.strip().splitlines():
        what, _, headers = line.partition(":")
        kind, name = what.split()
        yield from ((header, (kind, name)) for header in headers.split())


WORDS = dict(_words())
CODES = re.compile(r"zip|postal|code|number|(^|[^a-z])(id|no|ip)($|[^a-z])|شماره|کد|پلاک", re.IGNORECASE)
DATES = re.compile(r"date|birth|_at$|time$|تاریخ|تولد", re.IGNORECASE)


def read_header(cells: Sequence[str]) -> tuple[list[Column], list[str]]:
    """The columns, and remarks for whoever imports. Of two columns of one kind the first is taken, others are traits.

    Raises Refused where no column says who a row is, or a header cannot be a trait's name.
    """
    faults, notes = Faults(), []
    columns: list[Column] = []
    taken: set[tuple[str, str]] = set()
    for number, cell in enumerate(cells, 1):
        header = " ".join(cell.replace("\u200c", " ").split())
        kind, name = WORDS.get(plain(header), (TRAIT, header))
        if (kind, name) in taken:
            kind, name = TRAIT, _free(header or name, taken)
            notes.append(f"column {number}, {header!r}, is there twice: it becomes the trait {name!r}")
        if not name:
            name = f"column_{number}"
        if len(name) > MAX_KEY or "\0" in name or "\ufffd" in name:
            faults.at(f"column {number}").add(f"{name[:40]!a} is no name for a trait: too long, or damaged")
        taken.add((kind, name))
        columns.append(Column(kind, name, bool(CODES.search(header)), bool(DATES.search(header))))
    if not faults and not {ID, EMAIL, PHONE} & {column.kind for column in columns}:
        there = ", ".join(cells)
        faults.at("header").add(f"no column says who a row is: call one id, email or phone (there are {there})")
    if faults:
        raise Refused(faults)
    return columns, notes


def plain(header: str) -> str:
    """A header as it is looked up: folded, in small letters, without blanks, lines and dots."""
    return re.sub(r"[\s_.\-\u200c()]+", "", fold(header).lower())


def _free(name: str, taken: set[tuple[str, str]]) -> str:
    free, number = name, 2
    while (TRAIT, free) in taken:
        free, number = f"{name}_{number}", number + 1
    return free
