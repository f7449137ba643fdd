"""The abstract: methods from the parameters, results and a cautious conclusion from the numbers."""

from __future__ import annotations

import math

from analysis_lib.analyses import (
    Flow,
    Key,
    Model,
    ModelSet,
    Omitted,
    Response,
    SurvivalComparison,
)
from analysis_lib.cohort import Study, day
from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_count, format_p_statement, format_ratio
from analysis_lib.labels import listed
from analysis_lib.narrative.groups import group_counts
from analysis_lib.narrative.phrases import Estimate, estimate_of
from analysis_lib.narrative.prose import Prose, escape, paragraph


def abstract_background(study: Study) -> Prose:
    """The question; nothing in it depends on a result."""
    return paragraph(
        "**Background.** Patients reach CAR T-cell therapy after different earlier treatments. "
        f"Whether outcomes differ by {escape(study.exposure.phrase)}, and whether a difference is "
        "due to it or to the disease that led to it, is not known from crude comparisons.",
    )


def abstract_methods(study: Study) -> Prose:
    """Design, eligibility and estimators, as the parameters set them."""
    parameters = study.parameters
    outcomes = [lower_first(study.dictionary[name].label) for name in parameters.endpoints]
    kind = "A synthetic cohort" if study.is_synthetic else "A cohort"
    return paragraph(
        f"**Methods.** {kind} of patients infused between {day(parameters.infusion_start)} and "
        f"{day(parameters.infusion_end)} (data lock {day(parameters.data_lock)}) is compared by "
        f"{escape(study.exposure.phrase)}.",
        f"Toxicity and response are compared as proportions; {listed(outcomes)} by Kaplan-Meier "
        "estimates and log-rank tests. Progression-free survival is modelled by Cox regression.",
    )


def abstract_results(
    flow: Flow, response: Response | Omitted, published: ModelSet, *survival: SurvivalComparison
) -> Prose:
    """Numbers of patients, response on both bases, survival, and the adjusted hazard ratio."""
    last = flow.attrition.steps[-1].remaining
    groups = [box for box in flow.boxes if box.parent == "infused"]
    sizes = listed([f"{format_count(box.n)} {escape(box.label)}" for box in groups])
    return paragraph(
        f"**Results.** {format_count(last)} patients were eligible: {sizes}.",
        _response(response),
        *(_unadjusted(comparison) for comparison in survival),
        _adjusted(published.models[0]),
    )


def abstract_conclusion(study: Study, published: ModelSet, *survival: SurvivalComparison) -> Prose:
    """What the estimates allow one to say, and what they do not."""
    parts = [_unadjusted_verdict(comparison) for comparison in survival]
    first = f"Unadjusted, by {escape(study.exposure.phrase)}: {'; '.join(parts)}."
    reasons = ["its terms were chosen for another cohort"]
    if _conditions_on_the_future(published):
        reasons.insert(0, "it conditions on events after infusion")
    caution = (
        "Neither a clear nor an unclear hazard ratio of the adjusted model shows what the exposure "
        f"does: {listed(reasons)}."
    )
    synthetic = (
        "The patients are synthetic and carry no clinical evidence." if study.is_synthetic else ""
    )
    return paragraph(f"**Conclusion.** {first}", caution, synthetic)


def _conditions_on_the_future(published: ModelSet) -> bool:
    """Whether the model's patients or terms are known only after infusion."""
    in_responders = published.models[0].specification.population == "responders"
    return in_responders or "consolidation" in published.terms


def _response(response: Response | Omitted) -> str:
    if isinstance(response, Omitted):
        return response.reason
    results, groups = response.results, response.grouping
    evaluable = Key("response", "cr_cri", "response_evaluable")
    p_value = results.value(evaluable._replace(contrast=groups.contrast, statistic="p_value"))
    return (
        f"CR or CRi was reached by {group_counts(results, groups, evaluable)} of the evaluable "
        f"({format_p_statement(p_value)})."
    )


def _hazards(comparison: SurvivalComparison) -> dict[str, Estimate]:
    """The unadjusted hazard ratio of every group against the reference, where estimable."""
    tested, found = comparison.tested, {}
    for level in tested.levels[1:]:
        contrast = f"{level}_vs_{tested.reference}"
        key = Key(comparison.analysis, comparison.outcome, "infused", contrast=contrast)
        estimate = estimate_of(comparison.results, key, "hazard_ratio")
        if not math.isnan(estimate.value):
            found[level] = estimate
    return found


def _unadjusted_verdict(comparison: SurvivalComparison) -> str:
    """Which groups differ clearly from the reference in one endpoint, if any does."""
    tested, hazards = comparison.tested, _hazards(comparison)
    label = lower_first(comparison.outcome_label)
    reference = escape(tested.phrase_of(tested.reference))
    if not hazards:
        return f"{label} could not be compared"
    worse = [escape(tested.phrase_of(x)) for x, e in hazards.items() if e.low > 1]
    better = [escape(tested.phrase_of(x)) for x, e in hazards.items() if e.high < 1]
    verdicts = [
        f"{label} was {word} in {listed(groups)} than in {reference}"
        for word, groups in (("worse", worse), ("better", better))
        if groups
    ]
    return " and ".join(verdicts) or f"{label} did not differ clearly"


def _unadjusted(comparison: SurvivalComparison) -> str:
    tested = comparison.tested
    key = Key(comparison.analysis, comparison.outcome, "infused", contrast=tested.contrast)
    p_value = comparison.results.value(key._replace(statistic="p_value"))
    hazards = _hazards(comparison)
    numbers = format_p_statement(p_value)
    if tested.contrast and hazards:
        (estimate,) = hazards.values()
        ratio = f"hazard ratio {format_ratio(estimate.value)}, {estimate.interval(format_ratio)}"
        numbers = f"{ratio}, log-rank {numbers}"
    label = comparison.outcome_label
    groups = listed([escape(phrase) for phrase in tested.phrases])
    return f"{label} was compared between {groups} ({numbers})."


def _adjusted(model: Model) -> str:
    exposure = model.specification.exposure
    parts = []
    for level in exposure.levels[1:]:
        term = model.fit.coefficient(exposure.variable, level)
        if term.estimable:
            level_of_model = model.fit.confidence_level
            estimate = Estimate(term.hazard_ratio, term.ci_low, term.ci_high, level_of_model)
            parts.append(
                f"{format_ratio(estimate.value)} ({estimate.interval(format_ratio)}) for "
                f"{escape(exposure.phrase_of(level))}"
            )
    if not parts:
        return "In the article's model the exposure's hazard ratio is not estimable."
    return (
        f"In the article's model for progression-free survival ({format_count(model.fit.n)} "
        f"patients, {format_count(model.fit.events)} events) the hazard ratio was {listed(parts)}."
    )
