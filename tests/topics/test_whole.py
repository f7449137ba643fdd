from __future__ import annotations

import csv
import io
import json
import math

import pytest

from analysis_lib.errors import CohortError
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Key, Omitted, Results, Row, unless_all_omitted, unless_omitted
from analysis_lib.results.store import COLUMNS, results_csv, results_json
from analysis_lib.study.study import make_study
from analysis_lib.topics.whole import all_results, check_vocabulary, compute_long


@pytest.fixture(scope="module")
def results(study, results_of):
    return results_of(study)


def test_keys_are_unique_and_every_word_is_in_the_vocabulary(results, dictionary):
    assert len({row.key for row in results}) == len(results.rows) > 3000
    check_vocabulary(results, dictionary)


def test_what_takes_long_is_kept_for_whoever_asks_for_all(tmp_path, monkeypatch):
    monkeypatch.setenv("CART_REPORT_CACHE", str(tmp_path))
    compute_long(make_study(parse_parameters({"bootstrap_resamples": 100})))
    kept = {path.name.rpartition("-")[0] for path in tmp_path.iterdir()}
    ways = ("standardised", "consolidation_cloned")
    assert kept == {f"{way}_{outcome}" for way in ways for outcome in ("pfs", "os")}


def test_a_key_that_stands_twice_is_refused():
    row = Row(Key("flow", statistic="n"), 1.0)
    with pytest.raises(CohortError, match="stands twice"):
        Results((row, row), "")


def test_results_know_the_words_of_their_study(results, study):
    assert results.dictionary == study.dictionary


def test_a_statistic_beside_a_key_is_read_by_its_name():
    key = Key("flow", statistic="n")
    found = Results((Row(key, 1.0), Row(key._replace(statistic="count"), 2.0)), "")
    assert found.values(key, "count", "n") == [2.0, 1.0]
    assert found.value(key) == found.value(key, "n") == 1.0
    assert found.has(key, "count") and not found.has(key, "events")
    with pytest.raises(KeyError, match="events"):
        found.row(key, "events")


def test_a_view_of_what_is_omitted_is_what_is_omitted():
    first, second = Omitted("No centre."), Omitted("No response.")

    @unless_omitted
    def joined(*parts: str) -> str:
        return " ".join(parts)

    @unless_all_omitted
    def rest(*parts: str, end: str = "") -> str:
        return " ".join(parts) + end

    assert joined("a", "b") == rest("a", "b") == "a b"
    assert joined("a", first, second) is joined(first) is rest(first, second) is first
    assert rest("a", first, "b", end=".") == "a b."


@pytest.mark.parametrize(
    "key",
    [
        Key("flows", statistic="n"),
        Key("flow", population="infused[sex=femal]", statistic="n"),
        Key("flow", population="everyone", statistic="n"),
        Key("flow", variable="sexes", statistic="n"),
        Key("flow", variable="sex", level="femal", statistic="n"),
        Key("flow", outcome="efs", statistic="n"),
        Key("flow", statistic="geometric_mean"),
    ],
)
def test_a_word_outside_the_vocabulary_is_refused(key, dictionary):
    with pytest.raises(CohortError, match="is not a known"):
        check_vocabulary(Results((Row(key, 1.0),), ""), dictionary)


def test_every_proportion_is_its_count_over_its_denominator(results):
    proportions = [row for row in results if row.key.statistic == "proportion"]
    assert len(proportions) > 200
    for row in proportions:
        count = results.value(row.key._replace(statistic="count"))
        if row.denominator:
            assert row.value == count / row.denominator
            low = results.value(row.key._replace(statistic="proportion_ci_low"))
            high = results.value(row.key._replace(statistic="proportion_ci_high"))
            assert 0 <= low <= row.value <= high <= 1
        else:
            assert math.isnan(row.value) and count == 0


def test_the_levels_of_every_baseline_factor_add_up_to_their_column(results, dictionary):
    columns: dict[tuple, list[Row]] = {}
    for row in results:
        key = row.key
        if key.analysis.startswith("baseline") and key.statistic == "count":
            columns.setdefault((key.analysis, key.population, key.variable), []).append(row)
    factors = [rows for rows in columns.values() if len(rows) > 1]
    assert len(factors) > 60
    for rows in factors:
        assert sum(row.value for row in rows) == rows[0].denominator


def test_the_groups_partition_the_cohort(results, study):
    sizes = [
        results.value(Key("baseline_by_exposure", population=f"infused[ino={x}]", statistic="n"))
        for x in ("naive", "exposed")
    ]
    assert sum(sizes) == len(study.patients)


def test_csv_and_json_hold_the_same_rows_at_full_precision(results):
    table = list(csv.DictReader(io.StringIO(results_csv(results))))
    document = json.loads(results_json(results, {"title": "t"}))
    assert document["header"] == {"title": "t"}
    assert len(table) == len(document["rows"]) == len(results.rows)
    for text, plain, row in zip(table, document["rows"], results, strict=True):
        assert tuple(text) == tuple(plain) == COLUMNS
        if math.isnan(row.value):
            assert text["value"] == "" and plain["value"] is None
        else:
            assert float(text["value"]) == plain["value"] == row.value


def test_an_extract_of_six_columns_gives_what_it_can(root, extract, write_extract):
    needed = ["patient_id", "age_years", "sex", "infusion_date", "death_date", "last_contact_date"]
    parameters = {
        "preset": "aldoss_2024",
        "cohort": str(write_extract(extract[needed])),
        "exposure": "sex",
        "model_population": "infused",
    }
    study = make_study(parse_parameters(parameters), root=root)
    analyses = {row.key.analysis for row in all_results(study)}
    assert {"survival_by_exposure", "baseline_by_exposure", "cox_univariable"} <= analyses
    assert not {"toxicity", "response", "exposure_doses"} & analyses
    with pytest.raises(CohortError, match="set it to infused"):
        make_study(parse_parameters({**parameters, "model_population": "responders"}), root=root)
