"""Competing events by exposure: they add up, follow their parameters, and are left out in words."""

from __future__ import annotations

import math

import pandas as pd
import pytest

from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import Study, make_study
from analysis_lib.topics.competing.numbers import (
    first_event_key,
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)
from analysis_lib.topics.survival.numbers import survival_by_exposure
from analysis_lib.topics.whole import check_vocabulary

NAMES = ("hazard_ratio", "coefficient", "std_error", "p_value")


@pytest.fixture(scope="module")
def found(study):
    return relapse_and_death_by_exposure(study)


@pytest.fixture
def study_with(extract, write_extract, root):
    """The study of the embedded cohort with some columns emptied in some rows."""

    def make(rows=slice(None), *columns: str, **parameters) -> Study:
        for column in columns:
            extract.loc[extract.index[rows], column] = ""
        cohort = str(write_extract(extract))
        return make_study(
            parse_parameters({"preset": "aldoss_2024", "cohort": cohort, **parameters}), root=root
        )

    return make


def test_relapse_death_and_progression_free_survival_add_up_to_one(study, found) -> None:
    pfs = survival_by_exposure(study, "pfs")
    both = zip(found.relapse.incidence.curves, found.death.incidence.curves, strict=True)
    for (relapse, death), free in zip(both, pfs.curves, strict=True):
        for month in (3, 6, 12):
            parts = (relapse.estimate.at(month), death.estimate.at(month))
            total = sum(x.incidence for x in parts) + free.estimate.at(month).survival
            assert total == pytest.approx(1, abs=1e-12)


def test_each_patient_is_counted_once(study, found) -> None:
    relapse, death = found.incidences
    for own, other in zip(relapse.curves, death.curves, strict=True):
        assert own.estimate.n_events == other.estimate.n_competing
        assert own.estimate.n_competing == other.estimate.n_events
    total = sum(x.estimate.n_events for one in found.incidences for x in one.curves)
    assert total == study.patients["pfs_event"].sum()
    assert sum(x.estimate.n for x in relapse.curves) == len(study.patients)


def test_every_model_reports_its_exposure_and_what_it_rests_on(study, found) -> None:
    for cause in found.causes:
        assert [model.label for model in cause.models] == [
            "Cause-specific, crude",
            "Subdistribution, crude",
            "Cause-specific, adjusted",
            "Subdistribution, adjusted",
        ]
        for model in cause.models:
            term = model.fit.coefficient("ino", "exposed")
            for name in NAMES:
                key = model.contrast("exposed")._replace(statistic=name)
                assert found.results.value(key) == getattr(term, name)
            events = model.fit.events / model.fit.degrees_of_freedom
            key = model.key._replace(statistic="events_per_parameter")
            assert found.results.value(key) == events
    crude, adjusted = found.relapse.models[0], found.relapse.models[2]
    assert crude.fit.n == len(study.patients) > adjusted.fit.n
    assert adjusted.terms == tuple(study.parameters.baseline_terms)


def test_cause_specific_hazards_censor_the_other_event(study, found) -> None:
    crude = [cause.models[0].fit for cause in found.causes]
    assert sum(fit.events for fit in crude) == study.patients["pfs_event"].sum()


def test_a_non_response_that_counts_joins_relapse_under_its_own_name(study_of, found) -> None:
    counted = relapse_and_death_by_exposure(study_of(nonresponse_is_pfs_event=True))
    assert counted.relapse.incidence.question.outcome == "relapse_or_nonresponse"
    assert found.relapse.incidence.question.outcome == "relapse"
    assert found.nonresponses is None and counted.nonresponses > 0
    deaths, without_failure = (
        one.results.value(first_event_key(one.death.incidence.question.outcome))
        for one in (found, counted)
    )
    assert without_failure < deaths
    assert counted.deaths_after_nonresponse == 0 < found.deaths_after_nonresponse


@pytest.mark.parametrize("exposure", ["prior_blinatumomab", "marrow_status", "centre"])
def test_another_exposure_of_two_or_many_levels_works(study_of, exposure) -> None:
    study = study_of(exposure=exposure, candidates=["sex"], as_published_terms=[])
    for part in (relapse_and_death_by_exposure(study), toxicity_onset_by_exposure(study)):
        check_vocabulary(part.results, study.dictionary)
    assert len(part.incidences[0].curves) <= len(study.groups.levels)


def test_without_a_relapse_the_two_are_not_told_apart(study_with) -> None:
    found = relapse_and_death_by_exposure(study_with(slice(None), "relapse_date"))
    assert isinstance(found, Omitted)
    assert "No relapse is recorded" in found.reason


def test_without_causes_of_death_none_is_counted(study_with) -> None:
    found = relapse_and_death_by_exposure(study_with(slice(None), "cause_of_death"))
    assert found.leukemia_deaths is None
    assert found.deaths_after_nonresponse > 0


def test_an_arm_without_events_has_curves_at_zero_and_no_ratio(study_with, extract) -> None:
    doses = extract[["ino_doses_preapheresis", "ino_doses_bridging"]].apply(pd.to_numeric)
    exposed = (doses.sum(axis=1) > 0).to_numpy()
    study = study_with(
        exposed, "relapse_date", "death_date", "cause_of_death", "response_not_evaluable_reason"
    )
    found = relapse_and_death_by_exposure(study)
    for cause in found.causes:
        curve = cause.incidence.curves[1]
        assert curve.level == "exposed"
        assert curve.estimate.at(12).incidence == 0
        for model in cause.models:
            assert math.isnan(model.fit.coefficient("ino", "exposed").hazard_ratio)


def test_onset_is_of_the_evaluable_and_reaches_the_proportion_affected(study) -> None:
    found = toxicity_onset_by_exposure(study)
    for shown in found.incidences:
        name = shown.question.outcome
        assert shown.question.base == f"{name}_evaluable"
        known = study.patients[study.patients[name].notna()]
        for curve in shown.curves:
            group = known[known["ino"] == curve.level]
            assert curve.estimate.n == len(group)
            # Nobody is lost before day 30, so that the estimate is a proportion.
            share = (group[name] == "yes").mean()
            assert curve.estimate.at(30).incidence == pytest.approx(share)


def test_undated_onsets_are_counted_or_leave_the_syndrome_out(study_with) -> None:
    study = study_with(slice(0, 40), "icans_onset_date")
    undated = (study.patients["icans"] == "yes") & study.patients["icans_onset_days"].isna()
    found = toxicity_onset_by_exposure(study)
    assert found.undated == {"crs": 0, "icans": undated.sum()}
    icans = found.incidences[1]
    assert sum(x.estimate.n for x in icans.curves) == (
        study.patients["icans"].notna().sum() - undated.sum()
    )
    only = toxicity_onset_by_exposure(study_with(slice(None), "crs_onset_date"))
    assert [x.question.outcome for x in only.incidences] == ["icans"]
    assert only.left_out == ("The extract records no date of onset of CRS; its onset is left out.",)
    none = toxicity_onset_by_exposure(study_with(slice(None), "icans_onset_date"))
    assert isinstance(none, Omitted)
