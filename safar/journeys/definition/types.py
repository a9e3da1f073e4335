"""Every type of parameter by its name: the one table that kinds draw on."""

from __future__ import annotations

from collections.abc import Mapping

from safar.journeys.definition.compound import AwaitedType, Branches, ConditionType, Shares, Variants, WhereType
from safar.journeys.definition.parameters import (
    AnyValue,
    Boolean,
    Destination,
    DurationType,
    Name,
    Number,
    ParameterType,
    Segment,
    Template,
    Text,
    Values,
)
from safar.journeys.definition.until import MomentType, UntilType

TYPES: Mapping[str, ParameterType] = {
    "text": Text(),
    "number": Number(),
    "boolean": Boolean(),
    "any": AnyValue(),
    "values": Values(),
    "duration": DurationType(signed=False),
    "offset": DurationType(signed=True),
    "template": Template(),
    "tag": Name(),
    "trait": Name(),
    "segment": Segment(),
    "journey": Name(),
    "topic": Name(),
    "hook": Text(),
    "destination": Destination(),
    "event": Name(),
    "condition": ConditionType(),
    "where": WhereType(),
    "awaited": AwaitedType(),
    "branches": Branches(),
    "shares": Shares(),
    "variants": Variants(),
    "until": UntilType(),
    "moment": MomentType(),
}
