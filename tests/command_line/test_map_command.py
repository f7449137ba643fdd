"""`cart-report map` writes a mapping once, and a plain trial goes from its file to its results."""

from __future__ import annotations

import shutil

import pandas as pd
import pytest

from analysis_lib.command_line.main import main


@pytest.fixture
def theirs(tmp_path, monkeypatch, root):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "theirs.csv").write_text("Pat-ID,DOB,Sex,Age,Shoes\nP1,1960-01-31,M,60,38\n")
    return str(tmp_path / "theirs.csv")


def test_a_mapping_is_written_once_unless_forced(theirs, tmp_path, capsys):
    out = tmp_path / "mapping.yaml"
    assert main(["map", theirs, "--out", str(out)]) == 0
    said = capsys.readouterr().out
    assert "required:  no column for infusion_date, death_date, last_contact_date" in said
    assert "unused:    Shoes" in said
    assert "DOB" not in said + out.read_text()
    written = out.read_text()
    assert "Sex: sex" in written and "M: male" in written
    assert main(["map", theirs, "--out", str(out)]) == 2
    assert "add --force" in capsys.readouterr().err
    assert main(["map", theirs, "--out", str(out), "--force"]) == 0


def test_without_out_the_mapping_alone_goes_to_the_screen(theirs, capsys):
    assert main(["map", theirs]) == 0
    said = capsys.readouterr()
    assert said.out.startswith("# How theirs.csv names")
    assert "required:" in said.err and "required:" not in said.out


def test_a_data_dictionary_must_lie_beside_the_mapping(theirs, tmp_path, root, capsys):
    redcap = root / "data" / "examples" / "myeloma_redcap"
    arguments = ["map", str(redcap / "export.csv"), "--redcap", str(redcap / "data_dictionary.csv")]
    assert main([*arguments, "--out", str(tmp_path / "m.yaml")]) == 2
    assert "must lie beside m.yaml" in capsys.readouterr().err
    assert main(arguments) == 0
    written = capsys.readouterr().out
    assert 'redcap: "data_dictionary.csv"' in written
    assert "inf_date: infusion_date" in written
    assert "Myeloma: ?" in written


def test_adtte_beside_adsl_gives_its_endpoints(root, tmp_path, capsys):
    folder = root / "tests" / "reference" / "formats" / "bmt"
    for name in ("adsl.xpt", "adtte.xpt"):
        shutil.copy(folder / name, tmp_path / name)
    adsl, adtte, out = (str(tmp_path / name) for name in ("adsl.xpt", "adtte.xpt", "m.yaml"))
    assert main(["map", adsl, "--adtte", adtte, "--out", out]) == 0
    assert "times:     relapse_date from RELAPSE_DAYS and RELAPSE_EVENT" in capsys.readouterr().out
    assert main(["validate", adsl, "--mapping", out]) == 0
    assert "137 patients, 0 errors" in capsys.readouterr().out
    for command in ("map", "validate"):
        assert main([command, adtte]) == 2
        assert "give ADSL as the extract" in capsys.readouterr().err


QUESTION = "cohort: trial.csv\nmapping: trial.yaml\nclaims: ''\nexposure: arm\n"
NAMES = {
    "patient": "id", "t1": "os_days", "d1": "os_status", "t2": "rel_days", "d2": "rel_status",
    "tp": "tx_days", "dp": "tx_status",
}  # fmt: skip


def test_a_plain_trial_file_needs_four_lines_of_a_question(root, tmp_path, capsys):
    bmt = pd.read_csv(root / "data" / "examples" / "transplant" / "bmt.csv")
    trial = bmt.rename(columns=NAMES)[list(NAMES.values())].assign(
        arm=bmt["group"].map({1: "A", 2: "B", 3: "B"}), sex=bmt["z3"].map({1: "M", 0: "F"})
    )
    trial.to_csv(tmp_path / "trial.csv", index=False)
    (tmp_path / "ask.yaml").write_text(QUESTION)
    file, mapping = str(tmp_path / "trial.csv"), str(tmp_path / "trial.yaml")

    assert main(["map", file, "--out", mapping]) == 0
    assert capsys.readouterr().out.startswith("matched:   9 columns, 1 of them to be checked\n")
    assert main(["validate", file, "--mapping", mapping, "--strict"]) == 0
    assert "137 patients, 0 errors, 0 warnings" in capsys.readouterr().out
    out = tmp_path / "results.csv"
    assert main(["results", "-f", str(tmp_path / "ask.yaml"), "--out", str(out)]) == 0
    said = capsys.readouterr().err
    assert "left out: The extract records no toxicity; this part is left out." in said
    table = pd.read_csv(out)
    is_of = (table["analysis"] == "survival_by_exposure") & (table["outcome"] == "os")
    events = table[is_of & (table["statistic"] == "events")].groupby("population")["value"].max()
    assert events.sum() == trial["os_status"].sum() == 81
