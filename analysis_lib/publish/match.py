"""Find what should stand in a text, and say which of its numbers stand there otherwise."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import accumulate

from analysis_lib.publish.masked import NUMBER, Masked, mask, parted

# After a full stop, where a capital, a digit or an opening bracket begins what follows.
_SENTENCE = re.compile(r"(?<=[a-z)\]%0-9][.!?])\s+(?=[A-Z(\[])")

TEXT, ROW, HEADING = "text", "row", "heading"


@dataclass(frozen=True)
class Passage:
    """`place` is the label under which a reader finds it.

    A row of a table is never parted by a page; a heading of its columns may come again.
    """

    place: str
    text: str
    kind: str = TEXT

    @cached_property
    def masked(self) -> Masked:
        return mask(self.text)


def sentences(place: str, text: str) -> Iterator[Passage]:
    """The sentences of a paragraph, each a passage."""
    for sentence in _SENTENCE.split(" ".join(text.split())):
        if sentence:
            yield Passage(place, sentence)


PAGE_END = "\f"
_CAPTIONS = (f"figure{NUMBER}", f"table{NUMBER}")
_PIECE = 12  # letters by which a piece of a sentence is known in the whole text
_KNOWN = 2  # a letter alone, or a number, is everywhere
_REPEATED = {HEADING: 3, ROW: _PIECE}  # letters by which a repetition is known from other words


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
    lost its place finds only places that say something else. `pages` hold their lines.
    """

    def __init__(self, pages: Sequence[Sequence[Masked]]) -> None:
        lines = [line for page in pages for line in page]
        self.skeleton = skeleton = "".join(line.skeleton for line in lines)
        self.numbers = tuple(number for line in lines for number in line.numbers)
        self._lines = {0, *accumulate(len(line.skeleton) for line in lines)}
        self._ends = {0, *accumulate(sum(len(x.skeleton) for x in page) for page in pages)}
        self._before = [0, *accumulate(letter == NUMBER for letter in skeleton)]
        self._taken = bytearray(len(skeleton))  # letters that a passage has
        self._answered = bytearray(len(self.numbers))  # numbers that a passage has

    def claim(self, passage: Passage, *, whole_rows: bool = False) -> bool:
        """Take the first free place where a passage stands as it should, if there is one.

        With `whole_rows` a row of a table is a line: no part of a longer row answers for it.
        """
        length = len(passage.masked.skeleton)
        places: Iterable[int] = self._right_places(passage.masked)
        if whole_rows and passage.kind == ROW:
            places = (x for x in places if {x, x + length} <= self._lines)
        start = next(iter(places), None)
        if start is None:
            return False
        self._take(start, length)
        return True

    def claim_pieces(self, passage: Passage, shortest: int) -> bool:
        """Take the pieces of a sentence that the ends of pages part, numbers and all.

        They are two, or three where a line of it stands alone between what floats. A piece of
        fewer letters than make it known must touch the end of a page or a caption.
        """
        if passage.kind != TEXT:
            return False
        pieces = self._two(passage.masked, shortest) or self._three(passage.masked, shortest)
        for start, length in pieces:
            self._take(start, length)
        return bool(pieces)

    def _two(self, whole: Masked, shortest: int) -> list[tuple[int, int]]:
        """Start and length of both pieces, the longest first piece that can be had."""
        length = len(whole.skeleton)
        for cut in range(length - shortest, shortest - 1, -1):
            first, second = parted(whole, cut)
            if first.skeleton not in self.skeleton or second.skeleton not in self.skeleton:
                continue
            places = [list(self._right_places(piece)) for piece in (first, second)]
            if not all(places):
                continue
            at_end = [start for start in places[0] if self._breaks_at(start + cut)]
            at_start = [start for start in places[1] if start in self._ends]
            if min(cut, length - cut) >= _PIECE or at_end or at_start:
                start = (*at_end, *places[0])[0]
                # Below what floats on its page the second piece begins a line, but not the page.
                lines = [x for x in places[1] if x in self._lines]
                after = [x for x in (*at_start, *lines, *places[1]) if x >= start + cut]
                return [(start, cut), ((*after, *places[1])[0], length - cut)]
        return []

    def _three(self, whole: Masked, shortest: int) -> list[tuple[int, int]]:
        """The same of three pieces; the first two end where a page does, or before a float."""
        for cut in range(len(whole.skeleton) - 2 * _PIECE, _PIECE - 1, -1):
            first, others = parted(whole, cut)
            if first.skeleton not in self.skeleton:
                continue
            at_end = [x for x in self._right_places(first) if self._breaks_at(x + cut)]
            following = self._two(others, shortest) if at_end else []
            if following and self._breaks_at(sum(following[0])):
                return [(at_end[0], cut), *following]
        return []

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
        return Target([[Masked(skeleton, tuple(numbers))]])

    def repeated_otherwise(self, passages: Iterable[Passage]) -> Iterator[Discrepancy]:
        """Places that no passage took, with the words of one and other numbers.

        A heading that a table repeats on its next page is such a place, and says the same. A row
        begins a line: the numbers of two pages behind the end of a caption are none.
        """
        known: dict[str, list[Passage]] = {}
        for passage in passages:
            known.setdefault(passage.masked.skeleton, []).append(passage)
        said = {x: {one.masked.numbers for one in alike} for x, alike in known.items()}
        for skeleton, alike in known.items():
            longer = [x for x in known if skeleton in x and x != skeleton]
            for start in self._free_places(skeleton):
                one, found = alike[0], self._numbers_at(start, len(skeleton))
                if found in said[skeleton] or (one.kind == ROW and start not in self._lines):
                    continue
                if not any(self._ends_there(x, start + len(skeleton), said[x]) for x in longer):
                    yield Discrepancy(one.place, one.text, one.masked.numbers, found)

    def _ends_there(self, skeleton: str, end: int, said: set[tuple[str, ...]]) -> bool:
        """Whether longer words end at a place, as they should: `No prior` is not `Prior`."""
        start = end - len(skeleton)
        return (
            start >= 0
            and self.skeleton.startswith(skeleton, start)
            and self._numbers_at(start, len(skeleton)) in said
        )

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
    pages = [[mask(line) for line in page.splitlines()] for page in text.split(PAGE_END)]
    target = Target(pages)
    known = [passage for passage in passages if len(passage.masked.skeleton) >= _KNOWN]
    ordered = sorted(known, key=lambda x: len(x.masked.skeleton), reverse=True)
    numbered = [x for x in ordered if x.masked.numbers]
    whole = not has_pages  # a page of print breaks cells and their lines
    lost = [x for x in numbered if not _is_short(x) and not target.claim(x, whole_rows=whole)]
    if has_pages:
        lost = [x for x in lost if not target.claim_pieces(x, _PIECE)]
        # What is long has its place: now a piece may be as short as a number.
        lost = [x for x in lost if not target.claim_pieces(x, 1)]
    lost += [x for x in numbered if _is_short(x) and not target.claim(x, whole_rows=whole)]
    for words in (x for x in ordered if not x.masked.numbers):
        target.claim(words)
    rest = target.rest()
    missing = [x for x in lost if (whole and x.kind == ROW) or not rest.claim(x)]
    if has_pages:
        missing = [x for x in missing if not rest.claim_pieces(x, _PIECE)]
    wrong = [
        Discrepancy(x.place, x.text, x.masked.numbers, rest.stands_otherwise(x)) for x in missing
    ]
    # A PDF may hold the words of a heading in another order: they are looked for, not demanded.
    demanded = [x for x, one in zip(wrong, missing, strict=True) if x.found or one.kind != HEADING]
    if not has_pages:
        return demanded
    sought = {passage.masked.skeleton for passage in missing}
    rows = [x for x in numbered if x.kind != TEXT and _letters_of(x) >= _REPEATED[x.kind]]
    repeated = target.repeated_otherwise(x for x in rows if x.masked.skeleton not in sought)
    return [*demanded, *repeated]


def _letters_of(passage: Passage) -> int:
    return len(passage.masked.skeleton) - len(passage.masked.numbers)


def _is_short(passage: Passage) -> bool:
    """Whether its words are likely to be a part of others."""
    return passage.kind == HEADING or len(passage.masked.skeleton) < _PIECE
