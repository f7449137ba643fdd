"""The table of the response contrast."""

from __future__ import annotations

from analysis_lib.results.rows import Omitted
from analysis_lib.topics.regression.response_contrast import response_contrast
from analysis_lib.topics.regression.table import table_response_contrast

PFS = "Progression-free survival"


def test_the_response_contrast_counts_events_of_the_patients_in_each_group(study, cells):
    contrast = response_contrast(study)
    table = table_response_contrast(contrast)
    patients = study.patients
    expected = [
        f"{group['pfs_event'].sum()}/{len(group)}"
        for group in (
            patients[patients["ino_response"] == level] for level in ("refractory", "responder")
        )
    ]
    assert list(cells(table, "Crude", PFS)[2:4]) == expected
    labels = [line.label for line in table.layout.lines]
    assert labels.count("Adjusted for baseline covariates") == 2
    assert labels.count("As published, model B") == 1
    notes = " ".join(table.layout.notes)
    assert "Adjusted for what the exposure cannot have changed: all infused" in notes
    assert "consolidation or maintenance" in notes


def test_without_a_response_the_table_is_the_reason(study):
    reason = Omitted("No response.")
    assert table_response_contrast(reason) is reason
