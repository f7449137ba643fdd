"""Tables laid out otherwise: turned, with two columns of labels, a statistic a row, at risk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from analysis_lib.article.transcribe.grid import read_grid
from analysis_lib.article.transcribe.keys import Asked
from analysis_lib.article.transcribe.propose import Proposed, propose_table
from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import ClaimsError

Read = Callable[..., Proposed]
HEAD = "Characteristic,InO-exposed (n = 50),InO-naïve (n = 70),P\n"


@pytest.fixture
def read(tmp_path: Path, dictionary: Dictionary) -> Read:
    def proposed(text: str, outcome: str = "") -> Proposed:
        path = tmp_path / "table.csv"
        path.write_text(text, encoding="utf-8")
        return propose_table(read_grid(path), path.name, Asked("T", outcome=outcome), dictionary)

    return proposed


def placed(proposed: Proposed, *columns: str, population: str = "exposed") -> list[str]:
    """What the lines of one group say in these columns."""
    own = [x for x in proposed.lines if x["population"].endswith(f"{population}]")]
    return [" ".join(filter(None, (x[name] for name in columns))) for x in own]


def test_groups_in_rows_and_statistics_in_columns(read: Read) -> None:
    proposed = read(
        'Group,N,"Female, n (%)","Age, median (range), years","12-month PFS, % (95% CI)"\n'
        "InO-exposed,50,22 (44),48 (18-79),45 (30-59)\nInO-naïve,70,36 (51),51 (20-80),60 (47-71)\n"
    )
    assert placed(proposed, "variable", "outcome", "level", "statistic", "value") == [
        *("n 50", "sex female count 22", "sex female proportion 44"),
        *("age_years median 48", "age_years minimum 18", "age_years maximum 79"),
        *("pfs survival 45", "pfs survival_ci_low 30", "pfs survival_ci_high 59"),
    ]
    assert {x["denominator"] for x in proposed.lines if x["statistic"] == "count"} == {"50", "70"}
    assert not proposed.left


def test_columns_of_statistics_are_no_groups(read: Read) -> None:
    proposed = read("Variable,Patients (n = 50),Mean,SD\nPrior HCT,22 (44),40,12\n")
    assert {x["population"] for x in proposed.lines} == {"infused[group=patients]"}
    assert [left.text for left in proposed.left] == ["40", "12"]


def test_labels_in_two_columns(read: Read) -> None:
    proposed = read(
        "Variable,Category,InO-exposed (n = 50),InO-naïve (n = 70),P value\n"
        "Sex,Female,22 (44),36 (51),.41\n,Male,28 (56),34 (49),\n"
        "Disease subtype,Ph+,20 (40),30 (43),.94\n,Ph-like,10 (20),12 (17),\n"
        ",Ph-,20 (40),28 (40),\n"
        '"Age, years",Median (range),48 (18-79),51 (20-80),.33\nPrior HCT,,22 (44),31 (44),.9\n'
    )
    assert placed(proposed, "variable", "level", "value")[1::2] == [
        *("sex female 22", "sex male 28"),
        *("disease_subtype ph_positive 20", "disease_subtype ph_like 10"),
        *("disease_subtype ph_negative 20", "age_years 48", "age_years 79"),
        "prior_hct yes 44",
    ]
    tests = [x for x in proposed.lines if x["statistic"] == "p_value"]
    assert [(x["variable"], x["value"], x["p_scope"]) for x in tests] == [
        ("sex", "0.41", "as printed"), ("disease_subtype", "0.94", "as printed"),
        ("age_years", "0.33", "as printed"), ("prior_hct", "0.9", "as printed"),
    ]  # fmt: skip


def test_a_p_value_beside_each_level_is_of_the_level(read: Read) -> None:
    proposed = read(
        "Variable,Level,InO-exposed (n = 50),InO-naïve (n = 70),P value\n"
        "Disease subtype,Ph+,20 (40),30 (43),.75\nDisease subtype,Ph-like,10 (20),12 (17),.69\n"
        "Disease subtype,Ph-,20 (40),28 (40),1.00\n"
    )
    scopes = [x["p_scope"] for x in proposed.lines if x["statistic"] == "p_value"]
    assert scopes == ["row Ph+", "row Ph-like", "row Ph-"]


def test_a_statistic_in_a_row_of_its_own_is_of_the_variable_above(read: Read) -> None:
    """`n` below `Female` counts women and is no size; `Range` is of the age."""
    proposed = read(
        f"{HEAD}Female,,,.41\n  n,22,36,\n  %,44,51,\nAge (years),,,.33\n  Mean,48.2,51.0,\n"
        "  SD,14.1,13.2,\n  Median,48,51,\n  Range,18–79,20–80,\n"
        '"  Q1, Q3","39, 60","41, 62",\n'
    )
    found = placed(proposed, "variable", "level", "statistic", "value")
    assert found == [
        *("n 50", "sex female count 22", "sex female proportion 44", "age_years mean 48.2"),
        *("age_years standard_deviation 14.1", "age_years median 48", "age_years minimum 18"),
        *("age_years maximum 79", "age_years quartile_1 39", "age_years quartile_3 60"),
    ]
    assert not proposed.left


def test_a_number_of_patients_below_a_variable_is_listed(read: Read) -> None:
    proposed = read(f"{HEAD}Ferritin,,,\n  n,48,66,\n  Mean (SD),812 (340),790 (310),.7\n")
    assert [left.text for left in proposed.left] == ["48", "66"]
    assert placed(proposed, "statistic", "value")[0] == "n 50"


def test_sizes_in_a_row_of_totals_that_percents_bear_out(read: Read) -> None:
    table = "Characteristic,InO-exposed,InO-naïve,P\nPrior HCT,22 (44),31 (44),NS\n{},{},70,\n"
    proposed = read(table.format("Total", 50))
    assert {x["denominator"] for x in proposed.lines if x["statistic"] == "count"} == {"50", "70"}
    other = read(table.format("Total", 90))
    assert not any(x["denominator"] for x in other.lines)


def test_the_level_of_reference_stands_in_its_row(read: Read) -> None:
    proposed = read(
        "Variable,Events/N,HR,95% CI,P\nDisease subtype,,,,\n  Ph-,40/80,1,Reference,\n"
        "  Ph+,20/60,0.70,0.41 to 1.20,.19\n  Ph-like,9/20,1.10,0.53 to 2.27,.80\nSex,,,,\n"
        "  Female,30/70,–,–,\n  Male,39/90,1.00,0.62 to 1.61,1.00\nStage,,,,\n  I,5/10,,,\n"
        "  II,9/14,1.20,0.40 to 3.58,.74\nAge,,,,\n  <60,30/60,Ref.,,\n"
        "  ≥60,30/40,1.50,0.90 to 2.49,.12\n",
        "os",
    )
    ratios = [x for x in proposed.lines if x["statistic"] == "hazard_ratio"]
    assert [(x["value"], x["contrast"]) for x in ratios] == [
        ("0.70", "ph_positive_vs_ph_negative"), ("1.10", "ph_like_vs_ph_negative"),
        ("1.00", "male_vs_female"), ("1.20", "ii_vs_i"), ("1.50", "ge_60_vs_lt_60"),
    ]  # fmt: skip


def test_a_ratio_of_one_with_its_interval_is_no_reference(read: Read) -> None:
    proposed = read(
        '"",HR (95% CI),P\n"Age, per year",1.00 (0.98-1.02),.9\nMale,1.00 [Reference],\n', "os"
    )
    assert [x["value"] for x in proposed.lines] == ["1.00", "0.98", "1.02", "0.9"]


AT_RISK = "No. at risk,0,6,12\nInO-exposed,50,31 (4),12\nInO-naïve,70,52,30\n"


def test_numbers_at_risk_below_a_curve(read: Read) -> None:
    proposed = read("Time in months,,,\n" + AT_RISK, "pfs")
    assert placed(proposed, "outcome", "time_months", "statistic", "value") == [
        *("n 50", "pfs 0 at_risk 50", "pfs 6 at_risk 31", "pfs 12 at_risk 12"),
    ]
    assert [(left.text, left.reason) for left in proposed.left] == [
        ("(4)", "events or censored? key it by hand")
    ]
    years = read("Years,,,\n" + AT_RISK.replace("6,12", "1,2"), "os")
    assert {x["time_months"] for x in years.lines} == {"", "0", "12", "24"}


def test_numbers_at_risk_without_endpoint_or_unit_are_not_guessed(read: Read) -> None:
    proposed = read("Months,,,\n" + AT_RISK)
    assert not proposed.lines and {x.reason for x in proposed.left} == {
        "at risk of which endpoint? say it by --outcome"
    }
    with pytest.raises(ClaimsError, match="write one unit"):
        read(AT_RISK, "pfs")


def test_percents_before_counts(read: Read) -> None:
    """Where label, head or note says so; else a row that reads so alone is listed."""
    want = ["sex female count 22", "sex female proportion 44"]
    columns = ("variable", "level", "statistic", "value")
    assert placed(read(f'{HEAD}"Female, % (n)",44 (22),51 (36),.41\n'), *columns)[1:] == want
    table = 'Characteristic,"InO-exposed (n = 50), % (n)","InO-naïve (n = 70), % (n)",P\n'
    assert placed(read(f"{table}Female,44 (22),51 (36),.41\n"), *columns)[1:] == want
    noted = read(f"{HEAD}Female,44 (22),51 (36),.41\nData are % (n).,,,\n")
    assert placed(noted, *columns)[1:] == want
    unsaid = read(f"{HEAD}Female,44 (22),51 (36),.41\n")
    assert {x.reason for x in unsaid.left} == {"percents before counts? say % (n) in the label"}
    assert not [x for x in unsaid.lines if x["statistic"] == "count"]


def test_yes_and_no_are_levels_of_the_heading(read: Read) -> None:
    proposed = read(f"{HEAD}Smoking,,,.9\nYes,22 (44),31 (44),\nNo,28 (56),39 (56),\n")
    counts = [x for x in proposed.lines if x["statistic"] == "count"]
    assert [(x["variable"], x["level"], x["value"]) for x in counts][::2] == [
        ("smoking", "yes", "22"), ("smoking", "no", "28"),
    ]  # fmt: skip


def test_an_endpoint_above_its_events_rates_and_ratio(read: Read) -> None:
    proposed = read(
        "Endpoint,InO-exposed (n = 50),InO-naïve (n = 70),HR (95% CI),P\n"
        'Progression-free survival,,,1.30 (0.80–2.11),.29\n"6-month rate, % (95% CI)",'
        "60 (45–72),70 (58–79),,\n1-year rate,40%,55%,,\n(95% CI),25–54,42–66,,\n"
        '"Median, months (95% CI)",8.1 (5.2–NR),14.0 (9.0–20.1),,\n'
    )
    assert placed(proposed, "outcome", "time_months", "statistic", "value") == [
        *("n 50", "pfs 6 survival 60", "pfs 6 survival_ci_low 45", "pfs 6 survival_ci_high 72"),
        *("pfs 12 survival 40", "pfs 12 survival_ci_low 25", "pfs 12 survival_ci_high 54"),
        *("pfs median 8.1", "pfs median_ci_low 5.2"),
    ]
    ratios = [x for x in proposed.lines if x["analysis"] == "cox_univariable"]
    assert {(x["outcome"], x["population"], x["contrast"]) for x in ratios} == {
        ("pfs", "infused", "exposed_vs_naive")
    }


def test_p_beside_an_endpoint_is_of_its_curves(read: Read) -> None:
    proposed = read(
        f'{HEAD}Overall survival,,,.02\n  "12 months, %",60,75,\n'.replace('  "', '"  ')
    )
    (p,) = [x for x in proposed.lines if x["statistic"] == "p_value"]
    assert (p["analysis"], p["outcome"]) == ("survival_by_exposure", "os")
    assert placed(proposed, "outcome", "time_months", "value")[1:] == ["os 12 60"]


@pytest.mark.parametrize(
    ("label", "variable", "contrast"),
    [
        ("Female (vs. male)", "sex", "female_vs_male"),
        ("Age, per year", "age_years", ""),
        ("Age (per 10-year increase)", "age_decades", ""),
    ],
)
def test_the_terms_of_a_model(label: str, variable: str, contrast: str, read: Read) -> None:
    proposed = read(f'Variable,HR (95% CI),P\n"{label}",1.10 (0.90-1.34),.35\n', "os")
    assert {(x["variable"], x["contrast"]) for x in proposed.lines} == {(variable, contrast)}


@pytest.mark.parametrize(
    ("label", "outcome", "level"),
    [
        ("Cytokine release syndrome", "crs", ""),
        ("Cytokine release syndrome, any grade", "crs", ""),
        ("sex = F (%)", "", "female"),
    ],
)
def test_names_spelt_out_or_shortened(label: str, outcome: str, level: str, read: Read) -> None:
    lines = read(f'{HEAD}"{label}",22 (44),31 (44),.9\n').lines
    counts = [x for x in lines if x["statistic"] == "count"]
    assert {(x["outcome"], x["level"]) for x in counts} == {(outcome, level)}


def test_a_column_of_test_statistics_is_no_group(read: Read) -> None:
    proposed = read("Variable,Drug (n=50),Placebo (n=70),t,P\nAge (years),48±11,51±12,-1.4,.17\n")
    assert [x.reason for x in proposed.left] == ["the column 't' is not read"]
    assert [x["value"] for x in proposed.lines if x["statistic"] == "p_value"] == ["0.17"]


def test_stable_disease_is_no_standard_deviation(read: Read) -> None:
    proposed = read(
        f"{HEAD}Best response,,,\n  PR,20 (40),21 (30),\n  SD,12,20,\n  PD,6 (12),9 (13),\n"
    )
    levels = placed(proposed, "level", "statistic", "value")
    assert "stable_disease count 12" in levels
    assert not [x for x in proposed.lines if x["statistic"] == "standard_deviation"]


def test_median_before_the_name_and_units_in_cells(read: Read) -> None:
    proposed = read(
        f"{HEAD}Median age,48 y (range 18–79),51 years (20–80),.33\n"
        'Median (IQR) hospital stay,"12 days (9, 17)",13 (IQR: 9–20),\n'
    )
    assert placed(proposed, "variable", "statistic", "value")[1:4] == [
        "age_years median 48", "age_years minimum 18", "age_years maximum 79",
    ]  # fmt: skip
    assert [left.text for left in proposed.left] == ["51 years (20–80)"]
    assert [x["value"] for x in proposed.lines if x["statistic"] == "quartile_3"] == ["17", "20"]


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("n=22 (44%)", ["22", "44"]),
        ("22 pts (44)", ["22", "44"]),
        ('"22, 44%"', ["22", "44"]),
        ("0 (–)", ["0"]),
    ],
)
def test_counts_with_their_percents(cell: str, found: list[str], read: Read) -> None:
    lines = read(f"{HEAD}Prior HCT,{cell},,\n").lines
    assert [x["value"] for x in lines if x["note"]] == found


@pytest.mark.parametrize(
    ("cell", "found"),
    [
        ("3.2e-05", "=0.000032"),
        ("<1 × 10−4", "<0.0001"),
        (".64 (chi-square)", "=0.64"),
        ("0.638 NS", "=0.638"),
        ("–", ""),
    ],
)
def test_p_values_as_programs_and_people_write_them(cell: str, found: str, read: Read) -> None:
    proposed = read(f"Variable,Drug (n=50),Placebo (n=70),Sig.\nPrior HCT,22 (44),31 (44),{cell}\n")
    tests = [x for x in proposed.lines if x["statistic"] == "p_value"]
    assert "".join(x["comparator"] + x["value"] for x in tests) == found
    assert not proposed.left


def test_counts_and_means_below_the_head_of_a_group(read: Read) -> None:
    proposed = read(
        "Visit,InO-exposed,,InO-naïve,\n,n,Mean (SD),n,Mean (SD)\nHb,50,10.1 (2.0),70,10.0 (2.1)\n"
    )
    found = placed(proposed, "variable", "statistic", "value")
    assert found == ["hb mean 10.1", "hb standard_deviation 2.0"]
    assert [left.text for left in proposed.left] == ["50", "70"]


def test_a_ratio_with_its_interval_in_a_row_is_no_percent(read: Read) -> None:
    proposed = read(f"{HEAD}HR (95% CI),1.08 (0.71–1.65),1.00,\n")
    assert [left.text for left in proposed.left] == ["1.08 (0.71–1.65)", "1.00"]


def test_counts_and_percents_of_all_patients_in_two_columns(read: Read) -> None:
    """`44` below `%` was read as a count."""
    proposed = read("Characteristic,No.,%\nFemale,77,44\nMale,98,56\n")
    assert [(x["level"], x["statistic"], x["value"]) for x in proposed.lines] == [
        ("female", "count", "77"), ("female", "proportion", "44"),
        ("male", "count", "98"), ("male", "proportion", "56"),
    ]  # fmt: skip
    assert {x["population"] for x in proposed.lines} == {"infused"}


def test_a_column_of_units_is_no_group(read: Read) -> None:
    proposed = read(
        'Variable,Unit,A (n=50),B (n=70),P\n"Hb, mean ± SD",g/dL,10.1 ± 2.0,10.0 ± 2.1,.7\n'
    )
    assert [left.text for left in proposed.left] == ["g/dL"]
    assert [x["value"] for x in proposed.lines if x["statistic"] == "p_value"] == ["0.7"]


def test_what_follows_yes_and_no_is_of_another_variable(read: Read) -> None:
    proposed = read(
        f"{HEAD}Smoking,,,\nYes,22 (44),31 (44),\nNo,28 (56),39 (56),\nDiabetes,5 (10),7 (10),\n"
    )
    assert {x["variable"] for x in proposed.lines if x["value"] in ("5", "7")} == {"diabetes"}
