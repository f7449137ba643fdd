"""What is known about an exposure beyond its levels: response to it, and its timing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.cohort.grouping import Grouping, group_by
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import CohortError


@dataclass(frozen=True)
class Definition:
    """The variables that describe one named exposure."""

    response: str
    responded: str
    refractory: str
    combined: str
    timing: str
    unexposed: str


# The strokes of a figure that can be told apart; a table of more columns cannot be read either.
MOST_GROUPS = 32

# An exposure without an entry is a plain column: it has levels, and nothing more is known of it.
DEFINITIONS = {
    "ino": Definition(
        response="ino_response",
        responded="responder",
        refractory="refractory",
        combined="ino_exposure_response",
        timing="ino_timing",
        unexposed="naive",
    )
}


@dataclass(frozen=True)
class Exposure:
    """The groupings of the study; `None` where the extract does not know."""

    groups: Grouping
    response: Grouping | None
    combined: Grouping | None
    timing: Grouping | None
    unexposed: str

    @property
    def exposed(self) -> str:
        """The level of those exposed, the first of several, whichever group is the reference."""
        return next(level for level in self.groups.levels if level != self.unexposed)

    @property
    def phrase(self) -> str:
        return self.groups.phrase


def define_exposure(patients: pd.DataFrame, name: str, dictionary: Dictionary) -> Exposure:
    """The groupings by exposure, by response to it and by its timing.

    Raises
    ------
    CohortError
        The exposure is unknown, does not split the patients, or splits them into too many groups.
    """
    groups = group_by(patients, name, dictionary)
    if len(groups.levels) > MOST_GROUPS:
        raise CohortError(
            f"exposure: {name!r} has {len(groups.levels)} levels with patients, but at most "
            f"{MOST_GROUPS} can be told apart; name those to compare in exposure_levels, or group "
            "them in the extract"
        )
    definition = DEFINITIONS.get(name)
    if definition is None:
        return Exposure(groups, None, None, None, groups.reference)
    pair = (definition.responded, definition.refractory)
    with_unexposed = (definition.unexposed, *pair)  # whichever group the others are compared with
    return Exposure(
        groups,
        response=_where_known(patients, definition.response, dictionary, pair),
        combined=_where_known(patients, definition.combined, dictionary, with_unexposed),
        timing=_where_known(patients, definition.timing, dictionary, ()),
        unexposed=definition.unexposed,
    )


def _where_known(
    patients: pd.DataFrame, variable: str, dictionary: Dictionary, levels: tuple[str, ...]
) -> Grouping | None:
    try:
        grouping = group_by(patients, variable, dictionary, levels=levels)
    except CohortError:
        return None
    return grouping if not levels or grouping.levels == levels else None
