"""The ladder and the other choices as tables: every cell is a row of the results."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pytest

from analysis_lib.format import format_fixed, format_p
from analysis_lib.results.rows import Omitted
from analysis_lib.show.figure import INK, ReportFigure
from analysis_lib.study.study import SYNTHETIC_LABEL, Study
from analysis_lib.topics.effect.figure import plot_sensitivity
from analysis_lib.topics.effect.numbers import exposure_ladder, sensitivity_to_choices
from analysis_lib.topics.effect.table import table_ladder

ROBUST = "the same with errors by centre"


@pytest.fixture(scope="module")
def ladders(study):
    return [exposure_ladder(study, outcome) for outcome in ("pfs", "os")]


@pytest.fixture(scope="module")
def ladder_table(ladders):
    return table_ladder(*ladders)


def test_every_rung_is_a_line_with_its_own_numbers(ladders, ladder_table, cells):
    for ladder in ladders:
        for rung in ladder.rungs:
            term = rung.fit.coefficient("ino", "exposed")
            expected = (
                str(rung.fit.n),
                str(rung.fit.events),
                format_fixed(term.std_error, 3),
                f"{term.hazard_ratio:.2f} ({term.ci_low:.2f}–{term.ci_high:.2f})",
                format_p(term.p_value),
            )
            found = cells(ladder_table, rung.label, ladder.outcome_label)
            assert found[:5] == expected
            key = rung.contrast("exposed")._replace(statistic="minimum_detectable_hazard_ratio")
            assert found[5] == format_fixed(ladder.results.value(key), 2)
    assert len(ladder_table.layout.lines) == 4 + 3 + 2 * 5


def test_errors_by_centre_stand_below_the_primary_model(ladders, ladder_table, cells):
    for ladder in ladders:
        robust = ladder.errors.coefficient("ino", "exposed")
        _, _, error, ratio, p, _ = cells(ladder_table, ROBUST, ladder.outcome_label)
        assert error == format_fixed(robust.std_error, 3)
        assert ratio == f"{robust.hazard_ratio:.2f} ({robust.ci_low:.2f}–{robust.ci_high:.2f})"
        assert p == format_p(robust.p_value)
    lines = ladder_table.layout.lines
    above = [lines[i - 1].label for i, line in enumerate(lines) if line.label == ROBUST]
    assert above == ["Adjusted for baseline covariates"] * 2


def test_without_centres_the_reason_is_a_note_and_no_line(ladders):
    changed = replace(ladders[0], errors=Omitted("The extract records no centre."))
    layout = table_ladder(changed).layout
    assert ROBUST not in [line.label for line in layout.lines]
    assert "The extract records no centre." in layout.notes


def test_the_notes_name_the_terms_and_the_level_of_the_test(ladder_table, ladders, dictionary):
    notes = " ".join(ladder_table.layout.notes)
    for name in ladders[0].baseline.specification.terms:
        assert dictionary[name].label.lower()[1:] in notes.lower()
    assert "at the level of 0.05 finds with 80% power" in notes
    assert ladder_table.layout.notes[-1] == SYNTHETIC_LABEL


def test_of_several_groups_each_has_its_line(study_of):
    study = study_of(exposure="disease_subtype")
    ladder = exposure_ladder(study, "os")
    lines = table_ladder(ladder).layout.lines
    assert [line.label for line in lines[:3]] == ["Crude, all infused", *study.groups.labels[1:]]
    assert lines[0].cells[:2] == (str(ladder.crude.fit.n), str(ladder.crude.fit.events))
    assert lines[1].cells[:2] == ("", "")
    assert sum(ROBUST in line.label for line in lines) == 2


def _marks(figure: ReportFigure) -> list[tuple[float, str]]:
    lines = figure.axes[1].lines
    return [(float(x.get_xdata()[0]), x.get_color()) for x in lines if x.get_marker() == "s"]


def test_each_choice_is_a_row_with_the_size_of_its_model(study: Study, see: Callable) -> None:
    sensitivity = sensitivity_to_choices(study)
    figure = plot_sensitivity(sensitivity)
    effects = [effect for family in sensitivity.families for effect in family.effects]
    marks = _marks(figure)
    assert [ratio for ratio, _ in marks] == [
        effect.fit.coefficient("ino", "exposed").hazard_ratio for effect in effects
    ]
    assert sum(colour != INK for _, colour in marks) == len(sensitivity.families)
    written = see(figure).written
    assert written.count("As specified") == len(sensitivity.families)
    assert {str(effect.fit.n) for effect in effects} <= set(written)
    for effect in effects:
        term = effect.fit.coefficient("ino", "exposed")
        assert f"{term.hazard_ratio:.2f} ({term.ci_low:.2f}–{term.ci_high:.2f})" in written
        assert format_p(term.p_value) in written


def test_the_note_on_frailty_is_a_sentence_where_its_variance_is_zero(ladders) -> None:
    none = {"frailty_variance": 0.0}
    rows = tuple(
        replace(row, value=none.get(row.key.statistic, row.value))
        for row in ladders[1].by_centre[0].results
    )
    effect = ladders[1].by_centre[0]
    effect = replace(effect, results=replace(effect.results, rows=rows))
    changed = replace(ladders[1], by_centre=(effect, *ladders[1].by_centre[1:]))
    first = ladders[0].by_centre[0]
    variance = format_fixed(first.results.value(first.key, "frailty_variance"), 2)
    assert (
        f"Frailty: gamma, one a centre, of variance {variance} for progression-free survival and "
        "zero for overall survival."
    ) in table_ladder(ladders[0], changed).layout.notes
