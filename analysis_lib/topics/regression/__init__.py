"""The article's models, the screen, and the models that screening gives."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import Topic

WORDS = Words(
    analyses={
        "cox_univariable": "one Cox model per candidate covariate",
        "cox_as_published_a": "Cox model with the fixed terms, by exposure",
        "cox_as_published_b": "the same by response to the exposure, unknown response left out",
        "cox_as_published_b_unknown": "the same with unknown response as a level",
        "cox_screened_a": "Cox model with the screened terms, by exposure",
        "cox_screened_b": "the same by response to the exposure, unknown response left out",
        "cox_screened_b_unknown": "the same with unknown response as a level",
        "cox_response_crude": "response to the exposure: Cox model of exposure and response alone",
        "cox_response_before_exposure": "the same, adjusted for what the exposure cannot have changed",
        "cox_response_baseline": "the same, adjusted for baseline covariates",
        "cox_response_as_published": "response to the exposure in the fixed-term model B",
    },
)
TOPIC = Topic(
    __name__,
    shown={
        "as_published": "numbers:as_published_models",
        "screen": "numbers:screen_candidates",
        "screened": "numbers:screened_models",
        "distinct": "numbers:distinct_models",
        "model_b": "numbers:model_b",
        "response_contrast": "response_contrast:response_contrast",
        "table": "table:table_model",
        "table_beside": "table:table_model_comparison",
        "table_diagnostics": "table:table_diagnostics",
        "table_screen": "table:table_screen",
        "table_response": "table:table_response_contrast",
        "words": "words:describe_model",
        "words_on_screen": "words:describe_screen",
        "words_on_terms": "words:describe_terms",
        "words_on_response": "words:describe_response_contrast",
        "words_on_diagnostics": ".show.model_lines:describe_diagnostics",
    },
    words=WORDS,
    parts="response_contrast:parts",
)
__getattr__, __dir__ = TOPIC.face()
