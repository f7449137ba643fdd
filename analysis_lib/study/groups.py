"""How a key names groups of patients, as text that can be read again: population and contrast."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import NamedTuple

_GROUP = re.compile(r"(?P<base>\w+)\[(?P<variable>\w+)=(?P<level>.+)\]", re.DOTALL)
_AGAINST = "_vs_"


class Population(NamedTuple):
    """`base[variable=level]`, one group of a base; variable and level are empty for all of it."""

    base: str
    variable: str = ""
    level: str = ""

    def __str__(self) -> str:
        return f"{self.base}[{self.variable}={self.level}]" if self.variable else self.base

    @property
    def group(self) -> tuple[str, str]:
        """Variable and level."""
        return self.variable, self.level

    def of(self, base: str) -> Population:
        """The same group of another base."""
        return self._replace(base=base)

    @classmethod
    def parse(cls, text: str) -> Population:
        """The parts of a text; one that names no group of a base is a base as a whole."""
        return _population(text)


@lru_cache(maxsize=4096)
def _population(text: str) -> Population:
    match = _GROUP.fullmatch(text)
    return Population(text) if match is None else Population(**match.groupdict())


class Contrast(NamedTuple):
    """`level_vs_reference`: a group and the one that it is compared with."""

    level: str
    reference: str

    def __str__(self) -> str:
        return f"{self.level}{_AGAINST}{self.reference}"

    @classmethod
    def parse(cls, text: str, levels: Iterable[str] = ()) -> Contrast | None:
        """The two groups of a text; None where it compares none.

        A level's own name may hold `_vs_`: of several ways to divide the text, the first that
        names most of the `levels` is taken.
        """
        known = frozenset(levels)
        return max(cls.readings(text), key=lambda x: len(known.intersection(x)), default=None)

    @classmethod
    def readings(cls, text: str) -> Iterator[Contrast]:
        """Every way to divide a text into two groups."""
        at = text.find(_AGAINST)
        while at >= 0:
            yield cls(text[:at], text[at + len(_AGAINST) :])
            at = text.find(_AGAINST, at + 1)
