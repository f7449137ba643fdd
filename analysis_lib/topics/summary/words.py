"""The abstract: methods from the parameters, results and a cautious conclusion from the numbers."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import groupby

from analysis_lib.dictionary import EARLIER, lower_first
from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.format import at_row, counted, format_count, format_p_statement, is_suppressed
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.frequencies import group_counts
from analysis_lib.show.prose import (
    ALL_PATIENTS,
    Estimate,
    Prose,
    capital,
    compatible,
    escape,
    group_phrase,
    paragraph,
)
from analysis_lib.study.choices import TREATMENT
from analysis_lib.study.eligibility import day
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder
from analysis_lib.topics.estimands.words import declared_primary, planned, stated_terms
from analysis_lib.topics.flow.numbers import Flow, box_key
from analysis_lib.topics.gate.numbers import Gate
from analysis_lib.topics.gate.words import gate_conclusion
from analysis_lib.topics.response.numbers import Response
from analysis_lib.topics.summary.ratio_words import estimates_of, fitted, ratio_sentences, tested
from analysis_lib.topics.survival.words import delayed_entry, without_relapses

ADJUSTED = "Adjusted for baseline covariates,"


def abstract_background(study: Study) -> Prose:
    """The question; nothing in it depends on a result."""
    treatment, exposure = escape(study.parameters.treatment), escape(study.exposure.phrase)
    if study.is_randomised:
        return paragraph(
            f"**Background.** Patients were assigned to the groups by {exposure} at random. "
            f"Whether outcomes after {treatment} differ between them is the question."
        )
    earlier = study.dictionary[study.groups.variable].known == EARLIER
    reached = f"Patients reach {treatment} after different earlier treatments. " if earlier else ""
    led = "what led to it" if study.exposure_kind == TREATMENT else "what goes with it"
    cause = "the disease that led to it" if earlier else led
    after = "" if earlier else f" after {treatment}"
    return paragraph(
        f"**Background.** {reached}Whether outcomes{after} differ by {exposure}, and whether a "
        f"difference is due to it or to {cause}, is not known from crude comparisons.",
    )


def describe_chapters(study: Study) -> Prose:
    """Where what stands, without the chapters that this cohort leaves empty."""
    patients = study.patients
    early = {
        "@sec-toxicity": ("crs_grade", "icans_grade"),
        "@sec-response": ("response",),
    }
    told = [x for x, names in early.items() if patients[[*names]].notna().any(axis=None)]
    weeks = f"what happened in the first weeks ({', '.join(told)}), " if told else ""
    return paragraph(
        f"The first chapters are the report: who was treated (@sec-cohort), {weeks}how "
        "survival differed (@sec-survival), and what that says of the exposure (@sec-effect). The "
        "chapters from @sec-regression on are its appendix: each "
        "asks what could change the answer, or holds what was done in full. Every chapter stands "
        "alone, and each that compares ends with its limits."
    )


def describe_design(study: Study) -> Prose:
    """How patients came to the groups, and what a difference can therefore come from."""
    if study.is_randomised:
        return paragraph(
            "The groups were assigned at random: a difference between them comes from the "
            "assignment or from chance, as far as everyone assigned was analysed."
        )
    return paragraph(
        "The comparison is not randomised, and a difference between groups may come from how "
        "patients came to be in them."
    )


def abstract_methods(study: Study) -> Prose:
    """Design, eligibility and estimators, as the parameters set them."""
    parameters = study.parameters
    outcomes = [escape(lower_first(study.dictionary[name].label)) for name in parameters.endpoints]
    dictionary = study.dictionary
    everyone = "everyone infused" if dictionary.infused else "all patients"
    assigned = ", to which they were assigned at random" if study.is_randomised else ""
    laid_down = f" and {planned(study)}" if study.plan else ""
    proportions = _proportions(study)
    are = "is compared" if len(outcomes) == 1 else "are compared"
    compared = f"{proportions}; {listed(outcomes)}" if proportions else f"{listed(outcomes)} {are}"
    kind = "A synthetic cohort" if study.is_synthetic else "A cohort"
    return paragraph(
        f"**Methods.** {kind} of patients {_between(study)} is compared by "
        f"{escape(study.exposure.phrase)}{assigned}.",
        f"{capital(compared)} by Kaplan-Meier "
        "estimates and log-rank tests. The adjusted Cox models are of "
        f"{everyone}, with covariates {stated_terms(study)}{laid_down}; "
        f"{study.fixed_model.named} stands beside them.",
        declared_primary(study),
        delayed_entry(study),
        without_relapses(study),
    )


def _proportions(study: Study) -> str:
    """What is compared as a proportion, as far as the extract records it."""
    patients = study.patients
    recorded = {
        "toxicity": patients[["crs_grade", "icans_grade"]].notna().any(axis=None),
        "response": patients["response"].notna().any(),
    }
    names = [name for name, holds in recorded.items() if holds]
    are = "are" if len(names) > 1 else "is"
    return f"{listed(names)} {are} compared as proportions" if names else ""


def _between(study: Study) -> str:
    """When the patients were treated: as it was chosen, else as they were."""
    zero = escape(study.dictionary.infusion)
    if not study.has_calendar:
        return f"with times from {zero} and without calendar dates"
    given, days = study.parameters, study.patients["infusion_date"]
    first = given.infusion_start or days.min().date().isoformat()
    last = given.infusion_end or days.max().date().isoformat()
    done = "infused" if study.dictionary.infused else f"with {zero}"
    lock = day(study.data_lock)
    until = f"data lock {lock}" if given.data_lock else f"known until {lock}, their last date"
    return f"{done} between {day(first)} and {day(last)} ({until})"


def abstract_results(
    study: Study,
    flow: Flow,
    response: Response | Omitted,
    survival: Sequence[SurvivalComparison],
    ladders: Sequence[Ladder],
) -> Prose:
    """Numbers of patients, response, survival, and the adjusted hazard ratios: ours first."""
    last = at_row(flow.attrition.steps[-1].remaining, ALL_PATIENTS)
    groups = [box for box in flow.boxes if box.parent == "infused"]
    phrases = [escape(study.groups.phrase_of(box.name.partition("=")[2])) for box in groups]
    counts = [format_count(at_row(box.n, box_key(box))) for box in groups]
    sizes = listed([f"{n} in {phrase}" for n, phrase in zip(counts, phrases, strict=True)])
    return paragraph(
        f"**Results.** {counted(last, 'patient')} were eligible: {sizes}.",
        _response(response),
        *ratio_sentences("Unadjusted,", [tested(x) for x in survival], reference=True),
        *ratio_sentences(ADJUSTED, [fitted(x, x.baseline) for x in ladders]),
        *ratio_sentences(
            f"In {study.fixed_model.named}",
            [fitted(x, x.as_published) for x in ladders if x.as_published],
        ),
    )


def abstract_conclusion(
    study: Study,
    survival: Sequence[SurvivalComparison],
    ladders: Sequence[Ladder],
    gate: Gate,
) -> Prose:
    """What the estimates allow one to say; the checks of the gate decide how far."""
    crude = [(x.outcome_label, _verdict(x.tested, estimates_of(x, x.tested))) for x in survival]
    adjusted = [
        (x.outcome_label, _verdict(x.exposure, estimates_of(x.baseline, x.exposure)))
        for x in ladders
    ]
    synthetic = (
        "The patients are synthetic and carry no clinical evidence." if study.is_synthetic else ""
    )
    return paragraph(
        f"**Conclusion.** Unadjusted, {_verdicts(crude)}.",
        f"{ADJUSTED} {_verdicts(adjusted)}.",
        gate_conclusion(gate),
        synthetic,
    )


def _response(response: Response | Omitted) -> str:
    if isinstance(response, Omitted):
        return ""
    results, groups = response.results, response.grouping
    evaluable = Key("response", "cr_cri", "response_evaluable")
    p_value = results.value(evaluable._replace(contrast=groups.contrast, statistic="p_value"))
    test = "" if is_suppressed(p_value) else f" ({format_p_statement(p_value)})"
    return f"Of the evaluable, {group_counts(results, groups, evaluable)} reached CR or CRi{test}."


def _verdicts(told: Sequence[tuple[str, str]]) -> str:
    """Endpoints in order; neighbours of which the same is said share it."""
    parts = []
    for verdict, same in groupby(told, key=lambda one: one[1]):
        labels = [escape(lower_first(label)) for label, _ in same]
        if len(labels) > 1:  # the verb comes first, then the interval if it is told
            verdict = re.sub(r"^was\b", "were", verdict)
            verdict = verdict.replace("clearly (the interval", "clearly (each interval", 1)
        parts.append(f"{listed(labels)} {verdict}")
    return "; ".join(parts)


def _verdict(compared: Grouping, hazards: dict[str, Estimate]) -> str:
    """Which groups differ clearly from the reference in one endpoint, and which do not."""
    reference = group_phrase(compared)
    if not hazards:
        return "could not be compared"
    shorter = [group_phrase(compared, x) for x, e in hazards.items() if e.low > 1]
    longer = [group_phrase(compared, x) for x, e in hazards.items() if e.high < 1]
    verdicts = [
        f"{word} in {listed(groups)} than in {reference}"
        for word, groups in (("shorter", shorter), ("longer", longer))
        if groups
    ]
    unclear = [group_phrase(compared, x) for x, e in hazards.items() if e.contains_one]
    if verdicts:
        others = f" and did not differ clearly between {listed(unclear)} and {reference}"
        return f"was {' and '.join(verdicts)}{others if unclear else ''}"
    known = [compatible(x.low, x.high) for x in hazards.values()]
    meaning = f" ({known[0]})" if len(known) == 1 else ""
    return f"did not differ clearly{meaning}"
