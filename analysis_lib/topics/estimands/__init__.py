"""What is asked, and what each covariate can be to the exposure."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "estimand": "what is asked: populations, intercurrent events, time to infusion",
    },
    variables={
        "apheresis_to_infusion": "days from apheresis to infusion",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "of_study": "numbers:study_estimands",
        "target_trial": "numbers:target_trial",
        "table": "table:table_estimands",
        "table_roles": "table:table_covariate_roles",
        "table_target_trial": "target_trial_table:table_target_trial",
        "figure": "figure:plot_causal_diagram",
        "words": "words:describe_roles",
        "words_on_later": "words:describe_later",
        "words_on_selection": "words:describe_selection",
    },
    words=WORDS,
    parts="numbers:parts",
)
__getattr__, __dir__ = TOPIC.face()
