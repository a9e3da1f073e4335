"""Pages of lists: by the place after which the next begins, never by a number of rows to skip."""

from __future__ import annotations

import base64
import binascii
import json
from typing import Annotated, Any

from ninja import Query

from safar.lib.faults import Fault, Refused

LARGEST_PAGE = 200
USUAL_PAGE = 50

Limit = Annotated[int, Query(ge=1, le=LARGEST_PAGE, description="How many at most.", examples=[50])]
After = Annotated[
    str, Query(max_length=400, description="`next` of the page before; without it the first page.", examples=[""])
]


def write_place(*values: Any) -> str:
    """A place in a list as text that nobody need understand."""
    return base64.urlsafe_b64encode(json.dumps(values).encode()).decode().rstrip("=")


def read_place(after: str, *types: type) -> tuple[Any, ...] | None:
    """What ``write_place`` was given; None for the beginning. Raises Refused for what it never wrote."""
    if not after:
        return None
    try:
        values = json.loads(base64.urlsafe_b64decode(after + "=" * (-len(after) % 4)))
    except (binascii.Error, ValueError, RecursionError):
        values = None
    known = isinstance(values, list) and len(values) == len(types)
    if not known or any(type(value) is not kind for value, kind in zip(values, types, strict=True)):
        raise Refused([Fault("after", "is no place of this list; give `next` of the page before")])
    if any(isinstance(value, int) and not -(2**63) <= value < 2**63 for value in values):
        raise Refused([Fault("after", "is no place of this list; give `next` of the page before")])
    return tuple(values)
