"""Three ways to fail: relapse, and death without it from the disease or from another cause."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import lower_first
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import combine
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.endpoints import DEATH_OF_DISEASE, OTHER_DEATH, fatal_failure
from analysis_lib.study.study import Study
from analysis_lib.topics.competing.incidence import CRUDE, EventTimes, Incidence
from analysis_lib.topics.competing.numbers import (
    COMPETING_RISKS,
    LEUKEMIA,
    Cause,
    RelapseAndDeath,
    cause_of_failure,
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)

CAUSE = "cause_of_death"


@dataclass(frozen=True)
class WaysToFail:
    """Relapse, and both kinds of death without it, as competing events by exposure.

    `deaths` are those from the disease and the others, each with its crude models. `unrecorded`
    counts the deaths without a cause, which are among the others, `responded` the deaths from the
    disease of patients who had responded.
    """

    relapse: Incidence
    deaths: tuple[Cause, Cause]
    disease: str
    unrecorded: int
    responded: int
    results: Results

    @property
    def incidences(self) -> tuple[Incidence, ...]:
        return (self.relapse, *(x.incidence for x in self.deaths))


@once
def ways_to_fail_by_exposure(study: Study) -> WaysToFail | Omitted:
    """Cumulative incidence of the three, Gray's tests, and the crude ratios of both deaths.

    The curves of relapse are those of relapse against any death: what else comes first is one.
    Adjusted models are left out, since deaths of one kind are few.
    """
    both = relapse_and_death_by_exposure(study)
    if isinstance(both, Omitted):
        return both
    first = fatal_failure(
        study.patients,
        data_lock=study.data_lock,
        nonresponse_is_event=study.parameters.nonresponse_is_pfs_event,
        disease=LEUKEMIA,
    )
    kinds = {name: first == name for name in (DEATH_OF_DISEASE, OTHER_DEATH)}
    if reason := _not_told_apart(study, both, kinds):
        return Omitted(reason)
    deaths = tuple(_cause(study, both, name, own, first) for name, own in kinds.items())
    unrecorded = kinds[OTHER_DEATH] & study.patients[CAUSE].isna()
    responded = kinds[DEATH_OF_DISEASE] & (study.patients["cr_cri"] == "yes")
    rows = [
        _counted(DEATH_OF_DISEASE, kinds, responded, "cr_cri", "yes"),
        _counted(OTHER_DEATH, kinds, unrecorded, CAUSE, "missing"),
    ]
    parts: list[Iterable[Row]] = [rows]
    for cause in deaths:
        parts += [cause.incidence.results, *(model.results for model in cause.models)]
    return WaysToFail(
        both.relapse.incidence,
        (deaths[0], deaths[1]),
        both.disease,
        withheld_count(study, int(unrecorded.sum())),
        withheld_count(study, int(responded.sum())),
        combine(study, parts),
    )


def _not_told_apart(study: Study, both: RelapseAndDeath, kinds: dict[str, pd.Series]) -> str:
    """Why there are no three ways, if there are none."""
    died = kinds[DEATH_OF_DISEASE] | kinds[OTHER_DEATH]
    what = lower_first(both.death.incidence.question.label)
    if not died.any() or study.patients.loc[died, CAUSE].isna().all():
        return f"No cause of {what} is recorded; the causes are not told apart."
    for name, of in ((DEATH_OF_DISEASE, both.disease), (OTHER_DEATH, "another cause")):
        if not kinds[name].any():
            return f"No {what} is attributed to {of}; the causes are not told apart."
    return ""


def _cause(
    study: Study, both: RelapseAndDeath, name: str, own: pd.Series, first: pd.Series
) -> Cause:
    """One kind of death against relapse and the other kind."""
    unknown = study.patients.loc[own, CAUSE].isna().any()
    of = {DEATH_OF_DISEASE: both.disease, OTHER_DEATH: "another cause"}[name]
    or_unrecorded = " or an unrecorded one" if unknown else ""
    without = both.death.incidence.question.label.removeprefix("Death")
    label = f"Death from {of}{or_unrecorded}{without}"
    times = EventTimes(study.patients["pfs_months"], own, first.notna() & ~own)
    return cause_of_failure(study, (name, label), times, (CRUDE,))


def _counted(
    outcome: str, kinds: dict[str, pd.Series], held: pd.Series, variable: str, level: str
) -> Row:
    whole = kinds[outcome]
    here = context(Key(COMPETING_RISKS, outcome, "infused", variable, level), n=len(whole))
    return here.at("count", int(held.sum()), unit="patients", denominator=int(whole.sum()))


def parts(study: Study) -> Iterator[OfStudy]:
    """Relapse and death, the three ways to fail, and the onset of toxicity."""
    yield relapse_and_death_by_exposure(study)
    yield ways_to_fail_by_exposure(study)
    yield toxicity_onset_by_exposure(study)
