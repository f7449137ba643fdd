from __future__ import annotations

import math

import numpy as np
import pandas as pd
import pytest
from scipy.stats import norm
from writing_articles import Writer, half_up

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
)
from analysis_lib.article.audit.hazard_ratios import (
    hazard_ratio_findings,
    hazard_reading_findings,
    unadjusted_findings,
)
from analysis_lib.article.audit.information import GROUPS, PER_UNIT, UNKNOWN, kind_of_term
from analysis_lib.article.audit.triples import find_triples, wald
from analysis_lib.article.claims.claim import Claim
from analysis_lib.dictionary import Dictionary
from analysis_lib.results.rows import Key
from analysis_lib.stats.cox import fit_cox

NAMES = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
KEY = Key("cox_as_published_a", "pfs", "infused", "prior_hct", "yes", "yes_vs_no")


def ratio(ratio: str, low: str, high: str, *, p: str = "", key: Key = KEY) -> Writer:
    writer = Writer()
    for name, text in zip(NAMES, (ratio, low, high), strict=True):
        writer.add(key._replace(statistic=name), text)
    if p:
        writer.add(key._replace(statistic="p_value"), p)
    return writer


def only(writer: Writer, dictionary: Dictionary) -> Finding:
    (found,) = hazard_ratio_findings(Article(dictionary, writer.claims))
    return found


@pytest.mark.parametrize(
    ("contrast", "error"),
    [
        ("exposed_vs_naive", 0.268),
        ("responder_vs_naive", 0.298),
        ("refractory_vs_naive", 0.422),
        ("yes_vs_no", 0.324),
        ("allo_hct_vs_none", 0.418),
        ("tki_vs_none", 0.673),
    ],
)
def test_standard_errors_of_the_article_hold_those_found_by_hand(
    claims: tuple[Claim, ...], contrast: str, error: float
) -> None:
    one = next(t for t in find_triples(claims, "hazard_ratio") if t.key.contrast == contrast)
    known = wald(one)
    assert known is not None and known.std_error.holds(error)
    assert known.std_error.high - known.std_error.low < 0.15 * error


def test_every_published_hazard_ratio_is_the_middle_of_its_interval(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    found = hazard_ratio_findings(Article(dictionary, claims))
    assert [one.verdict for one in found] == [CONSISTENT] * 7
    tki = next(one for one in found if one.subject.startswith("TKI"))
    assert "at least 3 of the 18 patients of the TKI group had the event" in tki.explanation


@pytest.mark.parametrize(("estimate", "error"), [(0.3, 0.2), (-1.1, 0.45), (0.02, 0.31)])
def test_wald_windows_hold_what_was_printed(estimate: float, error: float) -> None:
    values = [estimate, estimate - norm.isf(0.025) * error, estimate + norm.isf(0.025) * error]
    writer = ratio(*(half_up(math.exp(value), 2) for value in values))
    (triple,) = find_triples(writer.claims, "hazard_ratio")
    known = wald(triple)
    assert known is not None
    assert known.std_error.holds(error)
    assert known.p_value.holds(2 * norm.sf(abs(estimate) / error))


def test_a_ratio_outside_its_interval_is_impossible(dictionary: Dictionary) -> None:
    found = only(ratio("2.30", "0.71", "2.03"), dictionary)
    assert found.verdict == IMPOSSIBLE and "outside its own interval" in found.explanation


def test_a_ratio_beside_the_middle_needs_another_interval(dictionary: Dictionary) -> None:
    found = only(ratio("1.50", "0.71", "2.03"), dictionary)
    assert found.verdict == NEEDS_ANOTHER and "which is 1.201" in found.explanation


def test_a_p_value_of_the_same_contrast_must_be_the_intervals(dictionary: Dictionary) -> None:
    agreeing = only(ratio("1.20", "0.71", "2.03", p="0.50"), dictionary)
    assert agreeing.verdict == CONSISTENT and "P = .50 agrees" in agreeing.explanation
    other = only(ratio("1.20", "0.71", "2.03", p="0.03"), dictionary)
    assert other.verdict == NEEDS_ANOTHER and "Wald P of .48 to .51" in other.explanation
    assert len(other.claims) == 4


def test_a_p_value_of_another_contrast_is_not_compared(dictionary: Dictionary) -> None:
    writer = ratio("1.20", "0.71", "2.03")
    writer.add(KEY._replace(variable="sex", statistic="p_value"), "0.03")
    assert only(writer, dictionary).verdict == CONSISTENT


def test_an_interval_cannot_be_narrower_than_its_patients_allow(dictionary: Dictionary) -> None:
    writer = ratio("1.20", "1.00", "1.44")  # SE .093: more than 400 events
    assert only(writer, dictionary).verdict == CONSISTENT
    writer.add(Key("flow", "", "infused", "infused", statistic="count"), "189", "patients")
    found = only(writer, dictionary)
    assert found.verdict == IMPOSSIBLE and "than 189 patients allow" in found.explanation
    few = ratio("1.20", "0.71", "2.03")
    key = Key("baseline_by_exposure", "", "infused[ino=naive]", "prior_hct", "yes")
    few.add_share(key, 4, 87)
    assert only(few, dictionary).verdict == CONSISTENT  # who is in the other column is not told
    few.add_share(key._replace(population="infused[ino=exposed]"), 5, 102)
    found = only(few, dictionary)
    assert found.verdict == IMPOSSIBLE and "the 9 patients" in found.explanation


def test_an_interval_that_a_lower_level_of_confidence_explains_is_possible(
    dictionary: Dictionary,
) -> None:
    writer = ratio("1.20", "0.92", "1.56")  # 221 events at 95%, 156 at 90%
    writer.add(Key("flow", "", "infused", "infused", statistic="count"), "189", "patients")
    found = only(writer, dictionary)
    assert found.verdict == NEEDS_ANOTHER and "unless it is an interval of 90%" in found.explanation


def test_ends_in_each_others_place_are_no_impossible_interval(dictionary: Dictionary) -> None:
    found = only(ratio("1.20", "2.03", "0.71"), dictionary)
    assert found.verdict == NEEDS_ANOTHER and "each other's place" in found.explanation


def test_patients_are_counted_over_the_columns_of_one_table(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    article = Article(dictionary, claims)
    assert article.patients_at_level("consolidation", "tki") == 18
    assert article.patients_at_level("prior_hct", "yes") == 78
    assert article.patients_at_level("ino_exposure_response", "refractory") == 27
    assert article.patients_at_level("bridging_therapy", "yes") is None
    assert article.all_patients == 189


def test_the_two_readings_of_the_article_are_worded_as_readings(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    model, strata = hazard_reading_findings(Article(dictionary, claims))
    assert model.verdict == strata.verdict == NOT_CHECKABLE
    assert "56 events split evenly" in model.explanation
    assert "does not prove it" in model.explanation
    assert "1.30" in strata.explanation and "1.67" in strata.explanation
    assert "the 13 patients in neither stratum did better, or the models" in strata.explanation


def test_no_reading_where_the_events_fit_or_the_strata_straddle(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    narrow = {"1.20": "1.20", "0.71": "0.80", "2.03": "1.80"}
    changed = []
    for claim in claims:
        text = claim.printed
        if claim.key.analysis == "cox_as_published_a":
            text = narrow[text]
        elif claim.key.statistic == "hazard_ratio" and claim.key.level == "responder":
            text = "1.10"
        changed.append(claim.__class__(**{**claim.__dict__, "printed": text, "value": claim.value}))
    rewritten = [
        claim.__class__(**{**claim.__dict__, "value": float(claim.printed)})
        if claim.key.statistic.startswith("hazard_ratio")
        else claim
        for claim in changed
    ]
    assert hazard_reading_findings(Article(dictionary, rewritten)) == []


def test_only_one_endpoint_of_the_article_is_adjusted(
    claims: tuple[Claim, ...], dictionary: Dictionary
) -> None:
    (found,) = unadjusted_findings(Article(dictionary, claims))
    assert found.verdict == NOT_CHECKABLE
    assert found.subject == "Overall survival, InO-exposed vs InO-naïve"
    assert "P = .006" in found.explanation
    assert "those printed are of progression-free survival" in found.explanation
    without = [claim for claim in claims if not claim.key.statistic.startswith("hazard_ratio")]
    assert unadjusted_findings(Article(dictionary, without)) == []


@pytest.mark.parametrize("seed", range(6))
def test_no_cox_model_is_more_precise_than_its_events(seed: int) -> None:
    rng = np.random.default_rng(seed)
    size = int(rng.integers(60, 200))
    group = pd.Categorical.from_codes(rng.choice(3, size, p=(0.5, 0.35, 0.15)), ["a", "b", "c"])
    covariates = pd.DataFrame({"group": group, "age": rng.normal(50, 10, size)})
    time = np.ceil(rng.exponential(20, size) / rng.choice([1, 8]))  # some with many ties
    event = rng.random(size) < 0.7
    for one in fit_cox(time, event, covariates).coefficients:
        if one.level and one.estimable:
            assert 4 / one.std_error**2 <= event.sum()
            assert 1 / one.std_error**2 <= one.events


def per_unit(variable: str, **parts: str) -> Key:
    return Key("cox_univariable", "pfs", "responders", variable, **parts)


@pytest.mark.parametrize(
    ("key", "kind"),
    [
        (per_unit("age_years"), PER_UNIT),
        (per_unit("prior_lines"), PER_UNIT),
        (per_unit("ferritin"), UNKNOWN),
        (per_unit("age_years", level="q3", contrast="q3_vs_q1"), UNKNOWN),
        (per_unit("age_years", level="ge_60", contrast="ge_60_vs_lt_60"), GROUPS),
        (per_unit("ferritin", level="high", contrast="high_vs_low"), GROUPS),
        (per_unit("ferritin", level="p75", contrast="p75_vs_p25"), UNKNOWN),
        (per_unit("ferritin", level="per_doubling"), UNKNOWN),
        (per_unit("prior_hct"), GROUPS),
        (per_unit("disease_subtype"), UNKNOWN),
        (per_unit("sex", level="female"), GROUPS),
        (KEY, GROUPS),
    ],
)
def test_the_kind_of_a_term_decides_whether_patients_bound_its_interval(
    key: Key, kind: str, dictionary: Dictionary
) -> None:
    writer = ratio("0.95", "0.90", "1.00", key=key)  # two groups would need 1,500 events
    writer.add(Key("flow", "", "infused", "infused", statistic="count"), "189", "patients")
    assert kind_of_term(key, Article(dictionary, writer.claims)) == kind
    found = only(writer, dictionary)
    assert found.verdict == (IMPOSSIBLE if kind == GROUPS else CONSISTENT), found.explanation
    assert ("tells nothing" in found.explanation) == (kind == PER_UNIT)
    assert ("not told" in found.explanation) == (kind == UNKNOWN)


@pytest.mark.parametrize(
    ("key", "subject"),
    [
        (per_unit("prior_lines"), "Prior lines of therapy, per line, progression-free survival"),
        (per_unit("age_decades"), "Age, per 10 years, progression-free survival"),
        (per_unit("ferritin"), "Ferritin, progression-free survival"),
        (per_unit("sex", level="female", contrast="female_vs_male"), "Female vs Male, progres"),
        (Key("cox_univariable"), "Hazard ratio"),
    ],
)
def test_a_term_without_groups_is_named_all_the_same(
    key: Key, subject: str, dictionary: Dictionary
) -> None:
    assert only(ratio("0.95", "0.84", "1.07", key=key), dictionary).subject.startswith(subject)


def test_a_limit_that_prints_as_0_is_taken_as_what_rounds_to_it(dictionary: Dictionary) -> None:
    fits = only(ratio("0.04", "0.00", "0.60", p="0.02"), dictionary)
    assert fits.verdict == CONSISTENT and "P = .02 agrees" in fits.explanation
    beside = only(ratio("0.08", "0.00", "0.60"), dictionary)
    assert beside.verdict == NEEDS_ANOTHER and "which is at most 0.055" in beside.explanation
    assert only(ratio("0.00", "0.00", "0.60"), dictionary).verdict == CONSISTENT


@pytest.mark.filterwarnings("error")
def test_a_ratio_without_width_is_read_without_a_warning(dictionary: Dictionary) -> None:
    found = only(ratio("1.00", "1.00", "1.00", p="0.92", key=per_unit("age_years")), dictionary)
    assert found.verdict == CONSISTENT and "P = .92 agrees" in found.explanation


def test_a_p_value_keyed_to_the_factor_is_that_of_its_contrast(dictionary: Dictionary) -> None:
    writer = ratio("1.20", "0.71", "2.03")
    writer.add(KEY._replace(level="", statistic="p_value"), "0.03")
    assert only(writer, dictionary).verdict == NEEDS_ANOTHER


def test_one_patient_is_said_in_the_singular(dictionary: Dictionary) -> None:
    found = only(ratio("12.3", "1.5", "100"), dictionary)
    assert "at least 1 patient of the group" in found.explanation


def test_a_ratio_per_unit_is_not_taken_for_the_contrast_of_curves(dictionary: Dictionary) -> None:
    writer = ratio("0.95", "0.84", "1.07", key=per_unit("age_years"))
    key = Key("survival_overall", "os", "infused", time_months=12.0, statistic="survival")
    writer.add(key, "60", "%")
    writer.add(key._replace(time_months=None, statistic="p_value"), "0.03")
    assert unadjusted_findings(Article(dictionary, writer.claims)) == []
