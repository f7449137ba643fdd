"""A printed number as a line of a claims file."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.cells import NUMBER, Printed
from analysis_lib.article.transcribe.grid import TOTAL, Column
from analysis_lib.article.transcribe.groups import Asked, Groups
from analysis_lib.article.transcribe.keys import key_of
from analysis_lib.article.transcribe.labels_of_rows import Named
from analysis_lib.dictionary import Dictionary
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Population


@dataclass(frozen=True)
class Read:
    """A number with what its row, column and cell say of it; in row 0 it stands in the head.

    `term` is the part of the key that a model's term makes, `within` whom a ratio is of, `total`
    the denominator printed beside it, and `scope` what a P value is of.
    """

    row: int
    label: str
    number: Printed
    column: Column | None = None
    named: Named | None = None
    kind: str = NUMBER
    analysis: str = ""
    total: str = ""
    scope: str = ""
    term: dict[str, str] | None = None
    within: Population | None = None


def line_of(
    read: Read, asked: Asked, groups: Groups, dictionary: Dictionary, taken: Collection[str]
) -> dict[str, str]:
    """The line by column, under a name that none of the `taken` is."""
    number, column = read.number, read.column
    line = dict.fromkeys(COLUMNS, "")
    line |= key_of(asked, dictionary, number, read.named, read.kind, read.label, read.term)
    if read.analysis:
        line["analysis"] = read.analysis
    line["population"] = str(read.within or _population(column, asked, groups))
    if number.statistic == "p_value" and read.term is None:
        line["contrast"] = groups.contrast
    total = read.total or (str(column.size or "") if column else "")
    has_base = number.statistic not in ("n", "p_value") and column is not None
    line |= {
        "section": slug(asked.source) or "table",
        "value": number.value,
        "comparator": number.comparator,
        "printed_decimals": str(number.decimals),
        "unit": number.unit or _unit(line, dictionary),
        "base": "model" if read.term is not None else asked.base,
        "denominator": total if has_base else "",
        "denominator_source": ("printed" if total else "unknown") if has_base else "",
        "p_scope": read.scope if number.statistic == "p_value" else "",
        "source": asked.source,
        "note": f"row {read.row}: {read.label}" if read.row else "",
    }
    return line | {"claim_id": _name(read, asked, taken)}


def _population(column: Column | None, asked: Asked, groups: Groups) -> Population:
    if column is None or column.role == TOTAL:
        return Population(asked.base)
    return Population(asked.base, groups.variable, groups.levels[column.head])


def _unit(line: dict[str, str], dictionary: Dictionary) -> str:
    name = line["variable"] or line["outcome"]
    numeric = line["statistic"] in (
        *("median", "minimum", "maximum", "quartile_1", "quartile_3"),
        *("mean", "standard_deviation"),
    )
    return dictionary[name].unit if numeric and name in dictionary else ""


def _name(read: Read, asked: Asked, taken: Collection[str]) -> str:
    group = slug(read.column.head) if read.column is not None else ""
    parts = (slug(asked.source), f"r{read.row}" if read.row else "", group, read.number.statistic)
    name = start = "_".join(filter(None, parts))
    number = 1
    while name in taken:
        number += 1
        name = f"{start}_{number}"
    return name
