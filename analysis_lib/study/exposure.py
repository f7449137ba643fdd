"""The exposure: its label, the levels compared, response to it, and its timing."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable, lower_first, nearest
from analysis_lib.errors import CohortError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.study.groups import Contrast


def exposure_variable(name: str, dictionary: Dictionary) -> Variable:
    """The variable that splits the patients.

    Raises
    ------
    CohortError
        The dictionary does not know it, or it has no levels.
    """
    known = [x for x in dictionary.names() if dictionary[x].is_categorical]
    if name not in dictionary:
        raise CohortError(
            f"exposure: {name!r} is not a variable of the dictionary{nearest(name, known)}"
        )
    variable = dictionary[name]
    if not variable.is_categorical:
        raise CohortError(
            f"exposure: {name!r} is {variable.type}, but must have levels; "
            "choose a categorical variable or group its values in the extract"
        )
    return variable


def check_levels(parameters: Parameters, known: tuple[str, ...]) -> None:
    """Refuse a level of `exposure_levels` that the exposure does not have."""
    for level in parameters.exposure_levels:
        if level not in known:
            raise CohortError(
                f"exposure_levels: {level!r} is not a level of {parameters.exposure}"
                f"{nearest(level, known)}; its levels are {', '.join(known)}"
            )


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
    def inside(self) -> tuple[str, ...]:
        """The labels as they stand inside a sentence."""
        return tuple(map(lower_first, self.labels))

    @property
    def reference(self) -> str:
        return self.levels[0]

    @property
    def contrast(self) -> str:
        """`<level>_vs_<reference>` of two groups; empty when a test spans more."""
        return self.against(self.levels[1]) if len(self.levels) == 2 else ""

    def against(self, level: str) -> str:
        """The contrast of one group with the reference."""
        return str(Contrast(level, self.reference))

    def label_of(self, level: str) -> str:
        return dict(zip(self.levels, self.labels, strict=True))[level]

    def phrase_of(self, level: str) -> str:
        """The group inside a sentence."""
        return dict(zip(self.levels, self.phrases, strict=True))[level]

    def members(self, patients: pd.DataFrame, level: str) -> pd.DataFrame:
        return patients[patients[self.variable] == level]

    def of(self, patients: pd.DataFrame) -> pd.Series:
        """The group of every patient, the reference first; missing in those who are in none."""
        return patients[self.variable].cat.set_categories(self.levels)

    def among(self, patients: pd.DataFrame) -> pd.DataFrame:
        """The patients who are in any of the groups."""
        held = patients[self.variable].isin(self.levels)
        return patients if held.all() else patients[held]


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


@dataclass(frozen=True)
class Definition:
    """The variables that describe one named exposure."""

    response: str
    responded: str
    refractory: str
    combined: str
    timing: str
    unexposed: str
    doses: str
    last_dose: tuple[str, ...]


def columns_of_doses(parameters: Parameters) -> tuple[str, tuple[str, ...]]:
    """The columns of the doses of the exposure and of the day of the last; empty where none is."""
    own = DEFINITIONS.get(parameters.exposure)
    doses = parameters.exposure_doses or (own.doses if own else "")
    return doses, tuple(parameters.exposure_last_dose) or (own.last_dose if own else ())


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
        doses="ino_doses",
        last_dose=("last_ino_preapheresis_date", "last_ino_bridging_date"),
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


def compare_as_named(
    dictionary: Dictionary, patients: pd.DataFrame, parameters: Parameters
) -> Dictionary:
    """The dictionary with the exposure's label and levels as the parameters have them.

    Everything that shows or models the exposure asks the dictionary, so that tables, curves,
    models and sentences follow. Without parameters the dictionary stays as it is.

    Raises
    ------
    CohortError
        A level named is none of the exposure's.
    """
    label, levels = parameters.exposure_label, parameters.exposure_levels
    if not (label or levels):
        return dictionary
    exposure = dictionary[parameters.exposure]
    if label:
        exposure = replace(exposure, label=label)
    if levels:
        check_levels(parameters, tuple(patients[exposure.name].cat.categories))
        exposure = _with_levels(exposure, levels)
    changed = {exposure.name: exposure}
    definition = DEFINITIONS.get(exposure.name)
    if definition is not None:
        combined = dictionary[definition.combined]
        changed[combined.name] = _relabelled(combined, levels)
    return Dictionary(tuple(changed.get(x.name, x) for x in dictionary.variables))


def keep_compared(patients: pd.DataFrame, variable: Variable) -> pd.DataFrame:
    """The patients with the levels of the exposure in the order in which they are compared."""
    if not variable.levels:
        return patients
    values = patients[variable.name].cat.set_categories(list(variable.levels))
    return patients.assign(**{variable.name: values})


def _with_levels(variable: Variable, levels: Mapping[str, str]) -> Variable:
    """Named levels stand for themselves: a yes or no with labels is a category like any other."""
    names, labels = tuple(levels), tuple(levels.values())
    return replace(variable, type="category", levels=names, level_labels=labels, reference=names[0])


def _relabelled(variable: Variable, levels: Mapping[str, str]) -> Variable:
    labels = (
        levels.get(level, label)
        for level, label in zip(variable.levels, variable.level_labels, strict=True)
    )
    return replace(variable, level_labels=tuple(labels))
