"""Who was meant to be treated and never was, as far as anybody counted them."""

from __future__ import annotations

from analysis_lib.errors import ParameterError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.exposure import Grouping


def never_treated(parameters: Parameters, groups: Grouping) -> dict[str, int]:
    """Patients of each group who never reached the treatment; empty where nobody says.

    Raises
    ------
    ParameterError
        A group has no count, or one that is no whole number, or there is another level.
    """
    given = parameters.never_treated
    if not given:
        return {}
    levels = ", ".join(groups.levels)
    if set(given) != set(groups.levels):
        raise ParameterError(
            f"never_treated: must have a number for each group compared ({levels}), but has "
            f"{', '.join(map(str, given))}; write 0 where there was none"
        )
    for level, number in given.items():
        if not str(number).isdecimal():
            raise ParameterError(
                f"never_treated: {level!r} must be a number of patients, but is {number!r}"
            )
    return {level: int(given[level]) for level in groups.levels}
