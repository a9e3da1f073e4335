"""What a column of a contact file is, guessed from its header; whatever is not known is a trait of that name."""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from safar.contacts import topics
from safar.events.reading import MAX_KEY
from safar.lib.faults import Faults, Refused, said
from safar.lib.text import fold

ID, EMAIL, PHONE, TAGS, TRAIT, STATUS = "id", "email", "phone", "tags", "trait", "status"
CONSENT, REFUSED = "consent", "refused"  # refused: a column that says no, such as EMAIL_BLACKLISTED
TOPIC = "topic"  # joined or left; a header `topic:news` says which
LIST_STATUS, SKIP = "list_status", "skip"  # only where somebody says so: subscribed is believed as well · left out
KINDS = (ID, EMAIL, PHONE, TAGS, TRAIT, STATUS, CONSENT, REFUSED, TOPIC, LIST_STATUS, SKIP)
ONCE = (ID, EMAIL, PHONE, TAGS, LIST_STATUS)


@dataclass(frozen=True)
class Column:
    """kind: one of those above. name: the trait, the channel of a consent, or the topic. code: digits in it are no number."""

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

# What other services write for themselves: no field of anybody.
BOOKKEEPING = frozenset(
    """memberrating optintime optinip confirmtime confirmip latitude longitude gmtoff dstoff cc region lastchanged leid euid
    unsubcampaignid unsubcampaigntitle unsubreason unsubreasonother addedtime modifiedtime dateregistered ip""".split()  # noqa: SIM905
)


def _words() -> Iterator[tuple[str, tuple[str, str]]]:
    for line in HEADERS.strip().splitlines():
        what, _, headers = line.partition(":")
        kind, name = what.split()
        yield from ((header, (kind, name)) for header in headers.split())


WORDS = dict(_words())
CODES = re.compile(r"zip|postal|code|number|(^|[^a-z])(id|no|ip)($|[^a-z])|شماره|کد|پلاک", re.IGNORECASE)
OF_TOPIC = re.compile(rf"(?:topic|موضوع)\s*:\s*({topics.TOPIC.pattern})")
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
        about = OF_TOPIC.fullmatch(header)
        kind, name = (TOPIC, about[1]) if about else WORDS.get(plain(header), (TRAIT, header))
        if (kind, name) in taken:
            kind, name = TRAIT, _free(header or name, taken)
            notes.append(f"column {number}, {header!r}, is there twice: it becomes the trait {name!r}")
        if not name:
            name = f"column_{number}"
        if len(name) > MAX_KEY or "\0" in name or "\ufffd" in name:
            faults.at(f"column {number}").add(
                said("%(value)s is no name for a trait: too long, or damaged", value=ascii(name[:40]))
            )
        taken.add((kind, name))
        columns.append(Column(kind, name, bool(CODES.search(header)), bool(DATES.search(header))))
    if not faults and not {ID, EMAIL, PHONE} & {column.kind for column in columns}:
        there = ", ".join(cells)
        faults.at("header").add(
            said("no column says who a row is: call one id, email or phone (there are %(there)s)", there=there)
        )
    if faults:
        raise Refused(faults)
    return columns, notes


def suggest(cells: Sequence[str]) -> list[Column]:
    """The columns as a person is offered them: like `read_header`, without what other services write for themselves.

    Raises nothing: whether somebody is named is for `check_columns`, once they have chosen.
    """
    header = [cell if cell.strip() else f"column_{number}" for number, cell in enumerate(cells, 1)]
    try:
        columns, _ = read_header(header)
    except Refused:
        columns, _ = read_header([*(cell[:MAX_KEY].replace("\0", "") for cell in header), "email"])
        columns = columns[:-1]
    return [
        Column(SKIP, column.name) if column.kind == TRAIT and plain(cell) in BOOKKEEPING else column
        for column, cell in zip(columns, header, strict=True)
    ]


def check_columns(columns: Sequence[Column], wanted: int) -> None:
    """What somebody chose, for a header of so many cells. Raises Refused with every fault."""
    faults = Faults()
    if len(columns) != wanted:
        faults.at("header").add(said("has %(wanted)s columns, and %(n)s are described", wanted=wanted, n=len(columns)))
    seen: set[tuple[str, str]] = set()
    for number, column in enumerate(columns, 1):
        key = (column.kind, "" if column.kind in ONCE else column.name)
        if column.kind not in KINDS:
            faults.at(f"column {number}").add(
                said("%(value)r is none of %(known)s", value=column.kind, known=", ".join(KINDS))
            )
        if column.kind == TOPIC and not topics.TOPIC.fullmatch(column.name):
            faults.at(f"column {number}").add(said("%(value)s is no key of a topic", value=ascii(column.name[:40])))
        if column.kind == TRAIT and (not column.name.strip() or len(column.name) > MAX_KEY or "\0" in column.name):
            faults.at(f"column {number}").add(
                said("%(value)s is no name for a trait: too long, or damaged", value=ascii(column.name[:40]))
            )
        if column.kind in (TRAIT, TOPIC, *ONCE) and key in seen:
            faults.at(f"column {number}").add(said("%(value)s is there twice", value=column.name or column.kind))
        seen.add(key)
    if not {ID, EMAIL, PHONE} & {column.kind for column in columns}:
        faults.at("header").add(said("no column says who a row is: call one id, email or phone"))
    if faults:
        raise Refused(faults)


def plain(header: str) -> str:
    """A header as it is looked up: folded, in small letters, without blanks, lines and dots."""
    return re.sub(r"[\s_.\-\u200c()]+", "", fold(header).lower())


def _free(name: str, taken: set[tuple[str, str]]) -> str:
    free, number = name, 2
    while (TRAIT, free) in taken:
        free, number = f"{name}_{number}", number + 1
    return free
