from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from analysis_lib.command_line.main import main
from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.check import check_extract, of_severity
from analysis_lib.intake.extract import open_intake
from analysis_lib.intake.template import MARKER, template_files, write_template

Capture = pytest.CaptureFixture[str]


@pytest.fixture(scope="module")
def template(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("made") / "template"
    assert main(["template", "--out", str(folder)]) == 0
    return folder


def test_the_example_is_synthetic_fills_every_column_and_has_no_error(
    template: Path, dictionary: Dictionary
) -> None:
    table = open_intake(template / "example.csv", dictionary).table
    assert len(table) == 6 and set(table["data_origin"]) == {"synthetic"}
    assert list(table.columns) == list(dictionary.names("extract"))
    # What is measured in the example needs no recorded response beside it.
    assert [name for name in table if (table[name] == "").all()] == ["response_recorded"]
    assert of_severity(check_extract(table, dictionary), "error") == []


@pytest.mark.parametrize("name", ["extract.csv", "extract.xlsx"])
def test_an_empty_extract_has_the_columns_and_asks_for_patients(
    template: Path, name: str, capsys: Capture
) -> None:
    assert main(["validate", str(template / name)]) == 2
    assert "has a header but no patients" in capsys.readouterr().err


def test_a_filled_workbook_is_read_without_saying_which_sheet(
    template: Path, tmp_path: Path, dictionary: Dictionary
) -> None:
    from openpyxl import load_workbook

    workbook = load_workbook(template / "extract.xlsx")
    for row in pd.read_csv(template / "example.csv", dtype=str).fillna("").itertuples(index=False):
        workbook["Patients"].append(list(row))
    workbook.save(tmp_path / "filled.xlsx")
    filled = open_intake(tmp_path / "filled.xlsx", dictionary).table
    pd.testing.assert_frame_equal(filled, open_intake(template / "example.csv", dictionary).table)


def test_the_workbook_offers_the_levels_and_keeps_the_header_in_sight(
    template: Path, dictionary: Dictionary
) -> None:
    from openpyxl import load_workbook

    workbook = load_workbook(template / "extract.xlsx")
    patients = workbook["Patients"]
    assert patients.freeze_panes == "B2"
    offered = [x.formula1.strip('"').split(",") for x in patients.data_validations.dataValidation]
    assert offered == [list(v.levels) for v in dictionary.extract() if v.levels]
    assert workbook["Variables"].max_row == len(dictionary.extract()) + 1


def test_the_mapping_changes_nothing_as_it_stands(template: Path, dictionary: Dictionary) -> None:
    plain = open_intake(template / "example.csv", dictionary)
    mapped = open_intake(template / "example.csv", dictionary, template / "mapping.yaml")
    pd.testing.assert_frame_equal(mapped.table, plain.table)


def test_every_part_of_the_mapping_works_once_its_sign_is_taken_away(
    template: Path, tmp_path: Path, dictionary: Dictionary
) -> None:
    text = (template / "mapping.yaml").read_text(encoding="utf-8")
    parts = [x[2:] for x in text.splitlines() if x.startswith(("#   ", "# ")) and ":" in x]
    used = "\n".join(x for x in parts if not x.startswith("  cart-report") and ". " not in x)
    for of_other_files in ("sheet:", "keep_missing:", "redcap:", "repeats:", "adtte:", "yaml-"):
        used = used.replace(of_other_files, f"# {of_other_files}")
    (tmp_path / "mapping.yaml").write_text(used, encoding="utf-8")
    (tmp_path / "own.csv").write_text(
        "Pat-ID;Geschlecht;age_years;infusion_date;response_platelets_per_ul;days_to_death;died;"
        "days_to_last_contact;months_to_relapse;disease_group;consolidation_date\n"
        "P1;w;45,5;31.01.2023;62;;0;100;2;aml;\n"
        "P2;m;50;01.02.2023;-9;90;1;90;;all;01.03.2023\n",
        encoding="utf-8",
    )
    table = open_intake(tmp_path / "own.csv", dictionary, tmp_path / "mapping.yaml").table
    row = table.iloc[0]
    assert (row["sex"], row["age_years"], row["infusion_date"]) == ("female", "45.5", "2023-01-31")
    assert (row["response_platelets_per_ul"], row["disease_group"]) == ("62000", "aml")
    assert table["death_date"].tolist() == ["", "2023-05-02"]
    assert table["consolidation"].tolist() == ["none", "allo_hct"]
    assert table["product_access"].eq("standard_of_care").all()


def test_a_template_as_it_was_written_is_replaced(tmp_path: Path) -> None:
    folder = tmp_path / "template"
    write_template({"a.txt": b"1", "b.txt": b"2"}, folder)
    write_template({"a.txt": b"3"}, folder)
    assert {x.name for x in folder.iterdir()} == {"a.txt", MARKER}
    assert (folder / "a.txt").read_bytes() == b"3"
    assert [x.name for x in tmp_path.iterdir()] == ["template"]


@pytest.mark.parametrize("name", ["extract.csv", "notes.txt"])
def test_what_someone_filled_in_or_put_there_is_never_replaced(
    template: Path, tmp_path: Path, name: str, capsys: Capture
) -> None:
    folder = tmp_path / "template"
    assert main(["template", "--out", str(folder)]) == 0
    (folder / name).write_text("mine", encoding="utf-8")
    assert main(["template", "--out", str(folder)]) == 2
    assert name in capsys.readouterr().err
    assert (folder / name).read_text(encoding="utf-8") == "mine"


@pytest.mark.parametrize("target", ["a/b", "file"])
def test_an_impossible_place_is_a_clear_error(tmp_path: Path, target: str, capsys: Capture) -> None:
    (tmp_path / "file").write_text("mine", encoding="utf-8")
    assert main(["template", "--out", str(tmp_path / target)]) == 2
    assert "Traceback" not in capsys.readouterr().err
    assert [x.name for x in tmp_path.iterdir()] == ["file"]


def test_nothing_stays_where_writing_fails(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, dictionary: Dictionary
) -> None:
    def fail(self: Path, content: bytes) -> int:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(Path, "write_bytes", fail)
    from analysis_lib.errors import OutputError

    with pytest.raises(OutputError, match="No space left"):
        write_template({"a.txt": b"1"}, tmp_path / "template")
    assert list(tmp_path.iterdir()) == []


def test_no_patient_becomes_an_example(extract: pd.DataFrame, dictionary: Dictionary) -> None:
    from analysis_lib.errors import SourceError

    extract.loc[0, "data_origin"] = "patient"
    with pytest.raises(SourceError, match="synthetic in every row"):
        template_files(dictionary, extract)
