"""Patterns: texts that the operator has approved, sent on a service line with their variables filled in. Pure.

A pattern is known to its service by a code. What a service takes of one (how variables are called, how long a value may be) is ``PatternRules`` of its
provider; what does not fit is told before anything is sent.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field

from safar.lib.faults import Faults, said

ZWNJ = "\u200c"
_BLANKS = re.compile(r"\s+")


@dataclass(frozen=True, slots=True)
class Pattern:
    """One that is filled. values: variable → text, in the order in which the template names them."""

    code: str
    values: Mapping[str, str]


@dataclass(frozen=True, slots=True, kw_only=True)
class PatternRules:
    """code: what one may be called; written, told: how it is said to whoever writes. names: what a variable may be called. longest: characters of a value;
    None: any; limits: of single variables. instead: what may not stand in a value → what stands for it. joined: names of variables whose value is one word: blanks are replaced by a ZWNJ.
    """

    code: re.Pattern[str]
    names: re.Pattern[str]
    example: str  # of variables, for whoever is told that a name is wrong
    most: int = 10
    longest: int | None = None
    limits: Mapping[str, int] = field(default_factory=dict)
    instead: Mapping[str, str] = field(default_factory=dict)
    joined: frozenset[str] = frozenset()

    def check(self, code: str, names: Mapping[str, object], faults: Faults) -> None:
        """What is wrong with a pattern as it is written, before any value is known."""
        if not self.code.fullmatch(code):
            faults.at("code").add(said("the SMS service knows no code like '%(code)s'", code=code[:80]))
        for name in names:
            if not self.names.fullmatch(name):
                faults.at("variables", name).add(
                    said("the SMS service knows variables such as %(names)s", names=self.example)
                )
        if len(names) > self.most:
            faults.at("variables").add(said("the SMS service takes at most %(most)s variables", most=self.most))

    def fit(self, pattern: Pattern) -> Pattern:
        """The pattern as the service takes it. Raises ValueError in words where it cannot take it."""
        faults = Faults()
        self.check(pattern.code, pattern.values, faults)
        for fault in faults:
            raise ValueError(said("%(place)s: %(problem)s", place=fault.place, problem=fault.message))
        return Pattern(pattern.code, {name: self._value(name, text) for name, text in pattern.values.items()})

    def _value(self, name: str, text: str) -> str:
        value = _BLANKS.sub(ZWNJ if name in self.joined else " ", text.strip())
        for letter, other in self.instead.items():
            value = value.replace(letter, other)
        if not value:
            raise ValueError(said("the variable %(name)s is empty", name=name))
        longest = self.limits.get(name, self.longest)
        if longest is not None and len(value) > longest:
            raise ValueError(
                said("the variable %(name)s is longer than %(longest)s characters", name=name, longest=longest)
            )
        return value
