"""Consolidation after response, without immortal time."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "consolidation_fixed": "consolidation as if known at infusion",
        "consolidation_fixed_adjusted": "the same, adjusted",
        "consolidation_time_varying": "consolidation from the day on which it begins",
        "consolidation_time_varying_adjusted": "the same, adjusted",
        "consolidation_landmark": "consolidation by a landmark, among those at risk there",
        "consolidation_landmark_adjusted": "the same, adjusted",
        "consolidation_received": "consolidation by a day after the response, relapse or death first",
        "consolidation_cloned": "consolidation as a strategy against none, cloned and weighted",
        "consolidation_cloned_relapse": "relapse under both strategies",
        "consolidation_cloned_death_without_relapse": "death without relapse under both strategies",
        "consolidation_cloned_curve": "survival under both strategies at each step",
        "consolidation_landmark_counts": "responders at each landmark",
        "simon_makuch_any": "survival before and after any consolidation, from the first landmark",
        "simon_makuch_kind": "the same by kind of consolidation",
        "simulated_consolidation": "simulated cohorts in which consolidation changes nothing",
        "simulated_consolidation_fixed": "the fixed estimate where consolidation changes nothing",
        "simulated_consolidation_time_varying": "the time-varying estimate there",
        "simulated_consolidation_landmark": "the landmark estimate there",
        "random_consolidation_fixed": "the fixed estimate where the treated are drawn at random",
        "random_consolidation_landmark": "the landmark estimate there",
        "effect_consolidation_time_varying": "the time-varying estimate where there is an effect",
        "simulated_consolidation_cloned": "the ratio of the strategies' cumulative hazards there",
    },
    statistics={
        "censored_to_date": "patients censored up to and including the time",
        "in_time": "patients consolidated within the grace period",
        "censored_at_grace": "patients in remission and not consolidated when it ends",
        "incidence_difference": "difference of two cumulative incidences",
        "incidence_difference_ci_low": "lower end of its interval",
        "incidence_difference_ci_high": "upper end of its interval",
        "true_hazard_ratio": "hazard ratio of which the simulated cohorts are drawn",
        "power_mc_error": "Monte Carlo standard error of the power",
        "exaggeration": "times that a significant log hazard ratio is larger than the truth",
        "wrong_sign": "significant estimates on the other side of 1 than the truth",
        "begins_later": "patients at risk whose consolidation begins after the time",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "effects": "numbers:consolidation_effects",
        "at_landmarks": "follow_up:responders_at_landmarks",
        "simulation": "simulated:consolidation_simulation",
        "received": "receipt:consolidation_received",
        "words_on_receipt": "words:describe_receipt",
        "strategies": "cloned:consolidation_strategies",
        "table_strategies": "strategy_table:table_strategies",
        "figure_strategies": "figure:plot_strategies",
        "words_on_strategies": "words:describe_strategies",
        "table": "table:table_triptych",
        "table_landmarks": "table:table_landmarks",
        "table_simulation": "table:table_consolidation_simulation",
        "figure_curves": "figure:plot_simon_makuch",
        "words": "words:describe_triptych",
        "words_on_waiting": "words:describe_waiting",
        "words_on_simulation": "simulation_words:describe_consolidation_simulation",
    },
    words=WORDS,
    parts="numbers:parts",
    repeated=("simulated:consolidation_simulation",),
)
__getattr__, __dir__ = TOPIC.face()
