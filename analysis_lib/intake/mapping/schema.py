"""The keys of a mapping file: form, meaning and example of each, and a JSON Schema for editors."""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any

from analysis_lib.dictionary import SAME_STAGES, STAGES, Dictionary
from analysis_lib.intake.mapping.file import WORDS
from analysis_lib.intake.mapping.numbers import DAYS_IN
from analysis_lib.intake.mapping.variables import NOT_BLANK, TYPES
from analysis_lib.intake.reading.kinds import DELIMITERS, ENCODINGS, Bounds

Schema = dict[str, Any]
# Whatever YAML makes of it, the reader takes it for the text that stands there.
TEXT: Schema = {"type": ["string", "number", "boolean", "null"]}
TEXTS: Schema = {"anyOf": [TEXT, {"type": "array", "items": TEXT}]}
NUMBER: Schema = {"type": "integer", "minimum": 1}


def one_of(words: Iterable[str]) -> Schema:
    return {"enum": list(words)}


def named(values: Schema) -> Schema:
    """Names that the user chooses, each with such a value; nothing where the part is empty."""
    return {"type": ["object", "null"], "additionalProperties": values}


@dataclass(frozen=True)
class MappingKey:
    """A key of the file; `example` is a whole mapping file.

    Below it stand `keys` of fixed names, beside names that the user chooses (`beside`), or `each`:
    the keys of every such name.
    """

    name: str
    form: str
    meaning: str
    schema: Schema = field(default_factory=lambda: dict(TEXT))
    example: str = ""
    keys: tuple[MappingKey, ...] = ()
    each: tuple[MappingKey, ...] = ()
    beside: Schema | None = None

    def as_schema(self) -> Schema:
        """The JSON Schema of what stands under the key."""
        made = self.schema
        if self.each:
            made = named(_object(self.each))
        elif self.keys:
            made = _object(self.keys, self.beside)
        return {**made, "description": self.meaning}


def _object(keys: tuple[MappingKey, ...], beside: Schema | None = None) -> Schema:
    return {
        "type": ["object", "null"],
        "properties": {key.name: key.as_schema() for key in keys},
        "additionalProperties": False if beside is None else beside,
    }


_BOUNDS = {
    "rows": "patients",
    "columns": "columns",
    "cells": "rows times columns",
    "characters": "characters of one cell",
    "megabytes": "megabytes once the file is unpacked",
}
_BY_TEXT: Schema = named(TEXTS)
_FILE = "a file beside the mapping file"

READ = (
    MappingKey("sheet", "one text", "The sheet of an Excel workbook that holds the patients."),
    MappingKey(
        "delimiter",
        f"one of {', '.join(DELIMITERS.values())}, or the sign",
        "What parts the columns of a text file.",
        one_of([*DELIMITERS.values(), *DELIMITERS]),
    ),
    MappingKey("decimal", "`,` or `.`", "The decimal sign of a text file.", one_of(",.")),
    MappingKey(
        "encoding",
        f"one of {', '.join(ENCODINGS)}",
        "The encoding of a text file that is not UTF-8.",
    ),
    MappingKey(
        "dates",
        "a format or a list of them",
        "How dates that are not `YYYY-MM-DD` are written, such as `%d.%m.%Y` or `%d%b%Y`.",
        TEXTS,
    ),
    MappingKey(
        "missing",
        "a text or a list of texts",
        "Texts that mean not recorded, in every column but identifiers; how many were blanked in "
        "which column is said.",
        TEXTS,
    ),
    MappingKey(
        "keep_missing",
        "a text or a list of texts",
        "Marks of a missing value in a file of SAS, SPSS or Stata, by code (`.a`) or label, that "
        "say something: they stay texts, which `levels` can map.",
        TEXTS,
    ),
    MappingKey(
        "bounds",
        "names and whole numbers",
        "The most that is read; a larger file is refused before it is unpacked.",
        keys=tuple(
            MappingKey(
                one.name,
                "a whole number",
                f"The most {_BOUNDS[one.name]}; {one.default:,} where it is left out.",
                NUMBER,
            )
            for one in fields(Bounds)
        ),
    ),
)

DAYS = (
    MappingKey("days", "one text", "Their column of times."),
    MappingKey(
        "unit",
        f"one of {', '.join(DAYS_IN)}",
        "The unit of these times, days where it is left out; counted to the nearest day.",
        one_of(DAYS_IN),
    ),
    MappingKey(
        "where",
        "their column, and a text or a list",
        "The values of their status that are the event.",
        _BY_TEXT,
    ),
    MappingKey(
        "otherwise",
        "their column, and a text or a list",
        'All its other values, with `""` for a blank. Of 1 and 0, or yes and no, the event alone '
        "is enough.",
        _BY_TEXT,
    ),
)
ZERO = (
    MappingKey("column", "one of our dates", "The date from which days are counted."),
    MappingKey("date", "a date", "A nominal one for all, where the extract has none."),
)

VARIABLE = (
    MappingKey("label", "one text", "What the report calls it."),
    MappingKey("type", f"one of {', '.join(TYPES)}", "What its values are.", one_of(TYPES)),
    MappingKey("unit", "one text", "The unit of a number."),
    MappingKey(
        "levels",
        "levels and labels, or a list",
        "The levels in their order, in small letters, digits and _.",
        {"anyOf": [named(TEXT), {"type": "array", "items": TEXT}]},
    ),
    MappingKey(
        "reference",
        "one of the levels",
        "The level that models compare with; of a variable of type code, the code of a patient.",
    ),
    MappingKey("plausible_min", "a number or a date", "Below it a value is refused."),
    MappingKey("plausible_max", "a number or a date", "Above it a value is refused."),
    MappingKey("definition", "one text", "What it is, for the appendix."),
    MappingKey(
        "known",
        f"one of {', '.join((*STAGES, *SAME_STAGES))}, or the name of a date",
        "When its value is known, for all or on the day that the date holds; what is known only "
        "after infusion is no covariate.",
        {"anyOf": [one_of((*STAGES, *SAME_STAGES)), TEXT]},
    ),
)

MAPPING = (
    MappingKey(
        "read",
        "names and values",
        "How the file is written; what is left out is found from the file.",
        keys=READ,
        example='read:\n  decimal: ","\n  dates: ["%d.%m.%Y", "%d%b%Y"]\n'
        '  missing: ["NA", "-9"]\n  bounds: {rows: 5000000}\n',
    ),
    MappingKey(
        "redcap",
        _FILE,
        "The data dictionary of the REDCap project of which the extract is a raw export.",
        example="redcap: data_dictionary.csv\ncolumns: {record_id: patient_id}\n",
    ),
    MappingKey(
        "adtte",
        _FILE,
        "The data set ADTTE of CDISC ADaM, where the extract is its ADSL: each PARAMCD such as OS "
        "gives the columns OS_DAYS, OS_EVENT (1 or 0) and OS_EVNTDESC.",
        example="adtte: adtte.csv\ncolumns: {USUBJID: patient_id}\ndates_from_days:\n"
        "  zero: {column: infusion_date, date: 2020-01-01}\n"
        '  death_date: {days: OS_DAYS, where: {OS_EVENT: "1"}}\n'
        "  last_contact_date: OS_DAYS\n",
    ),
    MappingKey(
        "repeats",
        f"a form, and {', '.join(WORDS)}, or a word and their column of a date",
        "Which row counts of a REDCap form that is filled in several times: the first or last "
        "instance, the first or last by a date, or any that says yes.",
        named(
            {
                "anyOf": [
                    one_of(WORDS),
                    {"type": "object", "additionalProperties": TEXT, "maxProperties": 1},
                ]
            }
        ),
        example="redcap: data_dictionary.csv\n"
        "repeats: {outcome: last, toxicity: {first: crs_date}}\n",
    ),
    MappingKey(
        "columns",
        "their column, and ours",
        "Which column is which variable; an empty one of ours leaves theirs out. Columns that "
        "carry our name need no line.",
        example='columns: {Pat-ID: patient_id, Geschlecht: sex, remarks: ""}\n',
    ),
    MappingKey(
        "levels",
        "our variable, then their text and our level",
        f'What their values mean. `""` is a blank cell, `{NOT_BLANK}` every text that is not '
        "listed; of a treatment without a column of its own, the date tells it.",
        named(named(TEXT)),
        example="columns: {hct_on: consolidation_date}\nlevels:\n"
        '  sex: {m: male, w: female, "9": ""}\n'
        f'  consolidation: {{{NOT_BLANK}: allo_hct, "": none}}\n',
    ),
    MappingKey(
        "units",
        "our variable, and a number, a fraction or a unit of time",
        f"What theirs is multiplied by, exactly: `1000`, `1/12`, or one of {', '.join(DAYS_IN)}.",
        named(TEXT),
        example="units: {response_platelets_per_ul: 1000, age_years: months}\n",
    ),
    MappingKey(
        "values",
        "our variable, and a value",
        "A value that every patient has.",
        named(TEXT),
        example="values: {product_access: standard_of_care}\n",
    ),
    MappingKey(
        "dates_from_days",
        "`zero`, then our date and a rule, or their column alone",
        "Dates that the extract tells as times since another date, and whether they happened.",
        keys=(
            MappingKey("zero", "a date of ours", "Time zero.", keys=ZERO),
            MappingKey("<our date>", "names and values", "A date of ours.", keys=DAYS),
        ),
        beside={"anyOf": [TEXT, _object(DAYS)]},
        example="dates_from_days:\n  zero: {column: infusion_date, date: 2020-01-01}\n"
        '  death_date: {days: t_death, where: {status: dead}, otherwise: {status: [alive, ""]}}\n'
        "  relapse_date: {days: months_to_relapse, unit: months, where: {relapsed: yes}}\n"
        "  last_contact_date: t_last\n",
    ),
    MappingKey(
        "variables",
        "a name, and what it is",
        "Further columns, or other words for ours. What a file of SAS, SPSS or Stata, or a REDCap "
        "project, says of a column need not be said again.",
        each=VARIABLE,
        example="columns: {grp: disease_group}\nvariables:\n  disease_group:\n"
        "    label: Disease group\n    type: category\n"
        "    levels: {all: ALL, aml: AML}\n    reference: aml\n"
        "    known: fixed before therapy\n  sex: {reference: female}\n"
        "  centre: {reference: C10}\n",
    ),
)


def mapping_schema(dictionary: Dictionary) -> Mapping[str, Any]:
    """JSON Schema 2020-12 of the mapping file; editors offer the variables of the dictionary."""
    made = _object(MAPPING)
    ours: Schema = {"anyOf": [one_of(dictionary.names("extract")), TEXT]}
    made["properties"]["columns"] |= named(ours)
    made["properties"]["dates_from_days"]["properties"].pop("<our date>")
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "Mapping file of an extract",
        **made,
    }


def schema_text(dictionary: Dictionary) -> str:
    """The JSON Schema as a file."""
    return json.dumps(mapping_schema(dictionary), indent=2, ensure_ascii=False) + "\n"
