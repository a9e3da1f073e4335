"""The document of an e-mail, block by block, to MJML: direction and alignment stand on every section, column and text. Pure.

document: {"kind": "blocks", "blocks": [block, …], "look"?: {"accent", "background"}}. A block is {"kind", …}:

heading {text, level?}, text {text} (marks of rich.py), image {src, alt?, href?, width?}, button {text, href}, products {of: cart | latest_order |
chosen, most?, items?: [{name, price?, image?, url?}]}, coupon {code, text?}, columns {columns: [[block, …], [block, …]]}, divider, footer {text?}.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from html import escape
from typing import Any

from safar.content.guard import Guard
from safar.content.html import PREFERENCES, UNSUBSCRIBE, direction_of
from safar.content.rich import ALLOWED, inline, to_html
from safar.lib.faults import said

MOST_BLOCKS = 100
FONTS = {"fa": "Vazirmatn,Tahoma,sans-serif", "en": "Helvetica,Arial,sans-serif"}
SIZES = {1: 26, 2: 21, 3: 17}  # of a heading, in pixels
LOOK = {"accent": "#2b6a55", "background": "#f4f4f1"}
INK, SOFT, LINE = "#26302c", "#6a736e", "#e6e6e0"
_COLOUR = re.compile(r"#[0-9a-fA-F]{6}")


class DocumentFault(ValueError):
    """A document that cannot be compiled. place: such as blocks.3.text."""

    def __init__(self, place: str, message: str) -> None:
        super().__init__(message)
        self.place = place


class Page:
    """What the blocks of one document have in common."""

    def __init__(self, language: str, guard: Guard, look: Mapping[str, str]) -> None:
        self.language, self.guard = language, guard
        self.direction = direction_of(language)
        self.side, self.other = ("right", "left") if self.direction == "rtl" else ("left", "right")
        self.accent, self.background = look["accent"], look["background"]
        self.link = f"color:{self.accent}"

    def allowed(self, address: str) -> bool:
        """Whether it may stand in a link: of a web page, of mail, of a phone, or whatever Liquid will say."""
        return address.lower().startswith(ALLOWED) or self.guard.begins_with_liquid(address)

    def inline(self, text: str) -> str:
        return inline(text, allowed=self.allowed, link=self.link)

    def text(self, inner: str, **attributes: str) -> str:
        """An mj-text whose content has a direction of its own: programs that drop the outer ones keep it."""
        given = _written({"align": self.side, "color": INK, **attributes})
        return f'<mj-text {given}><div dir="{self.direction}">{inner}</div></mj-text>'


def to_mjml(document: Mapping[str, Any], language: str, guard: Guard) -> str:
    """Raises DocumentFault with the block that is wrong."""
    blocks = document.get("blocks")
    if not isinstance(blocks, list):
        raise DocumentFault("blocks", said("has to be a list of blocks"))
    page = Page(language, guard, _look(document.get("look")))
    done = [_section(page, block, f"blocks.{number}") for number, block in enumerate(blocks)]
    if sum(1 + _inside(block) for block in blocks) > MOST_BLOCKS:
        raise DocumentFault("blocks", said("has more than %(most_blocks)s blocks", most_blocks=MOST_BLOCKS))
    font = FONTS.get(language, FONTS["en"])
    head = (
        f'<mj-attributes><mj-all font-family="{font}" /><mj-text font-size="16px" line-height="1.8" /></mj-attributes>'
    )
    return (
        f'<mjml lang="{language}" dir="{page.direction}"><mj-head>{head}</mj-head>'
        f'<mj-body background-color="{page.background}">{"".join(done)}</mj-body></mjml>'
    )


def _section(page: Page, block: Any, place: str) -> str:
    inner = _columns(page, block, place) if _kind(block, place) == "columns" else _column(page, [block], place)
    colour = page.background if block["kind"] == "footer" else "#ffffff"
    given = {"direction": page.direction, "text-align": page.side, "background-color": colour, "padding": "4px 8px"}
    return f"<mj-section {_written(given)}>{inner}</mj-section>"


def _column(page: Page, blocks: list[Any], place: str, width: str = "") -> str:
    given = {"direction": page.direction, "vertical-align": "top", **({"width": width} if width else {})}
    inner = "".join(_block(page, block, place) for block in blocks)
    return f"<mj-column {_written(given)}>{inner}</mj-column>"


def _columns(page: Page, block: Mapping[str, Any], place: str) -> str:
    columns = block.get("columns")
    if not isinstance(columns, list) or len(columns) != 2 or not all(isinstance(one, list) for one in columns):
        raise DocumentFault(f"{place}.columns", said("has to be two lists of blocks"))
    for one in (one for column in columns for one in column):
        if _kind(one, place) in ("columns", "footer"):
            raise DocumentFault(place, said("%(kind)s cannot stand in a column", kind=one["kind"]))
    return "".join(_column(page, column, place, "50%") for column in columns)


def _block(page: Page, block: Any, place: str) -> str:
    return BLOCKS[_kind(block, place)](page, block, place)


def _heading(page: Page, block: Mapping[str, Any], place: str) -> str:
    level = block.get("level") if block.get("level") in SIZES else 1
    style = f"margin:0;font-size:{SIZES[level or 1]}px;line-height:1.5;font-weight:700"
    words = page.inline(_words(page, block, "text", place))
    return page.text(f'<h{level} dir="{page.direction}" style="{style}">{words}</h{level}>')


def _text(page: Page, block: Mapping[str, Any], place: str) -> str:
    return page.text(
        to_html(_words(page, block, "text", place), direction=page.direction, allowed=page.allowed, link=page.link)
    )


def _image(page: Page, block: Mapping[str, Any], place: str) -> str:
    given = {
        "align": page.side if block.get("width") else "center",
        "src": _address(page, block, "src", place),
        "alt": _words(page, block, "alt", place),
        "href": _address(page, block, "href", place),
        "border-radius": "6px",
    }
    if isinstance(width := block.get("width"), int) and 16 <= width <= 600:
        given["width"] = f"{width}px"
    return f"<mj-image {_written(given)} />" if given["src"] else ""


def _button(page: Page, block: Mapping[str, Any], place: str) -> str:
    given = {
        "align": page.side,
        "href": _address(page, block, "href", place),
        "background-color": page.accent,
        "color": "#ffffff",
        "font-size": "16px",
        "inner-padding": "12px 26px",
        "border-radius": "6px",
    }
    return f"<mj-button {_written(given)}>{escape(_words(page, block, 'text', place), quote=False)}</mj-button>"


def _products(page: Page, block: Mapping[str, Any], place: str) -> str:
    of = block.get("of", "cart")
    if of == "chosen":
        items = block.get("items")
        if not isinstance(items, list) or not all(isinstance(one, Mapping) for one in items):
            raise DocumentFault(f"{place}.items", said("has to be a list of products"))
        names = ("name", "price", "image", "url")
        rows = "".join(_row(page, [_words(page, one, name, place) for name in names]) for one in items)
    elif of in ("cart", "latest_order"):
        most = block.get("most") if isinstance(block.get("most"), int) else 5
        take = page.guard.take
        price = "{% if product.price %}{{ product.price | money }}{% endif %}"
        shown = ("{{ product.name }}", price, "{{ product.image_url }}", "{{ product.url }}")
        row = _row(
            page,
            [take(one) for one in shown],
            when=(take("{% if product.image_url %}"), take("{% endif %}")),
            linked=(take("{% if product.url %}"), take("{% endif %}")),
        )
        # Asked for before it is walked, so that a strict message with nothing in the cart goes out without the table.
        asked = f"{{% if {of}.products %}}{{% for product in {of}.products limit: {min(max(int(most or 5), 1), 20)} %}}"
        rows = f"{take(asked)}{row}{take('{% endfor %}{% endif %}')}"
    else:
        raise DocumentFault(f"{place}.of", said("is none of cart, latest_order, chosen"))
    table = f'<table dir="{page.direction}" width="100%" role="presentation" style="border-collapse:collapse">{rows}</table>'
    return page.text(table)


def _row(
    page: Page, texts: Sequence[str], *, when: tuple[str, str] = ("", ""), linked: tuple[str, str] = ("", "")
) -> str:
    """One product as a line of a table. texts: name, price, picture, address; when, linked: Liquid around its picture and its link."""
    name, price, image, url = texts
    cell = f"padding:8px 0;border-bottom:1px solid {LINE};text-align:{page.side}"
    shown = escape(image) if page.allowed(image) else ""
    name, price = escape(name, quote=False), escape(price, quote=False)
    picture = f'{when[0]}<img src="{shown}" alt="" width="64" style="width:64px;border-radius:6px" />{when[1]}'
    url = url if page.allowed(url) else ""
    opened = f'{linked[0]}<a href="{escape(url)}" style="color:{INK}">{linked[1]}' if url else ""
    closed = f"{linked[0]}</a>{linked[1]}" if url else ""
    seen = f'<td dir="{page.direction}" width="76" style="{cell}">{picture}</td>' if shown else ""
    return (
        f"<tr>{seen}"
        f'<td dir="{page.direction}" style="{cell}">{opened}{name}{closed}</td>'
        f'<td dir="{page.direction}" style="{cell};text-align:{page.other};white-space:nowrap">{price}</td></tr>'
    )


def _coupon(page: Page, block: Mapping[str, Any], place: str) -> str:
    style = (
        f"display:inline-block;padding:10px 22px;border:2px dashed {page.accent};border-radius:6px;"
        "font:700 20px monospace;letter-spacing:2px"
    )
    code = escape(_words(page, block, "code", place), quote=False)
    words = page.inline(_words(page, block, "text", place))
    note = f'<p dir="{page.direction}" style="margin:0 0 8px">{words}</p>' if words else ""
    return page.text(f'{note}<span dir="ltr" style="{style}">{code}</span>')


def _divider(page: Page, _block: Mapping[str, Any], _place: str) -> str:
    return f'<mj-divider border-width="1px" border-color="{LINE}" />'


def _footer(page: Page, block: Mapping[str, Any], place: str) -> str:
    words = page.inline(_words(page, block, "text", place))
    links = " · ".join(
        f'<a href="{page.guard.take(address)}" style="color:{SOFT}">{said.get(page.language, said["en"])}</a>'
        for address, said in (("{{ unsubscribe_url }}", UNSUBSCRIBE), ("{{ preferences_url }}", PREFERENCES))
    )
    return page.text(f"{words} {links}", color=SOFT, **{"font-size": "13px"})


BLOCKS: Mapping[str, Callable[[Page, Mapping[str, Any], str], str]] = {
    "heading": _heading,
    "text": _text,
    "image": _image,
    "button": _button,
    "products": _products,
    "coupon": _coupon,
    "divider": _divider,
    "footer": _footer,
}
KINDS = (*BLOCKS, "columns")


def _kind(block: Any, place: str) -> str:
    kind = block.get("kind") if isinstance(block, Mapping) else None
    if kind not in KINDS:
        raise DocumentFault(place, said("%(value)r is no kind of block", value=str(kind)[:40]))
    return str(kind)


def _words(page: Page, block: Mapping[str, Any], name: str, place: str) -> str:
    """A text of a block, its Liquid under guard; empty where there is none."""
    text = block.get(name) or ""
    if not isinstance(text, str):
        raise DocumentFault(f"{place}.{name}", said("has to be a text"))
    return page.guard.take(re.sub(r"[\x00-\x08\x0b-\x1f]", "", text))  # what XML does not take


def _address(page: Page, block: Mapping[str, Any], name: str, place: str) -> str:
    """Of a page, a mail or a phone; anything else, such as javascript:, is left out."""
    text = _words(page, block, name, place).strip()
    return text if page.allowed(text) else ""


def _inside(block: Any) -> int:
    columns = block.get("columns") if isinstance(block, Mapping) else None
    return sum(len(one) for one in columns if isinstance(one, list)) if isinstance(columns, list) else 0


def _look(look: Any) -> dict[str, str]:
    given = look if isinstance(look, Mapping) else {}
    return {
        name: str(given.get(name)) if _COLOUR.fullmatch(str(given.get(name))) else usual for name, usual in LOOK.items()
    }


def _written(attributes: Mapping[str, str]) -> str:
    return " ".join(f'{name}="{escape(value)}"' for name, value in attributes.items() if value)
