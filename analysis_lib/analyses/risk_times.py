"""Round times for the table of patients at risk."""

from __future__ import annotations

import math

COLUMNS = 8
STEPS = (1, 2, 3, 6, 12, 24, 60, 120)


def rounded_times(longest: float) -> tuple[float, ...]:
    """Round times for the table under the curves, so many that its columns stay apart."""
    fits = [x for x in STEPS if longest / x <= COLUMNS]
    step = fits[0] if fits else math.ceil(longest / COLUMNS)
    return tuple(float(step * i) for i in range(int(longest // step) + 1))
