"""Hashes for a content security policy: a page with a style of its own names it, and no other style works there."""

from __future__ import annotations

import base64
import hashlib
import re

_STYLE = re.compile(r"<style>(.*?)</style>", re.DOTALL)


def style_hashes(page: str) -> str:
    """Of a page's or template's ``<style>`` elements, as they stand in the policy: ``'sha256-…' 'sha256-…'``."""
    digests = (hashlib.sha256(style.encode()).digest() for style in _STYLE.findall(page))
    return " ".join(f"'sha256-{base64.b64encode(digest).decode()}'" for digest in digests)
