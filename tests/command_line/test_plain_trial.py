"""From a plain trial file to its results: what is found, what is said, and no further message."""

from __future__ import annotations

import pandas as pd

from analysis_lib.command_line.main import main

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
