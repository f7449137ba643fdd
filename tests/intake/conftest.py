"""REDCap exports, taken in."""

from __future__ import annotations

import csv

import pytest

from analysis_lib.intake.extract import open_intake


@pytest.fixture
def take_in_redcap(tmp_path, dictionary):
    """An export taken in with a data dictionary of `name,form,type,choices,logic` and a mapping."""
    header = ("field_name", "form_name", "field_type", "field_label")
    header += ("select_choices_or_calculations", "branching_logic", "identifier")
    header += ("text_validation_type_or_show_slider_number",)

    def intake(export: str, fields: list[tuple[str, str, str, str, str]], mapping: str):
        with (tmp_path / "dictionary.csv").open("w", newline="") as handle:
            rows = csv.writer(handle)
            rows.writerow(header)
            for name, form, kind, choices, logic in fields:
                rows.writerow((name, form, kind, f"The {name}", choices, logic, "", ""))
        (tmp_path / "export.csv").write_text(export)
        (tmp_path / "mapping.yaml").write_text(f"redcap: dictionary.csv\n{mapping}")
        return open_intake(tmp_path / "export.csv", dictionary, tmp_path / "mapping.yaml")

    return intake
