"""The families of counts that share patients closely enough to give each other back."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from analysis_lib.results.disclosure.curves import rounded_times
from analysis_lib.results.disclosure.protect import Members
from analysis_lib.results.rows import Key
from analysis_lib.study.derive import REASONS
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study

# The base of a population: a column of the patients and the level it must have; "" is any.
BASES = {
    "crs_evaluable": ("crs", ""),
    "crs_affected": ("crs", "yes"),
    "icans_evaluable": ("icans", ""),
    "icans_affected": ("icans", "yes"),
    "response_evaluable": ("response", ""),
    "responders": ("cr_cri", "yes"),
}

# Outcomes that are counted in a table of toxicity and estimated over the first days as well.
OF_EVERYONE = ("crs", "icans")


def everyone(study: Study) -> Members:
    return np.ones(len(study.patients), dtype=bool)


def known(study: Study, column: str) -> Members:
    """Patients with a value."""
    found: Members = study.patients[column].notna().to_numpy(dtype=bool)
    return found


def at(study: Study, column: str, level: str) -> Members:
    """Patients at a level."""
    values = study.patients[column]
    found: Members = (values == level).fillna(False).to_numpy(dtype=bool)
    return found


def base(study: Study, name: str) -> Members:
    """The patients of a population that is no group of another."""
    if name == "mrd_tested_responders":
        tested = at(study, "mrd_status", "negative") | at(study, "mrd_status", "positive")
        return at(study, "cr_cri", "yes") & tested
    if name not in BASES:
        return everyone(study)
    column, level = BASES[name]
    return at(study, column, level) if level else known(study, column)


def population(study: Study, text: str) -> Members | None:
    """The patients of a population such as `infused[ino=exposed]`; None if it is not known."""
    group = Population.parse(text)
    if group.base not in (*BASES, "infused", "mrd_tested_responders"):
        return None
    within = base(study, group.base)
    if not group.variable:
        return within
    if group.variable not in study.patients:
        return None
    return within & of_level(study, group.variable, group.level)


def of_level(study: Study, variable: str, level: str) -> Members:
    """Patients at a level; `some` and `none` tell doses, `missing` no value."""
    if level == "missing":
        return ~known(study, variable)
    if variable.endswith("_preapheresis") and level in ("some", "none"):
        some: Members = (study.patients[variable].fillna(0) > 0).to_numpy(dtype=bool)
        return some if level == "some" else ~some
    return at(study, variable, level)


def among(study: Study, grouping: Grouping) -> Members:
    """The patients in any group."""
    found: Members = study.patients[grouping.variable].isin(grouping.levels).to_numpy(dtype=bool)
    return found


def happened(study: Study, key: Key) -> tuple[Members, Members] | None:
    """Patients with an outcome as toxicity and response count it, and those known for it."""
    outcome, variable, level = key.outcome, key.variable, key.level
    if outcome == "response_not_evaluable":
        missing = at(study, "response_evaluable", "no")
        return (missing & of_level(study, variable, level) if variable else missing), everyone(
            study
        )
    treated = known(study, "consolidation")
    if outcome == "salvage":
        salvage = known(study, "salvage_reason")
        return (at(study, variable, level) if variable else salvage), treated
    if variable:
        if variable not in study.patients:
            return None
        if level == "none" and variable.endswith("_grade_group"):
            return at(study, outcome, "no"), everyone(study)
        whole = treated if variable == "consolidation" else everyone(study)
        return at(study, variable, level), whole
    if outcome not in study.patients:
        return None
    if outcome == "cr_cri" and Population.parse(key.population).base == "infused":
        return at(study, outcome, "yes"), everyone(study)
    return at(study, outcome, "yes"), known(study, outcome)


RESPONSE = "response"
ENDPOINTS = ("pfs", "os")


def groups(study: Study) -> list[Members]:
    """Everyone and the groups compared."""
    variable = study.groups.variable
    return [everyone(study), *(at(study, variable, x) for x in study.groups.levels)]


def columns(study: Study) -> list[Members]:
    """The columns of all baseline tables: the groups, and the parts of the exposed."""
    found = groups(study)
    for split in (study.exposure.response, study.exposure.timing):
        if split is not None:
            found += [among(study, split), *(at(study, split.variable, x) for x in split.levels)]
    return found


def sizes(study: Study) -> Iterator[Members]:
    """The columns, and the parts of the exposed that only the flow diagram shows."""
    yield from columns(study)
    exposure = study.exposure
    exposed = at(study, study.groups.variable, exposure.exposed)
    if exposure.response is not None:
        variable = exposure.response.variable
        for level in study.dictionary[variable].levels:
            yield exposed & at(study, variable, level)
    if exposure.timing is not None:
        bridged = at(study, exposure.timing.variable, "bridging")
        for level in ("some", "none"):
            yield exposed & bridged & of_level(study, "ino_doses_preapheresis", level)


def of_variable(study: Study, name: str) -> Iterator[Members]:
    """A characteristic and those it is made of, in every column of the baseline tables."""
    for one in _levels_of(study, name):
        yield from (column & one for column in columns(study))


def _levels_of(study: Study, name: str) -> Iterator[Members]:
    for variable in (x for x in study.dictionary.family(name) if x in study.patients):
        yield from (known(study, variable), ~known(study, variable))
        if study.dictionary[variable].is_categorical:
            yield from (at(study, variable, level) for level in _levels(study, variable))


def _levels(study: Study, variable: str) -> tuple[str, ...]:
    values = study.patients[variable].astype("object").dropna()
    return tuple(dict.fromkeys((*study.dictionary[variable].levels, *map(str, values.unique()))))


def chief_of_variable(study: Study, name: str) -> Iterator[Members]:
    """The columns of the table by exposure, which comes before those of the exposed alone."""
    groupwise = groups(study)
    for one in _levels_of(study, name):
        yield from (group & one for group in groupwise)


def of_outcome(study: Study, outcome: str) -> Iterator[Members]:
    """A toxicity or another yes/no outcome among those known for it, with its grades."""
    sets = [known(study, outcome), at(study, outcome, "yes"), at(study, outcome, "no")]
    grades = f"{outcome}_grade_group"
    if grades in study.patients:
        sets += [at(study, grades, level) for level in _levels(study, grades)]
        sets.append(at(study, outcome, "yes") & known(study, f"{outcome}_onset_days"))
    for group in groups(study):
        yield from (group & one for one in sets)


def of_response(study: Study) -> Iterator[Members]:
    """Response to the infusion, and what followed it in the responders."""
    evaluable, responders = base(study, "response_evaluable"), base(study, "responders")
    tested = base(study, "mrd_tested_responders")
    missing, reason = at(study, "response_evaluable", "no"), "response_not_evaluable_reason"
    sets = [evaluable, responders, missing, tested]
    sets += [at(study, "response", x) for x in _levels(study, "response")]
    sets += [missing & at(study, reason, x) for x in _levels(study, reason)]
    sets.append(missing & ~known(study, reason))
    negative, assessed = at(study, "mrd_negative", "yes"), known(study, "mrd_negative")
    for within in (evaluable, responders, tested):
        sets += [within & negative, within & assessed]
    sets += [tested & at(study, "mrd_method", x) for x in _levels(study, "mrd_method")]
    for variable in ("consolidation_any", "consolidation"):
        sets.append(responders & known(study, variable))
        sets += [responders & at(study, variable, x) for x in _levels(study, variable)]
    given = known(study, "salvage_reason")
    sets += [known(study, "consolidation"), given, known(study, "consolidation") & ~given]
    sets += [at(study, "salvage_reason", x) for x in REASONS]
    sets += [at(study, "relapse", "yes"), known(study, "relapse")]
    sets += [responders & at(study, "relapse", "yes"), responders & known(study, "relapse")]
    for group in groups(study):
        yield from (group & one for one in sets)


def chief_of_response(study: Study) -> Iterator[Members]:
    """Who could be assessed, and who responded."""
    for one in ("response_evaluable", "responders"):
        yield from (group & base(study, one) for group in groups(study))


def events(study: Study) -> Iterator[Members]:
    """Patients with the event of each endpoint in each group."""
    for outcome in ENDPOINTS:
        yield from (group & _event(study, outcome) for group in groups(study))


def of_endpoints(study: Study) -> Iterator[Members]:
    """Events of both endpoints in every column and in the responders; by time in each group.

    One family: a death is an event of both, and whoever is at risk of the one is at risk of the
    other, so that their numbers at a time differ by those who live on after a relapse.
    """
    responders = base(study, "responders")
    for outcome in ENDPOINTS:
        event, months = _event(study, outcome), _months(study, outcome)
        yield from (column & event for column in columns(study))
        if responders.any():
            yield from (group & responders & event for group in groups(study))
        for group in groups(study)[1:]:
            for time in times(study, outcome):
                yield group & event & (months <= time)
                yield group & (months >= time)


def censored(study: Study) -> Iterator[Members]:
    """Whom events and patients at risk by a time leave of a group; no row counts them."""
    for outcome in ENDPOINTS:
        event, months = _event(study, outcome), _months(study, outcome)
        for group in groups(study)[1:]:
            for time in times(study, outcome):
                yield group & ~event & (months < time)


def beside_endpoints(study: Study) -> Iterator[Members]:
    """What is counted elsewhere and lies within the events: relapses and early deaths."""
    for name in ("relapse", "death_30d", "sos_death"):
        yield from (group & at(study, name, "yes") for group in groups(study))


def times(study: Study, outcome: str) -> tuple[float, ...]:
    """The landmarks and the times of the table under the curves."""
    longest = float(_months(study, outcome).max())
    return (*map(float, study.parameters.landmarks), *rounded_times(longest))


def _event(study: Study, outcome: str) -> Members:
    found: Members = study.patients[f"{outcome}_event"].to_numpy(dtype=bool)
    return found


def _months(study: Study, outcome: str) -> NDArray[np.float64]:
    return study.patients[f"{outcome}_months"].to_numpy(dtype=np.float64)


def steps(entered: int, excluded: list[int]) -> tuple[list[Members], list[Members]]:
    """Patients left out by each rule of eligibility, and those left after it, of an extract."""
    order = np.arange(entered)
    out, left, first = [], [], 0
    for count in excluded:
        out.append((order >= first) & (order < first + count))
        first += count
        left.append(order >= first)
    return out, left
