"""Relapse, death without relapse, and the onset of toxicity, where one can come before another."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "first_event": "patients by the event that came first",
        "competing_risks": "cumulative incidence of relapse and of death without it, by exposure",
        "toxicity_onset": "cumulative incidence of CRS and ICANS in the first 30 days, by exposure",
        "cause_specific_crude": "cause-specific hazard of one of several events, exposure alone",
        "cause_specific_baseline": "the same adjusted for the baseline covariates",
        "subdistribution_crude": "subdistribution hazard (Fine-Gray) of one event, exposure alone",
        "subdistribution_baseline": "the same adjusted for the baseline covariates",
    },
    outcomes={
        "no_event": "neither relapse nor death without it, by last contact",
        "death_without_relapse": "death as the first event of progression-free survival",
        "death_of_disease": "death from the disease as the first event",
        "death_of_other_cause": "death from another, or an unrecorded, cause as the first event",
        "relapse_or_nonresponse": "relapse or assessed non-response as the first event",
        "death_without_failure": "death before relapse or assessed non-response",
    },
    statistics={
        "incidence": "probability of having had the event, others being able to come first",
        "incidence_ci_low": "lower end of its interval",
        "incidence_ci_high": "upper end of its interval",
        "competing_events": "patients in whom another event came first",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "relapse_and_death": "numbers:relapse_and_death_by_exposure",
        "ways_to_fail": "ways_to_fail:ways_to_fail_by_exposure",
        "onset": "numbers:toxicity_onset_by_exposure",
        "table": "table:table_relapse_and_death",
        "table_ways": "table:table_ways_to_fail",
        "table_models": "table:table_cause_models",
        "table_onset": "table:table_toxicity_onset",
        "figure": "figure:plot_relapse_and_death",
        "figure_ways": "figure:plot_ways_to_fail",
        "figure_onset": "figure:plot_toxicity_onset",
        "words": "words:describe_first_events",
        "words_on_causes": "words:describe_causes",
        "words_on_ways": "ways_words:describe_ways_to_fail",
        "words_on_onset": "words:describe_onset",
        "words_on_limits": "ways_words:describe_limits",
    },
    words=WORDS,
    parts="ways_to_fail:parts",
)
__getattr__, __dir__ = TOPIC.face()
