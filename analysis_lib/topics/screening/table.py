"""The screen in resamples and simulated cohorts, and the fits that do without it."""

from __future__ import annotations

from analysis_lib.format import (
    format_confidence,
    format_count,
    format_fixed,
    format_number,
    format_percent,
    format_ratio,
)
from analysis_lib.results.rows import Key, Results, unless_omitted
from analysis_lib.show.cells import NOTHING, hazard_ratio, of_group, population_phrase, sentence
from analysis_lib.show.effects import compared_note, effect_lines, methods_note, ratio_columns
from analysis_lib.show.notes import finish
from analysis_lib.show.table import Column, Layout, Line, ReportTable
from analysis_lib.topics.screening.numbers import ScreenCoverage, ScreenStability
from analysis_lib.topics.screening.penalised import Penalised

TRUTHS = {
    "baseline": "The primary model's covariates act on the hazard",
    "candidates": "All candidates act on the hazard",
}
ESTIMATORS = {"screened": "Screened in each cohort", "fixed": "Primary model, terms fixed"}


@unless_omitted
def table_screen_stability(stability: ScreenStability) -> ReportTable:
    """Candidates by how often they are selected; the exposure's ratio over the resamples."""
    results = stability.results
    selected = "Selected, by resamples"
    lines = [
        Line(
            label,
            (format_percent(_selected(stability, name)), _here(stability, name)),
            group=selected,
        )
        for name, label in sorted(stability.candidates, key=lambda x: -_selected(stability, x[0]))
    ]
    ratios = f"Hazard ratio, median and {format_confidence(results.confidence_level)}"
    for held, label in ((False, "Screen repeated"), (True, "Terms held")):
        for level in stability.exposure.levels[1:]:
            name = of_group(label, stability.exposure, level)
            at = stability.contrast(level, held=held)
            lines.append(Line(name, (hazard_ratio(results, at), ""), group=ratios))
    columns = (Column("Quantity", 3.4), Column("In resamples", 1.6), Column("In all patients", 1.6))
    return finish(
        Layout("screen-stability", columns, tuple(lines), _stability_notes(stability)), results
    )


def _here(stability: ScreenStability, name: str) -> str:
    if name in stability.forced:
        return "forced"
    key = stability.key._replace(variable=name, statistic="enters")
    return "enters" if stability.results.value(key) else "no"


def _population(stability: ScreenStability) -> str:
    return population_phrase(stability.population, stability.results.dictionary)


def _stability_notes(stability: ScreenStability) -> tuple[str, ...]:
    results, key = stability.results, stability.key
    count = format_count(results.value(key, "resamples"))
    entry = format_number(stability.entry_p, digits=3)
    exposure = stability.exposure
    return (
        f"{count} bootstrap resamples of {_population(stability)}; selected: "
        f"likelihood-ratio P below {entry}, whether forced or not.",
        sentence(
            f"terms held: those that enter in all patients. Hazard ratios are of "
            f"{', '.join(exposure.inside[1:])} against {exposure.inside[0]}, with the percentiles "
            "of the resamples that have an estimate"
        ),
    )


def _selected(stability: ScreenStability, name: str) -> float:
    return stability.results.value(stability.key._replace(variable=name), "selected")


@unless_omitted
def table_screen_coverage(coverage: ScreenCoverage) -> ReportTable:
    """Bias, coverage and spread of both models in simulated cohorts, one line an estimator."""
    results, exposure = coverage.results, coverage.exposure
    lines = []
    for truth, estimator, key in coverage.keys:
        for level in exposure.levels[1:]:
            name = of_group(ESTIMATORS[estimator], exposure, level)
            cells = _performance(results, coverage.contrast(key, level))
            lines.append(Line(name, cells, group=TRUTHS[truth]))
    level_ = format_confidence(results.confidence_level)
    columns = (
        Column("Model", 2.8),
        Column("HR", 0.7),
        Column("Bias of log HR\n(MC error)", 1.6),
        Column(f"Coverage of the {level_}\n(MC error)", 1.9),
        Column("SD of\nlog HR", 0.9),
        Column("Mean SE", 0.9),
    )
    first = coverage.contrast(coverage.keys[0][2], exposure.levels[1])
    row = results.row(first, "replications")
    cohorts, patients = format_count(row.value), format_count(row.n or 0)
    notes = (
        f"{cohorts} simulated cohorts of {patients} patients per truth, both models fitted in "
        "each; the true hazard ratio is 1. HR, the exponential of the mean log HR; SD, standard "
        "deviation of the estimates; SE, root mean square of the models' standard errors; MC "
        "error, Monte Carlo standard error.",
        "The patients keep their covariates; times are drawn from a ridge Cox model of their own "
        "without the exposure's effect, ends of follow-up from the Kaplan-Meier curve of "
        "censoring.",
    )
    return finish(Layout("screen-coverage", columns, tuple(lines), notes), results)


def _performance(results: Results, key: Key) -> tuple[str, ...]:
    def value(statistic: str) -> float:
        return results.value(key, statistic)

    def fixed(statistic: str, digits: int) -> str:
        return format_fixed(value(statistic), digits, missing=NOTHING)

    coverage = format_percent(value("coverage"), 1)
    error = format_percent(value("coverage_mc_error"), 1)
    return (
        format_ratio(value("hazard_ratio")),
        f"{fixed('bias', 3)} ({fixed('bias_mc_error', 3)})",
        f"{coverage} ({error})",
        fixed("empirical_std_error", 3),
        fixed("mean_std_error", 3),
    )


@unless_omitted
def table_penalised(penalised: Penalised) -> ReportTable:
    """The exposure's hazard ratio after the screen, and with all candidates, shrunk or not."""
    lines = [
        line for x in penalised.effects for line in effect_lines(x, x.label, whole=_parameters)
    ]
    results = penalised.results
    columns = ratio_columns(Column("Model", 2.4), results, before=[Column("Parameters", 1.1)])
    names = "; ".join(results.dictionary.phrases(penalised.terms))
    folds = format_count(penalised.penalty.folds)
    bound = ", a bound of those tried" if penalised.penalty.at_bound else ""
    theta = format_number(penalised.penalty.theta)
    notes = (
        compared_note(penalised.screened.exposure),
        methods_note(penalised.effects),
        sentence(f"all candidates: {names}"),
        f"Ridge: theta {theta}{bound}, by cross-validated partial likelihood in {folds} folds; the "
        "exposure is not shrunk. Parameters of the ridge are the effective number.",
    )
    return finish(Layout("penalised", columns, tuple(lines), notes), results)


def _parameters(results: Results, key: Key) -> str:
    return format_number(results.value(key, "parameters"))
