"""Find what should stand in a text, and say which of its numbers stand there otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from analysis_lib.verification.masked import NUMBER, mask
from analysis_lib.verification.passage import Passage

_PIECE = 12  # letters by which a piece of a sentence is known


@dataclass(frozen=True)
class Discrepancy:
    """`expected` and `found` are numbers; `found` is empty where the words are not there."""

    place: str
    text: str
    expected: tuple[str, ...]
    found: tuple[str, ...]

    def sentence(self) -> str:
        where = f"{self.place}: " if self.place else ""
        if not self.found:
            return f"{where}not found: {self.text!r}"
        changed = [
            f"{theirs} instead of {ours}"
            for ours, theirs in zip(self.expected, self.found, strict=True)
            if ours != theirs
        ]
        return f"{where}{', '.join(changed)} in {self.text!r}"


class Target:
    """A text in which passages are looked for; each place in it answers one passage only.

    So a number that was changed cannot hide behind an equal one elsewhere: whatever passage has
    lost its place finds only places that say something else.
    """

    def __init__(self, text: str) -> None:
        masked = mask(text)
        self.skeleton = masked.skeleton
        self.numbers = masked.numbers
        self._before = [0]
        for letter in self.skeleton:
            self._before.append(self._before[-1] + (letter == NUMBER))
        self._claimed = [False] * len(self.numbers)

    def claim(self, passage: Passage) -> bool:
        """Take the first free place where a passage stands as it should, if there is one."""
        skeleton, numbers = passage.masked.skeleton, passage.masked.numbers
        return self._take(skeleton, numbers) or (
            passage.kind == "text" and self._take_pieces(skeleton, numbers)
        )

    def stands_otherwise(self, passage: Passage) -> tuple[str, ...]:
        """The numbers at the first free place that has the words of a passage; else nothing."""
        skeleton = passage.masked.skeleton
        for start in self._places(skeleton):
            if self._is_free(start, len(skeleton)):
                return self._numbers_at(start, len(skeleton))
        return ()

    def repeated_otherwise(self, passages: Iterable[Passage]) -> Iterator[Discrepancy]:
        """Places that no passage took, with the words of one and other numbers.

        A heading that a table repeats on its next page is such a place, and says the same.
        """
        known: dict[str, list[Passage]] = {}
        for passage in passages:
            known.setdefault(passage.masked.skeleton, []).append(passage)
        for skeleton, alike in known.items():
            said = {passage.masked.numbers for passage in alike}
            for start in self._places(skeleton):
                found = self._numbers_at(start, len(skeleton))
                if self._is_free(start, len(skeleton)) and found not in said:
                    one = alike[0]
                    yield Discrepancy(one.place, one.text, one.masked.numbers, found)

    def _take(self, skeleton: str, numbers: tuple[str, ...]) -> bool:
        for start in self._places(skeleton):
            if self._numbers_at(start, len(skeleton)) == numbers and self._is_free(
                start, len(skeleton)
            ):
                self._mark(start, len(skeleton))
                return True
        return False

    def _take_pieces(self, skeleton: str, numbers: tuple[str, ...]) -> bool:
        """The two pieces of a sentence that the end of a page parts, and what floats there."""
        for cut in range(_PIECE, len(skeleton) - _PIECE + 1):
            first, second = skeleton[:cut], skeleton[cut:]
            if first not in self.skeleton:
                return False
            before = first.count(NUMBER)
            if second in self.skeleton and self._both(
                (first, numbers[:before]), (second, numbers[before:])
            ):
                return True
        return False

    def _both(self, *pieces: tuple[str, tuple[str, ...]]) -> bool:
        """Take every piece, or none."""
        starts = []
        for skeleton, numbers in pieces:
            right = (
                start
                for start in self._places(skeleton)
                if self._numbers_at(start, len(skeleton)) == numbers
                and self._is_free(start, len(skeleton))
            )
            found = next(right, None)
            if found is None:
                return False
            starts.append((found, len(skeleton)))
        for start, length in starts:
            self._mark(start, length)
        return True

    def _places(self, skeleton: str) -> Iterator[int]:
        start = self.skeleton.find(skeleton)
        while start >= 0:
            yield start
            start = self.skeleton.find(skeleton, start + 1)

    def _numbers_at(self, start: int, length: int) -> tuple[str, ...]:
        return self.numbers[self._before[start] : self._before[start + length]]

    def _is_free(self, start: int, length: int) -> bool:
        return not any(self._claimed[self._before[start] : self._before[start + length]])

    def _mark(self, start: int, length: int) -> None:
        for index in range(self._before[start], self._before[start + length]):
            self._claimed[index] = True


def compare(
    passages: Iterable[Passage], text: str, *, has_pages: bool = False
) -> list[Discrepancy]:
    """Every passage that holds a number and does not stand in the text as it should.

    The longest are looked for first: a short row's words may also be a part of a longer one. On
    pages the headings of a table come again, and must say the same each time.
    """
    target = Target(text)
    numbered = [passage for passage in passages if passage.masked.numbers]
    ordered = sorted(numbered, key=lambda x: len(x.masked.skeleton), reverse=True)
    lost = [passage for passage in ordered if not target.claim(passage)]
    wrong = [
        Discrepancy(x.place, x.text, x.masked.numbers, target.stands_otherwise(x)) for x in lost
    ]
    sought = {passage.masked.skeleton for passage in lost}
    rows = [x for x in ordered if x.kind != "text" and x.masked.skeleton not in sought]
    # A PDF may hold the words of a heading in another order: they are looked for, not demanded.
    demanded = [x for x, one in zip(wrong, lost, strict=True) if x.found or one.kind != "heading"]
    return [*demanded, *(target.repeated_otherwise(rows) if has_pages else ())]
