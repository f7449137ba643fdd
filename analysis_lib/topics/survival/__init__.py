"""How long patients lived, and how long without relapse."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "survival_by_exposure": "Kaplan-Meier and log-rank by exposure",
        "survival_by_response": "Kaplan-Meier and log-rank by response to the exposure",
        "survival_by_timing": "Kaplan-Meier and log-rank by timing of the exposure",
        "followup": "follow-up by the definitions in use",
    },
    variables={
        "reverse_kaplan_meier": "follow-up by reverse Kaplan-Meier",
        "survivors": "follow-up of the living at last contact",
        "all_patients": "time to last contact or death of everyone",
        "potential": "time zero to data lock",
        "completeness": "follow-up observed of what was possible",
    },
    statistics={
        "completeness": "observed over potential person-time (Clark's C)",
        "observed_person_time": "time that the patients were followed, in sum",
        "potential_person_time": "time that they could have been followed, in sum",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "by_exposure": "numbers:survival_by_exposure",
        "by_response": "numbers:survival_by_response",
        "by_timing": "numbers:survival_by_timing",
        "follow_up": "numbers:followup",
        "courses": "courses:patient_courses",
        "table": "table:table_survival",
        "table_follow_up": "table:table_followup",
        "figure": ".show.kaplan_meier:plot_kaplan_meier",
        "figure_courses": "figure:plot_courses",
        "words": "words:describe_survival",
        "words_on_follow_up": "words:describe_followup",
        "words_on_clock": "words:describe_clock",
        "words_on_events": "words:describe_events",
        "words_on_limits": "words:describe_limits",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
