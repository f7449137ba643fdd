"""What is made of withheld counts gives none of them back, and no name is taken apart."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from disclosure_attack import Compared, compared, sizes_attack
from made_extract import Rates, make_extract
from random_cohorts import random_release
from whole_report import open_extract

from analysis_lib.estimates.effects import coefficient_rows
from analysis_lib.format import MARK, counted
from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import suppress
from analysis_lib.results.rows import Key, Omitted, Results, context
from analysis_lib.show.prose import LEFT_OUT, paragraph, unless_withheld
from analysis_lib.show.table import ReportTable
from analysis_lib.stats.cox import fit_cox
from analysis_lib.study.study import Study
from analysis_lib.topics.baseline.numbers import Baseline, baseline_by_response
from analysis_lib.topics.baseline.table import table_baseline
from analysis_lib.topics.flow.numbers import patient_flow
from analysis_lib.topics.missing.figure import plot_missing_patterns
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.missing.patterns import COMPLETE
from analysis_lib.topics.missing.table import table_missing_data
from analysis_lib.topics.missing.words import describe_missing_data
from analysis_lib.topics.over_time.numbers import BEFORE, hazard_periods
from analysis_lib.topics.regression.numbers import as_published_models, model_b
from analysis_lib.topics.regression.words import describe_model
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.words import describe_response
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.words import describe_toxicity
from analysis_lib.topics.unmeasured.controls import negative_controls
from analysis_lib.topics.weighting.numbers import Weighting, weigh_groups
from analysis_lib.topics.weighting.words import describe_balance

LEAST = 11
TABLES = (toxicity_by_exposure, response_by_exposure)
TESTS = ("difference", "difference_ci_low", "difference_ci_high", "p_value")
GIVEN = {"model_population": "infused", "claims": ""}
EVERYONE = Key("baseline_by_response", population="infused", statistic="n")


@pytest.fixture(scope="module")
def released(study_of: Callable[..., Study]) -> Study:
    return study_of(small_cell=LEAST)


def _lines(released: Study, study: Study, *, with_tests: bool) -> list[tuple[Compared, Results]]:
    """Lines with both counts and without a denominator; as they were, or with their tests."""
    found = []
    for table in TABLES:
        shown, exact = table(released).results, table(study).results
        if with_tests:
            rows = (exact.row(x.key) if x.key.statistic in TESTS else x for x in shown)
            shown = replace(shown, rows=tuple(rows))
        found += [(line, exact) for line in compared(released, shown)]
    return found


def _denominators(line: Compared, exact: Results, study: Study) -> tuple[int | None, ...]:
    at = [f"{line.key.population}[{study.groups.variable}={x}]" for x in study.groups.levels]
    return tuple(exact.row(line.key._replace(population=x)).denominator for x in at)


@pytest.mark.parametrize("printed", [False, True], ids=["in full", "as printed"])
def test_shown_counts_and_differences_give_no_denominator_back(
    released: Study, study: Study, printed: bool
) -> None:
    lines = _lines(released, study, with_tests=False)
    for line, _ in lines:
        found = line.candidates(printed=printed)
        for known, sizes in zip(line.known, zip(*found, strict=True), strict=True):
            assert known is not None or max(sizes) - min(sizes) >= LEAST, line.key
    assert len(lines) > 5


@pytest.mark.parametrize("printed", [False, True], ids=["in full", "as printed"])
def test_the_attacker_would_find_the_denominators_of_shown_differences(
    released: Study, study: Study, printed: bool
) -> None:
    """CRS, CR and MRD among others: the test above can fail."""
    found = {}
    for line, exact in _lines(released, study, with_tests=True):
        if not any(line.counts):
            continue  # a difference of 0 is soon said, its limits take long to search
        candidates = line.candidates(printed=printed)
        if len(candidates) == 1:
            assert candidates == [_denominators(line, exact, study)]
            found[line.key.outcome, line.key.level] = candidates[0]
    assert found["crs", ""] == (86, 101)
    assert found["response", "cr"] == (83, 85)
    assert found["mrd_negative", "flow"] == (68, 72)
    assert len(found) >= 8


def test_a_share_of_a_withheld_size_is_withheld_and_others_are_as_coarse_as_print(
    released: Study,
) -> None:
    row = context(Key("toxicity_onset", "crs", "crs_evaluable[ino=exposed]"), n=101)
    known = context(Key("competing_risks", "relapse", "infused[ino=exposed]"), n=102)
    shares = (row.at("incidence", 68 / 101), known.at("incidence", 68 / 102))
    assert [x.value for x in suppress(released, shares)] == [SUPPRESSED, 0.67]


def test_what_events_and_patients_at_risk_leave_of_a_group_is_not_small(released: Study) -> None:
    seen = 0
    for outcome in ("pfs", "os"):
        results = survival_by_exposure(released, outcome).results
        for row in results:
            if row.key.statistic != "at_risk" or row.suppressed:
                continue
            at = row.key._replace(statistic="events_to_date")
            events = results.value(at) if results.has(at) else np.nan
            rest = (row.n or 0) - row.value - events
            assert np.isnan(rest) or not 0 < rest < LEAST, row.key
            seen += 1
    assert seen > 10


@dataclass(frozen=True)
class Small:
    """A small cohort in full, and its flow diagram and table by response, released and in full."""

    study: Study
    baseline: Baseline
    shown: list[Results]
    exact: list[Results]


@pytest.fixture(scope="module", params=[0, 5])
def small(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Small:
    """45 patients."""
    folder = tmp_path_factory.mktemp("small")
    table = make_extract(45, seed=request.param, rates=Rates(exposed=0.6))
    released, study = (open_extract(table, folder, {**GIVEN, "small_cell": x}) for x in (LEAST, 0))
    assert isinstance(released, Study) and isinstance(study, Study)
    baseline, exact = baseline_by_response(released), baseline_by_response(study)
    assert isinstance(baseline, Baseline) and isinstance(exact, Baseline)
    return Small(
        study,
        baseline,
        [patient_flow(released).results, baseline.results],
        [patient_flow(study).results, exact.results],
    )


def test_the_table_by_response_tells_nobody_by_its_size(small: Small) -> None:
    attack = sizes_attack(small.study, small.shown, small.exact)
    hidden = [mask for _, mask, truth in attack.hidden if 0 < truth < LEAST]
    assert hidden and all(attack.width(x) >= LEAST for x in hidden)


def test_the_attacker_would_find_who_is_not_in_the_table_by_response(small: Small) -> None:
    """Where its size is shown: the test above can fail."""
    rows = (small.exact[1].row(x.key) if x.key == EVERYONE else x for x in small.shown[1])
    shown = [small.shown[0], replace(small.shown[1], rows=tuple(rows))]
    attack = sizes_attack(small.study, shown, small.exact)
    found = [key.level for key, mask, _ in attack.hidden if attack.width(mask) < 1e-6]
    assert found == ["not_reported"]


def test_the_table_by_response_never_prints_a_size_that_is_withheld(small: Small) -> None:
    size = small.exact[1].value(EVERYONE)
    assert small.shown[1].row(EVERYONE).suppressed
    for row in small.shown[1]:
        if row.key.population == "infused":
            assert size not in (row.n, row.denominator), row.key
    table = table_baseline(small.baseline)
    assert isinstance(table, ReportTable)
    assert table.layout.columns[1].label == f"All\n(N\u00a0=\u00a0{MARK})"


@pytest.mark.parametrize(
    ("few", "many", "reference"),
    [
        ("gvhd", "infection", "none"),
        ("graft_vs_host", "infection", "none"),
        ("gvhd", "graft_vs_host", "none"),
        ("gvhd", "infection", "none_vs_any"),
        ("host", "graft_vs_host", "none"),
        ("none", "graft_vs_host", "host_vs_none"),
    ],
)
def test_a_level_of_any_name_is_suppressed_alike(
    released: Study, few: str, many: str, reference: str
) -> None:
    random = np.random.default_rng(7)
    levels = pd.Categorical([few] * 6 + [many] * 30 + [reference] * 40, [reference, many, few])
    fit = fit_cox(random.exponential(10, 76), [True] * 76, pd.DataFrame({"complication": levels}))
    rows = suppress(released, coefficient_rows(Key("cox_any", "pfs", "infused"), fit))
    ratios = {x.key.level: x.suppressed for x in rows if x.key.statistic == "hazard_ratio"}
    assert ratios == {few: True, many: False}


def test_a_contrast_of_a_small_reference_is_suppressed_whatever_its_name(released: Study) -> None:
    key = Key("cox_any", "pfs", "infused", "complication")
    small = context(key._replace(level="graft_vs_host")).at("events_at_level", 4, unit="patients")
    tested = [
        context(key._replace(level=level, contrast=f"{of}_vs_graft_vs_host")).at("p_value", 0.4)
        for level, of in (("none", "none"), ("", "none"), ("none_vs_any", "none_vs_any"))
    ]
    assert [x.value is SUPPRESSED for x in suppress(released, [small, *tested])] == [True] * 4


def test_a_withheld_sentence_takes_no_other_with_it() -> None:
    withheld = unless_withheld("They cannot be compared.", SUPPRESSED)
    said = paragraph(withheld, "Of 60 patients 30 responded.")
    assert str(said) == f"Of 60 patients 30 responded.\n\n{LEFT_OUT}"


def test_a_sentence_is_said_without_the_number_that_is_withheld(released: Study) -> None:
    """Of how many 86 are is withheld, and so is the test of their grades."""
    toxicity = toxicity_by_exposure(released)
    said = str(describe_toxicity(toxicity))
    counts = "86 patients in the InO-exposed group and 71 patients in the InO-naïve group"
    assert f"CRS of any grade occurred in {counts}." in said
    assert "of 101" not in said and "of 86" not in said


def test_nothing_is_said_of_all_differences_where_one_is_withheld(released: Study) -> None:
    missing = missing_data(released)
    withheld = [x.suppressed for x in missing.results if x.key.statistic == "difference"]
    assert any(withheld)
    assert "of the difference between groups" not in str(describe_missing_data(missing))


def test_all_groups_together_are_told_where_one_of_them_is_withheld(released: Study) -> None:
    said = str(describe_response(response_by_exposure(released)))
    assert "CR or CRi was reached by 151 of 168 (90%) in all groups together." in said
    assert said.endswith(LEFT_OUT)  # of the difference nothing is said


def test_a_model_never_tells_of_how_many_others_it_leaves_out(released: Study) -> None:
    """Of 151 responders 140 have a known response to the exposure, so that 11 have none."""
    model = model_b(as_published_models(released))
    assert "140" not in str(describe_model(model))


def test_which_covariates_are_missing_together_is_not_told(released: Study) -> None:
    """Neither that somebody lacks them, nor which combination is the more frequent."""
    gaps = missing_data(released)
    assert [x.level for x in gaps.patterns] == [COMPLETE]
    assert isinstance(plot_missing_patterns(gaps), Omitted)
    assert isinstance(table_missing_data(gaps), ReportTable)


def test_a_change_between_two_ratios_goes_with_the_one_that_rests_on_few(released: Study) -> None:
    found = hazard_periods(released, "pfs")
    assert not isinstance(found, Omitted)
    kept = {x.key.analysis for x in found.results if x.key.contrast and not x.suppressed}
    assert kept == {BEFORE}


def test_what_is_left_out_does_not_tell_of_how_few(released: Study) -> None:
    """A reason is no row; its count is withheld all the same."""
    events = counted(withheld_count(released, 7), "event")
    said = Omitted(f"Nothing is imputed with {events}; a model takes 10.")
    assert said.reason == "Nothing is imputed with these events; a model takes 10."


def test_no_odds_ratio_gives_the_four_counts_of_its_table_back(released: Study) -> None:
    found = negative_controls(released)
    assert not isinstance(found, Omitted)
    ratios = [x for x in found.results if x.key.statistic.startswith("odds_ratio")]
    assert ratios and all(x.suppressed for x in ratios)


def test_differences_of_whom_no_row_counts_are_shown_of_large_groups_alone(
    released: Study, tmp_path: Path
) -> None:
    """Of the complete cases: shares in small groups are few, means and weights many."""
    made = random_release(9)
    small = open_extract(made.table, tmp_path, {**made.parameters, "small_cell": LEAST})
    assert isinstance(small, Study)
    found = weigh_groups(small)
    assert isinstance(found, Weighting)
    assert _hidden(found) == {("weighting_none", x) for x in _SHARES}
    text = str(describe_balance(found))
    assert text.startswith("How many of 9 covariates differ by 0.1 or more standard deviations")
    assert "Under overlap weights none does (largest 0.00)" in text
    large = weigh_groups(released)
    assert isinstance(large, Weighting) and _hidden(large) == set()


_SHARES = (
    "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease",
    "cns_involvement", "prior_blinatumomab", "prior_hct",
)  # fmt: skip


def _hidden(weighting: Weighting) -> set[tuple[str, str]]:
    differences = (x for x in weighting.results if x.key.statistic == "standardized_difference")
    return {(x.key.analysis, x.key.variable) for x in differences if x.suppressed}
