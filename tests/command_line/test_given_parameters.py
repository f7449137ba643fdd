from __future__ import annotations

import argparse
import subprocess
import sys
import time
from pathlib import Path

import pytest

from analysis_lib.command_line.given import add_parameter_options, given_parameters
from analysis_lib.command_line.main import main
from analysis_lib.parameters.definitions import Parameters

IN_YAML, BY_NAME, BY_PAIR = "sex", "prior_hct", "marrow_status"


@pytest.fixture
def exposure_of(tmp_path):
    """The exposure of a call that sets it in some of the ways."""
    yaml = tmp_path / "given.yaml"
    yaml.write_text(f"exposure: {IN_YAML}\n")
    options = {
        "yaml": ["-f", str(yaml)],
        "name": ["--exposure", BY_NAME],
        "pair": ["-p", "exposure", BY_PAIR],
    }

    def make(*ways):
        parser = argparse.ArgumentParser()
        add_parameter_options(parser)
        return given_parameters(parser.parse_args([x for way in ways for x in options[way]]))

    return make


@pytest.mark.parametrize(
    ("ways", "expected"),
    [
        ((), Parameters().exposure),
        (("yaml",), IN_YAML),
        (("name",), BY_NAME),
        (("pair",), BY_PAIR),
        (("yaml", "name"), BY_NAME),
        (("yaml", "pair"), BY_PAIR),
        (("name", "pair"), BY_PAIR),
        (("pair", "name", "yaml"), BY_PAIR),
    ],
)
def test_a_pair_goes_over_a_named_option_over_yaml_over_the_default(exposure_of, ways, expected):
    assert exposure_of(*ways).exposure == expected


def test_a_key_twice_in_a_yaml_file_is_refused(tmp_path, capsys):
    path = tmp_path / "twice.yaml"
    path.write_text("exposure: sex\nseed: 1\nexposure: ino\n")
    assert main(["results", "-f", str(path)]) == 2
    assert "-f twice.yaml: 'exposure' is set twice; set it once" in capsys.readouterr().err


@pytest.mark.parametrize("command", ["build", "results"])
def test_a_contradiction_is_refused_before_pandas_is_loaded(root, command):
    code = (
        "import sys; from analysis_lib.command_line import main; "
        f"code = main(['{command}', '-p', 'landmarks', '[6, 99]']); "
        "sys.exit(10 if 'pandas' in sys.modules else code)"
    )
    start = time.perf_counter()
    done = subprocess.run([sys.executable, "-c", code], cwd=root, capture_output=True, text=True)
    assert done.returncode == 2, done.stderr
    assert "landmarks: 99 months lie beyond" in done.stderr
    assert time.perf_counter() - start < 2


@pytest.fixture
def given(tmp_path, monkeypatch):
    """The parameters of a call made in one folder with a YAML file in another."""
    typed, beside = tmp_path / "typed", tmp_path / "beside"
    for folder in (typed, beside):
        folder.mkdir()
    monkeypatch.chdir(typed)

    def make(yaml: str, *pairs: tuple[str, str], in_typed=(), in_beside=()) -> Parameters:
        for folder, names in ((typed, in_typed), (beside, in_beside)):
            for name in names:
                (folder / name).touch()
        (beside / "ours.yaml").write_text(yaml, encoding="utf-8")
        return given_parameters(
            argparse.Namespace(
                file="../beside/ours.yaml", cohort=None, exposure=None, pairs=list(pairs)
            )
        )

    return make


def test_files_of_a_yaml_file_are_looked_for_beside_it_first(given, tmp_path):
    made = given(
        "cohort: a.csv\nmapping: m.yaml",
        in_typed=("a.csv", "m.yaml"),
        in_beside=("a.csv", "m.yaml"),
    )
    assert (Path(made.cohort), Path(made.mapping)) == (
        tmp_path / "beside" / "a.csv",
        tmp_path / "beside" / "m.yaml",
    )


def test_a_file_that_is_not_beside_it_is_looked_for_where_one_types(given, tmp_path):
    made = given("cohort: a.csv", in_typed=("a.csv",))
    assert Path(made.cohort) == tmp_path / "typed" / "a.csv"


def test_a_file_of_p_is_never_looked_for_beside_the_yaml_file(given):
    assert given("exposure: ino", ("cohort", "a.csv"), in_beside=("a.csv",)).cohort == "a.csv"


def test_a_file_that_is_nowhere_stays_relative_to_the_project(given):
    made = given("cohort: data/cohort.csv\nclaims: ''")
    assert (made.cohort, made.claims) == ("data/cohort.csv", "")


def test_a_name_too_long_for_a_file_is_left_to_who_opens_it(given):
    assert given(f"cohort: {'a' * 5000}").cohort == "a" * 5000
