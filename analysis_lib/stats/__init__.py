"""Estimators and tests over plain Series, each returning a frozen dataclass of raw numbers."""

from analysis_lib.stats.collinearity import GeneralizedVif, generalized_vif
from analysis_lib.stats.completeness import Completeness, follow_up_completeness
from analysis_lib.stats.contingency import ChiSquare, chi_square_test
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_contrast import contrast
from analysis_lib.stats.cox_intervals import fit_cox_intervals
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, FactorSummary
from analysis_lib.stats.cox_robust import ClusteredErrors, clustered_errors
from analysis_lib.stats.cumulative_incidence import (
    CumulativeIncidence,
    IncidenceEstimate,
    cumulative_incidence,
)
from analysis_lib.stats.delayed_entry import DelayedKaplanMeier, kaplan_meier_intervals
from analysis_lib.stats.detectable_effect import minimum_detectable_hazard_ratio
from analysis_lib.stats.e_value import EValue, e_value
from analysis_lib.stats.fine_gray import FineGrayFit, fit_fine_gray
from analysis_lib.stats.followup import reverse_kaplan_meier
from analysis_lib.stats.gray_test import GrayTest, gray_test
from analysis_lib.stats.intervals import Intervals, landmark_follow_up, split_follow_up
from analysis_lib.stats.kaplan_meier import KaplanMeier, SurvivalEstimate, kaplan_meier
from analysis_lib.stats.leave_one_out import LeftOut, leave_one_out
from analysis_lib.stats.likelihood_ratio import (
    LikelihoodRatio,
    drop_one_tests,
    global_test,
    likelihood_ratio_test,
)
from analysis_lib.stats.logrank import LogRank, logrank_test
from analysis_lib.stats.period_hazards import PeriodHazards, period_hazards
from analysis_lib.stats.propensity import PropensityFit, fit_propensity
from analysis_lib.stats.proportional_hazards import (
    ProportionalHazards,
    ProportionalHazardsTerm,
    proportional_hazards_test,
)
from analysis_lib.stats.proportions import (
    Difference,
    Proportion,
    clopper_pearson,
    newcombe_difference,
)
from analysis_lib.stats.ranks import RankTest, rank_test
from analysis_lib.stats.residual_smooth import ResidualSmooth, smooth_residuals
from analysis_lib.stats.restricted_mean import (
    RestrictedMean,
    RestrictedMeanDifference,
    restricted_mean,
    restricted_mean_difference,
)
from analysis_lib.stats.schoenfeld import SchoenfeldResiduals
from analysis_lib.stats.standardized_difference import (
    StandardizedDifference,
    binary_difference,
    continuous_difference,
    multinomial_difference,
)
from analysis_lib.stats.survival_quantile import Quantile
from analysis_lib.stats.weighted_cox import WeightedCox, fit_weighted_cox
from analysis_lib.stats.weighted_difference import (
    weighted_continuous_difference,
    weighted_multinomial_difference,
)
from analysis_lib.stats.weighted_kaplan_meier import weighted_kaplan_meier
from analysis_lib.stats.weights import (
    effective_sample_size,
    inverse_probability_weights,
    overlap_weights,
)

__all__ = [
    "ChiSquare",
    "ClusteredErrors",
    "Completeness",
    "CoxCoefficient",
    "CoxFit",
    "CumulativeIncidence",
    "DelayedKaplanMeier",
    "Difference",
    "EValue",
    "FactorSummary",
    "FineGrayFit",
    "GeneralizedVif",
    "GrayTest",
    "IncidenceEstimate",
    "Intervals",
    "KaplanMeier",
    "LeftOut",
    "LikelihoodRatio",
    "LogRank",
    "PeriodHazards",
    "PropensityFit",
    "Proportion",
    "ProportionalHazards",
    "ProportionalHazardsTerm",
    "Quantile",
    "RankTest",
    "ResidualSmooth",
    "RestrictedMean",
    "RestrictedMeanDifference",
    "SchoenfeldResiduals",
    "StandardizedDifference",
    "SurvivalEstimate",
    "WeightedCox",
    "binary_difference",
    "chi_square_test",
    "clopper_pearson",
    "clustered_errors",
    "continuous_difference",
    "contrast",
    "cumulative_incidence",
    "drop_one_tests",
    "e_value",
    "effective_sample_size",
    "fit_cox",
    "fit_cox_intervals",
    "fit_fine_gray",
    "fit_propensity",
    "fit_weighted_cox",
    "follow_up_completeness",
    "generalized_vif",
    "global_test",
    "gray_test",
    "inverse_probability_weights",
    "kaplan_meier",
    "kaplan_meier_intervals",
    "landmark_follow_up",
    "leave_one_out",
    "likelihood_ratio_test",
    "logrank_test",
    "minimum_detectable_hazard_ratio",
    "multinomial_difference",
    "newcombe_difference",
    "overlap_weights",
    "period_hazards",
    "proportional_hazards_test",
    "rank_test",
    "restricted_mean",
    "restricted_mean_difference",
    "reverse_kaplan_meier",
    "smooth_residuals",
    "split_follow_up",
    "weighted_continuous_difference",
    "weighted_kaplan_meier",
    "weighted_multinomial_difference",
]
