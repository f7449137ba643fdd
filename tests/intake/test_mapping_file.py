"""A mapping file says everything that is wrong with it, with the nearest valid name."""

from __future__ import annotations

from decimal import Decimal

import pytest

from analysis_lib.errors import SourceError
from analysis_lib.intake.mapping.file import read_mapping


@pytest.fixture
def mapping(tmp_path, dictionary):
    def read(text: str):
        path = tmp_path / "mapping.yaml"
        path.write_text(text, encoding="utf-8")
        return read_mapping(path, dictionary)

    return read


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("colums: {a: sex}", "'colums' is none of .*did you mean 'columns'"),
        ("columns: {a: sexx}", "columns.a: 'sexx' is no variable .*did you mean 'sex'"),
        ("columns: {a: ino}", "'ino' is derived by the report"),
        ("columns: {a: sex, b: sex}", "'a', 'b' are all mapped to sex"),
        ("columns: {data_origin: }", "'data_origin' keeps its name"),
        ("columns: {data_origin: centre}", "'data_origin' keeps its name"),
        ("columns: {a: [sex]}", "columns.a: must be one text"),
        ("columns: [a]", "columns: must hold names and values"),
        ("levels: {sex: {m: mal}}", "not a level of sex .*did you mean 'male'"),
        ("levels: {death_date: {a: b}}", "is of type date, which has no levels"),
        ("levels: {data_origin: {synthetic: patient}}", "synthetic records stay synthetic"),
        ("units: {sex: 2}", "is of type category, not a number"),
        ("units: {age_years: -1}", "must be a number above 0"),
        ("values: {product_access: standard}", "did you mean 'standard_of_care'"),
        ("values: {patient_id: P1}", "must differ from patient to patient"),
        ("columns: {a: sex}\nvalues: {sex: male}", "sex: is filled by columns and by values"),
        ("read: {delimiter: x}", "read.delimiter: must be one of comma"),
        ("read: {decimal: x}", "read.decimal: must be"),
        ("read: {encoding: utf8x}", "read.encoding: must be one of utf-8"),
        ("read: {dates: '%m/%Y'}", "must name day"),
        ("dates_from_days: {death_date: t}", "needs time zero"),
        ("dates_from_days: {zero: {column: sex}}", "sex is of type category, not a date"),
        ("variables: {grp: {type: category, levels: {a: A}}}", "needs at least two levels"),
        ("variables: {grp: {levels: [a, b], reference: c}}", "reference must be one of a, b"),
        ("variables: {grp: {}}", "type must be one of"),
        (
            "variables: {grp: {type: code, known: later}}",
            "known must be one of before the exp",
        ),
        ("read: {keep_missing: {a: b}}", "read.keep_missing: must be a text or a list of texts"),
        ("variables: {Grp: {type: date}}", "must be a name of small letters"),
        ("variables: {sex: {type: code}}", "is of type category in the dictionary"),
        ("variables: {prior_hct: {levels: {maybe: M}}}", "has the levels no, yes and no others"),
        ("redcap: ../d.csv", "must name a file beside"),
        ("redcap: d.csv", "there is no file d.csv beside"),
        ("columns: {a: sex, a: centre}", "line 1: the key 'a' stands twice"),
        ("columns: {a: ", "is not valid YAML: line"),
        ("- a", "must have named parts"),
    ],
)
def test_a_mistake_is_named_with_its_remedy(mapping, text, message):
    with pytest.raises(SourceError, match=message):
        mapping(text)


def test_all_mistakes_are_named_at_once(mapping):
    with pytest.raises(SourceError, match="4 problems") as raised:
        mapping("colums: {}\ncolumns: {a: sexx}\nunits: {sex: 2}\nread: {decimal: x}")
    assert len(str(raised.value).splitlines()) == 5


def test_words_of_yaml_are_texts(mapping):
    read = mapping(
        "levels: {prior_hct: {yes: yes, no: no, 01: yes, true: yes}}\nunits: {age_years: 1e-3}"
    )
    assert read.levels["prior_hct"] == {"yes": "yes", "no": "no", "01": "yes", "true": "yes"}
    assert read.units["age_years"] == Decimal("0.001")


def test_variables_extend_and_relabel_the_dictionary(mapping, dictionary):
    text = """
variables:
  disease_group: {levels: {all: ALL, aml: AML}, definition: Disease., known: at apheresis}
  marrow_status: {label: Marrow, levels: {active: Overt, aplasia: Aplasia}}
"""
    extended = dictionary.with_variables(mapping(text).variables)
    new = extended["disease_group"]
    assert (new.type, new.reference, new.origin, new.required) == (
        "category",
        "all",
        "extract",
        "optional",
    )
    assert new.known == extended["marrow_status"].known == "at apheresis"
    assert extended["marrow_status"].label == "Marrow"
    assert extended["marrow_status"].level_label("active") == "Overt"
    assert extended["marrow_status"].levels == (*dictionary["marrow_status"].levels, "aplasia")
    assert extended.names()[:-1] == dictionary.names()


def test_an_empty_mapping_maps_nothing(mapping):
    assert mapping("").columns == {}
