"""Tables as journals print them: read as they are meant, or listed, and never as something else."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest
from openpyxl import Workbook
from openpyxl.styles import Alignment

from analysis_lib.article.transcribe.grid import read_grid
from analysis_lib.article.transcribe.keys import Asked
from analysis_lib.article.transcribe.layout import find_layout
from analysis_lib.article.transcribe.propose import Proposed, propose_claims
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError

Read = Callable[..., Proposed]


@pytest.fixture
def read(tmp_path: Path, dictionary: Dictionary) -> Read:
    def proposed(text: str, outcome: str = "") -> Proposed:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        layout = find_layout(read_grid(path), path.name)
        return propose_claims(layout, Asked("Table", outcome=outcome), dictionary)

    return proposed


def numbers(proposed: Proposed, row: str = "") -> str:
    """What was read of the rows whose label begins so, without the sizes of the heads."""
    lines = [x for x in proposed.lines if x["note"].partition(": ")[2].startswith(row)]
    signs = {"=": ""}
    return ", ".join(
        f"{x['statistic']} {signs.get(x['comparator'], x['comparator'])}{x['value']}"
        for x in lines
        if x["note"]
    )


HEAD = "Characteristic,InO-exposed (n = 50),InO-naïve (n = 70),P\n"
SHARE = "count 22, proportion 44"
ESTIMATE = "proportion 72, proportion_ci_low 59, proportion_ci_high 83"


@pytest.mark.parametrize(
    ("row", "found"),
    [
        # Spaces, dashes and points of typesetters, marks of footnotes.
        ("Prior HCT,22\u202f(44\u2009%)\u2020,,>\u00a00.99", f"{SHARE}, p_value >0.99"),
        ("Prior HCT,22* (44)a,,0\u00b799*", f"{SHARE}, p_value 0.99"),
        ("Prior HCT,44% (22),,", SHARE),
        ("Prior HCT,44 (22/50),,", SHARE),
        ("Prior HCT,-,n/a,...", ""),
        ("Prior HCT,22/50 (44),,P = .41", f"{SHARE}, p_value 0.41"),
        (
            '"Ferritin, median (range)",1\u202f204 (12\u201115\u2009300),,',
            "median 1204, minimum 12, maximum 15300",
        ),
        # A word of the label, or none, says what the cell is of.
        ('"Age, median [Q1, Q3]","48 [39,60]",,', "median 48, quartile_1 39, quartile_3 60"),
        ('"Age, years",48 (18-79),,', ""),
        ('"Age, years",48 (11),,', ""),
        ('"Haemoglobin, g/dL",12 (2),,', ""),
        ('"Platelets, 10\u2079/L",40,,', ""),
        ("Male/female,28/22,,", ""),
        ('"ORR, % (95% CI)",72 (59-83),,', ESTIMATE),
        ("ORR,72% (95% CI 59\u201383),,", ESTIMATE),
        ('"Median OS, months (95% CI)",10.1 (8.0-NR),,', "median 10.1, median_ci_low 8.0"),
        ('"Median OS, months (95% CI)",NR (8.0-NE),,', ""),
        (
            '"12-month NRM, % (95% CI)",8 (3-16),,',
            "incidence 8, incidence_ci_low 3, incidence_ci_high 16",
        ),
    ],
)
def test_a_row_is_read_as_it_is_meant_or_listed(row: str, found: str, read: Read) -> None:
    proposed = read(HEAD + row + "\n")
    assert numbers(proposed) == found
    assert found or proposed.left or "-" in row


@pytest.mark.parametrize(
    ("label", "variable", "level"),
    [
        ("Female sex", "sex", "female"),
        ("Sex: male", "sex", "male"),
        ("Age <60", "age_lt_60", "yes"),  # the dictionary has a group of those of 60 and more
        ("Unrelated donor", "unrelated_donor", "yes"),
        ("No prior HCT", "prior_hct", "no"),
        ("Disease subtype\nPh+", "disease_subtype", "ph_positive"),
        ("Without prior blinatumomab therapy", "prior_blinatumomab", "no"),
        ("Ph-", "disease_subtype", "ph_negative"),
        ("Ph\u2212", "disease_subtype", "ph_negative"),
        ("Ph+", "ph_positive", "yes"),
    ],
)
def test_what_differs_by_a_sign_or_a_denial_is_another(
    label: str, variable: str, level: str, read: Read
) -> None:
    lines = read(f'{HEAD}"{label}",22 (44),,\n').lines
    (line,) = [x for x in lines if x["statistic"] == "count"]
    assert (line["variable"], line["level"]) == (variable, level)


def test_a_table_with_decimal_commas(read: Read) -> None:
    proposed = read(
        "Merkmal;InO-exposed (n = 50);InO-naïve (n = 70);p\n"
        "Age, median (range), years;48,5 (18,0-79,5);51,0 (20,0-80,0);0,713\n"
        "Prior HCT, n (%);22 (44,0);31 (44,3);<0,001\n"
    )
    assert numbers(proposed, "Age").startswith("median 48.5, minimum 18.0, maximum 79.5, median")
    assert numbers(proposed, "Prior") == (
        "count 22, proportion 44.0, count 31, proportion 44.3, p_value <0.001"
    )
    assert not proposed.left


def test_a_footnote_says_what_unlabelled_cells_hold(read: Read) -> None:
    proposed = read(
        "Characteristic\tInO-exposed, N = 50\tInO-naïve, N = 70\tp-value\n"
        "Age, years\t48 (39, 60)\t51 (41, 62)\t0.3\n"
        "Ferritin\t412 (120, 980)\t398 (110, 1,050)\t>0.9\n"
        "    Unknown\t3\t4\t\n¹ Median (Q1, Q3); n (%)\t\t\t\n"
    )
    assert numbers(proposed, "Age").startswith("median 48, quartile_1 39, quartile_3 60")
    assert "median 398, quartile_1 110, quartile_3 1050" in numbers(proposed, "Ferritin")
    unknown = [line for line in proposed.lines if line["level"] == "missing"]
    assert [line["variable"] for line in unknown] == ["ferritin", "ferritin"]


def test_heads_in_two_rows_and_percents_alone(read: Read) -> None:
    proposed = read(
        "Characteristic,ITT population,,mITT population,\n"
        ",Drug (n=50),Placebo (n=52),Drug (n=45),Placebo (n=47)\n"
        "Prior HCT,25 (50),24 (46),22 (49),21 (45)\n"
    )
    sizes = {x["population"]: x["value"] for x in proposed.lines if x["statistic"] == "n"}
    assert sizes == {
        "infused[group=itt_population_drug]": "50", "infused[group=itt_population_placebo]": "52",
        "infused[group=mitt_population_drug]": "45", "infused[group=mitt_population_placebo]": "47",
    }  # fmt: skip
    proposed = read('Characteristic,"Drug (n=50), %","Placebo (n=52), %",P\nPrior HCT,50,46,.7\n')
    assert numbers(proposed) == "proportion 50, proportion 46, p_value 0.7"
    assert len(proposed.lines) == 5


def test_several_p_values_and_other_columns_are_no_groups(read: Read) -> None:
    proposed = read(
        "Characteristic,No.,A (n=40),B (n=42),C (n=38),Overall P,P (A vs B)\n"
        "Prior HCT,57,20 (50),19 (45),18 (47),.9,.8\n"
    )
    groups = {f"infused[group={name}]" for name in "abc"}
    assert {line["population"] for line in proposed.lines} == groups
    assert len(proposed.left) == 3
    proposed = read(
        "Characteristic,n,A (n=40),B (n=42),P for trend\nPrior HCT,39,20 (50),19 (45),.9\n"
    )
    assert [left.text for left in proposed.left] == ["39", ".9"]


def test_p_below_a_group_and_cut_numbers_under_their_heading(read: Read) -> None:
    proposed = read(
        ",InO-exposed,InO-naïve,\n,(n=50),(n=70),P\n"
        "Prior lines of therapy,,,.02\n1-2,10 (20),30 (43),\n"
        '≥3,40 (80),40 (57),\nAge,,,\n"  Median (range), years",48 (18–79),51 (20–80),.33\n'
    )
    assert numbers(proposed, "Median").endswith("maximum 80, p_value 0.33")
    cut = [(x["variable"], x["level"]) for x in proposed.lines if x["statistic"] == "count"]
    assert cut == [("prior_lines", "1_2")] * 2 + [("prior_lines", "ge_3")] * 2
    assert not proposed.left


def test_ratios_beside_counts_and_columns_of_grades_are_listed(read: Read) -> None:
    head = "Outcome,Drug (N = 250),Placebo (N = 248),HR (95% CI),P\n"
    proposed = read(head + "Relapse,120 (48.0),150 (60.5),0.72 (0.56–0.91),.007\n", "pfs")
    assert numbers(proposed) == "count 120, proportion 48.0, count 150, proportion 60.5"
    assert [left.text for left in proposed.left] == ["0.72 (0.56–0.91)", ".007"]
    grades = read("Event,All grades,Grade ≥3,P\nCRS,71 (83),5 (6),.1\n")
    assert [left.text for left in grades.left][:2] == ["71 (83)", "5 (6)"]


def test_univariable_beside_multivariable_ratios(read: Read) -> None:
    proposed = read(
        "Variable,Univariable,,Multivariable,\n,HR (95% CI),P,HR (95% CI),P\n"
        'Female vs male,1.08 (0.70–1.66),.73,"1.11 (0.71,1.74)",.65\nMale,1.00,,1 (reference),\n',
        "os",
    )
    models = [line["analysis"] for line in proposed.lines]
    assert models == ["cox_univariable"] * 4 + ["cox_as_published_a"] * 4
    assert [line["value"] for line in proposed.lines][4:7] == ["1.11", "0.71", "1.74"]
    assert {left.reason for left in proposed.left} == {"taken for the level of reference"}
    proposed = read("Factor,HR,Lower 95% CI,Upper 95% CI,P\nPrior HCT,1.08,0.70,1.66,.73\n", "os")
    assert "hazard_ratio_ci_low 0.70, hazard_ratio_ci_high 1.66" in numbers(proposed)


def test_a_forest_of_subgroups_compares_the_groups_within_each(read: Read) -> None:
    proposed = read(
        "Subgroup,InO-exposed (events/n),InO-naïve (events/n),HR (95% CI),P for interaction\n"
        "Overall,45/120,60/118,0.72 (0.49–1.06),\nSex,,,,0.45\n"
        "Female,20/60,28/58,0.65 (0.37–1.15),\n",
        "os",
    )
    assert {(x["population"], x["contrast"]) for x in proposed.lines} == {
        ("infused", "exposed_vs_naive"), ("infused[sex=female]", "exposed_vs_naive"),
    }  # fmt: skip
    alone = read("Subgroup,HR (95% CI),P\nFemale,0.65 (0.37–1.15),.1\n", "os")
    assert not alone.lines and "of which groups" in alone.left[0].reason


def placed(proposed: Proposed, *columns: str) -> list[tuple[str, ...]]:
    """The columns of each count, in the order of the table."""
    counts = (x for x in proposed.lines if x["statistic"] == "count")
    return [tuple(x[name] for name in columns) for x in counts]


TOXICITY = (
    ("", "Cohort", None, None, None, "P value‡"),
    ("Event", "Arm A (n = 41)", None, "Arm B (n = 38)", None, None),
    ("", *("Any grade, n (%)", "Grade 3–4, n (%)") * 2, None),
    ("CRS*", "35 (85)", "4 (10)", "30 (79)", "2 (5)", "0.62"),
    ("Neutropenia§", "39 (95)", "33 (80)", "35 (92)", "30 (79)", "0.75"),
)


def test_a_workbook_of_three_rows_of_merged_heads_and_columns_of_grades(
    tmp_path: Path, dictionary: Dictionary
) -> None:
    book = Workbook()
    book.active.append(["Table 3. Toxicity"])
    for row in TOXICITY:
        book.active.append(row)
    for cells in ("A1:F1", "B2:E2", "B3:C3", "D3:E3", "A3:A4", "F2:F4"):
        book.active.merge_cells(cells)
    path = tmp_path / "toxicity.xlsx"
    book.save(path)
    proposed = propose_claims(find_layout(read_grid(path), path.name), Asked("T3"), dictionary)
    assert placed(proposed, "population", "outcome", "variable", "level", "value")[:4] == [
        ("infused[group=arm_a]", "crs", "", "", "35"),
        ("infused[group=arm_b]", "crs", "", "", "30"),
        ("infused[group=arm_a]", "crs", "crs_grade_group", "grade_3_4", "4"),
        ("infused[group=arm_b]", "crs", "crs_grade_group", "grade_3_4", "2"),
    ]
    assert {x[0] for x in placed(proposed, "variable")[4:]} == {
        "neutropenia_any_grade", "neutropenia_grade_3_4",
    }  # fmt: skip
    assert [(left.text, left.reason) for left in proposed.left] == [
        ("0.62", "of which grade? key it by hand"), ("0.75", "of which grade? key it by hand"),
    ]  # fmt: skip


def test_one_head_over_all_groups_names_none(read: Read) -> None:
    proposed = read(
        "Event,Treatment group,,P\n,InO-exposed (n=50),InO-naïve (n=70),\n"
        "Prior HCT,22 (44),31 (44),.9\n"
    )
    assert [x["value"] for x in proposed.lines if x["population"] == "infused[ino=naive]"] == [
        "70", "31", "44",
    ]  # fmt: skip


def test_an_event_is_of_any_grade_and_a_grade_below_it_is_its_own(read: Read) -> None:
    """`Infection` is no cause of death, and `Grade 3-4` is of the event above it."""
    proposed = read(
        "Event,A (n=41),B (n=38),P\nICANS*,16 (39),12 (32),.49\n  Grade 3–4a,7 (17),4 (11),\n"
        "Infection,12 (29),13 (34),.64\n  Grade 3–4a,6 (15),5 (13),\nGrade 1–2,1 (2),2 (5),\n"
    )
    found = placed(proposed, "outcome", "variable", "level")[::2]
    assert found[:4] == [
        ("icans", "", ""), ("icans", "icans_grade_group", "grade_3_4"),
        ("", "infection", "yes"), ("", "infection", "grade_3_4"),
    ]  # fmt: skip
    assert found[4] == ("", "infection", "grade_1_2")


@pytest.mark.parametrize("head", ["p-Wert", "Valeur p", "valor de p", "P-value"])
def test_a_column_of_p_values_in_other_languages_is_no_group(head: str, read: Read) -> None:
    proposed = read(
        f"Merkmal;Gruppe A (n = 53);Gruppe B (n = 61);{head}\n"
        "Weiblich, n (%);23 (43,4);30 (49,2);0,54\n"
    )
    assert numbers(proposed) == (
        "count 23, proportion 43.4, count 30, proportion 49.2, p_value 0.54"
    )


@pytest.mark.parametrize("label", ["CRS duration, mean ± SE", "LDH, mean (SEM)"])
def test_a_standard_error_is_no_standard_deviation(label: str, read: Read) -> None:
    proposed = read(f'{HEAD}"{label}",4.1 ± 0.4,3.8 (0.3),\n')
    assert numbers(proposed) == "mean 4.1, mean 3.8"
    assert [left.reason for left in proposed.left] == ["a standard error, not recorded"] * 2


def test_sizes_below_the_heads_leave_each_group_its_name(read: Read) -> None:
    proposed = read(
        "Characteristic,Group A,Group B,Group C,P\n,n=30,n=40,n=50,\n"
        "Female,12 (40),18 (45),25 (50),.68\n"
    )
    found = placed(proposed, "population", "value", "denominator")
    assert found == [
        ("infused[group=group_a]", "12", "30"), ("infused[group=group_b]", "18", "40"),
        ("infused[group=group_c]", "25", "50"),
    ]  # fmt: skip


@pytest.mark.parametrize("head", ["Event,Drug,Drug,P", "Event,Drug (n = 5),Drug (n = 6),P"])
def test_two_groups_of_one_name_are_refused(head: str, read: Read) -> None:
    with pytest.raises(ClaimsError, match="columns 2 and 3 have the same head, 'Drug'"):
        read(f"{head}\nRelapse,1 (20),2 (33),.9\n")


def test_two_heads_of_one_level_are_groups_of_their_own(read: Read) -> None:
    head = "Event,InO-exposed 1 (n=50),InO-exposed 2 (n=52),InO-naïve (n=70)\n"
    found = placed(read(f"{head}Relapse,20 (40),26 (50),35 (50)\n"), "population")
    assert len({*found}) == 3


def test_cuts_under_a_heading_are_levels_of_it(read: Read) -> None:
    """Other rows are indented; `None` of an unknown heading is no level of consolidation."""
    proposed = read(
        f"{HEAD}Age group,,,.61\n<40,18 (36),22 (31),\n40–59,19 (38),25 (36),\n"
        "≥60,13 (26),23 (33),\nBridging therapy,,,\n  Chemotherapy,30 (60),40 (57),\n"
        "None,3 (6),9 (13),\n"
    )
    assert placed(proposed, "variable", "level")[:6:2] == [
        ("age_group", "lt_40"), ("age_group", "40_59"), ("age_group", "ge_60"),
    ]  # fmt: skip
    assert "consolidation" not in {line["outcome"] for line in proposed.lines}


def test_intervals_in_columns_of_their_own_below_heads_of_models(read: Read) -> None:
    proposed = read(
        "Covariate;Univariable;;;Multivariable;;\n;HR;95% CI;p;HR;95% CI;p\n"
        "Age (per 10 years);1,12;0,94-1,33;0,20;1,08;0,90-1,29;0,41\n"
        "Ph status (Ph+ vs Ph-);0,58;0,35-0,97;0,037;;;\n",
        "os",
    )
    assert proposed.lines[-1]["contrast"] == "ph_positive_vs_ph_negative"
    assert numbers(proposed, "Age") == (
        "hazard_ratio 1.12, hazard_ratio_ci_low 0.94, hazard_ratio_ci_high 1.33, p_value 0.20, "
        "hazard_ratio 1.08, hazard_ratio_ci_low 0.90, hazard_ratio_ci_high 1.29, p_value 0.41"
    )
    analyses = [x["analysis"] for x in proposed.lines[::4]]
    assert analyses == ["cox_univariable", "cox_as_published_a", "cox_univariable"]


def test_an_indent_of_a_workbook_is_one(tmp_path: Path, dictionary: Dictionary) -> None:
    book = Workbook()
    for row in (
        ("Characteristic", "InO-exposed (n = 50)", "InO-naïve (n = 70)"),
        ("Bridging therapy", None, None),
        ("Chemotherapy", "30 (60)", "40 (57)"),
    ):
        book.active.append(row)
    book.active["A3"].alignment = Alignment(indent=1)
    path = tmp_path / "table.xlsx"
    book.save(path)
    proposed = propose_claims(find_layout(read_grid(path), path.name), Asked("T1"), dictionary)
    assert placed(proposed, "variable", "level") == [("bridging_therapy", "chemotherapy")] * 2


def test_a_workbook_is_read_as_it_is_shown(tmp_path: Path, dictionary: Dictionary) -> None:
    """A first sheet of notes, percents and halves of a format, a formula that nobody computed."""
    book = Workbook()
    book.active.append(["Of the supplement"])
    sheet = book.create_sheet("Table 1")
    for row in (
        ("Characteristic", "InO-exposed (n = 50)", "InO-naïve (n = 70)", "P"),
        ("Age, mean, years", 48.25, 51, 0.0000321),
        ("Prior HCT, %", 0.436, 0.5, "=1-0.36"),
    ):
        sheet.append(row)
    sheet["B2"].number_format = "0.0"
    sheet["B3"].number_format = sheet["C3"].number_format = "0%"
    path = tmp_path / "table.xlsx"
    book.save(path)
    proposed = propose_claims(find_layout(read_grid(path), path.name), Asked("T1"), dictionary)
    assert numbers(proposed) == (
        "mean 48.3, mean 51, p_value 0.0000321, proportion 44, proportion 50"
    )
    assert [left.text for left in proposed.left] == ["=1-0.36"]


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("Characteristic\tA (n=50)\tB (n=70)\tP\r\nPrior HCT\t22 (44)\t31 (44)\t.9\r\n", "utf-16"),
        ("| Characteristic | A (n=50) | B (n=70) | P |\n|---|---|--:|:-:|\n"
         "| Prior HCT | 22 (44) | 31 (44) | .9 |\n", "utf-8"),
    ],
)  # fmt: skip
def test_tables_of_other_programs(
    text: str, encoding: str, tmp_path: Path, dictionary: Dictionary
) -> None:
    path = tmp_path / "table.txt"
    path.write_bytes(text.encode(encoding))
    proposed = propose_claims(find_layout(read_grid(path), path.name), Asked("T1"), dictionary)
    assert numbers(proposed) == "count 22, proportion 44, count 31, proportion 44, p_value 0.9"


def test_thousands_and_medians_of_other_languages(read: Read) -> None:
    proposed = read(
        "Merkmal;A (n = 53);B (n = 61);p\n"
        "Ferritin, Médiane (min–max);1'204 (12–15’300);900 (10–950);0,3\n"
        "LDH, Mittelwert ± SD;412 ± 110;398 ± 98;0,5\n"
    )
    assert numbers(proposed).startswith("median 1204, minimum 12, maximum 15300, median 900")
    assert "mean 412, standard_deviation 110" in numbers(proposed)
