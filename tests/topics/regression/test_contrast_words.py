"""Sentences on the response contrast."""

from __future__ import annotations

from analysis_lib.topics.regression.response_contrast import response_contrast
from analysis_lib.topics.regression.words import describe_response_contrast


def test_the_response_contrast_says_on_what_the_article_conditions(study, study_of):
    text = str(describe_response_contrast(response_contrast(study)))
    assert text.count("the hazard ratio of the InO-refractory group against the InO-resp") == 2
    assert "From model B, in responders to the infusion and beside consol" in text
    infused = study_of(model_population="infused", as_published_terms=["sex"])
    text = str(describe_response_contrast(response_contrast(infused)))
    assert "From model B, as specified by the parameters, it is" in text
