"""Abbreviations, checklists, variables and provenance as tables of words."""

from __future__ import annotations

import csv
import hashlib
import re
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

import yaml

from analysis_lib.article import WORDS as ARTICLE
from analysis_lib.dictionary import Variable
from analysis_lib.errors import BuildError
from analysis_lib.format import format_count, unplaced
from analysis_lib.labels import typeset
from analysis_lib.parameters.definitions import defaults, definitions
from analysis_lib.parameters.presets import ARTICLE as ARTICLES_CHOICES
from analysis_lib.results.rows import Key, Omitted, Row, context
from analysis_lib.results.vocabulary import Words, together
from analysis_lib.show.prose import Prose, escape, paragraph
from analysis_lib.show.table import MarkdownTable
from analysis_lib.study.content import FILES
from analysis_lib.study.study import Study
from analysis_lib.topics import VOCABULARY
from analysis_lib.topics.baseline.numbers import OF_ARTICLE
from analysis_lib.topics.estimands.numbers import target_trial
from analysis_lib.topics.missing.copies import table_with_gaps
from analysis_lib.topics.missing.numbers import missing_data
from analysis_lib.topics.subgroups.numbers import interactions

WORDS = Words(
    analyses={
        "reporting_checklist": "items of STROBE, RECORD and TARGET by who answers them",
    },
    levels={
        "in_report": "answered by the report",
        "by_authors": "for the authors to supply",
        "not_applicable": "does not apply",
    },
    statistics={
        "items": "items of a reporting guideline",
    },
)
# Every word of a report's table: of its patients, of an article beside them, of checklists.
EVERY_WORD = together(VOCABULARY, ARTICLE, WORDS)

HERE = Path(__file__).parent / "words"


def read_words(name: str, columns: tuple[str, ...]) -> list[dict[str, str]]:
    """The rows of a CSV file of this package.

    Raises
    ------
    BuildError
        It has other columns than it should.
    """
    with (HERE / name).open(encoding="utf-8", newline="") as handle:
        rows = list(csv.DictReader(handle))
    if not rows or tuple(rows[0]) != columns:
        raise BuildError(f"{name}: its header must be {','.join(columns)}")
    return rows


def table_abbreviations(study: Study) -> MarkdownTable:
    """The abbreviations that this cohort needs with their meaning, in alphabetical order.

    `of` names the variables of which a record needs it, `always`, or nothing: then it is needed
    where the title, the treatment or a label of what is recorded holds it.
    """
    rows = read_words("abbreviations.csv", ("abbreviation", "meaning", "of"))
    texts = " ".join(_own_texts(study))
    lines = sorted(
        (row["abbreviation"], row["meaning"])
        for row in rows
        if row["of"] == "always"
        or re.search(rf"\b{row['abbreviation']}\b", texts)
        or any(study.patients[name].notna().any() for name in row["of"].split())
    )
    return MarkdownTable(("Abbreviation", "Meaning"), tuple(lines), (1, 4))


def _own_texts(study: Study) -> Iterator[str]:
    """What the cohort calls itself, its variables and their levels."""
    yield from (study.title, study.parameters.treatment, study.exposure.phrase)
    for variable in study.dictionary.variables:
        if variable.name in study.patients and study.patients[variable.name].notna().any():
            yield from (variable.label, *variable.level_labels)


# `finds` is what each of the places has to hold, for the test that opens them.
COLUMNS = ("guideline", "item", "section", "asks", "places", "answered", "finds")
ANALYSIS = "reporting_checklist"
# Words of the results table.
LEVELS = {"report": "in_report", "authors": "by_authors", "not applicable": "not_applicable"}
ANSWERS = {
    "report": "In this report",
    "authors": "For the authors to supply",
    "not applicable": "Not applicable",
}


def table_checklist(guideline: str, study: Study) -> MarkdownTable:
    """The items of `STROBE`, `RECORD` or `TARGET`, each with a link to its place.

    A place that this cohort leaves empty is not named.
    """
    lines = tuple(
        (row["item"], row["section"], row["asks"], _place(row, study))
        for row in _items()
        if row["guideline"] == guideline
    )
    return MarkdownTable(("Item", "Section", "What to report", "Where"), lines, (0.7, 1.8, 4, 2.6))


# What has to be on record for a place of the report to hold anything.
RECORDED_FOR = {
    "tbl-toxicity": ("crs_grade", "icans_grade"),
    "tbl-response": ("response",),
    "tbl-consolidation": ("consolidation",),
    "sec-consolidation": ("consolidation",),
    "tbl-age-groupings": ("age_years",),
}
GAPS = "tbl-missing-data"
NOTHING_MISSING = "Nothing is missing; see @sec-missing"


def _applies(row: dict[str, str], study: Study) -> bool:
    """Of a trial RECORD asks nothing, and TARGET nothing where no trial is emulated."""
    if row["guideline"] == "TARGET":
        return not isinstance(target_trial(study), Omitted)
    return row["guideline"] != "RECORD" or not study.is_randomised


def _is_there(place: str, study: Study) -> bool:
    if place == "fig-subgroups":
        several = (interactions(study, outcome) for outcome in study.parameters.endpoints)
        return not all(isinstance(x, Omitted) for x in several)
    if place == GAPS:
        return bool(missing_data(study).variables)
    if place == "sec-missing":
        return not isinstance(table_with_gaps(study), Omitted)
    if place == "tbl-age-groupings" and study.parameters.preset != ARTICLES_CHOICES:
        return False
    names = RECORDED_FOR.get(place, ())
    return not names or bool(study.patients[list(names)].notna().any(axis=None))


def words_on_checklist(study: Study) -> Prose:
    """How many items the report answers by itself, and how many it cannot."""
    counts = {row.key.level: row.value for row in checklist_rows(study)}
    return paragraph(
        f"Of {format_count(counts[''])} items the report answers "
        f"{format_count(counts[LEVELS['report']])}; {format_count(counts[LEVELS['authors']])} "
        "are of what no data set holds, and for the authors to supply.",
        "The groups were assigned at random: what a report of a trial owes its readers is asked by "
        "CONSORT, and these guidelines, for observational studies, do not ask it."
        if study.is_randomised
        else "",
    )


def checklist_rows(study: Study) -> tuple[Row, ...]:
    """The items of all guidelines by who answers them, for the results table."""
    answered = Counter(_answered(row, study) for row in _items())
    key = Key(ANALYSIS)
    return (
        context(key).at("items", answered.total()),
        *(
            context(key._replace(level=level)).at(
                "items", answered[answer], denominator=answered.total()
            )
            for answer, level in LEVELS.items()
        ),
    )


def _items() -> list[dict[str, str]]:
    return read_words("reporting_checklist.csv", COLUMNS)


def _answered(row: dict[str, str], study: Study) -> str:
    """Who answers an item; nobody can where the cohort leaves every place of it empty."""
    if not _applies(row, study):
        return "not applicable"
    there = row["places"] == GAPS or any(_is_there(x, study) for x in row["places"].split())
    return row["answered"] if there or row["answered"] != "report" else "not applicable"


def _place(row: dict[str, str], study: Study) -> str:
    """References to the places that the report has, or who has to answer."""
    answered = _answered(row, study)
    answer = ANSWERS[answered]
    places = ", ".join(f"@{place}" for place in row["places"].split() if _is_there(place, study))
    if answered == "report":
        return places or NOTHING_MISSING
    return f"{answer}; see {places}" if places and answered == "authors" else answer


def table_variables(study: Study) -> MarkdownTable:
    """Every variable that holds a value in this cohort, with its levels and its definition."""
    recorded = [
        variable
        for variable in study.dictionary.variables
        if (variable.name not in study.patients or study.patients[variable.name].notna().any())
        and _is_derived_of_something(variable, study)
    ]
    if study.parameters.preset != ARTICLES_CHOICES:
        recorded = [x for x in recorded if x.name != OF_ARTICLE]
    lines = tuple(
        (f"{escape(x.label)} (`{x.name}`)", _values(x), escape(x.definition)) for x in recorded
    )
    return MarkdownTable(("Variable", "Values", "Definition"), lines, (2.4, 2.4, 4))


# What has to be on record for a derived variable to say anything of a patient.
_DERIVED_FROM = {
    "response_evaluable": "response",
    "relapse": "relapse_date",
    "sos_death": "cause_of_death",
}


def _is_derived_of_something(variable: Variable, study: Study) -> bool:
    if variable.type == "time_to_event":
        return variable.name in (*study.parameters.endpoints, "followup")
    source = _DERIVED_FROM.get(variable.name)
    return source is None or bool(study.patients[source].notna().any())


def _values(variable: Variable) -> str:
    """The levels, the reference marked; or the type with its unit."""
    if variable.levels:
        labels = (
            f"{typeset(variable.level_label(level))}"
            f"{' (reference)' if level == variable.reference else ''}"
            for level in variable.ordered_levels
        )
        return escape("; ".join(labels))
    kind = variable.type.replace("_", " ")
    return escape(f"{kind}, {variable.unit}" if variable.unit else kind)


def words_on_provenance() -> Prose:
    """How to rerun, and what tells whether the rerun had the same inputs."""
    return paragraph(
        "The report's folder holds `parameters.yaml`, with every parameter, and `manifest.json`, "
        "with the checksums of inputs and outputs, the versions of the software, and the commit. "
        "With the same inputs, `cart-report build -f parameters.yaml --cohort FILE` makes exactly "
        "this report again, and the checksums below tell whether the inputs are the same.",
    )


def table_inputs(study: Study) -> MarkdownTable:
    """The SHA-256 of every file that was read."""
    given = [(name, getattr(study.parameters, name)) for name in FILES]
    lines = tuple(
        (name, f"`{hashlib.sha256((study.root / value).read_bytes()).hexdigest()}`")
        for name, value in given
        if value
    )
    return MarkdownTable(("Input", "SHA-256"), lines, (1, 5))


def table_parameters(study: Study) -> MarkdownTable:
    """Every parameter with its value; changed ones are marked."""
    default = defaults(study.parameters.preset)
    lines = tuple(
        (
            f"`{name}`",
            _as_text(unplaced(getattr(study.parameters, name))),
            "" if getattr(study.parameters, name) == default[name] else "changed",
            escape(definition.help),
        )
        for name, definition in definitions().items()
        if name not in FILES
    )
    return MarkdownTable(
        ("Parameter", "Value", "Against default", "Meaning"), lines, (2, 3, 0.9, 3.1)
    )


def _as_text(value: object) -> str:
    """The value as a YAML file would hold it."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return escape(text.removesuffix("\n").removesuffix("\n...").strip())
