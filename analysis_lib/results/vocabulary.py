"""The words that the key of the results table may use, each with its meaning.

What several questions need stands here; what one question needs is said by its topic.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields


@dataclass(frozen=True)
class Words:
    """The words of some analyses: for each part of the key, word and meaning.

    Outcomes, variables and levels are those beside the dictionary. A population is a base;
    `base[variable=level]` is one group of it.
    """

    analyses: Mapping[str, str] = field(default_factory=dict)
    outcomes: Mapping[str, str] = field(default_factory=dict)
    populations: Mapping[str, str] = field(default_factory=dict)
    variables: Mapping[str, str] = field(default_factory=dict)
    levels: Mapping[str, str] = field(default_factory=dict)
    statistics: Mapping[str, str] = field(default_factory=dict)


def together(*several: Words) -> Words:
    """One vocabulary from several."""
    return Words(
        **{
            part.name: {
                word: meaning
                for words in several
                for word, meaning in getattr(words, part.name).items()
            }
            for part in fields(Words)
        }
    )


SHARED = Words(
    populations={
        "infused": "all infused and eligible patients",
        "crs_evaluable": "patients with a CRS grade",
        "crs_affected": "patients with CRS of any grade",
        "icans_evaluable": "patients with an ICANS grade",
        "icans_affected": "patients with ICANS of any grade",
        "response_evaluable": "patients with an evaluable response",
        "responders": "patients in CR or CRi after infusion",
        "mrd_tested_responders": "patients in CR or CRi whose MRD was tested",
        "sos_deaths": "patients who died of sinusoidal obstruction syndrome",
    },
    levels={
        "missing": "no value recorded",
        "none": "none of it: no dose, no toxicity",
    },
    statistics={
        "n": "patients analysed",
        "n_evaluable": "patients with a value",
        "drawn_from": "patients of whom those analysed are a random part",
        "n_at_level": "patients at the level",
        "events": "patients with the event",
        "events_at_level": "patients with the event at the level",
        "events_to_date": "events up to and including the time",
        "at_risk": "patients at risk just before the time",
        "excluded": "patients left out",
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
        "mean": "mean",
        "standard_deviation": "standard deviation of the values",
        "minimum": "smallest value",
        "maximum": "largest value",
        "survival": "probability of being free of the event",
        "survival_ci_low": "lower end of its interval",
        "survival_ci_high": "upper end of its interval",
        "chi_square": "test statistic",
        "p_value": "two-sided P value",
        "fisher_p_value": "P of Fisher's exact test, where an expected count is below 5",
        "hazard_ratio": "hazard ratio",
        "hazard_ratio_ci_low": "lower end of the hazard ratio's interval",
        "hazard_ratio_ci_high": "upper end of the hazard ratio's interval",
        "penalised_hazard_ratio": "the same with Firth's penalty, where a level has few events",
        "penalised_hazard_ratio_ci_low": "lower end of the penalised ratio's profile interval",
        "penalised_hazard_ratio_ci_high": "upper end of the penalised ratio's profile interval",
        "penalised_p_value": "two-sided P value of the penalised likelihood ratio",
        "coefficient": "log hazard ratio",
        "std_error": "standard error of the coefficient",
        "robust_std_error": "standard error of the coefficient, robust to clusters",
        "minimum_detectable_hazard_ratio": "hazard ratio that the comparison could detect",
        "power": "probability with which it would detect that",
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
        "enters": "1 if the candidate enters the model, else 0",
    },
)
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
)

# The levels of this analysis are the names of the lines of the claims file.
OF_CLAIMS = "published_number"
