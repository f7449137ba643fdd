"""The article's models, the screen, and the models that screening gives."""

from analysis_lib.topics.face import lazy_face

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "as_published": "numbers:as_published_models",
        "screen": "numbers:screen_candidates",
        "screened": "numbers:screened_models",
        "model_b": "numbers:model_b",
        "response_contrast": "response_contrast:response_contrast",
        "table": "table:table_model",
        "table_beside": "table:table_model_comparison",
        "table_diagnostics": "table:table_diagnostics",
        "table_screen": "screen_table:table_screen",
        "table_response": "screen_table:table_response_contrast",
        "figure": "figure:plot_forest",
        "figure_screen": "figure:plot_univariable_forest",
        "words": "words:describe_model",
        "words_on_screen": "words:describe_screen",
        "words_on_terms": "words:describe_terms",
        "words_on_response": "words:describe_response_contrast",
        "words_on_diagnostics": ".show.prose:describe_diagnostics",
    },
)
