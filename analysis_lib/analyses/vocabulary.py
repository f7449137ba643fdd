"""The words that the key of the results table may use, each with its meaning.

`check_vocabulary` refuses any other, and the documentation prints these tables.
"""

from __future__ import annotations

import re

from analysis_lib.analyses.analysis_names import ANALYSES, CURVE
from analysis_lib.analyses.missing.patterns import LEVELS as PATTERNS
from analysis_lib.analyses.results import Results, Row
from analysis_lib.cohort.salvage import REASONS
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import CohortError

# Outcomes beside the variables of the dictionary.
OUTCOMES = {
    "response_not_evaluable": "no evaluable response assessment",
    "death_without_relapse": "death as the first event of progression-free survival",
    "relapse_or_nonresponse": "relapse or assessed non-response as the first event",
    "salvage": "treatment after infusion that was not given in remission, no consolidation",
    "death_without_failure": "death before relapse or assessed non-response",
}

# Patients a number is about; `base[variable=level]` is one group of them.
POPULATIONS = {
    "infused": "all infused and eligible patients",
    "crs_evaluable": "patients with a CRS grade",
    "crs_affected": "patients with CRS of any grade",
    "icans_evaluable": "patients with an ICANS grade",
    "icans_affected": "patients with ICANS of any grade",
    "response_evaluable": "patients with an evaluable response",
    "responders": "patients in CR or CRi after infusion",
    "mrd_tested_responders": "patients in CR or CRi whose MRD was tested",
    "sos_deaths": "patients who died of sinusoidal obstruction syndrome",
}

# Variables and levels beside those of the dictionary.
VARIABLES = {
    "infused": "the eligible patients as a box of the flow diagram",
    "reverse_kaplan_meier": "follow-up by reverse Kaplan-Meier",
    "survivors": "follow-up of the living at last contact",
    "all_patients": "time to last contact or death of everyone",
    "potential": "time zero to data lock",
    "completeness": "follow-up observed of what was possible",
    "minimum_age": "rule: age at infusion",
    "product_access": "rule: how the product was obtained",
    "infusion_window": "rule: date of infusion",
    "minimum_followup": "rule: follow-up or death",
    "time_zero_recorded": "rule: date of time zero known",
    "exposure_recorded": "rule: exposure known",
    "exposure_compared": "rule: a level of the exposure that is compared",
    "salvage_reason": "why a treatment after infusion is salvage",
    "apheresis_to_infusion": "days from apheresis to infusion",
}
LEVELS = {
    "missing": "no value recorded",
    "some": "at least one dose",
    "none": "none of it: no dose, no toxicity",
    **PATTERNS,
    **REASONS,
    "reproduced": "printed as computed",
    "missed": "printed otherwise",
    "missed_by_one": "printed otherwise, by one in the last digit",
    "missed_by_more": "printed otherwise, by more than that",
    "missed_not_estimable": "printed, and not estimable here",
    "conflicting": "missed, and impossible beside other printed numbers",
    "not_computable": "printed, and not computed here",
    "impossible": "checks that no cohort can meet",
    "needs_another": "checks met with another denominator or test only",
    "not_checkable": "checks that lack a printed number",
    "consistent": "checks that are met",
    "in_report": "answered by the report",
    "by_authors": "for the authors to supply",
    "not_applicable": "does not apply",
}

STATISTICS = {
    "n": "patients analysed",
    "n_evaluable": "patients with a value",
    "n_at_level": "patients at the level",
    "events": "patients with the event",
    "events_at_level": "patients with the event at the level",
    "events_to_date": "events up to and including the time",
    "at_risk": "patients at risk just before the time",
    "excluded": "patients left out",
    "remaining": "patients left after the rule",
    "count": "patients",
    "proportion": "count over denominator",
    "proportion_ci_low": "lower end of the proportion's interval",
    "proportion_ci_high": "upper end of the proportion's interval",
    "difference": "difference of two proportions",
    "difference_ci_low": "lower end of the difference's interval",
    "difference_ci_high": "upper end of the difference's interval",
    "standardized_difference": "absolute standardised difference",
    "median": "median",
    "median_ci_low": "lower end of the median's interval",
    "median_ci_high": "upper end of the median's interval",
    "quartile_1": "first quartile",
    "quartile_3": "third quartile",
    "minimum": "smallest value",
    "maximum": "largest value",
    "censored_to_date": "patients censored up to and including the time",
    "begins_later": "patients at risk whose consolidation begins after the time",
    "survival": "probability of being free of the event",
    "survival_ci_low": "lower end of its interval",
    "survival_ci_high": "upper end of its interval",
    "incidence": "probability of having had the event, others being able to come first",
    "incidence_ci_low": "lower end of its interval",
    "incidence_ci_high": "upper end of its interval",
    "competing_events": "patients in whom another event came first",
    "chi_square": "test statistic",
    "p_value": "two-sided P value",
    "hazard_ratio": "hazard ratio",
    "hazard_ratio_ci_low": "lower end of the hazard ratio's interval",
    "hazard_ratio_ci_high": "upper end of the hazard ratio's interval",
    "coefficient": "log hazard ratio",
    "std_error": "standard error of the coefficient",
    "robust_std_error": "standard error of the coefficient, robust to clusters",
    "robust_ci_low": "lower end of the hazard ratio's interval, robust to clusters",
    "robust_ci_high": "upper end of the hazard ratio's interval, robust to clusters",
    "robust_p_value": "two-sided P value, robust to clusters",
    "clusters": "clusters behind the robust errors",
    "minimum_detectable_hazard_ratio": "hazard ratio that the comparison could detect",
    "power": "probability with which it would detect that",
    "hazard_ratio_change": "hazard ratio after the cut over that before it",
    "hazard_ratio_change_ci_low": "lower end of the change's interval",
    "hazard_ratio_change_ci_high": "upper end of the change's interval",
    "restricted_mean": "mean time free of the event up to the time",
    "restricted_mean_std_error": "its standard error",
    "restricted_mean_ci_low": "lower end of its interval",
    "restricted_mean_ci_high": "upper end of its interval",
    "restricted_mean_difference": "difference of two restricted means",
    "restricted_mean_difference_std_error": "its standard error",
    "restricted_mean_difference_ci_low": "lower end of its interval",
    "restricted_mean_difference_ci_high": "upper end of its interval",
    "completeness": "observed over potential person-time (Clark's C)",
    "observed_person_time": "time that the patients were followed, in sum",
    "potential_person_time": "time that they could have been followed, in sum",
    "lr_p_value": "P of the likelihood-ratio test of the whole factor",
    "ph_p_value": "P of the score test of proportional hazards",
    "gvif_per_parameter": "variance inflation per parameter",
    "log_likelihood": "log-likelihood, of a Cox model the partial one",
    "parameters": "parameters of the model",
    "events_per_parameter": "events over parameters",
    "replications": "simulated cohorts",
    "replications_estimated": "simulated cohorts with a finite estimate",
    "bias": "mean of the estimates minus the true log hazard ratio",
    "bias_mc_error": "Monte Carlo standard error of the bias",
    "coverage": "share of intervals that hold the true value",
    "coverage_mc_error": "Monte Carlo standard error of the coverage",
    "empirical_std_error": "standard deviation of the estimates over the cohorts",
    "mean_std_error": "root mean square of the models' standard errors",
    "excess_std_error": "standard deviation over that with the terms held, minus 1",
    "effective_sample_size": "patients of equal weight that would be as precise",
    "largest_weight": "largest weight over the mean weight of its group",
    "worst": "worst value that a check found",
    "passes_at": "bound up to which a check is passed",
    "fails_beyond": "bound beyond which a check fails",
    "verdict": "0 pass, 1 caution, 2 fail, 3 not assessed",
    "extreme": "patients whose propensity is below 5% or above 95%",
    "chance": "probability that unrelated variables show the same",
    "e_value": "confounding that could explain the hazard ratio, as a risk ratio",
    "e_value_limit": "the same for the end of the interval nearer to 1",
    "enters": "1 if the candidate enters the model, else 0",
    "selected": "resamples in which the candidate's P falls below the entry P",
    "selected_mc_error": "Monte Carlo standard error of that share",
    "resamples": "bootstrap resamples",
    "resamples_estimable": "resamples with a finite estimate",
    "distinct_models": "different models that the resamples gave",
    "same_model": "resamples that gave the model of all patients",
    "most_frequent_model": "resamples that gave the most frequent model",
    "penalty": "weight of the penalty that cross-validation chose",
    "folds": "parts of the patients in that cross-validation",
    "checks_asked": "checks of what a conclusion needs",
    "checks_passed": "of these, passed",
    "specifications": "specifications that give an estimate",
    "excluding_one": "specifications whose interval excludes 1",
    "lowest_hazard_ratio": "lowest of their hazard ratios",
    "median_hazard_ratio": "median of their hazard ratios",
    "highest_hazard_ratio": "highest of their hazard ratios",
    "rank": "place of the hazard ratio among those of all specifications, from the lowest",
    "events_expected": "mean number of events in a simulated cohort",
    "terms_expected": "mean number of terms that the screen let in",
    "lacks": "1 where the covariate is missing in the pattern",
    "missing_information": "fraction of information on the coefficient that is missing",
    "coefficient_mc_error": "standard error of the coefficient from the number of imputations",
    "claims": "numbers that the article prints about its patients, each once",
    "conflicts": "sets of printed numbers that no cohort can meet together",
    "printed": "the number as the article prints it",
    "difference_from_printed": "ours minus the printed number, both as written",
    "last_digits_from_printed": "the same in units of the last printed digit",
    "checks": "checks of printed numbers",
    "checks_agreeing": "checks in which the numbers simply agree",
    "checks_notable": "checks of which something follows",
    "items": "items of a reporting guideline",
}
UNITS = (
    "",
    "patients",
    "proportion",
    "months",
    "days",
    "years",
    "10 years",
    "doses",
    "lines",
    "grade",
    "%",
    "cells/µL",
)  # fmt: skip

# The levels of this analysis are the names of the lines of the claims file.
OF_CLAIMS = "published_number"
_POPULATION = re.compile(r"^(?P<base>\w+)(\[(?P<variable>\w+)=(?P<level>[^\]]+)\])?$")


def check_vocabulary(results: Results, dictionary: Dictionary) -> None:
    """Refuse a row whose key uses a word that is not in the vocabulary.

    Raises
    ------
    CohortError
        Naming the row, the part of its key, and the word.
    """
    for row in results:
        for part, word, known in _parts(row, dictionary):
            if not known:
                raise CohortError(f"results: {word!r} is not a known {part}, in {row.key}")


def _parts(row: Row, dictionary: Dictionary) -> list[tuple[str, str, bool]]:
    key = row.key
    # Columns that a parameter names, and sections of the claims file: nobody can list them.
    included = key.variable.startswith(("include_", "section_"))
    return [
        ("analysis", key.analysis, key.analysis in ANALYSES or key.analysis in CURVE),
        ("outcome", key.outcome, key.outcome in ("", *OUTCOMES) or key.outcome in dictionary),
        ("population", key.population, _is_population(key.population, dictionary)),
        (
            "variable",
            key.variable,
            included or key.variable in ("", *VARIABLES) or key.variable in dictionary,
        ),
        (
            "level",
            key.level,
            key.analysis == OF_CLAIMS or _is_level(key.variable, key.level, dictionary),
        ),
        ("statistic", key.statistic, key.statistic in STATISTICS),
        ("unit", row.unit, row.unit in UNITS),
    ]


def _is_population(text: str, dictionary: Dictionary) -> bool:
    match = _POPULATION.match(text)
    if text == "" or match is None:
        return text == ""
    group = match["variable"]
    known = group is None or _is_level(group, match["level"], dictionary)
    return match["base"] in POPULATIONS and known


def _is_level(variable: str, level: str, dictionary: Dictionary) -> bool:
    if level == "" or level in LEVELS:
        return True
    if variable not in dictionary:
        return False
    described = dictionary[variable]
    return level in described.levels or described.type == "code"
