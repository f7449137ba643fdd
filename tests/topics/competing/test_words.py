"""Sentences on competing events follow the numbers, whatever these are."""

from __future__ import annotations

import json
import re
from dataclasses import replace

import pytest

from analysis_lib.format import take_notes
from analysis_lib.results.rows import Omitted
from analysis_lib.topics.competing.numbers import (
    NEITHER,
    first_event_key,
    relapse_and_death_by_exposure,
    toxicity_onset_by_exposure,
)
from analysis_lib.topics.competing.words import (
    describe_causes,
    describe_first_events,
    describe_onset,
)

CAUSAL = re.compile(
    r"\b(effect|(?<!other )causes|caused|due to|because of|protects?|harms?)\b", re.I
)
RATIO = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")


@pytest.fixture(scope="module")
def found(study):
    return relapse_and_death_by_exposure(study)


def with_ratios(cause, **ratios):
    """The cause with other hazard ratios in the results of its models, by scale and adjustment."""
    models = []
    for model in cause.models:
        numbers = ratios.get(f"{model.scale}_{model.adjustment}", (1.2, 0.8, 1.8))
        key = model.contrast("exposed")
        changed = dict(zip([key._replace(statistic=x) for x in RATIO], numbers, strict=True))
        rows = tuple(replace(r, value=changed.get(r.key, r.value)) for r in model.results)
        models.append(replace(model, results=replace(model.results, rows=rows)))
    return replace(cause, models=tuple(models))


@pytest.mark.parametrize(
    ("rate", "risk", "rival", "phrase"),
    [
        (1.8, 1.2, 1.5, "lies below the first: the hazard of death without relapse is estimated"),
        (1.8, 2.1, 0.6, "lies above the first: the hazard of death without relapse is estimated"),
        (1.8, 1.2, 0.7, None),
        (1.8, 1.8, 1.5, None),
    ],
)
def test_the_two_scales_are_told_apart_only_where_the_other_event_accounts_for_it(
    found, rate, risk, rival, phrase
):
    relapse = with_ratios(
        found.relapse,
        cause_specific_baseline=(rate, 0.9, 3.0),
        subdistribution_baseline=(risk, 0.9, 3.0),
    )
    death = with_ratios(found.death, cause_specific_baseline=(rival, 0.3, 3.0))
    text = str(describe_causes(replace(found, relapse=relapse, death=death))).split("\n\n")[0]
    assert (phrase in text) if phrase else "the first:" not in text


def test_an_interval_that_contains_1_is_never_read_as_equality(found):
    wide = with_ratios(found.relapse, cause_specific_baseline=(1.2, 0.4, 3.1))
    text = str(describe_causes(replace(found, relapse=wide)))
    assert "the first shows no clear difference" in text
    assert "includes a halved and a doubled hazard" in text
    clear = with_ratios(found.relapse, cause_specific_baseline=(0.5, 0.3, 0.8))
    text = str(describe_causes(replace(found, relapse=clear)))
    assert "the first excludes 1 on the side of a lower hazard" in text


def test_who_had_what_first_is_counted(study, study_of, found):
    text = str(describe_first_events(found))
    relapsed = sum(x.estimate.n_events for x in found.relapse.incidence.curves)
    assert f"of {len(study.patients)} infused patients was relapse in {relapsed}" in text
    assert f"leukaemia is the recorded cause of {found.leukemia_deaths:.0f}" in text
    other = str(describe_first_events(replace(found, disease="myeloma")))
    assert f"myeloma is the recorded cause of {found.leukemia_deaths:.0f}" in other
    assert "An assessed non-response is no event here" in text
    counted = relapse_and_death_by_exposure(study_of(nonresponse_is_pfs_event=True))
    assert f"it was the first event in {counted.nonresponses:.0f} of the" in str(
        describe_first_events(counted)
    )
    unknown = str(describe_first_events(replace(found, leukemia_deaths=None)))
    assert "recorded cause" not in unknown and "an assessed non-response came before" in unknown
    none = replace(found, leukemia_deaths=0, deaths_after_nonresponse=0)
    assert "more than death from other causes" not in str(describe_first_events(none))


def test_each_event_says_what_its_models_rest_on(found):
    for text, cause in zip(str(describe_causes(found)).split("\n\n"), found.causes, strict=True):
        fit = cause.models[2].fit
        assert f"spend {fit.degrees_of_freedom} parameters on {fit.events} events" in text


def test_onset_counts_who_died_first_and_who_has_no_date(study):
    found = toxicity_onset_by_exposure(study)
    text = str(describe_onset(found))
    for shown in found.incidences:
        deaths = sum(curve.estimate.n_competing for curve in shown.curves)
        name = shown.question.outcome.upper()
        assert f"Before {name} began, {deaths or 'nobody'} died by day 30" in text
    one = replace(found, undated={"crs": 1, "icans": 4}, left_out=("So.",))
    text = str(describe_onset(one))
    assert "1 patient with it has no date of onset" in text
    assert "4 patients with it have no date of onset" in text and text.endswith("\n\nSo.")


@pytest.mark.parametrize("exposure", ["ino", "marrow_status", "centre"])
def test_no_sentence_claims_a_cause_or_holds_a_nan(study_of, exposure):
    study = study_of(exposure=exposure, candidates=["sex"], as_published_terms=[])
    found = relapse_and_death_by_exposure(study)
    for prose in (
        describe_first_events(found),
        describe_causes(found),
        describe_onset(toxicity_onset_by_exposure(study)),
    ):
        assert not CAUSAL.search(str(prose))
        assert not re.search(r"\bnan\b|None", str(prose))


def test_groups_without_an_estimate_are_named_together(study_of):
    study = study_of(exposure="centre", candidates=["sex"], as_published_terms=[])
    text = str(describe_causes(relapse_and_death_by_exposure(study)))
    assert text.count("no hazard ratio of relapse can be estimated for") <= 1
    assert "hazard ratio of death without relapse can be estimated for" in text


def test_what_does_not_apply_passes_through():
    omitted = Omitted("None of it.")
    for describe in (describe_first_events, describe_causes, describe_onset):
        assert describe(omitted) is omitted


def test_everyone_is_in_one_row_and_each_number_leads_to_its_own(study_of):
    study = study_of()
    found = relapse_and_death_by_exposure(study)
    outcomes = [cause.incidence.question.outcome for cause in found.causes]
    rows = [found.results.row(first_event_key(x)) for x in (*outcomes, NEITHER)]
    assert sum(row.value for row in rows) == len(study.patients) == rows[0].denominator
    assert rows[2].value == (~study.patients["pfs_event"]).sum()
    take_notes()
    said = describe_first_events(found)
    assert f"{int(rows[2].value)} had neither by last contact" in str(said)
    places = {tuple(json.loads(note[2])) for note in take_notes() if len(note) > 2}
    for row in rows:
        assert (*row.key, "value") in places


def test_where_small_counts_are_withheld_neither_cannot_be_worked_out(study_of):
    found = relapse_and_death_by_exposure(study_of(small_cell=11))
    shown = [
        row.value
        for row in found.results
        if row.key.analysis == "first_event" and not row.suppressed
    ]
    assert len(shown) != 2
