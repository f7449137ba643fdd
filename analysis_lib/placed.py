"""Numbers that know their place in the results table, and numbers that it withholds."""

from __future__ import annotations

from typing import Any

from analysis_lib.marks import Place


class Placed(float):
    """A number that knows its place in the results table; what is computed from it does not."""

    place: Place

    def __new__(cls, value: float, place: Place) -> Placed:
        number = super().__new__(cls, value)
        number.place = place
        return number

    def __reduce__(self) -> tuple[type[Placed], tuple[float, Place]]:
        return Placed, (float(self), self.place)


class PlacedCount(int):
    """The same of a number of patients."""

    place: Place

    def __new__(cls, count: int, place: Place) -> PlacedCount:
        number = super().__new__(cls, count)
        number.place = place
        return number

    def __reduce__(self) -> tuple[type[PlacedCount], tuple[int, Place]]:
        return PlacedCount, (int(self), self.place)


class Suppressed(float):
    """A number that is withheld: no value, and none to what is computed from it.

    It behaves as nan; sums, differences, products and shares of it are withheld too.
    """

    def __new__(cls) -> Suppressed:
        return super().__new__(cls, "nan")

    def __repr__(self) -> str:
        return "suppressed"

    def __deepcopy__(self, memo: object) -> Suppressed:
        return self

    def __reduce__(self) -> tuple[type[Suppressed], tuple[()]]:
        return Suppressed, ()

    def _withheld(self, other: object = None) -> Suppressed:
        return self

    __add__ = __radd__ = __sub__ = __rsub__ = __mul__ = __rmul__ = _withheld
    __truediv__ = __rtruediv__ = __neg__ = __abs__ = __pos__ = _withheld


SUPPRESSED: Any = Suppressed()  # stands for counts, too, which are whole numbers
