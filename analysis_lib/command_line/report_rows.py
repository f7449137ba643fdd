"""Every number of a report in one table, and simulated estimators as lines of text."""

from __future__ import annotations

from collections.abc import Iterator

from analysis_lib.article.comparison.published import compared_with_claims
from analysis_lib.article.comparison.scores import score_rows
from analysis_lib.format import format_fixed, format_percent
from analysis_lib.publish.appendix import EVERY_WORD, checklist_rows
from analysis_lib.results.disclosure.release import study_results
from analysis_lib.results.rows import Key, Omitted, Results, Row
from analysis_lib.simulation.performance import OnProgress, no_progress
from analysis_lib.study.study import Study
from analysis_lib.topics import VOCABULARY
from analysis_lib.topics.whole import all_results, check_vocabulary, repeated_results

COLUMNS = "{:<66}{:<10}{:>8}  {:<18}{}"


def performance_lines(results: Results) -> list[str]:
    """A heading, then one line per estimator, endpoint and contrast."""
    heads = ("estimator", "endpoint", "cohorts", "bias (MC error)", "coverage (MC error)")
    return [COLUMNS.format(*heads), *_lines(results)]


def _lines(results: Results) -> Iterator[str]:
    for row in results:
        if row.key.statistic != "coverage":
            continue
        key = row.key

        def number(statistic: str, key: Key = key) -> float:
            return results.value(key._replace(statistic=statistic))

        time = f", month {key.time_months:.2f}" if key.time_months is not None else ""
        bias, of_bias = (format_fixed(number(x), 3) for x in ("bias", "bias_mc_error"))
        error = format_percent(number("coverage_mc_error"), 1)
        yield COLUMNS.format(
            f"{VOCABULARY.analyses[key.analysis]}{time}",
            key.outcome,
            int(number("replications_estimated")),
            f"{bias} ({of_bias})",
            f"{format_percent(row.value, 1)} ({error})",
        )


def report_results(
    study: Study, *, repeated: bool = True, progress: OnProgress = no_progress
) -> Results:
    """The analyses of the study, its scores beside published numbers, and its checklist.

    Without `repeated` the simulations, the bootstrap and the specification curve are left out, and
    nothing else differs.
    """
    analysed = all_results(study)
    rows: list[Row] = [*analysed]
    if repeated:
        rows += repeated_results(study, progress=progress)
    published = compared_with_claims(study, analysed)
    if not isinstance(published, Omitted):
        rows += score_rows(published)
    rows += checklist_rows(study)
    results = study_results(study, rows)
    check_vocabulary(results, study.dictionary, EVERY_WORD)
    return results
