"""The article's printed hazard ratio is found by the key of ours, and only if it is complete."""

from __future__ import annotations

from analysis_lib.article.comparison.published import printed_ratio
from analysis_lib.results.rows import Key
from analysis_lib.topics.specifications.choices import PrintedRatio

MODEL_A = Key("cox_as_published_a", "pfs", "responders", "ino", "exposed", "exposed_vs_naive")


def test_the_printed_interval_of_the_articles_model(study):
    assert printed_ratio(study, MODEL_A) == PrintedRatio(1.20, 0.71, 2.03)


def test_what_the_article_does_not_print_is_none(study, study_of):
    assert printed_ratio(study, MODEL_A._replace(outcome="os")) is None
    assert printed_ratio(study_of(claims=""), MODEL_A) is None


def test_an_estimate_without_its_interval_is_none(study_of, write_claims):
    own = {name: getattr(MODEL_A, name) for name in MODEL_A._fields if name != "time_months"}
    change = {**own, "statistic": "hazard_ratio", "value": "1.20", "printed_decimals": "2"}
    path = write_claims({**change, "unit": "", "section": "cox", "claim_id": "hr"})
    assert printed_ratio(study_of(claims=str(path)), MODEL_A) is None
