"""Regression tables: references, blanks, what could not be estimated, three groups."""

from __future__ import annotations

import math
from dataclasses import replace

from analysis_lib.format import format_p
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.results.rows import Omitted
from analysis_lib.show.effects import few_events_notes
from analysis_lib.stats.firth_cox import METHOD as FIRTH
from analysis_lib.study.study import make_study
from analysis_lib.topics.regression.numbers import as_published_models
from analysis_lib.topics.regression.table import (
    table_diagnostics,
    table_model,
    table_model_comparison,
    table_screen,
)


def test_the_screen_says_which_candidates_enter(analyses, tables):
    status = [line.cells[-1] for line in tables["screen"].layout.lines if line.cells[-1]]
    candidates = analyses.screen.candidates
    expected = [
        "forced" if x.forced else "enters" if x.enters else "not entered" for x in candidates
    ]
    assert status == ["exposure", *expected]


def test_a_candidate_that_passes_reads_otherwise_than_one_that_is_forced(analyses):
    first, *others = analyses.screen.candidates
    changed = [replace(x, forced=False, enters=True) for x in others]
    screen = replace(
        analyses.screen, candidates=(replace(first, forced=False, enters=False), *changed)
    )
    lines = table_screen(screen).layout.lines
    status = [line.cells[-1] for line in lines if line.cells[-1]]
    assert status[1:3] == ["not entered", "enters"]


def test_factors_show_their_reference_level(tables):
    lines = tables["model"].layout.lines
    labels = [line.label for line in lines]
    at = labels.index("Consolidation or maintenance")
    assert labels[at + 1] == "None"
    assert lines[at + 1].cells[2] == "reference"


def test_ratios_on_few_events_stand_above_their_penalised_ones(tables, analyses):
    """Of the embedded cohort 4 relapses or deaths after TKI, and 4 after other maintenance.

    Alone, without other covariates, their ratios are penalised instead.
    """
    model = analyses.as_published.models[0]
    label = "Consolidation or maintenance"
    said = (
        f"With Firth's penalty: {FIRTH}; below ratios that fewer than 5 events push away from 1: "
        f"{label} (TKI), 4 events; {label} (Other), 4 events."
    )
    for name, before in (("model", 2), ("comparison", 0)):
        layout = tables[name].layout
        assert layout.notes.count(said) == 1
        below = [i for i, x in enumerate(layout.lines) if x.label == "with Firth's penalty"]
        assert [layout.lines[i - 1].label for i in below] == ["TKI", "Other"]
        for at, level in zip(below, ("tki", "other"), strict=True):
            key = model.key.of_level("consolidation", level, "none")
            ratio, low, high = (
                model.results.value(key, f"penalised_hazard_ratio{end}")
                for end in ("", "_ci_low", "_ci_high")
            )
            shown = layout.lines[at].cells[before]
            assert shown == f"{ratio:.2f} ({low:.2f}–{high:.2f})"
            plain = model.fit.coefficient("consolidation", level).coefficient
            assert abs(math.log(ratio)) < abs(plain)
    assert few_events_notes(analyses.screen.results) == ()


def test_no_penalised_ratio_tells_of_a_suppressed_count(root):
    study = make_study(parse_parameters({"small_cell": 11}), root=root)
    statistics = {row.key.statistic for row in as_published_models(study).results}
    assert "hazard_ratio" in statistics
    assert not [x for x in statistics if x.startswith("penalised")]


def test_models_side_by_side_leave_blank_what_they_do_not_hold(analyses, tables, dictionary):
    for model, start in zip(analyses.as_published.models[:2], (0, 2), strict=True):
        held = {x.variable for x in model.fit.coefficients}
        for name in ("ino", "ino_exposure_response"):
            label = dictionary[name].label
            lines = tables["comparison"].layout.lines
            at = next(i for i, line in enumerate(lines) if line.label.startswith(label))
            texts = [line.cells[start] for line in lines[at : at + 2]]
            assert any(texts) == (name in held)


def test_every_coefficient_stands_in_its_line(analyses, tables, dictionary):
    model = analyses.as_published.models[0]
    lines = {}
    heading = ""
    for line in tables["model"].layout.lines:
        heading = heading if line.level else line.label
        lines[heading if not line.level else (heading, line.label)] = line.cells
    for one in model.fit.coefficients:
        variable = dictionary[one.variable]
        several = len([x for x in model.fit.coefficients if x.variable == one.variable]) > 1
        label = next(x for x in lines if isinstance(x, str) and x.startswith(variable.label))
        cells = lines[(label, variable.level_label(one.level)) if several else label]
        ratio = f"{one.hazard_ratio:.2f} ({one.ci_low:.2f}–{one.ci_high:.2f})"
        assert cells == (str(one.n), str(one.events), ratio, format_p(one.p_value))


def test_the_foot_of_a_model_counts_patients_events_and_the_left_out(analyses, tables, cells):
    model = analyses.as_published.models[0]
    table = tables["comparison"]
    assert cells(table, "Patients, n")[0] == str(model.fit.n)
    assert cells(table, "Events, n")[0] == str(model.fit.events)
    left_out = cells(table, "Left out for a missing value, n")[0]
    assert left_out == str(model.considered - model.fit.n)


def test_what_cannot_be_estimated_is_said_with_its_reason(analyses, cells):
    def spoil(row):
        if (row.key.variable, row.key.level) != ("consolidation", "tki"):
            return row
        reason = "not estimable: perfectly collinear with disease_subtype=ph_positive"
        return replace(row, value=math.nan, method=reason)

    model = analyses.as_published.models[0]
    rows = tuple(
        spoil(row) if row.key.statistic.startswith(("hazard", "p_value")) else row
        for row in model.results
    )
    spoiled = replace(model, results=replace(model.results, rows=rows))
    table = table_model(spoiled)
    assert cells(table, "TKI")[2:] == ("not estimable", "–")
    reason = "perfectly collinear with Disease subtype (Ph+)"
    assert f"Not estimable, Consolidation or maintenance (TKI): {reason}." in table.layout.notes


def test_a_model_that_was_not_fitted_says_so_once(analyses):
    model = analyses.as_published.models[0]
    reason = "fewer events (3) than parameters (4)"
    rows = tuple(
        replace(row, value=math.nan, method=f"not estimable: {reason}")
        if row.key.statistic == "hazard_ratio"
        else row
        for row in model.results
    )
    fit = replace(model.fit, notes=(f"not fitted: {reason}",))
    table = table_model(replace(model, results=replace(model.results, rows=rows), fit=fit))
    assert [reason in note for note in table.layout.notes].count(True) == 1


def test_forms_choose_the_models_of_each_set(analyses):
    table = table_model_comparison(analyses.as_published, forms=("a",))
    assert len(table.layout.columns) == 3


def test_forms_that_the_extract_cannot_give_are_omitted(analyses):
    only_a = replace(analyses.as_published, models=analyses.as_published.models[:1])
    table = table_model_comparison(only_a, forms=("b",))
    assert isinstance(table, Omitted)


def test_diagnostics_name_every_term_of_every_model(analyses, dictionary):
    models = analyses.as_published.models[:2]
    table = table_diagnostics(*models)
    for model in models:
        lines = [x for x in table.layout.lines if x.group == model.specification.label]
        terms = [dictionary[name].label for name in model.specification.variables]
        assert [line.label for line in lines] == [*terms, "Whole model"]
        assert all(cell for line in lines[:-1] for cell in line.cells[1:3])
        held = [term.variable for term in model.fit.coefficients]
        several = [held.count(name) > 1 for name in model.specification.variables]
        assert [bool(line.cells[0]) for line in lines[:-1]] == several
