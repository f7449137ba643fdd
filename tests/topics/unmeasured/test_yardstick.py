"""What the unmeasured would have to be: against R, and where nothing confounds."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.errors import StatisticsError
from analysis_lib.stats.e_value import confounded_by
from analysis_lib.study.study import Study
from analysis_lib.topics import unmeasured
from analysis_lib.topics.unmeasured import COMPARED, RATIOS
from analysis_lib.topics.unmeasured.numbers import Yardstick

NAMES = {"without": "hazard_ratio", "beside": "hazard_ratio_beside_another"}


@pytest.fixture(scope="module", params=["pfs", "os"])
def found(study: Study, request: pytest.FixtureRequest) -> Yardstick:
    made = unmeasured.yardstick(study, request.param)
    assert isinstance(made, Yardstick)
    return made


def test_every_ratio_is_that_of_r(root: Path, found: Yardstick) -> None:
    path = root / "tests" / "reference" / "golden" / "unmeasured.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [
            row
            for row in csv.DictReader(file)
            if row["outcome"] == found.outcome and not row["analysis"].startswith("control")
        ]
    assert len(rows) == 2 * len(found.terms) + len(RATIOS) * len(COMPARED)
    for row in rows:
        name = NAMES.get(row["analysis"], "hazard_ratio")
        key = found.without(row["name"], "exposed")
        if row["analysis"] == "supposed":
            key = found.supposed(1, 1, "exposed")._replace(level=row["name"])
        got = found.results.values(key, name, f"{name}_ci_low", f"{name}_ci_high")
        expected = [float(row[x]) for x in ("value", "ci_low", "ci_high")]
        assert got == pytest.approx(expected, rel=1e-6), row


@pytest.mark.parametrize(
    ("ratio", "compared", "reference", "bias"),
    [(1.0, 0.9, 0.1, 1.0), (3.0, 0.4, 0.4, 1.0), (3.0, 1.0, 0.0, 3.0), (2.0, 0.5, 0.0, 1.5)],
)
def test_a_confounder_moves_the_ratio_only_if_it_bears_on_both(
    ratio: float, compared: float, reference: float, bias: float
) -> None:
    assert confounded_by(ratio, compared=compared, reference=reference) == pytest.approx(bias)


@pytest.mark.parametrize(("ratio", "prevalence"), [(0.0, 0.5), (2.0, 1.2), (2.0, -0.1)])
def test_what_is_no_ratio_or_no_prevalence_is_refused(ratio: float, prevalence: float) -> None:
    with pytest.raises(StatisticsError, match="but was"):
        confounded_by(ratio, compared=prevalence, reference=0.2)


def test_the_sentence_names_the_covariate_that_moves_most(found: Yardstick) -> None:
    primary = found.results.value(found.of_primary("exposed"), "hazard_ratio")
    moves = {
        term: abs(found.results.value(found.without(term, "exposed"), "hazard_ratio") - primary)
        for term in found.terms
    }
    phrase = found.results.dictionary[max(moves, key=lambda x: moves[x])].phrase
    assert f"of the measured covariates {phrase} moves" in str(unmeasured.words(found))


def test_tables_have_a_line_a_covariate_and_a_cell_a_supposition(found: Yardstick) -> None:
    assert len(unmeasured.table(found).layout.lines) == len(found.terms)
    lines = unmeasured.table_supposed(found).layout.lines
    assert [len(x.cells) for x in lines] == [len(COMPARED)] * len(RATIOS)


def test_without_covariates_there_is_no_yardstick(study_of: Callable[..., Study]) -> None:
    made = unmeasured.yardstick(study_of(baseline_terms=[]), "os")
    assert "no adjusted hazard ratio could be explained" in str(unmeasured.words(made))


def test_a_ratio_below_one_is_confounded_the_other_way(
    study: Study, study_of: Callable[..., Study]
) -> None:
    turned = study_of(exposure_levels={"exposed": "InO-exposed", "naive": "InO-naïve"})
    made = unmeasured.yardstick(turned, "os")
    straight = unmeasured.yardstick(study, "os")
    key, other = made.supposed(3.0, 0.8, "naive"), straight.supposed(3.0, 0.8, "exposed")
    ratio = made.results.value(key, "hazard_ratio")
    assert ratio == pytest.approx(1 / straight.results.value(other, "hazard_ratio"), rel=1e-6)


def test_a_ratio_whose_interval_contains_one_needs_no_confounder(found: Yardstick) -> None:
    level = found.exposure.levels[1]
    low, high = found.results.values(
        found.of_primary(level), "hazard_ratio_ci_low", "hazard_ratio_ci_high"
    )
    said = str(unmeasured.words(found))
    assert low < 1 < high and "contains 1 without any such confounder" in said
    assert "would leave nothing" not in said
