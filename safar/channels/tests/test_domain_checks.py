"""The DNS of a sender's domain, by a name service of our own: what stands there, what is wrong, what to add."""

from __future__ import annotations

from datetime import UTC, datetime

import dns.exception
import dns.resolver
import pytest

from safar.channels.mail import domain_checks
from safar.channels.mail.domain_checks import Sends, Unavailable, ask_dns, check_domain
from safar.channels.mail.signing import DkimKey

KEY = DkimKey("shop.example", "safar2026", "MIIBpublic", datetime(2026, 3, 21, tzinfo=UTC))
SES = Sends("Amazon SES", spf="amazonses.com")
PLAIN = Sends("SMTP server", plain=True)
SIGNED = Sends("SMTP server", key=KEY, plain=True)
MAILJET = Sends("Mailjet", spf="spf.mailjet.com", selectors=("mailjet",))
GOOD_DMARC = {"_dmarc.shop.example": ["v=DMARC1; p=none; rua=mailto:x@shop.example"]}


def look(zone, sends=PLAIN, domain="shop.example"):
    return {one.about: one for one in check_domain(domain, sends, lambda name, _type: zone.get(name, []))}


def test_a_domain_in_order():
    zone = {
        "shop.example": ["google-site-verification=x", "v=spf1 mx -all"],
        "safar2026._domainkey.shop.example": ["v=DKIM1; k=rsa; p=MIIB public"],
        **GOOD_DMARC,
    }
    found = look(zone, SIGNED)
    assert {one.state for one in found.values()} == {"ok"}
    assert [one.add for one in found.values()] == [None] * 4


def test_an_empty_domain_is_told_what_to_add():
    found = look({}, SIGNED)
    assert {about: one.state for about, one in found.items()} == {
        "spf": "warn",
        "dkim": "fault",
        "dmarc": "fault",
        "alignment": "fault",
    }
    assert (found["spf"].add.name, found["spf"].add.value) == ("shop.example", "v=spf1 a mx ~all")
    assert (found["dkim"].add.name, found["dkim"].add.value) == (
        "safar2026._domainkey.shop.example",
        "v=DKIM1; k=rsa; p=MIIBpublic",
    )
    assert found["dmarc"].add.name == "_dmarc.shop.example"
    assert found["dmarc"].add.value.startswith("v=DMARC1; p=none;")


@pytest.mark.parametrize(
    ("records", "sends", "state", "words"),
    [
        (["v=spf1 include:amazonses.com ~all"], SES, "ok", "1 times"),
        (["v=spf1 include:_spf.google.com ~all"], SES, "warn", "amazonses.com"),
        ([], SES, "warn", "no SPF record"),
        ([], Sends("Postmark"), "ok", "needs none"),
        (["v=spf1 a -all", "v=spf1 mx -all"], PLAIN, "fault", "2 SPF records"),
        (["v=spf1 mx +all"], PLAIN, "fault", "+all"),
        (["v=spf10 mx"], PLAIN, "warn", "no SPF record"),
    ],
)
def test_spf(records, sends, state, words):
    zone = {"shop.example": records, "amazonses.com": ["v=spf1 ip4:1.2.3.4 -all"], "_spf.google.com": ["v=spf1 -all"]}
    spf = look(zone, sends)["spf"]
    assert (spf.state, words in spf.said) == (state, True), spf.said


def test_what_is_to_be_changed_keeps_what_stands():
    zone = {"shop.example": ["v=spf1 mx include:_spf.google.com -all"], "_spf.google.com": ["v=spf1 -all"]}
    assert look(zone, SES)["spf"].add.value == "v=spf1 include:amazonses.com mx include:_spf.google.com -all"


@pytest.mark.parametrize(("includes", "state"), [(9, "ok"), (10, "fault")])
def test_lookups_are_counted_into_every_include(includes, state):
    names = [f"n{n}.example" for n in range(includes)]
    zone = {
        "shop.example": ["v=spf1 include:all.example ~all"],
        "all.example": ["v=spf1 " + " ".join(f"include:{name}" for name in names)],
    }
    zone |= {name: ["v=spf1 ip4:1.1.1.1 ip6:::1 -all"] for name in names}
    assert look(zone)["spf"].state == state


def test_includes_in_a_circle_end():
    zone = {
        "shop.example": ["v=spf1 include:a.example ~all"],
        "a.example": ["v=spf1 include:b.example"],
        "b.example": ["v=spf1 include:a.example"],
    }
    assert look(zone)["spf"].state == "ok"
    deep = {f"d{n}.example": [f"v=spf1 redirect=d{n + 1}.example"] for n in range(5000)}
    assert look({"shop.example": ["v=spf1 include:d0.example"], **deep})["spf"].state == "fault"


@pytest.mark.parametrize(
    ("record", "state"),
    [
        ("v=DMARC1; p=reject", "ok"),
        ("V=DMARC1;p=QUARANTINE", "ok"),
        ("v=DMARC1; sp=none", "fault"),
        ("v=DMARC1; p=maybe", "fault"),
        ("something else", "fault"),
    ],
)
def test_dmarc(record, state):
    assert look({"_dmarc.shop.example": [record]})["dmarc"].state == state


def test_dmarc_of_the_domain_it_lies_in_counts():
    assert look(GOOD_DMARC, domain="news.mail.shop.example")["dmarc"].state == "ok"
    assert look({"_dmarc.example": ["v=DMARC1; p=none"]})["dmarc"].state == "fault"
    assert look({"_dmarc.shop.example": ["v=DMARC1; p=none"] * 2})["dmarc"].state == "fault"


def test_dkim_of_a_service_and_of_another_domain():
    assert look({"mailjet._domainkey.shop.example": ["k=rsa; p=abc"]}, MAILJET)["dkim"].state == "ok"
    assert look({}, MAILJET)["dkim"].state == "unknown"
    assert look({"safar2026._domainkey.shop.example": ["v=DKIM1; p=other"]}, SIGNED)["dkim"].state == "fault"
    assert (
        look({"safar2026._domainkey.shop.example": ["p=MIIBpublic"]}, SIGNED, "news.shop.example")["dkim"].state == "ok"
    )
    assert look({}, SIGNED, "other.example")["dkim"].state == "fault"


def test_alignment_is_by_either_of_the_two():
    spf = {"shop.example": ["v=spf1 mx ~all"]}
    assert look(spf, PLAIN)["alignment"].state == "ok"
    assert look({}, PLAIN)["alignment"].state == "fault"
    assert look({}, SES)["alignment"].state == "unknown"


def test_a_name_service_that_is_silent_is_no_fault_of_the_domain():
    def silent(name, type):
        raise Unavailable("Timeout")

    assert {one.state for one in check_domain("shop.example", SIGNED, silent)} == {"unknown"}


@pytest.mark.parametrize("fault", [dns.exception.Timeout(), dns.resolver.NoNameservers(), OSError("no network")])
def test_faults_of_the_resolver_are_one_of_ours(monkeypatch, fault):
    def resolve(*_, **__):
        raise fault

    monkeypatch.setattr(domain_checks.dns.resolver, "resolve", resolve)
    with pytest.raises(Unavailable):
        ask_dns("shop.example", "TXT")


def test_a_name_that_is_not_there_has_nothing(monkeypatch):
    def resolve(*_, **__):
        raise dns.resolver.NXDOMAIN

    monkeypatch.setattr(domain_checks.dns.resolver, "resolve", resolve)
    assert ask_dns("shop.example", "TXT") == []
