"""Tables of means by time, of ratios by period, and of the response contrast."""

from __future__ import annotations

import pytest

from analysis_lib.format import format_p
from analysis_lib.results.rows import Omitted
from analysis_lib.study.study import SYNTHETIC_LABEL
from analysis_lib.topics.over_time.numbers import BEFORE, hazard_periods, restricted_means
from analysis_lib.topics.over_time.table import table_hazard_periods, table_restricted_means

PFS = "Progression-free survival"


@pytest.fixture(scope="module")
def means(study):
    return [restricted_means(study, outcome) for outcome in ("pfs", "os")]


@pytest.fixture(scope="module")
def periods(study):
    return [hazard_periods(study, outcome) for outcome in ("pfs", "os")]


def test_each_time_and_group_is_a_line_and_the_reference_has_no_difference(means):
    layout = table_restricted_means(*means).layout
    lines = [line for line in layout.lines if line.group == PFS]
    assert [line.label for line in lines] == [
        *("Up to 12 months", "InO-naïve", "InO-exposed"),
        *("Up to 18 months", "InO-naïve", "InO-exposed"),
    ]
    assert lines[1].cells[3:] == ("reference", "")
    key = means[0].contrast_key("exposed", 12.0)
    p = means[0].results.value(key._replace(statistic="p_value"))
    assert lines[2].cells[4] == format_p(p)
    value = means[0].results.value(
        means[0].group_key("exposed", 12.0)._replace(statistic="restricted_mean")
    )
    assert lines[2].cells[2].startswith(f"{value:.1f} (")
    assert layout.notes[-1] == SYNTHETIC_LABEL


def test_a_mean_beyond_the_follow_up_is_a_note_with_the_reason(study_of):
    means = restricted_means(study_of(data_lock="2023-02-28"), "os")
    layout = table_restricted_means(means).layout
    assert layout.lines[4].cells[2:] == ("not estimable", "reference", "")
    assert (
        "No mean of InO-naïve up to 18 months (Overall survival): follow-up ends before this time."
        in layout.notes
    )


def test_the_periods_and_the_change_are_lines_of_each_endpoint(periods, cells):
    table = table_hazard_periods(*periods)
    at_risk, events, ratio, p = cells(table, "Up to 6 months", PFS)
    fit = periods[0].fitted.before
    assert (at_risk, events) == (str(fit.n), str(fit.events))
    term = fit.coefficient("ino", "exposed")
    assert ratio == f"{term.hazard_ratio:.2f} ({term.ci_low:.2f}–{term.ci_high:.2f})"
    assert p == format_p(term.p_value)
    change = periods[0].fitted.change("ino", "exposed")
    assert cells(table, "Change, after over before", PFS) == (
        *("", ""),
        f"{change.hazard_ratio:.2f} ({change.ci_low:.2f}–{change.ci_high:.2f})",
        format_p(change.p_value),
    )


def test_of_several_groups_the_test_of_any_change_is_on_the_line_of_the_change(study_of):
    study = study_of(exposure="disease_subtype")
    periods = hazard_periods(study, "os")
    layout = table_hazard_periods(periods).layout
    assert [line.label for line in layout.lines[:3]] == [
        "Up to 6 months",
        *study.groups.labels[1:],
    ]
    assert layout.lines[6].cells == ("", "", "", format_p(periods.fitted.interaction.p_value))
    key = periods.contrast(BEFORE, study.groups.levels[1])._replace(statistic="p_value")
    assert layout.lines[1].cells[3] == format_p(periods.results.value(key))
    assert "P of any change: likelihood ratio test." in layout.notes


def test_an_endpoint_that_ends_before_the_cut_is_a_note_beside_the_other(periods):
    short = Omitted("Nobody is followed for longer than 6 months.")
    layout = table_hazard_periods(short, periods[1]).layout
    assert {line.group for line in layout.lines} == {"Overall survival"}
    assert short.reason in layout.notes
    assert table_hazard_periods(short, short) == short
