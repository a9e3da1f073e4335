"""Addresses that somebody typed: sixty spellings of what must not be called, and a name service that changes its mind."""

from __future__ import annotations

import socket

import pytest

from safar.lib.calls import Call, Caller, NotConnected
from safar.lib.outward import Forbidden, choose_address, is_open

INNER = [
    "127.0.0.1",
    "127.1",
    "127.0.1",
    "127.000.000.001",
    "127.255.255.254",
    "2130706433",
    "0x7f000001",
    "0x7f.0.0.1",
    "0x7f.1",
    "017700000001",
    "0177.0.0.1",
    "0177.1",
    "0",
    "0.0.0.0",
    "0x0",
    "00.0",
    "10.0.0.1",
    "10.255.255.255",
    "167772161",
    "0xa.1",
    "172.16.0.1",
    "172.31.255.255",
    "0xac100001",
    "192.168.0.1",
    "192.168.1",
    "3232235521",
    "0xc0.0xa8.0.1",
    "169.254.169.254",
    "2852039166",
    "0xa9fea9fe",
    "0251.0376.0251.0376",
    "100.64.0.1",
    "100.100.100.200",
    "192.0.0.192",
    "198.18.0.1",
    "192.0.2.1",
    "203.0.113.7",
    "224.0.0.1",
    "239.255.255.250",
    "240.0.0.1",
    "255.255.255.255",
    "::1",
    "0:0:0:0:0:0:0:1",
    "::",
    "::127.0.0.1",
    "::ffff:127.0.0.1",
    "::ffff:7f00:1",
    "::ffff:0:127.0.0.1",
    "::ffff:169.254.169.254",
    "0:0:0:0:0:ffff:a00:1",
    "64:ff9b::7f00:1",
    "64:ff9b::10.0.0.1",
    "64:ff9b:1::1",
    "2002:7f00:1::",
    "2002:a00:1::1",
    "2001:0:7f00:1::",
    "2001:db8::1",
    "fe80::1",
    "fe80::1%lo",
    "fc00::1",
    "fd00:ec2::254",
    "fec0::1",
    "ff02::1",
    "100::1",
    "3fff::1",
    "localhost",
    "localhost.",
    "LOCALHOST",
]
OUTER = [
    "1.1.1.1",
    "8.8.8.8",
    "185.143.233.1",
    "2606:4700:4700::1111",
    "2a00:1450:4001:81b::200e",
    "::ffff:8.8.8.8",
    "64:ff9b::808:808",
    "2002:808:808::1",
]


@pytest.fixture(autouse=True)
def no_connection(monkeypatch):
    """Whatever would be connected to is written down, and fails."""
    tried = []

    def connect(address, *more, **named):
        tried.append(address)
        raise ConnectionRefusedError("not in a test")

    monkeypatch.setattr(socket, "create_connection", connect)
    return tried


def test_there_are_sixty():
    assert len(set(INNER)) >= 60


@pytest.mark.parametrize("host", INNER)
def test_what_lies_inside_is_never_called(host, no_connection):
    written = f"[{host}]" if ":" in host else host
    with pytest.raises((Forbidden, NotConnected)):  # what is no address at all is not called either
        Caller(choose_address).call(Call("GET", f"http://{written}/"))
    assert no_connection == []


@pytest.mark.parametrize("host", OUTER)
def test_what_lies_outside_is(host, no_connection):
    written = f"[{host}]" if ":" in host else host
    with pytest.raises(NotConnected, match="not in a test"):
        Caller(choose_address).call(Call("GET", f"http://{written}/"))
    assert [address for address, _ in no_connection] == [host]


def answers(*addresses):
    """A name service that says these, one list a question."""
    asked = iter(addresses)

    def resolve(host, port, **_):
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port)) for address in next(asked)]

    return resolve


def test_a_name_that_changes_its_mind_is_asked_once(no_connection):
    resolve = answers(["8.8.8.8"], ["127.0.0.1"])
    caller = Caller(lambda host, port: choose_address(host, port, resolve=resolve))
    with pytest.raises(NotConnected):
        caller.call(Call("GET", "http://rebound.example/"))
    with pytest.raises(Forbidden):  # a new connection is a new question, and it is looked at as well
        caller.call(Call("GET", "http://rebound.example/"))
    assert no_connection == [("8.8.8.8", 80)]


@pytest.mark.parametrize("addresses", [["8.8.8.8", "10.0.0.1"], ["10.0.0.1", "8.8.8.8"], ["::1", "8.8.8.8"]])
def test_one_inner_address_among_others_is_enough(addresses):
    with pytest.raises(Forbidden):
        choose_address("mixed.example", 443, resolve=answers(addresses))


def test_no_address_at_all():
    with pytest.raises(OSError, match="no address"):
        choose_address("nobody.example", 443, resolve=answers([]))
    with pytest.raises((Forbidden, OSError)):
        choose_address("a" * 300 + ".example", 443)


@pytest.mark.parametrize("text", ["", "example.com", "1.2.3", "08.8.8.8", "١٢٧.٠.٠.١"])
def test_only_canonical_spellings_are_addresses(text):
    assert not is_open(text)
