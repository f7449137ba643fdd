"""Find what should stand in a text, and say which of its numbers stand there otherwise."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from analysis_lib.verification.masked import NUMBER, Masked, mask
from analysis_lib.verification.passage import HEADING, TEXT, Passage

PAGE_END = "\f"
_CAPTIONS = (f"figure{NUMBER}", f"table{NUMBER}")
_PIECE = 12  # letters by which a piece of a sentence is known in the whole text
_KNOWN = 2  # a letter alone, or a number, is everywhere


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

    def __init__(self, pages: Sequence[Masked]) -> None:
        self.skeleton = skeleton = "".join(page.skeleton for page in pages)
        self.numbers = tuple(number for page in pages for number in page.numbers)
        self._ends = {0, *accumulate(len(page.skeleton) for page in pages)}
        self._before = [0, *accumulate(letter == NUMBER for letter in skeleton)]
        self._taken = bytearray(len(skeleton))  # letters that a passage has
        self._answered = bytearray(len(self.numbers))  # numbers that a passage has

    def claim(self, passage: Passage) -> bool:
        """Take the first free place where a passage stands as it should, if there is one."""
        start = next(self._right_places(passage.masked), None)
        if start is None:
            return False
        self._take(start, len(passage.masked.skeleton))
        return True

    def claim_pieces(self, passage: Passage, shortest: int) -> bool:
        """Take the two pieces of a sentence that the end of a page parts, numbers and all.

        A piece of fewer letters than make it known must touch the end of a page or a caption.
        """
        if passage.kind != TEXT:
            return False
        skeleton, numbers = passage.masked.skeleton, passage.masked.numbers
        for cut in range(len(skeleton) - shortest, shortest - 1, -1):
            first, second = skeleton[:cut], skeleton[cut:]
            if first not in self.skeleton or second not in self.skeleton:
                continue
            before = first.count(NUMBER)
            pieces = (Masked(first, numbers[:before]), Masked(second, numbers[before:]))
            places = [list(self._right_places(piece)) for piece in pieces]
            if not all(places):
                continue
            at_end = [start for start in places[0] if self._breaks_at(start + cut)]
            at_start = [start for start in places[1] if start in self._ends]
            if min(cut, len(second)) >= _PIECE or at_end or at_start:
                start = (*at_end, *places[0])[0]
                after = [x for x in (*at_start, *places[1]) if x >= start + cut]
                self._take(start, cut)
                self._take((*after, *places[1])[0], len(second))
                return True
        return False

    def stands_otherwise(self, passage: Passage) -> tuple[str, ...]:
        """The numbers at the first free place that has the words of a passage; else nothing."""
        skeleton = passage.masked.skeleton
        start = next(self._free_places(skeleton), None)
        return () if start is None else self._numbers_at(start, len(skeleton))

    def rest(self) -> Target:
        """What no passage took, put together.

        A sentence that the end of a page parts is whole again without what floats between.
        """
        kept = [i for i, taken in enumerate(self._taken) if not taken]
        skeleton = "".join(self.skeleton[i] for i in kept)
        numbers = [self.numbers[self._before[i]] for i in kept if self.skeleton[i] == NUMBER]
        return Target([Masked(skeleton, tuple(numbers))])

    def repeated_otherwise(self, passages: Iterable[Passage]) -> Iterator[Discrepancy]:
        """Places that no passage took, with the words of one and other numbers.

        A heading that a table repeats on its next page is such a place, and says the same.
        """
        known: dict[str, list[Passage]] = {}
        for passage in passages:
            known.setdefault(passage.masked.skeleton, []).append(passage)
        for skeleton, alike in known.items():
            said = {passage.masked.numbers for passage in alike}
            for start in self._free_places(skeleton):
                found = self._numbers_at(start, len(skeleton))
                if found not in said:
                    one = alike[0]
                    yield Discrepancy(one.place, one.text, one.masked.numbers, found)

    def _free_places(self, skeleton: str) -> Iterator[int]:
        start = self.skeleton.find(skeleton)
        while start >= 0:
            if self._is_free(start, len(skeleton)):
                yield start
            start = self.skeleton.find(skeleton, start + 1)

    def _breaks_at(self, place: int) -> bool:
        """Whether a page ends there, or what floats begins."""
        return place in self._ends or self.skeleton.startswith(_CAPTIONS, place)

    def _right_places(self, masked: Masked) -> Iterator[int]:
        """Where the words stand free and the numbers are the same."""
        for start in self._free_places(masked.skeleton):
            if self._numbers_at(start, len(masked.skeleton)) == masked.numbers:
                yield start

    def _is_free(self, start: int, length: int) -> bool:
        """Whether its numbers are no passage's yet; of words alone, whether its letters are."""
        first, last = self._before[start], self._before[start + length]
        if first == last:
            return not any(self._taken[start : start + length])
        return not any(self._answered[first:last])

    def _take(self, start: int, length: int) -> None:
        self._taken[start : start + length] = b"\1" * length
        first, last = self._before[start], self._before[start + length]
        self._answered[first:last] = b"\1" * (last - first)

    def _numbers_at(self, start: int, length: int) -> tuple[str, ...]:
        return self.numbers[self._before[start] : self._before[start + length]]


def compare(
    passages: Iterable[Passage], text: str, *, has_pages: bool = False
) -> list[Discrepancy]:
    """Every passage that holds a number and does not stand in the text as it should.

    The longest are looked for first: a short row's words may also be a part of a longer one. On
    pages the headings of a table come again, and must say the same each time.
    """
    target = Target([mask(page) for page in text.split(PAGE_END)])
    known = [passage for passage in passages if len(passage.masked.skeleton) >= _KNOWN]
    ordered = sorted(known, key=lambda x: len(x.masked.skeleton), reverse=True)
    numbered = [x for x in ordered if x.masked.numbers]
    long = [x for x in numbered if not _is_short(x)]
    lost = [x for x in long if not target.claim(x) and not target.claim_pieces(x, _PIECE)]
    # What is long has its place: now a piece may be as short as a number.
    lost = [x for x in lost if not target.claim_pieces(x, 1)]
    lost += [x for x in numbered if _is_short(x) and not target.claim(x)]
    for words in (x for x in ordered if not x.masked.numbers):
        target.claim(words)
    rest = target.rest()
    missing = [x for x in lost if not rest.claim(x) and not rest.claim_pieces(x, _PIECE)]
    wrong = [
        Discrepancy(x.place, x.text, x.masked.numbers, rest.stands_otherwise(x)) for x in missing
    ]
    # A PDF may hold the words of a heading in another order: they are looked for, not demanded.
    demanded = [x for x, one in zip(wrong, missing, strict=True) if x.found or one.kind != HEADING]
    if not has_pages:
        return demanded
    sought = {passage.masked.skeleton for passage in missing}
    rows = [x for x in numbered if x.kind != TEXT]
    repeated = target.repeated_otherwise(x for x in rows if x.masked.skeleton not in sought)
    return [*demanded, *repeated]


def _is_short(passage: Passage) -> bool:
    """Whether its words are likely to be a part of others."""
    return passage.kind == HEADING or len(passage.masked.skeleton) < _PIECE
