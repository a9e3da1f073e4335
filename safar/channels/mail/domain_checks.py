"""What the DNS of a sender's domain says of who may send in its name: SPF (RFC 7208), DKIM, DMARC (RFC 7489) and whether they are aligned with the
address that readers see; and what to add. Pure, but for the resolver it is given.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field

import dns.exception
import dns.resolver

from safar.channels.mail.signing import DkimKey
from safar.lib.faults import Said, said

OK, WARN, FAULT, UNKNOWN = "ok", "warn", "fault", "unknown"
MOST_LOOKUPS = 10  # RFC 7208, 4.6.4: a reader's server gives up at the eleventh
SECONDS = 5.0

Resolve = Callable[[str, str], Sequence[str]]  # (name, type) → texts; empty where there is nothing; raises Unavailable
_LOOKS = re.compile(r"[+?~-]?(include:|exists:|redirect=|a\b|mx\b|ptr\b)", re.I)
_INCLUDES = re.compile(r"[+?~-]?include:(\S+)|redirect=(\S+)", re.I)


class Unavailable(Exception):
    """The name service did not answer: nothing is known."""


@dataclass(frozen=True, slots=True)
class Record:
    """What to put into the DNS."""

    name: str
    type: str
    value: str


@dataclass(frozen=True, slots=True)
class Check:
    """about: spf, dkim, dmarc, alignment. found: the record as it stands."""

    about: str
    state: str
    said: Said
    found: str = ""
    add: Record | None = None


@dataclass(frozen=True, slots=True)
class Sends:
    """By what e-mail leaves. spf: the name that a service wants included, empty where it wants none; selectors: where services of its kind put
    their keys; key: with which we sign ourselves; plain: by a mail server, whose own domain is the sender's.
    """

    label: str
    spf: str = ""
    selectors: tuple[str, ...] = ()
    key: DkimKey | None = None
    plain: bool = False


@dataclass(slots=True)
class _Walk:
    lookups: int = 0
    includes: set[str] = field(default_factory=set)


def check_domain(domain: str, sends: Sends, resolve: Resolve) -> list[Check]:
    """Never raises: what cannot be known is said to be unknown."""
    spf, dkim, dmarc = _spf(domain, sends, resolve), _dkim(domain, sends, resolve), _dmarc(domain, resolve)
    return [spf, dkim, dmarc, _alignment(spf, dkim, sends)]


def ask_dns(name: str, type: str) -> Sequence[str]:
    """By the resolver of this machine."""
    try:
        answer = dns.resolver.resolve(name, type, lifetime=SECONDS, search=False)
    except (dns.resolver.NXDOMAIN, dns.resolver.NoAnswer):
        return []
    except (dns.exception.DNSException, OSError, UnicodeError, ValueError) as fault:
        raise Unavailable(fault.__class__.__name__) from None
    if type == "TXT":
        return [b"".join(one.strings).decode("utf-8", "replace") for one in answer]
    return [one.to_text() for one in answer]


def _spf(domain: str, sends: Sends, resolve: Resolve) -> Check:
    try:
        found = [text for text in resolve(domain, "TXT") if text.lower().split(" ")[0] == "v=spf1"]
        if len(found) > 1:
            return Check(
                "spf",
                FAULT,
                said(
                    "there are %(n)s SPF records, and readers' servers take none then; put them together into one",
                    n=len(found),
                ),
                found[0],
            )
        wanted = f"include:{sends.spf}" if sends.spf else "a mx"
        if not found:
            record = Record(domain, "TXT", f"v=spf1 {wanted} ~all")
            needed = bool(sends.spf) or sends.plain
            how = (
                said("there is no SPF record; add this one")
                if needed
                else said("there is no SPF record; %(service)s needs none at this name", service=sends.label)
            )
            return Check("spf", WARN if needed else OK, how, add=record if needed else None)
        text, walk = found[0], _Walk()
        _walk(text, resolve, walk)
        if walk.lookups > MOST_LOOKUPS:
            return Check(
                "spf",
                FAULT,
                said(
                    "it asks the name service %(n)s times; above 10 readers' servers give up and take it for broken. Leave out what you do not send by",
                    n=walk.lookups,
                ),
                text,
            )
        if "+all" in text.lower().split():
            return Check(
                "spf", FAULT, said("it ends in +all, by which anybody may send in your name; write ~all"), text
            )
        if sends.spf and sends.spf not in walk.includes:
            head, _, tail = text.partition(" ")
            record = Record(domain, "TXT", f"{head} {wanted} {tail}".strip())
            return Check(
                "spf",
                WARN,
                said(
                    "it does not include %(name)s, by which %(service)s sends; change it to this",
                    name=sends.spf,
                    service=sends.label,
                ),
                text,
                record,
            )
        return Check(
            "spf", OK, said("it stands, and asks the name service %(n)s times of the 10 it may", n=walk.lookups), text
        )
    except Unavailable:
        return Check("spf", UNKNOWN, said("the name service did not answer; look again in a moment"))


def _walk(text: str, resolve: Resolve, walk: _Walk) -> None:
    """Counts what a reader's server would look up, into every include, and no further than it would."""
    for term in text.split()[1:]:
        if not _LOOKS.match(term) or walk.lookups > MOST_LOOKUPS:
            continue
        walk.lookups += 1
        inner = _INCLUDES.fullmatch(term)
        if inner is None:
            continue
        name = (inner[1] or inner[2]).rstrip(".").lower()
        if name in walk.includes or "%" in name:
            continue
        walk.includes.add(name)
        for one in resolve(name, "TXT"):
            if one.lower().startswith("v=spf1"):
                _walk(one, resolve, walk)


def _dkim(domain: str, sends: Sends, resolve: Resolve) -> Check:
    try:
        if sends.key is not None:
            return _own_key(domain, sends.key, resolve)
        for selector in sends.selectors:
            name = f"{selector}._domainkey.{domain}"
            found = [text for text in resolve(name, "TXT") if "p=" in text]
            if found:
                return Check(
                    "dkim",
                    OK,
                    said("%(service)s signs with the key at %(name)s", service=sends.label, name=name),
                    found[0],
                )
        if sends.plain:
            return Check("dkim", WARN, said("nothing is signed; make a key on this page, or let your mail server sign"))
        how = said(
            "no key of %(service)s was found at the names it commonly uses; its panel says whether the domain is verified",
            service=sends.label,
        )
        return Check("dkim", UNKNOWN, how)
    except Unavailable:
        return Check("dkim", UNKNOWN, said("the name service did not answer; look again in a moment"))


def _own_key(domain: str, key: DkimKey, resolve: Resolve) -> Check:
    record = Record(key.name, "TXT", key.record)
    if domain != key.domain and not domain.endswith(f".{key.domain}"):
        return Check(
            "dkim",
            FAULT,
            said("the key is for %(domain)s and signs nothing of this one; make another", domain=key.domain),
        )
    found = [text for text in resolve(key.name, "TXT") if "p=" in text]
    if not found:
        return Check("dkim", FAULT, said("the key is not in the DNS yet; add this record"), add=record)
    if key.public not in re.sub(r"\s", "", found[0]):
        return Check("dkim", FAULT, said("another key stands in the DNS; change it to this"), found[0], record)
    return Check("dkim", OK, said("the key stands in the DNS, and every message is signed with it"), found[0])


def _dmarc(domain: str, resolve: Resolve) -> Check:
    try:
        for name in _upwards(domain):
            found = [
                text
                for text in resolve(f"_dmarc.{name}", "TXT")
                if text.lower().replace(" ", "").startswith("v=dmarc1")
            ]
            if len(found) > 1:
                return Check(
                    "dmarc",
                    FAULT,
                    said("there are %(n)s DMARC records, and readers' servers take none then; leave one", n=len(found)),
                    found[0],
                )
            if found:
                policy = re.search(r"(?:^|;)\s*p\s*=\s*(\w+)", found[0], re.I)
                if policy is None or policy[1].lower() not in ("none", "quarantine", "reject"):
                    return Check("dmarc", FAULT, said("it does not say p=none, p=quarantine or p=reject"), found[0])
                if policy[1].lower() == "none":
                    return Check(
                        "dmarc",
                        OK,
                        said(
                            "it stands and watches (p=none); with SPF and DKIM in order for some weeks, p=quarantine protects your name"
                        ),
                        found[0],
                    )
                return Check(
                    "dmarc",
                    OK,
                    said(
                        "it stands, and what is not signed by you is not let through (p=%(policy)s)",
                        policy=policy[1].lower(),
                    ),
                    found[0],
                )
        record = Record(f"_dmarc.{domain}", "TXT", f"v=DMARC1; p=none; rua=mailto:postmaster@{domain}")
        return Check(
            "dmarc",
            FAULT,
            said("there is no DMARC record; Gmail and Yahoo want one of whoever sends to many. Add this one"),
            add=record,
        )
    except Unavailable:
        return Check("dmarc", UNKNOWN, said("the name service did not answer; look again in a moment"))


def _upwards(domain: str) -> Iterator[str]:
    """The domain, and those it lies in, down to two labels: the record of a parent counts for it."""
    labels = domain.split(".")
    yield from (".".join(labels[start:]) for start in range(max(1, len(labels) - 1)))


def _alignment(spf: Check, dkim: Check, sends: Sends) -> Check:
    """DMARC wants one of the two to speak for the very domain that readers see."""
    if dkim.state == OK:
        return Check("alignment", OK, said("the signature speaks for the domain that readers see"))
    if sends.plain and spf.state == OK:
        return Check(
            "alignment",
            OK,
            said("SPF speaks for the domain that readers see; a signature would survive forwarding as well"),
        )
    if UNKNOWN in (dkim.state, spf.state):
        return Check(
            "alignment",
            UNKNOWN,
            said("it depends on the signature: verify the domain at %(service)s", service=sends.label),
        )
    return Check(
        "alignment",
        FAULT,
        said("neither SPF nor a signature speaks for the domain that readers see: many will take your e-mail for spam"),
    )
