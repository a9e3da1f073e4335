"""Liquid with every limit set. Templates see plain data only: what came out of JSON, and the filters named here."""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache, wraps
from typing import Any, ClassVar

import liquid
from liquid.exceptions import FilterValueError
from liquid.undefined import FalsyStrictUndefined, Undefined

from safar.content import filters

LARGEST_OUTPUT = 512 * 1024  # bytes of one body
LARGEST_VALUE = 256 * 1024  # characters a filter may give, all items of a list together
LARGEST_SOURCE = 256 * 1024  # characters of one template text

_REMOVED_TAGS = ("include", "render")  # no template reads another one
_REMOVED_FILTERS = ("safe", "escapejs")  # what contacts typed stays escaped


class Unknown(FalsyStrictUndefined):
    """A variable without a value where the template is strict: may be asked about, given a default, but not shown."""

    force_liquid_default = True


class Limited(liquid.Environment):
    """Not one of these may be None: a template is written by people whom we do not know."""

    block_nesting_limit: ClassVar[int] = 30
    context_depth_limit: ClassVar[int] = 20
    loop_iteration_limit: ClassVar[int | None] = 10_000
    local_namespace_limit: ClassVar[int | None] = 1024 * 1024
    output_stream_limit: ClassVar[int | None] = LARGEST_OUTPUT


@lru_cache(maxsize=4)
def environment(*, html: bool, strict: bool) -> Limited:
    """One environment for each pair of properties. html: values are escaped on output."""
    env = Limited(autoescape=html, strict_filters=True, undefined=Unknown if strict else Undefined)
    for tag in _REMOVED_TAGS:
        del env.tags[tag]
    for name in _REMOVED_FILTERS:
        env.filters.pop(name, None)
    env.filters.update(filters.FILTERS)
    for name, function in env.filters.items():
        env.filters[name] = _capped(name, function)
    return env


def _capped(name: str, function: Callable[..., Any]) -> Callable[..., Any]:
    """The filter, refusing results that are too large. What a filter builds on the way is bounded by the child's
    memory.
    """

    @wraps(function)
    def call(*args: Any, **kwargs: Any) -> Any:
        found = function(*args, **kwargs)
        if _size(found) > LARGEST_VALUE:
            raise FilterValueError(f"{name}: the result is larger than {LARGEST_VALUE} characters", token=None)
        return found

    return call


def _size(value: Any, depth: int = 0) -> int:
    if isinstance(value, str):
        return len(value)
    if isinstance(value, range):
        return len(value)
    if isinstance(value, (list, tuple)) and depth < 4:
        return len(value) + sum(_size(item, depth + 1) for item in value)
    return 1
