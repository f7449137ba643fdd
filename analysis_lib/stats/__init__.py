"""Estimators and tests over plain Series, each returning a frozen dataclass of raw numbers."""

from analysis_lib.stats.collinearity import GeneralizedVif, generalized_vif
from analysis_lib.stats.completeness import Completeness, follow_up_completeness
from analysis_lib.stats.contingency import ChiSquare, chi_square_test
from analysis_lib.stats.cox import fit_cox
from analysis_lib.stats.cox_contrast import contrast
from analysis_lib.stats.cox_results import CoxCoefficient, CoxFit, FactorSummary
from analysis_lib.stats.cox_robust import ClusteredErrors, clustered_errors
from analysis_lib.stats.detectable_effect import minimum_detectable_hazard_ratio
from analysis_lib.stats.followup import reverse_kaplan_meier
from analysis_lib.stats.kaplan_meier import KaplanMeier, SurvivalEstimate, kaplan_meier
from analysis_lib.stats.likelihood_ratio import (
    LikelihoodRatio,
    drop_one_tests,
    global_test,
    likelihood_ratio_test,
)
from analysis_lib.stats.logrank import LogRank, logrank_test
from analysis_lib.stats.period_hazards import PeriodHazards, period_hazards
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

__all__ = [
    "ChiSquare",
    "ClusteredErrors",
    "Completeness",
    "CoxCoefficient",
    "CoxFit",
    "Difference",
    "FactorSummary",
    "GeneralizedVif",
    "KaplanMeier",
    "LikelihoodRatio",
    "LogRank",
    "PeriodHazards",
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
    "binary_difference",
    "chi_square_test",
    "clopper_pearson",
    "clustered_errors",
    "continuous_difference",
    "contrast",
    "drop_one_tests",
    "fit_cox",
    "follow_up_completeness",
    "generalized_vif",
    "global_test",
    "kaplan_meier",
    "likelihood_ratio_test",
    "logrank_test",
    "minimum_detectable_hazard_ratio",
    "multinomial_difference",
    "newcombe_difference",
    "period_hazards",
    "proportional_hazards_test",
    "rank_test",
    "restricted_mean",
    "restricted_mean_difference",
    "reverse_kaplan_meier",
    "smooth_residuals",
]
