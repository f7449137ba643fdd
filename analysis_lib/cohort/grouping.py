"""A grouping splits patients by one variable: the exposure, the response to it, its timing."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.cohort.names import exposure_variable
from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.errors import CohortError


@dataclass(frozen=True)
class Grouping:
    """Levels with the reference first, and the labels that stand for them in a table or figure."""

    variable: str
    label: str
    levels: tuple[str, ...]
    labels: tuple[str, ...]
    phrases: tuple[str, ...]

    @property
    def phrase(self) -> str:
        """The label inside a sentence."""
        return lower_first(self.label)

    @property
    def reference(self) -> str:
        return self.levels[0]

    @property
    def contrast(self) -> str:
        """`<level>_vs_<reference>` of two groups; empty when a test spans more."""
        return f"{self.levels[1]}_vs_{self.levels[0]}" if len(self.levels) == 2 else ""

    def label_of(self, level: str) -> str:
        return dict(zip(self.levels, self.labels, strict=True))[level]

    def phrase_of(self, level: str) -> str:
        """The group inside a sentence."""
        return dict(zip(self.levels, self.phrases, strict=True))[level]

    def members(self, patients: pd.DataFrame, level: str) -> pd.DataFrame:
        return patients[patients[self.variable] == level]

    def among(self, patients: pd.DataFrame) -> pd.DataFrame:
        """The patients who are in any of the groups."""
        return patients[patients[self.variable].isin(self.levels)]


def group_by(
    patients: pd.DataFrame,
    variable: str,
    dictionary: Dictionary,
    *,
    levels: tuple[str, ...] = (),
) -> Grouping:
    """A grouping by a categorical variable, without the levels that nobody holds.

    Raises
    ------
    CohortError
        The variable is unknown, has no levels, or fewer than two of them are held by anyone.
    """
    described = exposure_variable(variable, dictionary)
    values = patients[variable]
    order = levels or described.ordered_levels or tuple(values.cat.categories)
    held = tuple(level for level in order if (values == level).any())
    if len(held) < 2:
        raise CohortError(
            f"exposure: {variable!r} has {len(held)} level with patients after eligibility, "
            "but a comparison needs two; choose another exposure or relax the filters"
        )
    return Grouping(
        variable,
        described.label,
        held,
        tuple(described.group_label(level) for level in held),
        tuple(described.group_phrase(level) for level in held),
    )
