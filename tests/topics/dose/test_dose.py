"""Doses and their days: against R, on another exposure with its own doses, and where none are."""

from __future__ import annotations

import csv
import sys
from collections.abc import Callable

import numpy as np
import pytest

from analysis_lib.errors import CohortError
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.show.figure import ReportFigure
from analysis_lib.study.study import Study
from analysis_lib.topics import dose
from analysis_lib.topics.dose.numbers import Amounts, DoseGroups
from analysis_lib.topics.whole import check_vocabulary


@pytest.fixture(scope="module", params=["pfs", "os"])
def outcome(request: pytest.FixtureRequest) -> str:
    return str(request.param)


@pytest.fixture
def amounts(study: Study, outcome: str) -> Amounts:
    found = dose.amounts(study, outcome)
    assert isinstance(found, Amounts)
    return found


@pytest.fixture
def groups(study: Study, outcome: str) -> DoseGroups:
    found = dose.groups(study, outcome)
    assert isinstance(found, DoseGroups)
    return found


def test_every_number_of_amounts_and_groups_is_that_of_r(root, outcome, amounts, groups) -> None:
    path = root / "tests" / "reference" / "golden" / "drug.csv"
    with path.open(encoding="utf-8", newline="") as file:
        rows = [x for x in csv.DictReader(file) if (x["data"], x["outcome"]) == ("cohort", outcome)]
    rows = [x for x in rows if x["analysis"].startswith(("cox_amount", "cox_dose"))]
    assert len(rows) == 3 * 19 + 2 * 2 * 4
    for row in rows:
        key = Key(row["analysis"], outcome, "infused", row["variable"], row["level"])
        of_groups = row["variable"] == "dose_group"
        key = key.of_level(row["variable"], row["level"], "no_dose") if of_groups else key
        results = groups.results if of_groups else amounts.results
        assert results.value(key, row["statistic"]) == pytest.approx(
            float(row["value"]), rel=1e-6
        ), row


def test_who_is_in_which_group_is_counted_by_hand(study, groups) -> None:
    doses = study.patients["ino_doses_preapheresis"] + study.patients["ino_doses_bridging"]
    expected = [int((doses == 0).sum()), int(doses.between(1, 2).sum()), int((doses >= 3).sum())]
    exposure = groups.crude.exposure
    counts = groups.crude.fit.factors["dose_group"].counts
    assert [counts[level][0] for level in exposure.levels] == expected
    assert groups.unknown == 0


def test_table_figure_and_words_show_what_was_found(study, see) -> None:
    found = [dose.amounts(study, x) for x in study.parameters.endpoints]
    for one in found:
        check_vocabulary(one.results, study.dictionary)
    lines = dose.table(*found).layout.lines
    assert len(lines) == 2 * 3 * 7
    figure = dose.figure(*found)
    assert isinstance(figure, ReportFigure)
    assert len(figure.axes) == 6
    seen = see(figure)
    assert seen.overlapping == seen.outside == []
    said = str(dose.words(*found))
    assert "These are 6 relations" in said
    assert said.count("the hazard ratio per doubling of the doses is") == 2


def _with_doses(extract, write_extract, study_of, parameters: dict, doses: str, days: str):
    """Blinatumomab with doses in a column that the mapping adds."""
    random = np.random.default_rng(7)
    exposed = extract["prior_blinatumomab"] == "yes"
    given = random.integers(1, 9, len(extract)).astype(str)
    extract["blin_doses"] = np.where(exposed, given, doses)
    extract["blin_last"] = np.where(exposed, extract["apheresis_date"], days)
    cohort = write_extract(extract)
    mapping = cohort.with_name("mapping.yaml")
    mapping.write_text(
        "columns: {blin_doses: blinatumomab_doses, blin_last: blinatumomab_last}\n"
        "variables:\n"
        "  blinatumomab_doses: {label: Doses, type: integer, unit: doses, known: earlier therapy}\n"
        "  blinatumomab_last: {label: Last dose, type: date}\n",
        encoding="utf-8",
    )
    return study_of(
        cohort=str(cohort), mapping=str(mapping), exposure="prior_blinatumomab", **parameters
    )


def test_another_exposure_brings_its_own_doses_and_days(
    extract, write_extract, study_of: Callable[..., Study]
) -> None:
    named = {
        "exposure_doses": "blinatumomab_doses",
        "exposure_last_dose": ["blinatumomab_last"],
        "many_doses": 5,
    }
    study = _with_doses(extract, write_extract, study_of, named, "0", "")
    found = dose.amounts(study, "os")
    assert isinstance(found, Amounts)
    # Every last dose is on the day of apheresis: the same in everyone, and no amount.
    assert [x.amount.name for x in found.modelled] == ["amount_doses", "amount_days_to_infusion"]
    assert "Days from last dose to apheresis: recorded of fewer than" in found.left_out[0]
    groups = dose.groups(study, "os")
    assert isinstance(groups, DoseGroups)
    assert groups.crude.exposure.labels == ("No dose", "Fewer than 5 doses", "5 doses or more")
    assert "fewer than 5 doses against no dose" in str(dose.words(groups))
    unnamed = study_of(exposure="prior_blinatumomab")
    for left_out in (dose.amounts(unnamed, "os"), dose.groups(unnamed, "os")):
        assert isinstance(left_out, Omitted)
        assert "The extract records no doses" in left_out.reason


def test_exposed_without_doses_are_left_out_and_counted(extract, write_extract, study_of) -> None:
    rows = extract.index[extract["ino_response"] == "refractory"][:4]
    study = study_of(cohort=str(write_extract(extract)), preset="aldoss_2024")
    doses = study.patients["ino_doses"].copy()
    doses.loc[study.patients["patient_id"].isin(extract.loc[rows, "patient_id"])] = 0
    study.patients["ino_doses"] = doses
    groups = dose.groups(study, "os")
    assert isinstance(groups, DoseGroups)
    assert groups.unknown == len(rows)
    assert "4 patients whose doses are not recorded are left out" in str(dose.words(groups))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"exposure_doses": "sex"}, "exposure_doses: 'sex' is not a number of the dictionary"),
        ({"exposure_last_dose": ["sex"]}, "exposure_last_dose: 'sex' is not a date of the"),
        ({"exposure_doses": "ino_dose"}, "did you mean 'ino_doses'"),
    ],
)
def test_a_column_of_another_type_is_refused(study_of, given, message) -> None:
    with pytest.raises(CohortError, match=message):
        study_of(**given)


def test_small_counts_withhold_the_figure_and_leave_the_table(study_of) -> None:
    study = study_of(small_cell=11)
    found = dose.amounts(study, "pfs")
    assert isinstance(dose.figure(found), Omitted)
    assert dose.table(found).layout.lines


def test_of_many_patients_each_amount_is_a_mark_once(study, monkeypatch) -> None:
    found = [dose.amounts(study, "pfs")]
    drawn = []
    for most in (2_000, 5):
        monkeypatch.setattr(sys.modules[dose.figure.__module__], "MOST_MARKS", most)
        axes = dose.figure(*found).axes[0]
        drawn.append(next(x for x in axes.lines if x.get_marker() == "|").get_xdata())
    every, once = drawn
    assert len(every) > len(once) == len(set(every.tolist()))
