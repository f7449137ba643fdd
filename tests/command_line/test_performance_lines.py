"""What `cart-report simulate` prints is what the results hold."""

from __future__ import annotations

import pytest

from analysis_lib.command_line.main import main
from analysis_lib.command_line.report_rows import performance_lines
from analysis_lib.format import format_fixed, format_percent
from analysis_lib.results.rows import Results
from analysis_lib.study.study import Study
from analysis_lib.topics.consolidation.simulated import consolidation_simulation_results


def test_every_estimator_has_a_line_with_bias_coverage_and_their_errors(study: Study) -> None:
    results = consolidation_simulation_results(study, cohorts=6)
    assert isinstance(results, Results)
    head, *lines = performance_lines(results)
    covered = [row for row in results if row.key.statistic == "coverage"]
    assert len(lines) == len(covered) > 4
    assert "bias (MC error)" in head and "coverage (MC error)" in head
    for row, line in zip(covered, lines, strict=True):
        bias = results.value(row.key._replace(statistic="bias"))
        error = results.value(row.key._replace(statistic="coverage_mc_error"))
        assert f"  {format_fixed(bias, 3)} (" in line
        assert line.endswith(f"{format_percent(row.value, 1)} ({format_percent(error, 1)})")


def test_simulate_refuses_an_unknown_parameter(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["simulate", "-p", "cohortt", "x.csv"]) == 2
    assert "cohort" in capsys.readouterr().err
