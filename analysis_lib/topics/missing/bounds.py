"""Results if what nobody assessed had been one thing or the other."""

from __future__ import annotations

from dataclasses import dataclass, replace
from typing import Any

import pandas as pd

from analysis_lib.estimates.describe import event_rows, share_rows
from analysis_lib.estimates.effects import Effect, fit_effect
from analysis_lib.estimates.specification import model_patients
from analysis_lib.format import remainder
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import combine, study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row, context
from analysis_lib.results.store import once
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.regression.numbers import as_published_models, model_b

EVALUABLE = "response_evaluable_only"
# What is assumed of patients who were not evaluable: in the reference group, in the others.
ASSUMED = {
    "response_none": ("Nobody not evaluable responded", False, False),
    "response_all": ("All not evaluable responded", True, True),
    "response_best": ("Best case of the groups compared", False, True),
    "response_worst": ("Worst case of the groups compared", True, False),
}


@dataclass(frozen=True)
class ResponseBounds:
    """`cases` are (analysis, label, population), the evaluable first."""

    grouping: Grouping
    cases: tuple[tuple[str, str, str], ...]
    results: Results


@once
def response_bounds(study: Study) -> ResponseBounds | Omitted:
    """CR/CRi of the evaluable, and of all infused under each assumption on the others.

    Best and worst case are those of the groups compared with the reference: all of theirs who
    were not evaluable responded and none of the reference's, and the reverse. No other values can
    move the difference further.
    """
    patients = study.groups.among(study.patients)
    if not patients["cr_cri"].notna().any():
        return Omitted(
            study.dictionary.own_words(
                "The extract records no response to the infusion; none can be assumed."
            )
        )
    unknown = patients["cr_cri"].isna()
    if not unknown.any():
        return Omitted("Every patient was evaluable for response; none has to be assumed.")
    rows = event_rows(study, patients, EVALUABLE, "cr_cri", "response_evaluable")
    cases = [(EVALUABLE, "Evaluable patients only", "response_evaluable")]
    for name, (label, reference, others) in ASSUMED.items():
        rows += _assumed_rows(study, patients, name, reference, others)
        cases.append((name, label, "infused"))
    return ResponseBounds(
        study.groups,
        tuple(cases),
        study_results(study, rows),
    )


def not_evaluable(bounds: ResponseBounds, group: str = "") -> tuple[Any, Any]:
    """Patients without an assessment, and of how many; of everyone or of `[ino=exposed]`."""
    known, whole = (
        bounds.results.row(Key(analysis, "cr_cri", f"{base}{group}", statistic="count")).denominator
        or 0
        for analysis, _, base in bounds.cases[:2]
    )
    return remainder(whole, known), whole


def _assumed_rows(
    study: Study, patients: pd.DataFrame, analysis: str, reference: bool, others: bool
) -> list[Row]:
    groups = study.groups
    in_reference = patients[groups.variable] == groups.reference
    assumed = (in_reference & reference) | (~in_reference & others)
    responded = (patients["cr_cri"] == "yes") | (patients["cr_cri"].isna() & assumed)
    key = Key(analysis, outcome="cr_cri", population="infused")
    return share_rows(study, patients, responded, key)


PREFIX = "unknown_response"


@dataclass(frozen=True)
class UnknownResponse:
    """Model B without the unknown; and under each assumption on them, of which are `results`."""

    exposure: Grouping
    unknown: float
    unknown_events: float
    population: str
    known: Effect
    assumed: tuple[Effect, ...]
    results: Results

    @property
    def effects(self) -> tuple[Effect, ...]:
        return self.known, *self.assumed


@once
def unknown_response(study: Study) -> UnknownResponse | Omitted:
    """The article's model B with every unknown response assumed, one way and the other.

    All responded, or none did; and the two extremes that look at the outcome: those with an event
    were refractory and the others responded, which widens the contrast as far as it goes, and the
    reverse, which narrows it.
    """
    combined = study.exposure.combined
    known_only = model_b(as_published_models(study))
    if combined is None or isinstance(known_only, Omitted):
        return Omitted("The extract records no response to the exposure; none can be assumed.")
    population = study.parameters.model_population
    patients = model_patients(study, population)
    exposed = ~patients[study.groups.variable].isin([study.exposure.unexposed])
    unknown = exposed & ~patients[combined.variable].isin(combined.levels)
    if not unknown.any():
        return Omitted(
            "Every response to the exposure in the models is known; none has to be assumed."
        )
    _, responded, refractory = combined.levels
    event = patients[f"{study.model_outcome}_event"].astype(bool)
    assumptions = {
        "responded": ("All unknown responded", responded, responded),
        "refractory": ("All unknown refractory", refractory, refractory),
        "widest": ("With an event refractory, else responded", refractory, responded),
        "narrowest": ("With an event responded, else refractory", responded, refractory),
    }
    fitted = []
    for name, (label, with_event, without) in assumptions.items():
        values = patients[combined.variable].astype(object)
        values = values.mask(unknown & event, with_event).mask(unknown & ~event, without)
        changed = patients.assign(**{combined.variable: pd.Categorical(values, combined.levels)})
        assumed = replace(known_only.specification, name=f"{PREFIX}_{name}", label=label)
        among = changed.dropna(subset=[combined.variable])
        fitted.append(fit_effect(study, assumed, among=among))
    sizes = {"n": unknown, "events": unknown & event}
    counts = {x: withheld_count(study, int(among.sum())) for x, among in sizes.items()}
    unknowns = context(Key(PREFIX, study.model_outcome, population, combined.variable))
    rows = unknowns.patients(counts)
    sized, had_event = (row.value for row in rows)
    results = combine(study, (*(x.results for x in fitted), rows))
    return UnknownResponse(
        combined,
        sized,
        had_event,
        population,
        replace(known_only, label="Unknown left out"),
        tuple(replace(x, results=results) for x in fitted),
        results,
    )
