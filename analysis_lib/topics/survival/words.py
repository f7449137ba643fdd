"""Survival and follow-up in sentences."""

from __future__ import annotations

import math

from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.estimates.curves import SurvivalComparison
from analysis_lib.format import (
    MARK,
    format_count,
    format_months,
    format_number,
    format_p_statement,
    format_percent,
    format_points,
    is_suppressed,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, unless_all_omitted
from analysis_lib.show.prose import (
    Prose,
    bullets,
    by_group,
    capital,
    escape,
    estimate_of,
    group_phrase,
    hazard_sentence,
    in_paragraphs,
    paragraph,
    ratio_of,
)
from analysis_lib.study.study import Study
from analysis_lib.topics.survival.numbers import Followup


def describe_clock(study: Study) -> Prose:
    """What counting from another day, or without relapses, does to the curves; mostly nothing."""
    return paragraph(delayed_entry(study), without_relapses(study))


def describe_events(study: Study) -> Prose:
    """When the clock starts, and what ends and what censors each endpoint."""
    endpoints = [study.dictionary[name] for name in study.parameters.endpoints]
    lock = ", at most at the data lock" if study.has_calendar else ""
    return paragraph(
        f"The clock starts at {escape(study.time_zero_phrase)}.",
        *(_event(study, x, lock) for x in endpoints),
        "Later transplantation does not censor."
        if (study.patients["consolidation"] == "allo_hct").any()
        else "",
    )


def _event(study: Study, endpoint: Variable, lock: str) -> str:
    """What ends an endpoint and what censors it."""
    event, name = escape(study.event_phrase(endpoint.name)), escape(capital(endpoint.phrase))
    if endpoint.name != "pfs":
        return f"{name} ends with {event}; the living are censored at last contact{lock}."
    return (
        f"{name} ends with {event}, whichever is first; patients alive without it are censored at "
        f"last contact{lock}."
    )


def describe_limits(study: Study) -> Prose:
    """What the curves of these endpoints do not say."""
    relapse = escape(study.dictionary.relapse)
    pfs, os = (escape(study.dictionary[x].phrase) for x in ("pfs", "os"))
    both = {"pfs", "os"} <= set(study.parameters.endpoints)
    return bullets(
        "The curves are unadjusted."
        if study.is_randomised
        else "The curves are unadjusted. @sec-cohort shows how the groups differed before "
        f"{escape(study.dictionary.infusion)}.",
        f"Kaplan-Meier curves of {pfs} and {os} are estimated with different censoring. The first "
        "may lie above the second, although for no patient the first is longer."
        if both
        else "",
        f"Which event came first is only as good as its recording: a {relapse} found late or not "
        "at all counts as death without it."
        if study.patients["relapse_date"].notna().any()
        else "",
    )


def delayed_entry(study: Study) -> str:
    """A time zero before infusion starts a clock that nobody in the extract could stop."""
    if not study.enters_late:
        return ""
    zero, infusion = escape(study.time_zero_phrase), escape(study.dictionary.infusion)
    return (
        f"Survival is counted from {zero}, and only patients who lived to {infusion} are in the "
        f"extract. Each therefore enters the numbers at risk on the day of {infusion}: curves, "
        "log-rank tests and Cox models take delayed entry into account, and what would need "
        f"everyone from {zero} on is left out. A curve says who lived on among those who had "
        "entered, and where these are few an early event moves all of it; who died before "
        f"{infusion} is in no row."
    )


def without_relapses(study: Study) -> str:
    """Progression-free survival ends with death alone where no relapse is on record."""
    parameters, patients = study.parameters, study.patients
    failures = parameters.nonresponse_is_pfs_event and patients["response"].notna().any()
    if "pfs" not in parameters.endpoints or patients["relapse_date"].notna().any() or failures:
        return ""
    return escape(
        study.dictionary.own_words(
            "The extract dates no relapse. Progression-free survival therefore ends with death "
            "alone and equals overall survival: it cannot be read as freedom from relapse."
        )
    )


@unless_all_omitted
def describe_survival(*comparisons: SurvivalComparison) -> Prose:
    """A paragraph per endpoint: the last landmark, the test, and what the hazard ratio allows.

    The table has the other landmarks.
    """
    return in_paragraphs(_paragraph(comparison) for comparison in comparisons)


def _paragraph(comparison: SurvivalComparison) -> Prose:
    hazards = _hazards(comparison)
    return paragraph(_landmark(comparison), _test(comparison), *hazards, _unplaced(comparison))


def _landmark(comparison: SurvivalComparison) -> str:
    what, time = escape(lower_first(comparison.outcome_label)), max(comparison.landmarks)
    parts = []
    for curve in comparison.curves:
        key = Key(
            comparison.analysis, comparison.outcome, curve.population, time_months=float(time)
        )
        estimate = estimate_of(comparison.results, key, "survival")
        phrase = group_phrase(comparison.grouping, curve.level)
        if math.isnan(estimate.value):
            late = "not estimable", f"{phrase} (follow-up ends before)"
            parts.append((MARK, phrase) if is_suppressed(estimate.value) else late)
            continue
        interval = "" if math.isnan(estimate.low) else f" ({estimate.interval(format_points)})"
        parts.append((f"{format_percent(estimate.value)}{interval}", phrase))
    return f"At {format_number(time)} months, {what} was {by_group(parts)}."


def _test(comparison: SurvivalComparison) -> str:
    p_value = comparison.results.value(comparison.test_key, "p_value")
    of = "" if _only_tested(comparison) else f" of {_tested(comparison)}"
    return f"The log-rank test{of} gives {format_p_statement(p_value)}."


def _tested(comparison: SurvivalComparison) -> str:
    return listed([escape(phrase) for phrase in comparison.tested.phrases])


def _only_tested(comparison: SurvivalComparison) -> bool:
    """Whether the two groups that are tested are those just named, and no other."""
    return len(comparison.tested.levels) == len(comparison.curves) == 2


def _hazards(comparison: SurvivalComparison) -> list[str]:
    tested, event = comparison.tested, escape(comparison.event)
    return [
        hazard_sentence(
            group_phrase(tested, x),
            group_phrase(tested),
            event,
            ratio_of(comparison, x),
            named=_only_tested(comparison),
        )
        for x in tested.levels[1:]
    ]


def _unplaced(comparison: SurvivalComparison) -> str:
    """Exposed patients in none of the curves, of whom a reader would otherwise not know."""
    if not comparison.unplaced:
        return ""
    are = "exposed patients are" if comparison.unplaced > 1 else "exposed patient is"
    return f"{format_count(comparison.unplaced)} {are} in none of these groups."


def describe_followup(followup: Followup) -> Prose:
    """Median follow-up by arm, overall by the other definitions, and how complete it is."""
    results = followup.results
    overall, *arms = followup.populations
    groups = followup.grouping
    by_arm = [
        f"{_median(followup, 'reverse_kaplan_meier', where)} in {group_phrase(groups, level)}"
        for level, (_, where) in zip(groups.levels, arms, strict=True)
    ]
    others = [
        f"{_median(followup, name, overall[1])} as {escape(lower_first(label))}"
        for name, label in followup.definitions
        if name != "reverse_kaplan_meier"
    ]
    key = Key("followup", "followup", overall[1], "reverse_kaplan_meier")
    median = estimate_of(results, key, "median")
    return paragraph(
        f"Median follow-up by reverse Kaplan-Meier was "
        f"{_median(followup, 'reverse_kaplan_meier', overall[1])} months "
        f"({median.interval(format_months)}): {listed(by_arm)}.",
        f"By other definitions in use the same patients give {listed(others)}.",
        _completeness(followup),
    )


def _completeness(followup: Followup) -> str:
    """Clark's C of everyone and by arm: unequal losses would bias the comparison."""
    if not followup.has_calendar:
        return (
            "All patients have the same first date, as nominal dates have; how much of the "
            "follow-up that was possible was observed cannot be told from them."
        )
    overall, *arms = (_observed(followup, where) for _, where in followup.populations)
    if math.isnan(overall):
        return ""
    groups = zip(followup.grouping.levels, arms, strict=True)
    by_arm = [
        f"{format_percent(share, 1)} in {group_phrase(followup.grouping, level)}"
        for level, share in groups
    ]
    return (
        f"Of the time that could have been observed by the data lock, {format_percent(overall, 1)} "
        f"was (Clark's C): {listed(by_arm)}."
    )


def _observed(followup: Followup, where: str) -> float:
    key = Key("followup", "followup", where, "completeness", statistic="completeness")
    return followup.results.value(key)


def _median(followup: Followup, name: str, where: str) -> str:
    key = Key("followup", "followup", where, name, statistic="median")
    return format_months(followup.results.value(key))
