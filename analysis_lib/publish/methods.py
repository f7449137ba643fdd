"""The methods of the report, written from its parameters."""

from __future__ import annotations

import importlib.metadata
from collections.abc import Sequence

from analysis_lib.dictionary import lower_first
from analysis_lib.format import format_confidence, format_count, format_number, format_p
from analysis_lib.labels import listed
from analysis_lib.show.prose import Prose, escape, paragraph
from analysis_lib.study.eligibility import day
from analysis_lib.study.study import Study

LIBRARIES = ("pandas", "numpy", "scipy", "lifelines", "matplotlib", "great_tables", "papermill")
POPULATIONS = {
    "responders": "patients in CR or CRi at the response assessment",
    "infused": "everyone infused and eligible",
}
MISSING = {
    "complete_cases": "A model leaves out patients with a missing covariate",
    "missing_as_level": "In models, missing is a level of its own of a categorical covariate",
}


def design(study: Study) -> Prose:
    """Design, eligibility, exposure and the day on which data were locked."""
    rules = "; ".join(lower_first(escape(step.rule)) for step in study.attrition.steps)
    kind = "openly synthetic records" if study.is_synthetic else "records of a registry or centre"
    return paragraph(
        f"A retrospective cohort study of {kind}. The extract was checked against its dictionary "
        "(types, levels, plausible ranges, the order of dates) before anything was computed.",
        f"Eligible were patients who met every rule, applied in this order: {rules}.",
        f"The groups were compared by {escape(study.exposure.phrase)}: "
        f"{escape(listed(study.groups.labels))}, with {escape(study.groups.labels[0])} as the "
        f"reference. The data were locked on {day(study.parameters.data_lock)}.",
    )


def endpoints(study: Study) -> Prose:
    """Definitions of the endpoints, of time zero and of response."""
    parameters, dictionary = study.parameters, study.dictionary
    zero = lower_first(dictionary[parameters.time_zero].label)
    responded = ("response",) if study.patients["response"].notna().any() else ()
    known = [dictionary[name] for name in (*parameters.endpoints, "followup", *responded)]
    nonresponse = (
        "Assessed non-response was an event of progression-free survival at its assessment."
        if parameters.nonresponse_is_pfs_event
        else "Assessed non-response was no event of progression-free survival until relapse or "
        "death."
    )
    return paragraph(
        f"Time zero was the day of {escape(zero)}. A month is 30.4375 days.",
        *(f"{escape(x.label)}: {escape(lower_first(x.definition))}" for x in known),
        nonresponse if "pfs" in parameters.endpoints and responded else "",
    )


def comparisons(study: Study) -> Prose:
    """How characteristics, toxicity and response were compared."""
    level = format_confidence(study.parameters.confidence_level)
    return paragraph(
        "Categorical characteristics were compared by Pearson's chi-square test without continuity "
        "correction [@pearson1900], quantities by the Wilcoxon rank-sum test, or the "
        "Kruskal-Wallis test for more than two groups, both with the tie-corrected normal or "
        "chi-square approximation [@wilcoxon1945; @kruskal1952], and both by standardised "
        "differences [@austin2009; @yang2012].",
        f"Proportions have exact {level} [@clopper1934], differences of proportions Newcombe's "
        "[@newcombe1998]. *P* values are two-sided and not adjusted for multiple comparisons.",
    )


def survival(study: Study) -> Prose:
    """Estimators of survival, follow-up and competing events."""
    parameters = study.parameters
    landmarks = listed([format_number(x) for x in parameters.landmarks])
    means = listed([format_number(x) for x in parameters.rmst_months])
    return paragraph(
        "Survival was estimated by Kaplan and Meier's method [@kaplan1958] with intervals on the "
        f"log-log scale, tabulated at {landmarks} months, and compared by the unweighted log-rank "
        "test [@mantel1966]. The median's interval inverts the band of the curve. Follow-up is "
        "the reverse Kaplan-Meier median [@schemper1996] with Clark's C as its completeness "
        "[@clark2002].",
        f"Restricted mean survival times are taken up to {means} months [@royston2013; @uno2014].",
        "Relapse and death without relapse compete: their cumulative incidences are "
        "Aalen-Johansen estimates [@aalen1978], compared by Gray's test [@gray1988] and modelled "
        "by cause-specific and by subdistribution hazards [@finegray1999; @latouche2013].",
    )


def models(study: Study) -> Prose:
    """The Cox models: populations, covariates, selection, checks."""
    parameters = study.parameters
    return paragraph(
        "Hazard ratios come from Cox models [@cox1972] with Efron's rule for ties [@efron1977] "
        "and Wald intervals; factors are tested by the likelihood ratio. Proportional hazards "
        "were tested by scaled Schoenfeld residuals [@grambsch1994].",
        f"The primary model is of everyone infused and holds {_terms(study, 'baseline_terms')}, "
        "all known before infusion and chosen without a look at the outcome.",
        f"{study.fixed_model.named.capitalize()} is of "
        f"{POPULATIONS[parameters.model_population]} and holds "
        f"{_terms(study, 'as_published_terms')}.",
        f"The screen offers {_terms(study, 'candidates')}; a candidate enters when its global "
        f"*P* is below {format_p(parameters.entry_p)}"
        + (
            f", and {_terms(study, 'forced_terms')} enter whatever theirs."
            if parameters.forced_terms
            else "."
        ),
        f"The screen was repeated in {format_count(parameters.bootstrap_resamples)} bootstrap "
        "resamples [@sauerbrei1992].",
    )


def missing(study: Study) -> Prose:
    """What happened to missing values."""
    parameters = study.parameters
    stated = [v.label for v in study.dictionary.variables if v.missing_is_level]
    return paragraph(
        f"{MISSING[parameters.missing_rule]}. Beside it stand models on "
        f"{format_count(parameters.imputations)} completed copies of the patients by chained "
        "equations [@vanbuuren2011; @white2009], combined by Rubin's rules [@rubin1987; "
        "@barnard1999].",
        f"In tests of baseline characteristics a missing value is a level of "
        f"{escape(listed([lower_first(x) for x in stated]))}, and is left out of every other."
        if stated
        else "",
        "Patients whose response was not evaluable are left out of proportions of response; "
        "bounds show what they could change.",
    )


def sensitivity(study: Study) -> Prose:
    """What was varied to see whether the answer stands."""
    parameters = study.parameters
    days = listed([format_number(x) for x in parameters.consolidation_landmarks])
    return paragraph(
        "Groups were weighted to be alike in the baseline covariates, by inverse probability and "
        "by overlap weights [@rosenbaum1983; @li2018; @li2019]; E-values say how strong an "
        "unrecorded confounder would have to be [@vanderweele2017].",
        "Survival was standardised to all patients by the primary model [@robins1986], by these "
        "weights, and by both, the doubly robust estimate [@wang2018; @andersen2017], each with "
        f"percentiles of {format_count(parameters.bootstrap_resamples)} bootstrap resamples in "
        "which everything is repeated [@hesterberg2015; @schomaker2018].",
        "Consolidation, which follows "
        "infusion, was analysed as a fixed covariate, as one that changes in time, and from "
        f"landmarks at {days} days [@anderson1983; @suissa2008; @simonmakuch1984]. It is what was "
        "given in remission: treatment before the response, without one, or on or after the day "
        "of relapse is salvage and counts as none. Hazard ratios "
        f"before and after {format_number(parameters.hazard_cut_months)} months, every centre "
        "left out in turn, the screen by penalised models [@firth1993; @heinze2001; @verweij1994] "
        "and every combination of defensible choices [@simonsohn2020] stand beside the models.",
        f"Random numbers start from the seed {parameters.seed}.",
    )


def software(study: Study) -> Prose:
    """The libraries with their versions."""
    versions = [f"{name} {importlib.metadata.version(name)}" for name in LIBRARIES]
    suppressed = (
        f"Counts from 1 to {format_count(study.parameters.small_cell - 1)}, and what would give "
        "them back, were suppressed."
        if study.parameters.small_cell
        else ""
    )
    return paragraph(
        f"Computed in Python with {listed(versions)}. What lifelines [@davidsonpilon2019] does not "
        "estimate was written for this report and checked against R.",
        suppressed,
    )


def _terms(study: Study, which: str) -> str:
    names: Sequence[str] = getattr(study.parameters, which)
    labels = [lower_first(study.dictionary[name].label) for name in names]
    # Labels hold commas themselves.
    return escape("; ".join(labels)) if labels else "no covariate"
