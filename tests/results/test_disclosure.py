"""With small counts suppressed, nothing that is published gives one of them back."""

from __future__ import annotations

import copy
import math
import pickle
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import numpy as np
import pytest
from disclosure_attack import Attack, baseline_attack, grade_attack

from analysis_lib.errors import CohortError
from analysis_lib.format import MARK, format_count, format_p, format_percent
from analysis_lib.marks import SUPPRESSED
from analysis_lib.results.disclosure.curves import coarsen, shown_at
from analysis_lib.results.disclosure.plan import plan_of
from analysis_lib.results.disclosure.release import suppress
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.results.store import disclosure_summary, results_csv, results_header
from analysis_lib.show.prose import LEFT_OUT, by_group, paragraph
from analysis_lib.show.table import ReportTable
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.study.study import Study
from analysis_lib.topics.baseline.numbers import (
    baseline_by_exposure,
    baseline_by_response,
    baseline_by_timing,
)
from analysis_lib.topics.baseline.table import table_baseline
from analysis_lib.topics.flow.numbers import exposure_doses, patient_flow
from analysis_lib.topics.flow.words import describe_flow
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.table import table_response
from analysis_lib.topics.response.words import describe_response
from analysis_lib.topics.survival.numbers import survival_by_exposure, survival_by_timing
from analysis_lib.topics.survival.table import table_survival
from analysis_lib.topics.survival.words import describe_survival
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.table import table_toxicity

TABLES = {
    "flow": lambda study: patient_flow(study),
    "baseline_by_exposure": baseline_by_exposure,
    "baseline_by_response": baseline_by_response,
    "baseline_by_timing": baseline_by_timing,
    "toxicity": toxicity_by_exposure,
    "response": response_by_exposure,
    "doses": exposure_doses,
    "pfs": lambda study: survival_by_exposure(study, "pfs"),
    "os": lambda study: survival_by_exposure(study, "os"),
    "timing": lambda study: survival_by_timing(study, "pfs"),
}
COUNTS = {"count", "n", "events", "n_evaluable", "at_risk", "events_to_date", "excluded",
          "remaining", "n_at_level", "events_at_level"}  # fmt: skip


@dataclass(frozen=True)
class Released:
    """The same analyses with and without suppression."""

    study: Study
    shown: dict[str, Any]
    exact: dict[str, Any]

    @property
    def least(self) -> int:
        return self.study.parameters.small_cell

    def of(self, name: str) -> Results:
        return self.shown[name].results

    def truth(self, name: str) -> Results:
        return self.exact[name].results

    def rows(self) -> Iterator[Row]:
        for name in TABLES:
            yield from self.of(name)


@pytest.fixture(scope="module")
def exact(study: Study) -> dict[str, object]:
    return {name: make(study) for name, make in TABLES.items()}


@pytest.fixture(scope="module", params=[11, 5])
def released(
    request: pytest.FixtureRequest,
    study_of: Callable[..., Study],
    exact: dict[str, Any],
) -> Released:
    study = study_of(small_cell=request.param)
    return Released(study, {name: make(study) for name, make in TABLES.items()}, exact)


def test_no_count_between_zero_and_the_bound_is_published(released: Released) -> None:
    least = released.least
    for row in released.rows():
        for number in (row.n, row.denominator):
            assert number is None or number is SUPPRESSED or not 0 < number < least, row.key
        if row.unit == "patients":
            assert row.suppressed or not 0 < row.value < least, row.key


def test_no_complement_to_a_denominator_is_small(released: Released) -> None:
    for row in released.rows():
        if row.key.statistic == "count" and not row.suppressed and row.denominator is not None:
            rest = row.denominator - row.value
            assert math.isnan(rest) or not 0 < rest < released.least, row.key


def test_what_is_published_is_what_was_counted(released: Released) -> None:
    for name in TABLES:
        for row in released.of(name):
            if row.key.statistic in COUNTS and not row.suppressed:
                assert row.value == released.truth(name).value(row.key), row.key


def test_most_of_what_is_safe_is_published(released: Released) -> None:
    """Withholding everything would pass every other test."""
    at = Key("survival_by_exposure", "pfs", "infused", statistic="events")
    for level in released.study.groups.levels:
        where = f"infused[{released.study.groups.variable}={level}]"
        assert not released.of("pfs").row(at._replace(population=where)).suppressed
    table = [x for x in released.of("baseline_by_exposure") if x.key.statistic == "count"]
    assert sum(not x.suppressed for x in table) > len(table) / 2


def test_shares_and_comparisons_go_with_their_counts(released: Released) -> None:
    for name in ("baseline_by_exposure", "toxicity", "response"):
        results = released.of(name)
        for row in results:
            count = row.key._replace(statistic="count")
            if row.key.statistic.startswith("proportion") and results.row(count).suppressed:
                assert row.suppressed, row.key
            if row.key.statistic in ("p_value", "standardized_difference", "difference"):
                levels = [
                    x
                    for x in results
                    if x.key.statistic == "count"
                    and (x.key.outcome, x.key.variable) == (row.key.outcome, row.key.variable)
                    and x.key.population.startswith(row.key.population)
                    and row.key.level in ("", x.key.level)
                ]
                if any(x.key.level != "missing" for x in levels) and any(
                    x.suppressed for x in levels
                ):
                    assert row.suppressed, row.key


def test_extremes_are_never_published(released: Released) -> None:
    for row in released.rows():
        if row.key.statistic in ("minimum", "maximum"):
            assert row.suppressed


def _withstands(attack: Attack, least: int) -> int:
    """How many small counts were attacked: each keeps a wide range, and two values or more
    for whoever knows that nothing suppressed is zero.
    """
    attacked = 0
    for key, mask, truth in attack.hidden:
        if 0 < truth < least:
            assert attack.width(mask) >= least - 1e-6, key
            assert attack.width(mask, at_least_one=True) > 1, key
            attacked += 1
    return attacked


def test_adding_up_the_baseline_tables_gives_no_small_count_back(released: Released) -> None:
    names = ["baseline_by_exposure", "baseline_by_response", "baseline_by_timing"]
    shown = [released.of(name) for name in names]
    exact = [released.truth(name) for name in names]
    attacked = 0
    for name in ("race_ethnicity", "marrow_status", "age_group", "sex", "cns_involvement"):
        attack = baseline_attack(released.study, shown, exact, name)
        attacked += _withstands(attack, released.least)
    assert attacked > 10


def test_adding_up_the_grades_gives_no_small_count_back(released: Released) -> None:
    attacked = 0
    for name in ("crs", "icans"):
        attack = grade_attack(
            released.study, released.of("toxicity"), released.truth("toxicity"), name
        )
        attacked += _withstands(attack, released.least)
    assert attacked or released.least < 11


def test_numbers_at_risk_fall_by_none_or_by_many(released: Released) -> None:
    least = released.least
    for group in released.study.groups.levels:
        where = f"infused[{released.study.groups.variable}={group}]"
        for outcome in ("pfs", "os"):
            rows = [
                x for x in released.of(outcome) if x.key.population == where and not x.suppressed
            ]
            for statistic in ("at_risk", "events_to_date"):
                counts = sorted(x.value for x in rows if x.key.statistic == statistic)
                falls = np.diff([*([0.0] if statistic == "events_to_date" else []), *counts])
                assert all(x == 0 or x >= least for x in falls), (where, outcome, statistic)


def test_every_step_of_a_drawn_curve_is_of_many_events(released: Released) -> None:
    for name in ("pfs", "os", "timing"):
        for coarse, fine in zip(
            released.shown[name].curves,
            released.exact[name].curves,
            strict=True,
        ):
            curve, drawn = fine.estimate, coarse.estimate
            held = coarsen(curve, released.least)
            assert not held.censored.any()
            steps = held.times[1:][np.diff(held.survival) != 0]
            events = [curve.events[curve.times <= t].sum() for t in (0.0, *steps)]
            assert all(x >= released.least for x in np.diff(events))
            for time, survival in zip(held.times, held.survival, strict=True):
                if time in steps:
                    assert survival == curve.at(time).survival
            assert (drawn.times == np.round(held.times, 1)).all()
            assert np.array_equal(drawn.survival, np.round(held.survival, 2), equal_nan=True)


def test_curves_end_where_as_many_are_at_risk(released: Released) -> None:
    for name in ("pfs", "os", "timing"):
        for coarse, fine in zip(
            released.shown[name].curves, released.exact[name].curves, strict=True
        ):
            end = float(coarse.estimate.times[-1])
            assert fine.estimate.number_at_risk([end])[0] >= released.least
            assert end == np.floor(end) and end < fine.estimate.times[-1]
            beyond = shown_at(fine.estimate, end + 1, released.least)
            assert beyond.survival is SUPPRESSED


def test_suppressing_twice_changes_nothing(released: Released) -> None:
    gaps = missing_data(released.study)
    for once in (*map(released.of, ("flow", "toxicity", "pfs")), gaps.results):
        again = suppress(released.study, once)
        assert [x.suppressed for x in again] == [x.suppressed for x in once]
        for column in ("n", "denominator"):
            kept = [getattr(x, column) is SUPPRESSED for x in once]
            assert [getattr(x, column) is SUPPRESSED for x in again] == kept


def test_tables_and_sentences_show_the_mark_and_never_nan(released: Released) -> None:
    shown = released.shown
    tables = [
        table_baseline(shown["baseline_by_exposure"]),
        table_baseline(shown["baseline_by_response"]),
        table_toxicity(shown["toxicity"]),
        table_response(shown["response"]),
        table_survival(shown["pfs"], shown["os"]),
    ]
    for table in tables:
        assert isinstance(table, ReportTable)
        texts = table.layout.texts()
        assert not any("nan" in x.split() or "not estimable" in x for x in texts)
        assert any(note.startswith(f"{MARK}: suppressed") for note in table.layout.notes)
    for prose in (
        describe_flow(shown["flow"]),
        describe_response(shown["response"]),
        describe_survival(shown["pfs"], shown["os"]),
    ):
        assert MARK not in str(prose) and "nan" not in str(prose)
        assert "not estimable" not in str(prose)


def test_files_leave_the_value_empty_and_say_why(released: Released) -> None:
    results = released.of("toxicity")
    lines = results_csv(results).splitlines()[1:]
    for row, line in zip(results, lines, strict=True):
        assert line.endswith(",suppressed") == row.suppressed
        assert "nan" not in line
    summary = disclosure_summary(results)
    assert summary["suppressed"] == sum(row.suppressed for row in results)
    assert results_header(released.study)["small_cell"] == released.least


def test_without_the_parameter_nothing_is_suppressed(study: Study, exact: dict[str, Any]) -> None:
    assert not any(row.suppressed for row in exact["toxicity"].results)
    assert "small_cell" not in results_header(study)


def test_a_group_below_the_bound_is_refused(study_of: Callable[..., Study]) -> None:
    with pytest.raises(CohortError, match="fewer than 88 patients"):
        patient_flow(study_of(small_cell=88))


def test_a_curve_with_too_few_events_is_not_drawn() -> None:
    curve = kaplan_meier([1.0, 2.0, 3.0, 4.0, 5.0], [True, False, True, False, False])
    assert np.isnan(coarsen(curve, 5).survival).all()
    assert coarsen(curve, 0) is curve


def test_a_withheld_number_outlives_a_file_and_a_copy(released: Released) -> None:
    """Results that take long are kept as JSON, where it is a nan."""
    row = next(x for x in released.of("toxicity") if x.suppressed)
    assert copy.deepcopy(row).value is SUPPRESSED
    assert pickle.loads(pickle.dumps(row)).suppressed
    (again,) = suppress(released.study, [replace(row, value=math.nan, n=math.nan)])
    assert again.value is SUPPRESSED and again.n is SUPPRESSED


def test_sums_and_shares_of_a_withheld_number_are_withheld() -> None:
    for number in (SUPPRESSED + 1, 1 - SUPPRESSED, 2 * SUPPRESSED, SUPPRESSED / 3, -SUPPRESSED):
        assert number is SUPPRESSED
    assert {format_count(SUPPRESSED), format_p(SUPPRESSED), format_percent(SUPPRESSED)} == {MARK}


def test_a_sentence_with_a_withheld_number_is_left_out_and_said_to_be() -> None:
    said = paragraph("Of 60 patients 30 responded.", f"In {MARK} it was unknown.")
    assert str(said) == f"Of 60 patients 30 responded.\n\n{LEFT_OUT}"


def test_a_sentence_goes_on_without_the_brackets_of_a_withheld_number() -> None:
    said = paragraph(f"The ratio ({MARK} patients, 30 events) was 1.42 (95% CI 0.90–2.22).")
    assert str(said) == "The ratio was 1.42 (95% CI 0.90–2.22)."


def test_a_group_whose_number_is_withheld_is_named_beside_the_others() -> None:
    numbers = ("57%", "the naïve group"), (MARK, "the exposed group")
    assert by_group(numbers) == "57% in the naïve group and suppressed in the exposed group"
    assert by_group(numbers[1:]) == MARK


def test_studies_that_differ_in_their_models_alone_decide_once(
    study_of: Callable[..., Study],
) -> None:
    first, second, other = (
        plan_of(study_of(**given)).outcome("crs")
        for given in (
            {"small_cell": 11},
            {"small_cell": 11, "baseline_terms": []},
            {"small_cell": 5},
        )
    )
    assert first is second and first is not other
