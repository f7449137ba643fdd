"""Which counts of a family are withheld, so that no small one follows from the others."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

from analysis_lib.results.disclosure.protect import Family


def _set(*members: int, of: int = 60) -> NDArray[np.bool_]:
    return np.isin(np.arange(of), members)


def test_a_second_cell_goes_with_the_only_small_one_of_a_row() -> None:
    """60 patients: 4, 26 and 30; the 4 alone would be 60 - 26 - 30."""
    everyone, four = _set(*range(60)), _set(*range(4))
    middle, rest = _set(*range(4, 30)), _set(*range(30, 60))
    family = Family([everyone, four, middle, rest], 11, {everyone.tobytes(): True})
    shown = [family.published(x) for x in (everyone, four, middle, rest)]
    assert shown == [True, False, False, True]


def test_a_count_is_withheld_whose_difference_to_a_larger_one_is_small() -> None:
    everyone, most = _set(*range(60)), _set(*range(55))
    family = Family([everyone, most], 11, {everyone.tobytes(): True})
    assert not family.published(most)
    assert Family([everyone, most], 5, {everyone.tobytes(): True}).published(most)


def test_an_empty_set_is_shown_and_an_unknown_one_is_not() -> None:
    everyone = _set(*range(60))
    family = Family([everyone], 11, {everyone.tobytes(): True})
    assert family.published(_set())
    assert not family.published(_set(*range(30)))


def test_a_small_count_ranges_over_as_many_whole_numbers() -> None:
    """8 of whom 22 + 24 and others tell that they are 5.5 to 16.5: 6 to 16 in whole patients."""
    ends = np.cumsum([0, 8, 6, 8, 7, 9, 5])
    few, *parts, rest = (np.isin(np.arange(60), range(*x)) for x in pairwise(ends))
    first, second = few | parts[0] | parts[1], few | parts[2] | parts[3]
    held, mixed = parts[0] | parts[1] | parts[2] | parts[3] | rest, parts[0] | parts[2]
    counted = [few, first, second, held, mixed]
    assert [Family(counted, 10).published(x) for x in counted] == [False, True, True, True, True]
    assert not all(Family(counted, 11).published(x) for x in counted[1:])


def test_one_family_narrows_no_count_that_another_withholds_from_the_other_side() -> None:
    """67 patients, 57 in two groups. 55 of them with a value, in one table, tell that at most 12
    are in no group; 51 with a value of another, and 14 in all without, that at least 2 are.
    """
    everyone, exposed = _set(*range(128), of=128), _set(*range(67), of=128)
    grouped, rest = _set(*range(57), of=128), _set(*range(57, 67), of=128)
    public = {everyone.tobytes(): True, exposed.tobytes(): True}
    sizes = Family([exposed, grouped, rest], 11, public)
    assert sizes.left() == {rest.tobytes(): (0, 11)}
    lacking = _set(*range(51, 58), *range(67, 74), of=128)
    counted = [lacking, grouped & ~lacking]
    alone = Family(counted, 11, sizes.decisions())
    assert all(alone.published(x) for x in counted)
    beside = Family(counted, 11, sizes.decisions(), left=sizes.left())
    assert not all(beside.published(x) for x in counted)
