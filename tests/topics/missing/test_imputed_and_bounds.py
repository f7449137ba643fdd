"""Imputed models beside complete cases, and responses assumed one way and the other."""

from __future__ import annotations

import numpy as np
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.study.study import make_study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.missing.bounds import response_bounds, unknown_response
from analysis_lib.topics.missing.imputed import imputed_effects
from analysis_lib.topics.regression.numbers import as_published_models, model_b


@pytest.fixture(scope="module")
def imputed(study):
    return imputed_effects(study)


def value(effect, statistic, level="exposed"):
    return effect.results.value(effect.contrast(level)._replace(statistic=statistic))


def test_complete_cases_are_those_of_the_ladder(study, imputed) -> None:
    rungs = {}
    for outcome in ("pfs", "os"):
        ladder = exposure_ladder(study, outcome)
        rungs[outcome, "infused"] = ladder.baseline
        if ladder.as_published is not None:
            rungs[outcome, "responders"] = ladder.as_published
    assert len(imputed.pairs) == 3
    for pair in imputed.pairs:
        rung = rungs[pair.outcome, pair.complete.key.population]
        for statistic in ("hazard_ratio", "hazard_ratio_ci_low", "std_error", "p_value"):
            expected = rung.results.value(rung.contrast("exposed")._replace(statistic=statistic))
            assert value(pair.complete, statistic) == pytest.approx(expected, rel=1e-6)


def test_imputed_models_hold_everyone_and_miss_little_information(study, imputed) -> None:
    assert dict(imputed.incomplete) == {
        name: int(study.patients[name].isna().sum())
        for name in ("race_ethnicity_collapsed", "active_marrow")
    }
    for pair in imputed.pairs:
        n = pair.imputed.results.value(pair.imputed.key._replace(statistic="n"))
        everyone = pair.imputed.key.population == "infused"
        assert n == (len(study.patients) if everyone else (study.patients["cr_cri"] == "yes").sum())
        assert 0 < value(pair.imputed, "missing_information") < 0.3
        assert value(pair.imputed, "std_error") < 1.1 * value(pair.complete, "std_error")
        assert value(pair.imputed, "coefficient_mc_error") < 0.05


def test_the_seed_and_the_number_of_imputations_move_the_estimate_by_little(
    imputed, study_of
) -> None:
    other = imputed_effects(study_of(seed=7, imputations=10))
    first, second = (x.pairs[0].imputed for x in (imputed, other))
    change = abs(value(first, "coefficient") - value(second, "coefficient"))
    error = np.hypot(*(value(x, "coefficient_mc_error") for x in (first, second)))
    assert 0 < change < 4 * error


def test_with_nothing_missing_nothing_is_imputed(study_of) -> None:
    study = study_of(baseline_terms=["sex"], as_published_terms=["sex"])
    found = imputed_effects(study)
    assert isinstance(found, Omitted) and "nothing is imputed" in found.reason


def test_each_assumption_puts_the_unknown_where_it_says(study) -> None:
    published = as_published_models(study)
    found = unknown_response(study)
    known = model_b(published)
    assert found.known.results is known.results
    responders = study.patients[study.patients["cr_cri"] == "yes"]
    unknown = responders[responders["ino_exposure_response"] == "not_reported"]
    assert (found.unknown, found.unknown_events) == (len(unknown), unknown["pfs_event"].sum())
    counts = {x.label: value(x, "n_at_level", "responder") for x in found.assumed}
    complete = unknown["active_marrow"].notna() & unknown["race_ethnicity_collapsed"].notna()
    base = known.fit.coefficient("ino_exposure_response", "responder").n
    events = int((complete & unknown["pfs_event"]).sum())
    assert list(counts.values()) == [
        base + complete.sum(), base, base + complete.sum() - events, base + events,
    ]  # fmt: skip


def test_the_extremes_enclose_the_ratio_of_the_refractory(study) -> None:
    found = unknown_response(study)
    ratios = [value(x, "hazard_ratio", "refractory") for x in found.assumed]
    assert ratios[3] <= min(ratios[:2]) and max(ratios[:2]) <= ratios[2]


def test_best_and_worst_case_enclose_every_other(study) -> None:
    bounds = response_bounds(study)
    contrast = study.groups.contrast
    differences = {
        analysis: bounds.results.value(
            Key(analysis, "cr_cri", base, contrast=contrast, statistic="difference")
        )
        for analysis, _, base in bounds.cases
    }
    worst, best = differences["response_worst"], differences["response_best"]
    assert worst < min(differences["response_none"], differences["response_all"])
    assert best > max(differences["response_none"], differences["response_all"])
    assert worst <= differences["response_evaluable_only"] <= best
    counted = study.patients.groupby("ino", observed=True)["cr_cri"].agg(
        lambda x: ((x == "yes") | x.isna()).mean()
    )
    assert differences["response_all"] == pytest.approx(counted["exposed"] - counted["naive"])


def test_what_is_not_recorded_cannot_be_assumed(root, extract, write_extract) -> None:
    needed = ["patient_id", "age_years", "sex", "infusion_date", "death_date", "last_contact_date"]
    path = str(write_extract(extract[needed]))
    parameters = {
        "preset": "aldoss_2024",
        "cohort": path,
        "exposure": "sex",
        "model_population": "infused",
    }
    study = make_study(parse_parameters(parameters), root=root)
    for found in (
        unknown_response(study),
        response_bounds(study),
        imputed_effects(study),
    ):
        assert isinstance(found, Omitted)
