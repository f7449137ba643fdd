"""Long text is read in whole columns; it gives the same table, or refusal, as row by row."""

from __future__ import annotations

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from pandas.testing import assert_frame_equal

from analysis_lib.errors import SourceError
from analysis_lib.intake.reading import delimited
from analysis_lib.intake.reading.kinds import Bounds, Reading
from analysis_lib.intake.reading.read import read_table

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
