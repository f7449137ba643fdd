"""An extract in other words becomes ours, exactly, or the mapping is refused."""

from __future__ import annotations

import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.extract import load_extract, open_intake


@pytest.fixture
def take_in(tmp_path, dictionary):
    def intake(csv: str, mapping: str):
        (tmp_path / "theirs.csv").write_text(csv, encoding="utf-8")
        (tmp_path / "mapping.yaml").write_text(mapping, encoding="utf-8")
        return open_intake(tmp_path / "theirs.csv", dictionary, tmp_path / "mapping.yaml")

    return intake


@pytest.mark.parametrize(
    ("csv", "mapping", "column", "expected"),
    [
        ("s\nm\nw\nd\n", "columns: {s: sex}\nlevels: {sex: {m: male, w: female}}", "sex",
         ["male", "female", "d"]),
        ("d\n1.2.2023\n2023-02-01\n31.02.2023\n",
         "columns: {d: death_date}\nread: {dates: '%d.%m.%Y'}", "death_date",
         ["2023-02-01", "2023-02-01", "31.02.2023"]),
        ("d\n01/02/2023\n13/02/2023\n",
         "columns: {d: death_date}\nread: {dates: ['%d/%m/%Y', '%m/%d/%Y']}", "death_date",
         ["01/02/2023", "2023-02-13"]),
        ("d\n01.02.2023\n2023-02-01T14:30\n", "columns: {d: death_date}", "death_date",
         ["01.02.2023", "2023-02-01"]),
        ("x\n0.1\n62\nhigh\n", "columns: {x: response_platelets_per_ul}\n"
         "units: {response_platelets_per_ul: 1000}", "response_platelets_per_ul",
         ["100", "62000", "high"]),
        ("x\n0.07\n", "columns: {x: age_years}\nunits: {age_years: 100}", "age_years", ["7"]),
        ("x;y\n45,3;a\n50;b\n", "columns: {x: age_years}", "age_years", ["45.3", "50"]),
        ("x;y\n1,234;a\n", "columns: {x: age_years}\nread: {decimal: ','}", "age_years", ["1.234"]),
        ("x,y\n\"45,3\",1\n45.1,2\n", "columns: {x: age_years}", "age_years", ["45,3", "45.1"]),
        ("x\n45 %\n3\n", "columns: {x: marrow_blasts_percent}", "marrow_blasts_percent",
         ["45", "3"]),
        ("x\nTRUE\nfalse\n?\n", "columns: {x: prior_hct}", "prior_hct", ["yes", "no", "?"]),
        ("x\nNA\n-9\n3\n", "columns: {x: prior_lines}\nread: {missing: [NA, '-9']}", "prior_lines",
         ["", "", "3"]),
        ("x,h\n1,2020-04-01\n2,\n", "columns: {h: consolidation_date}\n"
         "levels: {consolidation: {not blank: allo_hct, '': none}}", "consolidation",
         ["allo_hct", "none"]),
        ("x,h,l\n1,112,90\n2,,80\n", "dates_from_days:\n"
         "  zero: {column: infusion_date, date: 2020-01-01}\n  consolidation_date: h\n"
         "levels: {consolidation: {not blank: allo_hct}}", "consolidation", ["allo_hct", ""]),
        ("k,y\nA,1\nB,1\n,1\n", "columns: {k: consolidation}\n"
         "levels: {consolidation: {A: tki, not blank: other}}", "consolidation",
         ["tki", "other", ""]),
        ("t;x\n3,3;1\n12;1\n", "dates_from_days:\n"
         "  zero: {column: infusion_date, date: 2020-01-01}\n"
         "  last_contact_date: {days: t, unit: months}", "last_contact_date",
         ["2020-04-10", "2020-12-31"]),
        ("x\n1\n2\n", "values: {product_access: standard_of_care}", "product_access",
         ["standard_of_care"] * 2),
    ],
)  # fmt: skip
def test_values_are_translated(take_in, csv, mapping, column, expected):
    assert take_in(csv, mapping).table[column].tolist() == expected


@pytest.mark.parametrize(
    ("csv", "mapping", "message"),
    [
        ("sexe\nm\n", "columns: {sex_: sex}", "no column 'sex_'; did you mean 'sexe'"),
        ("x\n1\n", "columns: {patient_id: x}", "our name and stands on the right; write 'x': pati"),
        ("x\n1\n", "levels: {consolidation: {not blank: tki}}", "map one to consolidation, or to"),
        ("sex,s\nm,m\n", "columns: {s: sex}", "has a column sex, and the mapping fills it"),
        ("data_origin\nsynthetic\n", "values: {data_origin: patient}", "has a column data_origin"),
        ("x;y\n1,234;a\n", "columns: {x: age_years}", "'1,234', where the comma may part"),
        ("x;y\n\"1.234,5\";a\n", "columns: {x: age_years}\nread: {decimal: ','}",
         "holds numbers with a point, like '1.234,5' .row 2"),
        ("t\n1.5\n", "dates_from_days: {zero: {column: infusion_date, date: 2020-01-01}, "
         "death_date: t}", "must hold whole days, but row 2"),
        ("t\n1\n", "dates_from_days: {zero: {column: infusion_date}, death_date: t}",
         "no column holds infusion_date"),
    ],
)  # fmt: skip
def test_what_cannot_be_translated_is_refused(take_in, csv, mapping, message):
    with pytest.raises(SourceError, match=message):
        take_in(csv, mapping)


def test_dates_are_counted_from_time_zero_where_the_condition_holds(take_in):
    mapping = """
dates_from_days:
  zero: {column: infusion_date, date: 2020-02-28}
  death_date: {days: t, where: {d: "1"}}
  last_contact_date: t
"""
    table = take_in("t,d\n2,1\n366,0\n,0\n", mapping).table
    assert table["infusion_date"].tolist() == ["2020-02-28"] * 3
    assert table["death_date"].tolist() == ["2020-03-01", "", ""]
    assert table["last_contact_date"].tolist() == ["2020-03-01", "2021-02-28", ""]


def test_a_patient_without_the_date_of_zero_gets_no_nominal_one(take_in):
    mapping = "dates_from_days: {zero: {column: infusion_date, date: 2020-01-01}, death_date: t}"
    table = take_in("infusion_date,t\n2021-01-01,1\n,1\n", mapping).table
    assert table["death_date"].tolist() == ["2021-01-02", ""]


def test_what_has_no_name_of_ours_is_left_behind_and_said(take_in):
    intake = take_in("s,shoe_size,sex\nm,42,x\n", "columns: {s: sex, sex: }")
    assert intake.table.columns.tolist() == ["sex", "shoe_size"]
    assert intake.original == {"sex": "s"}
    assert any("shoe_size" in note for note in intake.notes)


def test_missing_texts_cannot_hide_that_records_are_synthetic(take_in):
    intake = take_in("data_origin,sex\nsynthetic,NA\n", "read: {missing: [synthetic, NA]}")
    assert intake.table.iloc[0].tolist() == ["synthetic", ""]


def test_a_renamed_recoded_extract_is_the_same_typed_table(extract, dictionary, tmp_path):
    first = extract.head(30)
    theirs = first.rename(columns={"sex": "Geschlecht", "infusion_date": "Infusion am"})
    theirs["Geschlecht"] = theirs["Geschlecht"].map({"male": "m", "female": "w"})
    theirs["Infusion am"] = theirs["Infusion am"].str.replace(
        r"(\d{4})-(\d{2})-(\d{2})", r"\3.\2.\1", regex=True
    )
    (tmp_path / "m.yaml").write_text(
        "read: {dates: '%d.%m.%Y'}\n"
        "columns: {Geschlecht: sex, Infusion am: infusion_date}\n"
        "levels: {sex: {m: male, w: female}}\n"
    )
    theirs.to_csv(tmp_path / "theirs.csv", index=False)
    first.to_csv(tmp_path / "ours.csv", index=False)
    mapped = load_extract(tmp_path / "theirs.csv", dictionary, tmp_path / "m.yaml").patients
    assert mapped.equals(load_extract(tmp_path / "ours.csv", dictionary).patients)
