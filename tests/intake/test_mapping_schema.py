"""The keys of a mapping file as they are documented are those that are read."""

from __future__ import annotations

import json
from dataclasses import fields

import pytest
import yaml
from jsonschema import Draft202012Validator

from analysis_lib.errors import SourceError
from analysis_lib.intake.mapping import days, file, variables
from analysis_lib.intake.mapping.file import read_mapping
from analysis_lib.intake.mapping.schema import DAYS, MAPPING, READ, VARIABLE, ZERO, mapping_schema
from analysis_lib.intake.reading.kinds import Bounds

# What a mapping file gets wrong, in each of its parts.
WRONG = [
    "colums: {x: sex}",
    "read: {decimals: ','}",
    "read: {delimiter: colon}",
    "read: {decimal: point}",
    "read: {bounds: {rows: many}}",
    "read: {bounds: {lines: 3}}",
    "repeats: {form: latest}",
    "columns: [x, y]",
    "levels: {sex: m}",
    "dates_from_days: {zero: {day: 1}}",
    "dates_from_days: {death_date: {days: x, whre: {y: 1}}}",
    "dates_from_days: {death_date: {days: x, unit: fortnights}}",
    "variables: {x: {tipe: category}}",
    "variables: {x: {type: factor}}",
]


@pytest.fixture(scope="module")
def schema(dictionary):
    made = mapping_schema(dictionary)
    Draft202012Validator.check_schema(made)
    return Draft202012Validator(made)


def as_json(text):
    """A mapping file as editors see it: a date is a text, as in YAML 1.2."""
    return json.loads(json.dumps(yaml.safe_load(text), default=str))


def names(keys):
    return [key.name for key in keys]


def test_every_key_that_is_read_is_documented():
    assert names(MAPPING) == list(file.PARTS)
    assert names(READ) == list(file.NAMES)
    assert names(VARIABLE) == list(variables.NAMES)
    assert names(DAYS) == list(days.KEYS)
    assert names(ZERO) == list(days.ZERO_KEYS)
    assert names(READ[-1].keys) == [one.name for one in fields(Bounds)]


@pytest.mark.parametrize("part", MAPPING, ids=lambda part: part.name)
def test_the_example_of_each_part_is_read_and_fits_the_schema(part, schema, dictionary, tmp_path):
    for name in ("data_dictionary.csv", "adtte.csv"):
        (tmp_path / name).touch()
    (tmp_path / "mapping.yaml").write_text(part.example)
    read_mapping(tmp_path / "mapping.yaml", dictionary)
    document = yaml.load(part.example, yaml.BaseLoader)
    assert part.name in document
    assert not list(schema.iter_errors(as_json(part.example)))


@pytest.mark.parametrize("text", WRONG)
def test_what_the_schema_refuses_is_refused_in_reading_too(text, schema, dictionary, tmp_path):
    (tmp_path / "mapping.yaml").write_text(text)
    assert list(schema.iter_errors(as_json(text)))
    with pytest.raises(SourceError):
        read_mapping(tmp_path / "mapping.yaml", dictionary)


def test_the_mappings_of_the_examples_fit_the_schema(schema, root):
    files = [*(root / "data" / "examples").rglob("mapping*.yaml")]
    assert len(files) > 2
    for path in files:
        errors = [error.message for error in schema.iter_errors(as_json(path.read_text()))]
        assert not errors, (path, errors)
