"""Links of an e-mail found and changed where they stand; the pixel and the link that no person sees put at its end. Pure.

By an expression and not by a parser: what a mail program gets has to stay what somebody drew, to the letter, but for the addresses.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from html import escape, unescape

# Also in the conditional comments for Outlook, which are links to whoever sees them.
_LINK = re.compile(
    r"""(<(?:a|area|v:\w+)\b(?:[^>"']|"[^"]*"|'[^']*')*?\shref\s*=\s*)("[^"]*"|'[^']*'|[^\s>"']+)""", re.IGNORECASE
)
_LEFT_ALONE = re.compile(r"\sdata-safar-track\s*=\s*[\"']?off", re.IGNORECASE)
_BODY_END = re.compile(r"</body\s*>", re.IGNORECASE)
_BARE = re.compile(r"https?://[^\s<>\"'«»]+", re.IGNORECASE)
_TAIL = ".,;:!?،؛؟)]}"  # what ends a sentence and no address

Change = Callable[[str, str], str]


def change_links(html: str, change: Change) -> str:
    """The document with each address of http(s) put through ``change(address, as it is written)``, which gives the new address.

    A link with ``data-safar-track="off"`` stays as it is.
    """

    def put(found: re.Match[str]) -> str:
        written = found[2]
        quote = written[0] if written[0] in "\"'" else ""
        raw = written[1:-1] if quote else written
        url = unescape(raw).strip()
        if not url[:8].lower().startswith(("http://", "https://")) or _LEFT_ALONE.search(found[1]):
            return found[0]
        made = change(url, raw)
        return found[0] if made == url else f'{found[1]}"{escape(made)}"'

    return _LINK.sub(put, html)


def change_bare(text: str, change: Change) -> str:
    """The same for addresses in plain text."""

    def put(found: re.Match[str]) -> str:
        url = bare_url(found[0])
        return change(url, url) + found[0][len(url) :]

    return _BARE.sub(put, text)


def bare_links(text: str) -> list[str]:
    """Addresses in plain text, in order."""
    return [bare_url(found) for found in _BARE.findall(text)]


def bare_url(found: str) -> str:
    """Without what ends the sentence it stands in; a bracket that was opened in the address belongs to it."""
    while found and found[-1] in _TAIL and not (found[-1] == ")" and found.count("(") >= found.count(")")):
        found = found[:-1]
    return found


def put_at_end(html: str, *, pixel: str = "", trap: str = "") -> str:
    """pixel, trap: addresses; empty for none."""
    added = f'<a href="{escape(trap)}" style="display:none" tabindex="-1" aria-hidden="true"></a>' if trap else ""
    if pixel:
        added += f'<img src="{escape(pixel)}" width="1" height="1" alt="" style="display:block;width:1px;height:1px;border:0">'
    ends = list(_BODY_END.finditer(html))
    at = ends[-1].start() if ends else len(html)
    return html[:at] + added + html[at:]
