"""What each statistic is a function of, and to how many decimals it is released.

A statistic that stands here with no rule is withheld wherever small counts are suppressed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, replace
from enum import Enum

from analysis_lib.format import round_half_up, round_p
from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.rows import Row

METHOD = "suppressed"


class Of(Enum):
    """What a number is a function of, which decides when it is released."""

    PATIENTS = "a number of patients: where the plan shows the set that it counts"
    SHARE = "a count and its denominator: with both"
    TABLE = "the counts of a table: with all of them"
    MODEL_SIZE = "a model's patients and events: with both"
    MODEL = "the groups of a model: where none has few patients or events"
    CURVE = "times in a group: where its size is shown, or neither size nor events are"
    VALUES = "the values in a group: where it is not small"
    FEW = "one patient, or few: never"
    METHOD = "the method, simulated cohorts or the article, and of no single patient: always"


@dataclass(frozen=True)
class Rule:
    """`decimals` is None where the number is a function of what is shown beside it."""

    of: Of
    decimals: int | None = None
    is_p: bool = False

    def rounded(self, value: float) -> float:
        """The value as a release has it."""
        if self.is_p:
            return round_p(value)
        return value if self.decimals is None else round_half_up(value, self.decimals)


ENDS = ("", "_ci_low", "_ci_high")


def _ends(*statistics: str) -> tuple[str, ...]:
    return tuple(statistic + end for statistic in statistics for end in ENDS)


def _each(rule: Rule, statistics: Iterable[str]) -> dict[str, Rule]:
    return dict.fromkeys(statistics, rule)


COUNTS = (
    "n", "n_evaluable", "n_at_level", "events", "events_at_level", "events_to_date", "at_risk",
    "excluded", "remaining", "count", "competing_events", "censored_to_date", "begins_later",
    "in_time", "censored_at_grace", "drawn_from",
)  # fmt: skip
OF_METHOD = (
    "parameters", "terms", "power", "true_hazard_ratio", "enters", "clusters", "lacks", "penalty",
    "folds", "resamples", "resamples_estimable", "distinct_models", "same_model",
    "most_frequent_model", "specifications", "excluding_one", "rank", "checks_asked",
    "checks_passed", "passes_at", "fails_beyond", "verdict", "replications",
    "replications_estimated", "terms_expected", "events_expected", "claims", "conflicts", "printed",
    "checks", "checks_agreeing", "checks_notable", "items",
)  # fmt: skip
# Of cohorts simulated from times of patients by a seed that everyone has: many digits would let
# whoever knows all times but one try that one.
OF_SIMULATED = (
    "bias", "bias_mc_error", "coverage", "coverage_mc_error", "empirical_std_error",
    "mean_std_error", "excess_std_error", "selected", "selected_mc_error", "power_mc_error",
    "exaggeration", "wrong_sign",
)  # fmt: skip
RULES: dict[str, Rule] = {
    **_each(Rule(Of.PATIENTS), COUNTS),
    **_each(Rule(Of.SHARE), _ends("proportion")),
    **_each(Rule(Of.TABLE, 3), _ends("difference")),
    **_each(Rule(Of.TABLE, 2), ("standardized_difference",)),
    **_each(Rule(Of.TABLE, is_p=True), ("fisher_p_value", "chance")),
    **_each(Rule(Of.MODEL_SIZE, 1), ("events_per_parameter", "effective_sample_size")),
    **_each(Rule(Of.MODEL_SIZE, 0), ("patients_needed", "events_needed")),
    **_each(Rule(Of.MODEL_SIZE, 2), ("risk_margin",)),
    **_each(Rule(Of.MODEL_SIZE, 2), ("minimum_detectable_hazard_ratio", "log_likelihood")),
    # The crude one is a function of four counts alone, the other of the events in four cells.
    **_each(Rule(Of.MODEL_SIZE, 2), (*_ends("odds_ratio"), "detectable_ratio_of_hazard_ratios")),
    **_each(
        Rule(Of.MODEL, 2),
        _ends(
            "hazard_ratio",
            "penalised_hazard_ratio",
            "hazard_ratio_change",
            "hazard_ratio_beside_another",
        ),
    ),
    **_each(Rule(Of.MODEL, 2), ("robust_ci_low", "robust_ci_high", "e_value", "e_value_limit")),
    **_each(Rule(Of.MODEL, 2), ("coefficient", "std_error", "robust_std_error")),
    **_each(Rule(Of.MODEL, 2), ("gvif_per_parameter", "missing_information", "frailty_variance")),
    **_each(Rule(Of.MODEL, 3), ("coefficient_mc_error", "p_value_mc_error")),
    **_each(
        Rule(Of.MODEL, 2), ("lowest_hazard_ratio", "median_hazard_ratio", "highest_hazard_ratio")
    ),
    # Of a table, of curves or of a model, by the rows beside it.
    **_each(Rule(Of.MODEL, is_p=True), ("p_value", "robust_p_value", "penalised_p_value")),
    **_each(Rule(Of.MODEL, is_p=True), ("lr_p_value", "ph_p_value")),
    **_each(Rule(Of.MODEL, 2), ("chi_square",)),
    **_each(
        Rule(Of.CURVE, 2), _ends("survival", "incidence", "survival_ratio", "incidence_difference")
    ),
    **_each(Rule(Of.CURVE, 2), _ends("survival_difference", "cumulative_hazard_ratio")),
    **_each(Rule(Of.CURVE, 1), _ends("restricted_mean", "restricted_mean_difference")),
    **_each(
        Rule(Of.CURVE, 1), ("restricted_mean_std_error", "restricted_mean_difference_std_error")
    ),
    **_each(Rule(Of.CURVE, 1), _ends("number_needed")),
    **_each(
        Rule(Of.VALUES, 2),
        (*_ends("median"), "quartile_1", "quartile_3", "mean", "standard_deviation"),
    ),
    **_each(Rule(Of.VALUES, 2), ("completeness",)),
    **_each(Rule(Of.VALUES, 0), ("observed_person_time", "potential_person_time")),
    **_each(Rule(Of.FEW), ("minimum", "maximum", "largest_weight", "extreme")),
    **_each(Rule(Of.FEW), ("difference_from_printed", "last_digits_from_printed")),
    **_each(Rule(Of.METHOD), OF_METHOD),
    **_each(Rule(Of.METHOD, 3), OF_SIMULATED),
    **_each(Rule(Of.METHOD, 2), ("worst",)),
}
# Of a table where it has counts, else of curves or of a model.
TESTS = ("p_value", "chi_square")
UNKNOWN = Rule(Of.FEW)


def rule_of(statistic: str) -> Rule:
    """The rule of a statistic; of one that has none, that it is never released."""
    return RULES.get(statistic, UNKNOWN)


def with_decimals(row: Row) -> Row:
    """A released number, no finer than its rule says."""
    return (
        row if row.suppressed else replace(row, value=rule_of(row.key.statistic).rounded(row.value))
    )


def withheld(row: Row) -> Row:
    """A row without its number."""
    return replace(row, value=SUPPRESSED, method=METHOD)
