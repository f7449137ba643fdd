"""Response and consolidation: the right number in the right place."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.topics.response.table import table_response


def test_every_count_of_the_response_carries_its_denominator(tables, extract):
    assessed = extract["response_date"] != ""
    table = tables["response"].layout
    counted = [line for line in table.lines if line.cells[0] and "CI" not in line.label]
    assert len(counted) > 8
    assert all("/" in cell for line in counted for cell in line.cells[:3])
    assert f"/{int(assessed.sum())} (" in table.lines[0].cells[0]


def test_consolidation_by_kind_adds_up_to_the_responders(tables, cells):
    table = tables["consolidation"]
    kinds = ("Allogeneic HCT", "TKI", "Other", "None")
    counts = [[int(x.split("/")[0]) for x in cells(table, kind)[:3]] for kind in kinds]
    sizes = [int(x.split("/")[1].split()[0]) for x in cells(table, "TKI")[:3]]
    assert [sum(column) for column in zip(*counts, strict=True)] == sizes


def test_an_extract_without_mrd_has_no_rows_of_it_and_a_note(analyses):
    rows = tuple(x for x in analyses.response.results if x.key.outcome != "mrd_negative")
    changed = replace(analyses.response, results=replace(analyses.response.results, rows=rows))
    layout = table_response(changed).layout
    assert not any("MRD" in group for group in layout.groups)
    assert "Not recorded in the extract: MRD-negative remission." in layout.notes


def test_intervals_stand_below_their_proportion(tables):
    labels = [line.label for line in tables["response"].layout.lines]
    assert labels[:2] == ["CR or CRi", "95% CI, %"]
