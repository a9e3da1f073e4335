"""Links found and changed, and everything else left to the letter."""

from __future__ import annotations

import pytest

from safar.channels.tracking.rewriting import bare_links, change_bare, change_links, put_at_end


def mark(url: str, raw: str) -> str:
    return f"<{url}|{raw}>"


def change(html: str) -> list[str]:
    seen: list[str] = []
    change_links(html, lambda url, raw: (seen.append(url), url)[1])
    return seen


@pytest.mark.parametrize(
    ("html", "found"),
    [
        ('<a href="https://shop.ir/">x</a>', ["https://shop.ir/"]),
        ("<a class=x href='https://shop.ir/?a=1&amp;b=2'>x</a>", ["https://shop.ir/?a=1&b=2"]),
        ("<A HREF=https://shop.ir/a>x</A>", ["https://shop.ir/a"]),
        ('<a title="a > b" href="http://shop.ir/">x</a>', ["http://shop.ir/"]),
        ('<area shape="rect" href="https://shop.ir/map">', ["https://shop.ir/map"]),
        ('<!--[if mso]><v:roundrect href="https://shop.ir/b" arcsize="8%"><![endif]-->', ["https://shop.ir/b"]),
        ('<a\n  style="color:red"\n  href="  https://shop.ir/c  ">x</a>', ["https://shop.ir/c"]),
        ('<a href="mailto:sara@shop.ir">x</a><a href="tel:+9821">y</a><a href="#top">z</a><a name="href">n</a>', []),
        ('<a data-safar-track="off" href="https://shop.ir/">x</a>', []),
        ('<link href="https://fonts.example/a.css"><img src="https://shop.ir/a.png">', []),
        ('<p>href="https://shop.ir/"</p>', []),
        ('<a data-href="https://shop.ir/">x</a>', []),
    ],
)
def test_links(html: str, found: list[str]) -> None:
    assert change(html) == found
    assert change_links(html, lambda url, raw: url) == html


def test_an_address_is_written_as_an_attribute() -> None:
    made = change_links("<a href='https://shop.ir/'>x</a>", lambda url, raw: 'https://l.shop.ir/c/x?a="1"&b')
    assert made == '<a href="https://l.shop.ir/c/x?a=&quot;1&quot;&amp;b">x</a>'


def test_what_is_asked_for_and_how_it_was_written() -> None:
    made = change_links('<a href="https://shop.ir/?a&amp;b">x</a>', lambda url, raw: mark(url, raw))
    assert "https://shop.ir/?a&amp;b|https://shop.ir/?a&amp;amp;b" in made


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("سبد شما: https://shop.ir/cart. منتظریم", ["https://shop.ir/cart"]),
        ("(https://shop.ir/a_(b)) http://x.ir؟", ["https://shop.ir/a_(b)", "http://x.ir"]),
        ("shop.ir و https://", []),
    ],
)
def test_addresses_in_plain_text(text: str, found: list[str]) -> None:
    assert bare_links(text) == found


def test_plain_text_keeps_what_stands_around_an_address() -> None:
    assert change_bare("A https://shop.ir/a, B", lambda url, raw: "L") == "A L, B"


def test_the_end_of_a_document() -> None:
    made = put_at_end("<body><p></body></p></body></html>", pixel="https://l/o/x", trap="https://l/c/y")
    assert made.index("https://l/c/y") < made.index("https://l/o/x")
    assert made.endswith("</body></html>")
    assert put_at_end("<p>a", pixel="https://l/o/x").startswith("<p>a<img ")
    assert put_at_end("<p>a") == "<p>a"
