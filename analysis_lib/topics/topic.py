"""What a topic says of itself: what it shows to a chapter, and what the whole needs of it."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.face import function_at, lazy_face


@dataclass(frozen=True)
class Topic:
    """A question that chapters ask.

    `shown` maps the name that a chapter uses, as in `survival.table`, to `module:function`; the
    module lies within the topic or, where it begins with a point, within the library. Modules are
    imported when they are used: whoever needs the numbers of a topic does not wait for the
    libraries that draw its figures. `parts` yields all results of a study, `repeated` what is
    computed by the hundred; `words` are those of the key that no other topic uses.
    """

    package: str
    shown: Mapping[str, str]
    words: Words = field(default_factory=Words)
    parts: str = ""
    repeated: tuple[str, ...] = ()

    @property
    def name(self) -> str:
        return self.package.rpartition(".")[2]

    def face(self) -> tuple[Callable[[str], object], Callable[[], list[str]]]:
        """`__getattr__` and `__dir__` of the topic's package."""
        return lazy_face(self.package, self.shown)

    def function(self, place: str) -> Callable[..., Any]:
        """The function at `module:function`."""
        return function_at(self.package, place)

    def results(self, study: object) -> Iterator[Any]:
        """Every analysis of the topic for a study, an `Omitted` in place of one that is none."""
        if self.parts:
            yield from self.function(self.parts)(study)
