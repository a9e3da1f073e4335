"""What may be set: hosts are names of the open Internet, words in UTM values are known ones."""

from __future__ import annotations

import pytest

from safar.channels.tests.settings import sending
from safar.channels.tracking.marking import short_url
from safar.channels.tracking.settings import Tracking, read_tracking, set_tracking
from safar.lib.faults import Refused
from safar.outbox.tests.house import Shop


@pytest.fixture
def shop(conn):
    return Shop(conn)


@pytest.mark.parametrize(
    ("given", "place"),
    [
        (Tracking(host="https://links.shop.example"), "host"),
        (Tracking(host="links.shop.example/x"), "host"),
        (Tracking(host="127.0.0.1"), "host"),
        (Tracking(host="localhost"), "host"),
        (Tracking(host="a..example"), "host"),
        (Tracking(host="links.shop.example:8000"), "host"),
        (Tracking(host="links.shop.example\n"), "host"),
        (Tracking(host="a" * 64 + ".example"), "host"),
        (Tracking(host=".".join(["abcdefgh"] * 30)), "host"),
        (Tracking(host="safar.example"), "host"),
        (Tracking(short_host="-a.ir"), "short_host"),
        (Tracking(sites=("shop.example", "*.shop.example")), "sites.1"),
        (Tracking(sites=("shop.example",) * 51), "sites"),
        (Tracking(utm=True), "sites"),
        (Tracking(utm_campaign="{contact}"), "utm_campaign"),
        (Tracking(utm_source="x" * 101), "utm_source"),
        (Tracking(utm_source="a\nb"), "utm_source"),
    ],
)
def test_what_is_refused(shop, given, place):
    with pytest.raises(Refused) as refused:
        set_tracking(shop.conn, shop.id, given, sending=sending())
    assert [fault.place for fault in refused.value.faults] == [place]
    assert read_tracking(shop.conn, shop.id) == Tracking()


def test_it_is_kept_and_changed(shop):
    given = Tracking(host="links.shop.example", short_host="shp.ir", utm=True, sites=("shop.example",), opens=False)
    assert set_tracking(shop.conn, shop.id, given, sending=sending())
    assert not set_tracking(shop.conn, shop.id, given, sending=sending())
    assert read_tracking(shop.conn, shop.id) == given
    assert set_tracking(shop.conn, shop.id, Tracking(), sending=sending())
    assert read_tracking(shop.conn, shop.id) == Tracking()


@pytest.mark.parametrize(
    ("given", "house", "short"),
    [
        (Tracking(short_host="shop12.ir"), "", "https://shop12.ir/xxxxxxx"),
        (Tracking(), "shp.ir", "https://shp.ir/xxxxxxx"),
        (Tracking(short_host="own.ir"), "shp.ir", "https://own.ir/xxxxxxx"),
        (Tracking(), "", "https://safar.example/s/xxxxxxx"),
    ],
)
def test_how_a_short_link_looks(given, house, short):
    made = short_url("xxxxxxx", given, sending(short_host=house))
    assert made == short
    assert (len(made) <= 25) is ("safar" not in made)  # nine letters of a host are what fits
