"""The methods of the report, written from its parameters."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence

from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    at_row,
    constant,
    format_confidence,
    format_count,
    format_number,
    format_p,
    remainder,
)
from analysis_lib.labels import listed
from analysis_lib.publish.conditional_methods import (
    NO_PLAN,
    beside_the_models,
    consolidation,
    constants,
    data_lock,
    delayed_entry,
    e_values,
    imputation,
    left_open,
    negative_controls,
    quantities,
    repeated_screen,
    standardised,
    subgroups,
    weights,
)
from analysis_lib.results.rows import Omitted
from analysis_lib.show.prose import ALL_PATIENTS, Prose, capital, escape, paragraph
from analysis_lib.study.study import Study
from analysis_lib.topics.estimands.words import declared_primary, planned, stated_terms
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure

LIBRARIES = ("pandas", "numpy", "scipy", "lifelines", "matplotlib", "great_tables", "papermill")
RESPONDERS = "patients in CR or CRi at the response assessment"
MISSING = {
    "complete_cases": "A model leaves out patients with a missing covariate",
    "missing_as_level": "In models, missing is a level of its own of a categorical covariate",
}


def design(study: Study) -> Prose:
    """Design, eligibility, exposure and the day on which data were locked."""
    rules = "; ".join(lower_first(escape(step.rule)) for step in study.attrition.steps)
    kind = "openly synthetic records" if study.is_synthetic else "recorded patients"
    what = "A randomised comparison" if study.is_randomised else "An observational cohort study"
    return paragraph(
        f"{what} of {kind}. The extract was checked against its dictionary "
        "(types, levels, plausible ranges, the order of dates) before anything was computed.",
        f"Eligible were patients who met every rule, applied in this order: {rules}.",
        f"The groups were compared by {escape(study.exposure.phrase)}: "
        f"{escape(listed(study.groups.labels))}, with {escape(study.groups.labels[0])} as the "
        f"reference. {data_lock(study)}",
        constants(study),
        left_open(study),
        f"The groups {'were' if study.is_randomised else 'were not'} assigned at random.",
        f"The choices of the analysis were {planned(study)}." if study.plan else NO_PLAN,
        "Every eligible patient of the extract was analysed; the number of "
        f"{format_count(at_row(len(study.patients), ALL_PATIENTS))} is theirs and was not "
        "calculated here.",
        declared_primary(study),
    )


def endpoints(study: Study) -> Prose:
    """Definitions of the endpoints, of time zero and of response."""
    parameters, dictionary = study.parameters, study.dictionary
    zero = lower_first(dictionary[parameters.time_zero].label)
    responded = ("response",) if study.patients["response"].notna().any() else ()
    known = [dictionary[name] for name in (*parameters.endpoints, "followup", *responded)]
    nonresponse = (
        "Assessed non-response was an event of event-free survival at its assessment; the hazard "
        "ratios of progression-free survival, without it, stand beside (@sec-choices)."
        if parameters.nonresponse_is_pfs_event
        else "Assessed non-response was no event of progression-free survival until "
        f"{escape(study.event_phrase('pfs'))}."
    )
    return paragraph(
        f"Time zero was the day of {escape(zero)}. A month is 30.4375 days.",
        delayed_entry(study),
        *(f"{escape(x.label)}: {escape(lower_first(x.definition))}" for x in known),
        nonresponse if "pfs" in parameters.endpoints and responded else "",
    )


def comparisons(study: Study) -> Prose:
    """How characteristics, toxicity and response were compared."""
    level = format_confidence(study.parameters.confidence_level)
    return paragraph(
        "The groups were assigned at random, so that their characteristics at baseline were not "
        "tested and are compared by standardised differences alone [@austin2009; @yang2012]."
        if study.is_randomised
        else "Categorical characteristics were compared by Pearson's chi-square test without "
        "continuity correction [@pearson1900], and by Fisher's exact test too where an expected "
        "count is below 5 [@freeman1951], quantities by the Wilcoxon rank-sum test, or the "
        "Kruskal-Wallis test for more than two groups, both with the tie-corrected normal or "
        "chi-square approximation [@wilcoxon1945; @kruskal1952], and both by standardised "
        "differences [@austin2009; @yang2012].",
        f"Proportions have exact {level} [@clopper1934], differences of proportions Newcombe's "
        "[@newcombe1998]."
        if _has_proportions(study)
        else "",
        "*P* values are two-sided and not adjusted for multiple comparisons.",
    )


def _has_proportions(study: Study) -> bool:
    """Whether toxicity, response or missing values are told as shares of patients."""
    shares = (toxicity_by_exposure(study), response_by_exposure(study))
    return bool(missing_data(study).variables) or not all(isinstance(x, Omitted) for x in shares)


def survival(study: Study) -> Prose:
    """Estimators of survival, follow-up and competing events."""
    parameters = study.parameters
    landmarks = listed([format_number(x) for x in parameters.landmarks])
    means = listed([format_number(x) for x in parameters.rmst_months])
    return paragraph(
        "Survival was estimated by Kaplan and Meier's method [@kaplan1958] with intervals on the "
        f"log-log scale, tabulated at {landmarks} months, and compared by the unweighted log-rank "
        "test [@mantel1966]. The median's interval inverts the band of the curve. Follow-up is "
        "the reverse Kaplan-Meier median [@schemper1996]"
        + (", with Clark's C as its completeness [@clark2002]." if study.has_calendar else "."),
        ""
        if study.enters_late
        else f"Restricted mean survival times are taken up to {means} months "
        "[@royston2013; @uno2014].",
        f"{capital(escape(study.dictionary.relapse))} and death without it compete: their "
        "cumulative incidences are Aalen-Johansen estimates [@aalen1978], compared by Gray's test "
        "[@gray1988] and modelled by cause-specific and by subdistribution hazards "
        "[@finegray1999; @latouche2013]; deaths are told apart by cause where it is recorded."
        if study.patients["relapse_date"].notna().any() and not study.enters_late
        else "",
    )


def models(study: Study) -> Prose:
    """The Cox models: populations, covariates, selection, checks."""
    parameters = study.parameters
    return paragraph(
        "Hazard ratios come from Cox models [@cox1972] with Efron's rule for ties [@efron1977] "
        "and Wald intervals; factors are tested by the likelihood ratio.",
        ""
        if study.enters_late
        else "Proportional hazards were tested by the score test [@grambsch1994].",
        f"The primary model is of {_everyone(study)} and holds "
        f"{_terms(study, 'baseline_terms')}, covariates {stated_terms(study)}.",
        subgroups(study),
        f"{study.fixed_model.named.capitalize()} is of "
        f"{RESPONDERS if parameters.model_population == 'responders' else _everyone(study)} "
        "and holds "
        f"{_terms(study, 'as_published_terms')}.",
        quantities(study),
        "Doses of the exposure and days from the last of them enter the primary model as a line "
        "and as a natural spline among the exposed [@durrleman1989]."
        if study.exposure.timing or parameters.exposure_doses or parameters.exposure_last_dose
        else "",
        f"The screen offers {_terms(study, 'candidates')}; a candidate enters when its global "
        f"*P* is below {format_p(parameters.entry_p)}"
        + (
            f"; forced into the model whatever their *P*: {_terms(study, 'forced_terms')}."
            if parameters.forced_terms
            else "."
        ),
        repeated_screen(study),
    )


def missing(study: Study) -> Prose:
    """What happened to missing values."""
    parameters = study.parameters
    stated = [
        v.label
        for v in study.dictionary.variables
        if v.missing_is_level and study.patients[v.name].notna().any()
    ]
    return paragraph(
        f"{MISSING[parameters.missing_rule]}.",
        imputation(study),
        f"In tests of baseline characteristics a missing value is a level of "
        f"{escape(listed([lower_first(x) for x in stated]))}, and is left out of every other."
        if stated
        else "",
        "Patients whose response was not evaluable are left out of proportions of response; "
        "bounds show what they could change."
        if study.patients["response"].notna().any()
        else "",
    )


def sensitivity(study: Study) -> Prose:
    """What was varied to see whether the answer stands."""
    return paragraph(
        weights(study),
        e_values(study),
        negative_controls(study),
        standardised(study),
        consolidation(study),
        beside_the_models(study),
        f"Random numbers start from the seed {study.parameters.seed}.",
    )


def software(study: Study) -> Prose:
    """The libraries with their versions."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    largest = remainder(study.parameters.small_cell, constant(1, "one"))
    suppressed = (
        f"Counts from 1 to {format_count(largest)}, and what would give them back, were suppressed."
        if study.parameters.small_cell
        else ""
    )
    return paragraph(
        f"Computed in Python with {listed(versions)}. What lifelines [@davidsonpilon2019] does not "
        "estimate was written for this report and checked against R.",
        suppressed,
    )


def _everyone(study: Study) -> str:
    return "everyone infused and eligible" if study.dictionary.infused else "all eligible patients"


def _terms(study: Study, which: str) -> str:
    names: Sequence[str] = getattr(study.parameters, which)
    labels = [lower_first(study.dictionary[name].label) for name in names]
    # Labels hold commas themselves.
    return escape("; ".join(labels)) if labels else "no covariate"
