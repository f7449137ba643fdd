from __future__ import annotations

import contextlib
import csv
import io
import shutil
from dataclasses import asdict

import pytest

from analysis_lib.command_line.main import main
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.trace import trace_numbers

# Chapters without a simulation, a bootstrap or the specification curve.
NOTHING_REPEATED = (
    "01_summary",
    "02_cohort",
    "03_toxicity",
    "04_response",
    "05_survival",
    "06_effect",
    "07_regression",
    "09_over_time",
    "10_missing",
    "11_confounding",
    "15_details",
    "16_published_comparison",
    "17_appendix",
)


def run(capsys, *arguments):
    code = main(list(arguments))
    captured = capsys.readouterr()
    return code, captured.out, captured.err


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["-p", "landmark", "3"], "landmark: unknown parameter; did you mean 'landmarks'?"),
        (["-p", "landmarks", "[x]"], "landmarks: must be a number"),
        (["-p", "seed", "1", "-p", "seed", "2"], "seed: is set twice with -p"),
        (["--cohort", "none.csv"], "there is no file none.csv"),
        (["--exposure", "ino_dose"], "exposure: 'ino_dose' is not a variable"),
        (["-f", "none.yaml"], "-f none.yaml: cannot be read"),
        (["--out", "table.xls"], "--out: must end in .csv or .json"),
    ],
)
def test_a_wrong_call_ends_with_one_message_and_code_2(capsys, arguments, message):
    code, out, error = run(capsys, "results", *arguments)
    assert (code, out) == (2, "")
    assert error.startswith("cart-report: ") and message in error
    assert "Traceback" not in error


@pytest.mark.parametrize(
    ("column", "value", "message"),
    [
        ("sex", "unknown", "sex must be one of female, male or empty, but is 'unknown'"),
        ("death_date", "2019-01-01", "death_date must not be before infusion_date"),
    ],
)
def test_a_bad_extract_executes_nothing_and_overwrites_nothing(
    capsys, extract, write_extract, tmp_path, column, value, message
):
    extract.loc[0, column] = value
    path = write_extract(extract)
    kept = tmp_path / "table.csv"
    kept.write_text("kept")
    code, _, error = run(capsys, "results", "--cohort", str(path), "--out", str(kept))
    assert code == 2 and message in error
    assert kept.read_text() == "kept"
    report = tmp_path / "report"
    code, _, error = run(capsys, "build", "--cohort", str(path), "--out", str(report))
    assert code == 2 and message in error
    assert not report.exists()


def test_a_missing_column_is_named(capsys, extract, write_extract):
    path = write_extract(extract.drop(columns="last_contact_date"))
    code, _, error = run(capsys, "results", "--cohort", str(path))
    assert code == 2
    assert "last_contact_date is a required column and is missing" in error


@pytest.fixture(scope="module")
def written(tmp_path_factory, computed_once):
    """The results table of the default report as a file, and what the command said."""
    target, said = tmp_path_factory.mktemp("results") / "results.csv", io.StringIO()
    with contextlib.redirect_stderr(said):
        assert main(["results", "--out", str(target)]) == 0
    return target, said.getvalue()


def test_results_writes_one_row_per_number_and_says_how_many_counts_match(written):
    target, error = written
    rows = list(csv.DictReader(io.StringIO(target.read_text(encoding="utf-8"))))
    assert f"{len(rows)} numbers, each with a unique key" in error
    (line,) = [x for x in error.splitlines() if x.startswith("published counts")]
    equal, _, total = line.split(": ")[1].split(" equal")[0].partition(" of ")
    assert equal == total != "0"
    about_the_report = {"published_score", "published_audit", "reporting_checklist", "gate_events"}
    assert about_the_report <= {row["analysis"] for row in rows}


@pytest.mark.parametrize("chapter", NOTHING_REPEATED)
def test_every_number_of_a_chapter_that_repeats_nothing_has_a_row(root, written, tmp_path, chapter):
    shutil.copy(root / "notebooks" / f"{chapter}.ipynb", tmp_path)
    traced = trace_numbers(tmp_path, written[0], asdict(Parameters()))
    assert traced.rows
    assert traced.findings == ()


def test_named_options_give_way_to_p_and_yaml_gives_way_to_both(capsys, tmp_path, extract):
    yaml = tmp_path / "run.yaml"
    yaml.write_text("exposure: prior_hct\ncohort: nowhere.csv\n")
    code, _, error = run(
        capsys, "results", "-f", str(yaml), "--cohort", "here.csv", "-p", "cohort", "there.csv"
    )
    assert code == 2 and "there is no file there.csv" in error
    code, _, error = run(capsys, "results", "-f", str(yaml), "--cohort", "here.csv")
    assert code == 2 and "there is no file here.csv" in error


@pytest.mark.parametrize("arguments", [["--to", "epub"], ["--to", ""], ["--jobs", "0"]])
def test_build_refuses_options_that_mean_nothing(capsys, arguments):
    code, _, error = run(capsys, "build", *arguments)
    assert code == 2 and arguments[0] in error


@pytest.mark.parametrize("number", ["0", "-1", "two", "1.5"])
def test_processes_are_one_or_more(capsys, number):
    code, _, error = run(capsys, "results", "--jobs", number)
    assert code == 2 and "--jobs: must be a whole number from 1 on" in error


def test_help_names_every_command_and_parameter(capsys):
    with pytest.raises(SystemExit) as stopped:
        main(["build", "--help"])
    assert stopped.value.code == 0
    text = capsys.readouterr().out
    for name in ("landmarks", "exposure", "missing_rule", "--compose-only", "--renderer"):
        assert name in text


def test_an_interrupt_says_that_nothing_was_changed(capsys, monkeypatch):
    def interrupted(*arguments):
        raise KeyboardInterrupt

    monkeypatch.setattr("analysis_lib.command_line.audit.run_audit", interrupted)
    code, out, err = run(capsys, "audit")
    assert (code, out) == (130, "")
    assert err == "cart-report: interrupted; nothing was changed\n"
