"""PFS and OS from infusion by group, and how long patients were followed."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

import pandas as pd

from analysis_lib.estimates.curves import (
    Curve,
    SurvivalComparison,
    compare_curves,
    curve_rows,
    round_times_of,
    rows_of_curves,
)
from analysis_lib.estimates.describe import quantity_rows
from analysis_lib.estimates.effects import METHOD
from analysis_lib.estimates.few_events import with_penalty
from analysis_lib.results.disclosure.models import withheld_count
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, OfStudy, Omitted, Results, Row, context, population
from analysis_lib.results.store import once
from analysis_lib.stats.cox_intervals import fit_cox_entered
from analysis_lib.stats.firth_cox import fit_firth_cox
from analysis_lib.stats.follow_up import follow_up_completeness, reverse_kaplan_meier
from analysis_lib.stats.group_tests import logrank_test
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.study.endpoints import entry_of, months, time_and_event
from analysis_lib.study.exposure import Grouping
from analysis_lib.study.study import Study


@once
def survival_by_exposure(study: Study, outcome: str) -> SurvivalComparison:
    """`pfs` or `os` by exposure; log-rank over all groups."""
    groups = study.groups
    return _compare(study, outcome, "survival_by_exposure", groups, groups)


@once
def survival_by_response(study: Study, outcome: str) -> SurvivalComparison | Omitted:
    """Never exposed, responders and refractory; log-rank of refractory against responders."""
    combined, response = study.exposure.combined, study.exposure.response
    if combined is None or response is None:
        return Omitted(
            f"The extract records no response to the exposure, {study.exposure.phrase}; "
            "survival by response to it is left out."
        )
    return _compare(study, outcome, "survival_by_response", combined, response)


@once
def survival_by_timing(study: Study, outcome: str) -> SurvivalComparison | Omitted:
    """The exposed by timing of the exposure."""
    timing = study.exposure.timing
    if timing is None:
        return Omitted(
            f"The extract records no timing of {study.exposure.phrase}; "
            "survival by timing is left out."
        )
    return _compare(study, outcome, "survival_by_timing", timing, timing)


def _compare(
    study: Study, outcome: str, analysis: str, grouping: Grouping, tested: Grouping
) -> SurvivalComparison:
    members = grouping.among(study.patients)
    curves = [
        Curve(
            level,
            label,
            population("infused", grouping, level),
            kaplan_meier(
                *time_and_event(grouping.members(members, level), outcome),
                entry=entry_of(grouping.members(members, level), outcome),
                confidence_level=study.confidence_level,
                of_record=True,
            ),
        )
        for level, label in zip(grouping.levels, grouping.labels, strict=True)
    ]
    risk_times = round_times_of(curves)
    rows = rows_of_curves(study, analysis, outcome, curves, risk_times)
    nowhere = context(Key(analysis, outcome, "infused", grouping.variable))
    nowhere = nowhere.at("excluded", _unplaced(study, grouping), unit="patients")
    compared = compare_curves(
        study,
        analysis,
        outcome,
        grouping,
        curves,
        [*rows, *_test_rows(study, outcome, analysis, tested), nowhere],
        risk_times=risk_times,
        tested=tested,
        time_zero=study.time_zero_phrase,
    )
    return replace(compared, unplaced=nowhere.value)


def _unplaced(study: Study, grouping: Grouping) -> int:
    """Exposed patients who are in none of the curves because something is not recorded of them."""
    exposed = study.patients[study.groups.variable] != study.exposure.unexposed
    placed = study.patients[grouping.variable].isin(grouping.levels)
    return withheld_count(study, int((exposed & ~placed).sum()))


def _test_rows(study: Study, outcome: str, analysis: str, tested: Grouping) -> list[Row]:
    """The log-rank test, and the unadjusted hazard ratio of every group."""
    patients = tested.among(study.patients)
    time, event = time_and_event(patients, outcome)
    groups = tested.of(patients)
    entry = entry_of(patients, outcome)
    test = logrank_test(time, event, groups.astype(str), entry=entry, of_record=True)
    key = Key(analysis, outcome, "infused", contrast=tested.contrast)
    here = context(key, n=len(patients))
    rows = [
        here.at("p_value", test.p_value, method=test.method),
        here.at("chi_square", test.statistic, method=test.method),
    ]
    covariates = pd.DataFrame({tested.variable: groups})
    level = study.confidence_level
    fit = with_penalty(
        fit_cox_entered(entry, time, event, covariates, confidence_level=level),
        tested.variable,
        tested.levels[1:],
        lambda levels: fit_firth_cox(
            time,
            event,
            covariates,
            entry=entry,
            profiled=tested.variable,
            levels=levels,
            confidence_level=level,
        ),
    )
    for term in fit.coefficients:
        of_group = context(key._replace(contrast=tested.against(term.level)), n=len(patients))
        ends = (term.hazard_ratio, term.ci_low, term.ci_high)
        rows += of_group.interval("hazard_ratio", *ends, method=term.method or METHOD)
    return rows


DEFINITIONS = (
    ("reverse_kaplan_meier", "Reverse Kaplan-Meier"),
    ("survivors", "Last contact of the living"),
    ("all_patients", "Last contact or death, all patients"),
    ("potential", "{} to data lock"),
)


@dataclass(frozen=True)
class Followup:
    """Median follow-up by definition, and its completeness.

    Populations are (label, population), all patients first. `has_calendar` is false where all
    patients have one date of time zero: such dates are nominal, and a data lock means nothing.
    """

    definitions: tuple[tuple[str, str], ...]
    populations: tuple[tuple[str, str], ...]
    grouping: Grouping
    results: Results
    has_calendar: bool


@once
def followup(study: Study) -> Followup:
    """Follow-up overall and by exposure; the reverse Kaplan-Meier is the one to quote.

    Schemper and Smith (1996), Control Clin Trials 17:343. Completeness by Clark, Altman and
    De Stavola (2002), Lancet 359:1309.
    """
    groups, zero = study.groups, study.time_zero_phrase
    populations = [("All patients", "infused", study.patients)]
    for level in groups.levels:
        where = population("infused", groups, level)
        members = groups.members(study.patients, level)
        populations.append((groups.label_of(level), where, members))
    rows: list[Row] = []
    for _, where, members in populations:
        rows += _rows(study, members, where)
        if study.has_calendar:
            rows += _until_lock(study, members, where)
    definitions = DEFINITIONS if study.has_calendar else DEFINITIONS[:-1]
    return Followup(
        tuple((x, label.format(zero.capitalize())) for x, label in definitions),
        tuple((label, where) for label, where, _ in populations),
        groups,
        study_results(study, rows),
        study.has_calendar,
    )


def _rows(study: Study, patients: pd.DataFrame, where: str) -> list[Row]:
    key = Key("followup", "followup", where)
    followed = time_and_event(patients, "os")
    reverse = reverse_kaplan_meier(
        *followed, entry=entry_of(patients, "os"), confidence_level=study.confidence_level
    )
    here = context(key._replace(variable="reverse_kaplan_meier"), n=reverse.n)
    rows = curve_rows(here, reverse, (), study.parameters.small_cell)
    quantities = {
        "survivors": patients.loc[~patients["os_event"], "os_months"],
        "all_patients": patients["os_months"],
    }
    for name, values in quantities.items():
        rows += quantity_rows(context(key._replace(variable=name)), values, "months")
    return rows


def _until_lock(study: Study, patients: pd.DataFrame, where: str) -> list[Row]:
    """The time to the data lock, and Clark's C with its person-time; the dead are complete."""
    key = Key("followup", "followup", where)
    lock = pd.Timestamp(study.data_lock)
    potential = months((lock - patients[study.parameters.time_zero]).dt.days)
    rows = quantity_rows(context(key._replace(variable="potential")), potential, "months")
    found = follow_up_completeness(patients["os_months"], patients["os_event"], potential)
    here = context(key._replace(variable="completeness"), n=found.n)
    return [
        *rows,
        here.at("completeness", found.completeness, unit="proportion", method=found.method),
        here.at("observed_person_time", found.observed, unit="months"),
        here.at("potential_person_time", found.potential, unit="months"),
    ]


def parts(study: Study) -> Iterator[OfStudy]:
    """Every endpoint by every grouping, and the follow-up."""
    for outcome in study.parameters.endpoints:
        yield survival_by_exposure(study, outcome)
        yield survival_by_response(study, outcome)
        yield survival_by_timing(study, outcome)
    yield followup(study)
