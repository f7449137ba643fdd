"""What is said of toxicity, response and deaths rests on what the extract records."""

from __future__ import annotations

from dataclasses import replace

import pytest

from analysis_lib.format import format_p_statement
from analysis_lib.results.rows import Key
from analysis_lib.study.study import Study
from analysis_lib.topics.response.numbers import response_by_exposure
from analysis_lib.topics.response.words import describe_after_response
from analysis_lib.topics.toxicity.numbers import toxicity_by_exposure
from analysis_lib.topics.toxicity.words import describe_early_deaths, describe_toxicity


def without(study: Study, *names: str) -> Study:
    """The study whose extract lacks some columns."""
    blank = {x: study.patients[x].mask(study.patients[x].notna()) for x in names}
    return replace(study, patients=study.patients.assign(**blank))


def test_without_a_cause_of_death_nothing_is_said_of_obstruction(study: Study) -> None:
    assert "inusoidal obstruction" in str(describe_early_deaths(toxicity_by_exposure(study)))
    unknown = toxicity_by_exposure(without(study, "cause_of_death"))
    assert "inusoidal obstruction" not in str(describe_early_deaths(unknown))
    assert not [x for x in unknown.results if x.key.outcome == "sos_death"]


def test_without_a_recorded_consolidation_none_is_said_to_have_followed(study: Study) -> None:
    said = "Consolidation or maintenance followed"
    assert said in str(describe_after_response(response_by_exposure(study)))
    unknown = without(study, "consolidation", "consolidation_any", "consolidation_date")
    assert said not in str(describe_after_response(response_by_exposure(unknown)))


def test_of_few_grades_fishers_test_stands_beside(study: Study) -> None:
    few = toxicity_by_exposure(replace(study, patients=study.patients.head(40)))
    groups = few.grouping
    key = Key("toxicity", "crs", "crs_affected", "crs_grade_group", contrast=groups.contrast)
    p_value, exact = few.results.values(key, "p_value", "fisher_p_value")
    said = (
        f"gives {format_p_statement(p_value)}, by Fisher's exact test {format_p_statement(exact)}"
    )
    assert said in str(describe_toxicity(few))


@pytest.mark.parametrize(
    ("deaths", "followed", "said"),
    [
        (1, 1, "that one"),
        (2, 2, "both"),
        (3, 3, "all of them"),
        (3, 2, "2 of them"),
        (3, 0, "none of them"),
    ],
)
def test_how_many_deaths_followed_transplantation_is_said_in_words_where_all_did(
    study: Study, deaths: int, followed: int, said: str
) -> None:
    rows = toxicity_by_exposure(study).results.rows
    whole, after = (
        Key("toxicity", "sos_death", "infused", statistic="count"),
        Key("toxicity", "sos_death", "sos_deaths", "consolidation", "allo_hct", statistic="count"),
    )
    values = {whole: float(deaths), after: float(followed)}
    assert values.keys() <= {row.key for row in rows}
    toxicity = toxicity_by_exposure(study)
    changed = tuple(replace(x, value=values.get(x.key, x.value)) for x in rows)
    toxicity = replace(toxicity, results=replace(toxicity.results, rows=changed))
    text = str(describe_early_deaths(toxicity))
    assert f"; {said} followed consolidation by allogeneic transplantation." in text
