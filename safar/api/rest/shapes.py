"""What answers look like: the schemas that several rooms of the API share."""

from __future__ import annotations

from typing import Any

from ninja import Schema
from pydantic import ConfigDict, Field


def example(**value: Any) -> ConfigDict:
    """``model_config`` with an example for the description."""
    return ConfigDict(json_schema_extra={"example": value})


class Fault(Schema):
    place: str = Field(description="Dotted path into what was sent; empty: all of it.")
    message: str
    line: int | None = Field(None, description="Of a definition in YAML.")


class Problem(Schema):
    """RFC 9457, as `application/problem+json`."""

    model_config = example(
        type="about:blank",
        title="Bad Request",
        status=400,
        detail="what was sent is refused: see faults",
        faults=[{"place": "points.offer.paths.next", "message": "there is no point 'thnaks'; did you mean 'thanks'?"}],
    )

    type: str
    title: str
    status: int
    detail: str = ""
    faults: list[Fault] = []


# Of every address; 404 where something is named.
REFUSALS: dict[Any, Any] = {400: Problem, 401: Problem, 403: Problem}
NAMED: dict[Any, Any] = {**REFUSALS, 404: Problem}
WRITES: dict[Any, Any] = {**NAMED, 413: Problem}

NEXT = Field(None, description="Give it as `after` to have the next page; null at the end.", examples=["WzMsIDEyXQ"])
