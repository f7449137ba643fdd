"""No death is lost or made by a status that the mapping says nothing of."""

from __future__ import annotations

import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import open_intake

RULES = """
dates_from_days:
  zero: {{column: infusion_date, date: 2020-01-01}}
  death_date: {{days: t, {rule}}}
"""


@pytest.fixture
def deaths(tmp_path, dictionary):
    """Which rows of `t,d` (or `t,d,e`) get a date of death, 1 or 0."""

    def taken_in(rows: str, rule: str) -> list[int]:
        header = "t,d,e" if rows.split()[0].count(",") == 2 else "t,d"
        lines = "\n".join([header, *rows.split()])
        (tmp_path / "theirs.csv").write_text(f"{lines}\n", encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(RULES.format(rule=rule), encoding="utf-8")
        intake = open_intake(tmp_path / "theirs.csv", dictionary, tmp_path / "mapping.yaml")
        return [int(date != "") for date in intake.table["death_date"]]

    return taken_in


@pytest.mark.parametrize(
    ("rows", "rule", "said"),
    [
        ("5,dead 6,Dead 7,Dead 8,alive", "where: {d: dead}, otherwise: {d: alive}",
         "'d' must be declared; the event is 'dead', but 2 rows hold 'Dead'; add"),
        ("5,dead 6,alive 7,", "where: {d: dead}, otherwise: {d: alive}", "1 row is blank"),
        ("5,dead 6,alive", "where: {d: dead}", "1 row holds 'alive'"),
        ("5,1 6,0 7, 8,", 'where: {d: "1"}', "but 2 rows are blank"),
        ("5,1 6,0 7,2", 'where: {d: "1"}', "1 row holds '2'"),
        ("5,2 6,1", 'where: {d: "2"}', "1 row holds '1'"),
        ("5,yes 6,no 7,No", "where: {d: yes}", "1 row holds 'No'"),
        ("5,1.0 6,1 7,unknown 8,0", 'where: {d: "1"}, otherwise: {d: unknown}',
         "1 row holds '1.0'"),
        ("5,1 6,01 7,0", 'where: {d: "1"}', "1 row holds '01'"),
        ("5,dead,ALL 6,dead,gvhd", "where: {d: dead, e: ALL}, otherwise: {d: alive}",
         "value of 'e' .* 1 row holds 'gvhd'"),
        ("5,1 ,1 7,0", 'where: {d: "1"}', "row 3 has the event but no 't'"),
        ("5,1 NA,1 7,0", 'where: {d: "1"}',
         r"row 3 holds 'NA'; .* read: {missing: \[\"NA\"\]}"),
    ],
)  # fmt: skip
def test_a_status_that_is_not_declared_is_refused_with_its_rows(deaths, rows, rule, said):
    with pytest.raises(SourceError, match=said):
        deaths(rows, rule)


@pytest.mark.parametrize(
    ("rows", "rule", "expected"),
    [
        ("5,dead 6,Dead 7,alive 8,", 'where: {d: [dead, Dead]}, otherwise: {d: [alive, ""]}',
         [1, 1, 0, 0]),
        ("5,1.0 6,0.0", 'where: {d: "1"}', [1, 0]),
        ("5,1 6,0", 'where: {d: "1.0"}', [1, 0]),
        ("5,1.0 6,1 7,2.00 8,", 'where: {d: "2"}, otherwise: {d: ["1", ""]}', [0, 0, 1, 0]),
        ("5,TRUE 6,FALSE", "where: {d: TRUE}", [1, 0]),
        ("5,0 6,1 7,2", 'where: {d: "0"}, otherwise: {d: "2"}', [1, 0, 0]),
        ("5,dead,ALL 6,alive, 7,dead,gvhd",
         "where: {d: dead, e: ALL}, otherwise: {d: alive, e: gvhd}", [1, 0, 0]),
    ],
)  # fmt: skip
def test_a_declared_status_gives_the_events(deaths, rows, rule, expected):
    assert deaths(rows, rule) == expected


@pytest.mark.parametrize(
    ("rule", "said"),
    [
        ('where: {d: "1"}, otherwise: {e: "0"}', "'e' is no column of where"),
        ('where: {d: "1"}, otherwise: {d: ["0", "1.0"]}', "'1.0' is the event of 'd' too"),
        ('otherwise: {d: "0"}', "'d' is no column of where"),
    ],
)
def test_a_declaration_does_not_contradict_itself(deaths, rule, said):
    with pytest.raises(SourceError, match=f"death_date.otherwise: {said}"):
        deaths("5,1", rule)


def test_names_of_people_in_a_status_column_are_counted_and_not_shown(tmp_path, dictionary):
    (tmp_path / "theirs.csv").write_text("t,surname\n5,Miller\n6,Smith\n", encoding="utf-8")
    rule = RULES.format(rule="where: {surname: x}")
    (tmp_path / "mapping.yaml").write_text(rule, encoding="utf-8")
    with pytest.raises(SourceError, match="2 rows hold one of 2 others") as raised:
        open_intake(tmp_path / "theirs.csv", dictionary, tmp_path / "mapping.yaml")
    assert "Miller" not in str(raised.value)


def test_every_undeclared_value_is_counted_even_of_many(deaths):
    rows = " ".join(f"5,s{number:02}" for number in range(30))
    with pytest.raises(SourceError, match="1 row holds 's19' and 10 rows hold one of 10 further"):
        deaths(rows, "where: {d: dead}")
