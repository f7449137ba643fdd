"""The abstract: methods from the parameters, results and a cautious conclusion from the numbers."""

from __future__ import annotations

import math
from collections.abc import Sequence

from analysis_lib.dictionary import lower_first
from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.estimates.effects import FittedEffect
from analysis_lib.format import (
    counted,
    format_count,
    format_p_statement,
    format_ratio,
    is_suppressed,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.prose import (
    Contrasted,
    Estimate,
    Prose,
    compatible,
    escape,
    group_counts,
    group_phrase,
    paragraph,
    ratio_of,
)
from analysis_lib.study.eligibility import day
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder
from analysis_lib.topics.flow.numbers import Flow
from analysis_lib.topics.gate.numbers import Gate
from analysis_lib.topics.gate.words import gate_conclusion
from analysis_lib.topics.response.numbers import Response
from analysis_lib.topics.survival.words import immortal_time, without_relapses


def abstract_background(study: Study) -> Prose:
    """The question; nothing in it depends on a result."""
    return paragraph(
        f"**Background.** Patients reach {escape(study.parameters.treatment)} after different "
        "earlier treatments. "
        f"Whether outcomes differ by {escape(study.exposure.phrase)}, and whether a difference is "
        "due to it or to the disease that led to it, is not known from crude comparisons.",
    )


def abstract_methods(study: Study) -> Prose:
    """Design, eligibility and estimators, as the parameters set them."""
    parameters = study.parameters
    outcomes = [escape(lower_first(study.dictionary[name].label)) for name in parameters.endpoints]
    between = (
        f"infused between {day(parameters.infusion_start)} and {day(parameters.infusion_end)} "
        f"(data lock {day(parameters.data_lock)})"
        if study.has_calendar
        else "with times from infusion and without calendar dates"
    )
    kind = "A synthetic cohort" if study.is_synthetic else "A cohort"
    return paragraph(
        f"**Methods.** {kind} of patients {between} is compared by "
        f"{escape(study.exposure.phrase)}.",
        f"Toxicity and response are compared as proportions; {listed(outcomes)} by Kaplan-Meier "
        "estimates and log-rank tests. The primary Cox models are of everyone infused, with "
        "covariates known before infusion and chosen before the outcome was looked at; "
        f"{study.fixed_model.named} stands beside them.",
        immortal_time(study),
        without_relapses(study),
    )


def abstract_results(
    study: Study,
    flow: Flow,
    response: Response | Omitted,
    survival: Sequence[SurvivalComparison],
    ladders: Sequence[Ladder],
) -> Prose:
    """Numbers of patients, response, survival, and the adjusted hazard ratios: ours first."""
    last = flow.attrition.steps[-1].remaining
    groups = [box for box in flow.boxes if box.parent == "infused"]
    sizes = listed(
        [
            f"{format_count(box.n)} in {escape(study.groups.phrase_of(box.name.partition('=')[2]))}"
            for box in groups
        ]
    )
    return paragraph(
        f"**Results.** {counted(last, 'patient')} were eligible: {sizes}.",
        _response(response),
        *(_unadjusted(comparison) for comparison in survival),
        *(_adjusted(ladder.baseline, _adjusted_for(ladder)) for ladder in ladders),
        *(_adjusted(x.as_published, _in_fixed(study, x)) for x in ladders if x.as_published),
    )


def abstract_conclusion(
    study: Study,
    survival: Sequence[SurvivalComparison],
    ladders: Sequence[Ladder],
    gate: Gate,
) -> Prose:
    """What the estimates allow one to say; the checks of the gate decide how far."""
    crude = [_verdict(x.outcome_label, x.tested, _estimates(x, x.tested)) for x in survival]
    adjusted = [
        _verdict(x.outcome_label, x.exposure, _estimates(x.baseline, x.exposure)) for x in ladders
    ]
    synthetic = (
        "The patients are synthetic and carry no clinical evidence." if study.is_synthetic else ""
    )
    return paragraph(
        f"**Conclusion.** Unadjusted, by {escape(study.exposure.phrase)}: {'; '.join(crude)}.",
        f"Adjusted for baseline covariates: {'; '.join(adjusted)}.",
        gate_conclusion(gate),
        synthetic,
    )


def _response(response: Response | Omitted) -> str:
    if isinstance(response, Omitted):
        return escape(response.reason)
    results, groups = response.results, response.grouping
    evaluable = Key("response", "cr_cri", "response_evaluable")
    p_value = results.value(evaluable._replace(contrast=groups.contrast, statistic="p_value"))
    return (
        f"CR or CRi was reached by {group_counts(results, groups, evaluable)} of the evaluable "
        f"({format_p_statement(p_value)})."
    )


def _estimates(model: Contrasted, groups: Grouping) -> dict[str, Estimate]:
    """The hazard ratio of every group against the reference, where estimable."""
    found = {level: ratio_of(model, level) for level in groups.levels[1:]}
    return {
        level: one
        for level, one in found.items()
        if not math.isnan(one.value) or is_suppressed(one.value)
    }


def _ratios(model: Contrasted, groups: Grouping) -> str:
    """`1.57 (95% CI 0.98–2.53) for the InO-exposed group`, of every group."""
    return listed(
        f"{format_ratio(one.value)} ({one.interval(format_ratio)}) for "
        f"{group_phrase(groups, level)}"
        for level, one in _estimates(model, groups).items()
    )


def _verdict(outcome_label: str, compared: Grouping, hazards: dict[str, Estimate]) -> str:
    """Which groups differ clearly from the reference in one endpoint, and which do not."""
    label = escape(lower_first(outcome_label))
    reference = group_phrase(compared)
    if not hazards:
        return f"{label} could not be compared"
    worse = [group_phrase(compared, x) for x, e in hazards.items() if e.low > 1]
    better = [group_phrase(compared, x) for x, e in hazards.items() if e.high < 1]
    verdicts = [
        f"{label} was {word} in {listed(groups)} than in {reference}"
        for word, groups in (("worse", worse), ("better", better))
        if groups
    ]
    unclear = [group_phrase(compared, x) for x, e in hazards.items() if e.contains_one]
    if verdicts and unclear:
        verdicts.append(f"did not differ clearly between {listed(unclear)} and {reference}")
    if verdicts:
        return " and ".join(verdicts)
    known = [compatible(x.low, x.high) for x in hazards.values()]
    meaning = f" ({known[0]})" if len(known) == 1 else ""
    return f"{label} did not differ clearly{meaning}"


def _unadjusted(comparison: SurvivalComparison) -> str:
    """The unadjusted hazard ratio of each group with the test of all of them."""
    tested, label = comparison.tested, escape(lower_first(comparison.outcome_label))
    p_value = comparison.results.value(comparison.test_key, "p_value")
    ratios, test = _ratios(comparison, tested), f"log-rank {format_p_statement(p_value)}"
    if not ratios:
        return f"Unadjusted, the hazard ratio for {label} is not estimable ({test})."
    return (
        f"Unadjusted, the hazard ratio for {label} was {ratios} against {group_phrase(tested)} "
        f"({test})."
    )


def _adjusted_for(ladder: Ladder) -> str:
    outcome = escape(lower_first(ladder.outcome_label))
    return f"Adjusted for baseline covariates, the hazard ratio for {outcome}"


def _in_fixed(study: Study, ladder: Ladder) -> str:
    outcome = escape(lower_first(ladder.outcome_label))
    return f"In {study.fixed_model.named} the hazard ratio for {outcome}"


def _adjusted(effect: FittedEffect, subject: str) -> str:
    """A model's hazard ratio of each group, with the patients and events behind it."""
    ratios = _ratios(effect, effect.exposure)
    size = f"{counted(effect.shown.n, 'patient')}, {counted(effect.shown.events, 'event')}"
    return (
        f"{subject} ({size}) was {ratios}." if ratios else f"{subject} ({size}) is not estimable."
    )
