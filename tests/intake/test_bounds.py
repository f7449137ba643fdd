"""A file beyond its bounds is refused with one sentence; the files here are small."""

from __future__ import annotations

import zipfile

import pandas as pd
import pyreadstat
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis_lib.command_line.main import main
from analysis_lib.errors import ParameterError, SourceError
from analysis_lib.intake.mapping.document import given_bounds
from analysis_lib.intake.mapping.file import read_mapping
from analysis_lib.intake.reading import delimited
from analysis_lib.intake.reading.kinds import Bounds, Reading
from analysis_lib.intake.reading.read import read_table

SMALL = pd.DataFrame(
    {"id": ["a", "b", "c", "d"], "x": ["1", "2", "3", "4"], "y": ["", "", "", "z"]}
)
WRITERS = {
    "a.csv": lambda path: SMALL.to_csv(path, index=False),
    "a.xlsx": lambda path: SMALL.to_excel(path, index=False),
    "a.parquet": lambda path: SMALL.to_parquet(path),
    "a.sav": lambda path: pyreadstat.write_sav(SMALL, str(path)),
    "a.dta": lambda path: pyreadstat.write_dta(SMALL, str(path)),
    "a.xpt": lambda path: pyreadstat.write_xport(SMALL, str(path)),
}


@pytest.fixture(params=list(WRITERS))
def path(request, tmp_path):
    WRITERS[request.param](tmp_path / request.param)
    return tmp_path / request.param


@pytest.mark.parametrize(
    ("bounds", "said"),
    [
        (Bounds(rows=3), "holds 4 rows, but at most 3 are read"),
        (Bounds(columns=2), "holds 3 columns, but at most 2 are read"),
        (Bounds(cells=6), "cells, but at most 6 are read"),
    ],
)
def test_a_table_beyond_a_bound_is_refused_in_every_format(path, bounds, said):
    with pytest.raises(SourceError, match=said) as raised:
        read_table(path, Reading(bounds=bounds))
    assert "\n" not in str(raised.value) and "read: {bounds: {" in str(raised.value)


def test_a_table_at_its_bounds_is_read(path):
    bounds = Bounds(rows=4, columns=3, cells=15, characters=2, megabytes=1)
    assert read_table(path, Reading(bounds=bounds)).shape == (4, 3)


def test_a_long_cell_is_refused_in_every_format(path):
    with pytest.raises(SourceError, match="holds 2 characters in one cell, but at most 1"):
        read_table(path, Reading(bounds=Bounds(characters=1)))


@pytest.mark.parametrize("name", ["a.xlsx", "a.sav", "a.parquet", "a.csv"])
def test_what_an_archive_says_of_its_size_is_believed_before_it_is_unpacked(name, tmp_path):
    path = tmp_path / name
    table = pd.DataFrame({"x": ["0123456789" * 20] * 6000, "y": [str(x) for x in range(6000)]})
    if name == "a.xlsx":
        table.to_excel(path, index=False)
        with zipfile.ZipFile(path, "a", zipfile.ZIP_DEFLATED) as archive:
            archive.writestr("notes.txt", " " * 2_000_000)
    elif name == "a.sav":
        pyreadstat.write_sav(table, str(path))
    elif name == "a.parquet":
        table.assign(x=[f"{k:0200}" for k in range(6000)]).to_parquet(path, use_dictionary=False)
    else:
        table.to_csv(path, index=False)
    with pytest.raises(SourceError, match="megabytes once unpacked, but at most 1 are read"):
        read_table(path, Reading(bounds=Bounds(megabytes=1)))


def test_lines_within_quotation_marks_are_no_rows(tmp_path):
    (tmp_path / "a.csv").write_text('id,note\n1,"a\nb\nc"\n2,"d\ne"\n')
    assert len(read_table(tmp_path / "a.csv", Reading(bounds=Bounds(rows=2)))) == 2
    with pytest.raises(SourceError, match="holds 2 rows, but at most 1"):
        read_table(tmp_path / "a.csv", Reading(bounds=Bounds(rows=1)))


def test_a_mapping_file_sets_the_bounds(tmp_path, dictionary, capsys):
    mapping = tmp_path / "mapping.yaml"
    mapping.write_text("read: {bounds: {rows: 3}}\n")
    assert read_mapping(mapping, dictionary).reading.bounds == Bounds(rows=3)
    SMALL.to_csv(tmp_path / "a.csv", index=False)
    assert main(["validate", str(tmp_path / "a.csv"), "--mapping", str(mapping)]) == 2
    assert capsys.readouterr().err.count("\n") == 1
    mapping.write_text("read: {bounds: {rows: many, hight: 3}}\n")
    with pytest.raises(SourceError, match=r"'hight' is none of(.|\n)*rows: must be a whole number"):
        read_mapping(mapping, dictionary)


def test_map_is_told_its_bounds(tmp_path, capsys):
    SMALL.to_csv(tmp_path / "a.csv", index=False)
    assert main(["map", str(tmp_path / "a.csv"), "--bound", "rows", "3"]) == 2
    assert "holds 4 rows" in capsys.readouterr().err
    assert main(["map", str(tmp_path / "a.csv"), "--bound", "rows", "4"]) == 0
    with pytest.raises(ParameterError, match=r"--bound\.rows: must be a whole number"):
        given_bounds({"rows": "-3"})


CELLS = st.sampled_from(
    ["", "1", "a", "a b", " 2", "é", "\u00a0x", "0.5", "2023-01-31", '"q"', 'in"ch', "\u2028", "NA"]
)
ENDS = st.sampled_from(["\n", "\r\n", "\r", "\n\n"])


def read(path, long):
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(delimited, "LONG", 0 if long else 1 << 60)
        try:
            return read_table(path)
        except SourceError as error:
            return str(error)


@settings(
    max_examples=150,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)
@given(
    rows=st.lists(st.lists(CELLS, min_size=1, max_size=4), min_size=1, max_size=8),
    header=st.sampled_from(["id,x,y", "id;x;y", "sep=;\nid;x;y", "\ufeffid,x", "id,x,"]),
    end=ENDS,
    is_ended=st.booleans(),
)
def test_columns_and_rows_give_the_same_table(rows, header, end, is_ended, tmp_path):
    sign = ";" if ";" in header else ","
    lines = [*header.split("\n"), *(sign.join(cells) for cells in rows)]
    (tmp_path / "a.csv").write_bytes((end.join(lines) + end * is_ended).encode())
    at_once, in_turn = (read(tmp_path / "a.csv", long) for long in (True, False))
    if isinstance(in_turn, str):
        assert at_once == in_turn
    else:
        assert_frame_equal(at_once, in_turn, check_index_type=False)


def test_plain_text_is_read_at_once_and_text_with_quotation_marks_is_not(tmp_path, monkeypatch):
    monkeypatch.setattr(delimited, "LONG", 0)
    for text, is_read in (("id,x\n1,a\n2,b\n", True), ('id,x\n1,"a"\n2,b\n', False)):
        (tmp_path / "a.csv").write_text(text)
        file = delimited.read_delimited(tmp_path / "a.csv", Reading())
        assert (file.columns(1, 2) is not None) == is_read


@pytest.mark.parametrize("text", ['id,x\n1,"' + "a\n" * 500_000, "id,x\n1," + "a" * 900_000])
def test_a_value_without_end_is_refused_before_it_is_read(text, tmp_path):
    (tmp_path / "a.csv").write_text(text)
    with pytest.raises(SourceError, match="characters in one cell, but at most 100,000 are read"):
        delimited.check_text(tmp_path / "a.csv", Bounds())


def test_lines_within_quotation_marks_count_for_no_bound(tmp_path):
    quoted = '"' + "\n" * 50 + '"'
    (tmp_path / "a.csv").write_text("id,x\n" + f"1,{quoted}\n" * 20)
    assert len(read_table(tmp_path / "a.csv", Reading(bounds=Bounds(rows=20)))) == 20
    with pytest.raises(SourceError, match="holds 20 rows, but at most 19"):
        delimited.check_text(tmp_path / "a.csv", Bounds(rows=19))
