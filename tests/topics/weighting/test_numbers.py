"""Propensity, weighting, positivity, E-values and leaving one centre out, on the cohort."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pandas as pd
import pytest

from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Key, Omitted
from analysis_lib.stats.cox import fit_cox
from analysis_lib.study.study import make_study
from analysis_lib.topics.effect.numbers import exposure_ladder
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.gate.rules import POSITIVITY
from analysis_lib.topics.weighting.numbers import exposure_propensity, weigh_groups
from analysis_lib.topics.weighting.positivity import check_positivity
from analysis_lib.topics.weighting.positivity_words import describe_positivity
from analysis_lib.topics.weighting.survival import weighted_survival
from analysis_lib.topics.weighting.unmeasured import e_values, leave_one_centre_out


@pytest.fixture(scope="module")
def propensity(study):
    return exposure_propensity(study)


@pytest.fixture(scope="module")
def weighting(study, propensity):
    return weigh_groups(study)


@pytest.fixture(scope="module")
def ladders(study):
    return [exposure_ladder(study, outcome) for outcome in ("pfs", "os")]


def test_the_propensity_holds_the_complete_cases_of_the_primary_model(study, propensity, ladders):
    assert propensity.terms == tuple(Parameters().baseline_terms)
    assert len(propensity.codes) == ladders[0].baseline.fit.n
    assert propensity.determined == ()
    np.testing.assert_allclose(propensity.fit.probabilities.sum(axis=1), 1)
    shares = propensity.of("exposed").mean(), (propensity.codes == 1).mean()
    assert shares[0] == pytest.approx(shares[1])


def test_overlap_weights_leave_no_difference_and_cost_patients(weighting):
    def values(name, statistic):
        return [
            row.value
            for row in weighting.results
            if (row.key.analysis, row.key.statistic) == (name, statistic)
        ]

    before, iptw, overlap = (
        values(f"weighting_{x}", "standardized_difference") for x in ("none", "iptw", "overlap")
    )
    assert len(before) == len(weighting.variables)
    assert max(before) > 0.1
    assert max(iptw) < max(before)
    assert set(overlap) == {0.0}
    for scheme in weighting.schemes:
        sizes = values(scheme.analysis, "effective_sample_size")
        patients = values(scheme.analysis, "n")
        lost = [n - size for n, size in zip(patients, sizes, strict=True)]
        assert all(x == pytest.approx(0) if scheme.name == "none" else x > 0 for x in lost)


def test_of_three_groups_each_difference_is_to_the_reference(study_of):
    study = study_of(exposure="disease_subtype")
    propensity = exposure_propensity(study)
    assert propensity.determined == ("ph_positive",)
    assert "ph_positive" not in propensity.terms
    contrasts = {
        row.key.contrast
        for row in weigh_groups(study).results
        if row.key.statistic == "standardized_difference"
    }
    reference, *others = study.groups.levels
    assert contrasts == {f"{level}_vs_{reference}" for level in others}


def test_unweighted_is_the_crude_ratio_of_the_complete_cases(study, weighting, ladders):
    for outcome, ladder in zip(("pfs", "os"), ladders, strict=True):
        weighted = weighted_survival(study, outcome)
        found = weighted.effects[0].fit.coefficient("ino", "exposed")
        crude = ladder.crude_among_adjusted.fit.coefficient("ino", "exposed")
        assert found.coefficient == pytest.approx(crude.coefficient, rel=1e-9)
        assert (found.n, found.events) == (crude.n, crude.events)
        for effect in weighted.effects:
            assert effect.fit.n == len(weighting.propensity.codes)
            risks = [curve.estimate.at_risk[0] for curve in effect.curves.curves]
            assert sum(risks) == effect.fit.n


def test_every_hazard_ratio_of_the_ladder_and_of_the_weights_has_its_e_value(study, ladders):
    values = e_values(study)
    assert len(values.lines) == sum(len(x.rungs) for x in ladders) + 2 * 2
    for line in values.lines:
        ratio, low, high = (
            line.source.value(line.key._replace(statistic=x))
            for x in ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")
        )
        value, limit = (
            values.results.value(line.key._replace(statistic=x))
            for x in ("e_value", "e_value_limit")
        )
        assert value >= limit >= 1
        assert (limit == 1) == (low <= 1 <= high)
        if ratio > 1:
            risk = (1 - 0.5 ** math.sqrt(ratio)) / (1 - 0.5 ** math.sqrt(1 / ratio))
            assert value == pytest.approx(risk + math.sqrt(risk * (risk - 1)))


def test_nested_columns_are_found_in_the_data_and_not_by_name(study):
    nested = check_positivity(study).nested
    found = {(x.variable, x.level, x.within, x.within_level) for x in nested}
    assert ("ino_timing", "bridging", "bridging_therapy", "yes") in found
    assert ("consolidation", "tki", "ph_positive", "yes") in found
    patients = study.patients
    for one in nested:
        inside = patients[patients[one.variable] == one.level][one.within].dropna()
        assert len(inside) == one.n and set(inside) == {one.within_level}


def test_a_level_that_a_group_lacks_is_flagged_and_a_rare_one_is_left_to_chance(
    root, extract, write_extract
):
    exposed = extract["ino_response"] != ""
    extract.loc[exposed, "extramedullary_disease"] = "no"
    rare = extract.index[exposed][:1]
    extract["cns_involvement"] = "no"
    extract.loc[rare, "cns_involvement"] = "yes"
    parameters = parse_parameters({"preset": "aldoss_2024", "cohort": str(write_extract(extract))})
    study = make_study(parameters, root=root)
    cells = {x.variable: x for x in check_positivity(study).empty}
    assert cells["extramedullary_disease"].arm == "exposed"
    assert cells["extramedullary_disease"].is_structural
    naive = study.patients[study.patients["ino"] == "naive"]
    assert cells["extramedullary_disease"].n == (naive["extramedullary_disease"] == "yes").sum()
    assert (cells["cns_involvement"].arm, cells["cns_involvement"].n) == ("naive", 1)
    share = (study.patients["ino"] == "exposed").mean()
    assert cells["cns_involvement"].chance == pytest.approx(share)
    assert not cells["cns_involvement"].is_structural


def test_a_covariate_that_is_the_exposure_itself_fails_positivity(study):
    same = study.patients["ino"].cat.rename_categories({"naive": "male", "exposed": "female"})
    mirrored = replace(study, patients=study.patients.assign(sex=same))
    positivity = check_positivity(mirrored)
    assert positivity.fixed == ("sex",)
    said = str(describe_positivity(positivity))
    assert "Of one value in each group" in said and "sex." in said
    assert "Every level of every other categorical covariate occurs in every group." in said
    (check,) = [x for x in gate(mirrored).checks if x.rule is POSITIVITY]
    assert (check.verdict, check.value) == ("fail", 1.0)


def test_what_the_exposure_fixes_by_definition_is_no_flag(study_of):
    assert check_positivity(study_of(exposure="disease_subtype")).fixed == ()


def test_a_column_that_chance_could_nest_is_no_flag(study):
    patients = study.patients.copy()
    patients["sex"] = pd.Categorical(np.where(patients.index < 2, "female", "male"))
    nested = check_positivity(replace(study, patients=patients)).nested
    assert not any(x.variable == "sex" for x in nested)


def test_without_one_centre_the_primary_model_is_fitted_to_the_others(study, ladders):
    found = leave_one_centre_out(study, "pfs")
    assert {x.label for x in found.without["exposed"]} == set(study.patients["centre"])
    one = found.without["exposed"][0]
    terms = ["ino", *ladders[0].baseline.specification.terms]
    rest = study.patients[study.patients["centre"] != one.label].dropna(subset=terms)
    covariates = rest[terms].copy()
    covariates["prior_lines"] = covariates["prior_lines"].astype(float)
    order = {x: study.dictionary[x].ordered_levels for x in terms if x in covariates}
    for name, levels in order.items():
        if levels:
            covariates[name] = covariates[name].cat.set_categories(levels)
    term = fit_cox(rest["pfs_months"], rest["pfs_event"], covariates).coefficient("ino", "exposed")
    assert one.coefficient == pytest.approx(term.coefficient, rel=1e-6)
    assert one.n == len(rest)
    key = Key("leave_one_centre_out", "pfs", "infused", "ino", "exposed", "exposed_vs_naive")
    ratios = [x.hazard_ratio for x in found.without["exposed"]]
    assert found.results.value(key._replace(statistic="minimum")) == pytest.approx(min(ratios))
    assert found.results.value(key._replace(statistic="maximum")) == pytest.approx(max(ratios))


def test_what_cannot_be_weighted_or_left_out_says_why(study_of, root, extract, write_extract):
    nothing = study_of(baseline_terms=[])
    left = exposure_propensity(nothing)
    assert isinstance(left, Omitted) and "No baseline covariate" in left.reason
    assert weigh_groups(nothing) is left
    assert weighted_survival(nothing, "pfs") is left
    few = exposure_propensity(study_of(exposure="race_ethnicity"))
    assert isinstance(few, Omitted) and "smallest group" in few.reason
    path = write_extract(extract.drop(columns="centre"))
    study = make_study(parse_parameters({"preset": "aldoss_2024", "cohort": str(path)}), root=root)
    gone = leave_one_centre_out(study, "pfs")
    assert isinstance(gone, Omitted)
    assert gone.reason == "The extract records no centre; leaving one centre out is left out."
