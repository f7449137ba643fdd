"""What a screen for covariates is worth, and models that do without it."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "cox_every_candidate": "Cox model of the exposure and all candidates",
        "cox_every_candidate_ridge": "the same with a ridge penalty on the candidates",
        "cox_every_candidate_firth": "the same with Firth's penalty",
        "screen_bootstrap": "the screen and its model, repeated in bootstrap resamples",
        "screen_bootstrap_same_terms": "the screened model with its terms held, in the same resamples",
        "screen_simulation_baseline_screened": "screened model where baseline covariates act",
        "screen_simulation_baseline_fixed": "model of fixed terms where baseline covariates act",
        "screen_simulation_candidates_screened": "screened model where all candidates act",
        "screen_simulation_candidates_fixed": "model of fixed terms where all candidates act",
    },
    statistics={
        "penalty": "weight of the penalty that cross-validation chose",
        "folds": "parts of the patients in that cross-validation",
        "resamples": "bootstrap resamples",
        "resamples_estimable": "resamples with a finite estimate",
        "distinct_models": "different models that the resamples gave",
        "same_model": "resamples that gave the model of all patients",
        "most_frequent_model": "resamples that gave the most frequent model",
        "selected": "resamples in which the candidate's P falls below the entry P",
        "selected_mc_error": "Monte Carlo standard error of that share",
        "excess_std_error": "standard deviation over that with the terms held, minus 1",
        "terms_expected": "mean number of terms that the screen let in",
        "events_expected": "mean number of events in a simulated cohort",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "stability": "numbers:screen_stability",
        "coverage": "numbers:screen_coverage",
        "resamples": "bootstrap:screen_bootstrap",
        "simulation": "numbers:screen_simulation",
        "penalised": "penalised:penalised_models",
        "table": "table:table_screen_stability",
        "table_coverage": "table:table_screen_coverage",
        "table_penalised": "table:table_penalised",
        "words": "words:describe_screen_stability",
        "words_on_coverage": "words:describe_screen_coverage",
        "words_on_penalised": "words:describe_penalised",
    },
    words=WORDS,
    parts="penalised:parts",
    repeated=(
        "bootstrap:screen_bootstrap",
        "numbers:screen_simulation",
    ),
)
__getattr__, __dir__ = TOPIC.face()
