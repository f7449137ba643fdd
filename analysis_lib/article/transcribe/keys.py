"""What a printed number is of: its group, the key of its row, and the line of claims made of it."""

from __future__ import annotations

import re
from collections.abc import Collection, Sequence
from dataclasses import dataclass

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.transcribe.cells import INCIDENCE, MEDIAN_CI, NUMBER, SURVIVAL, Printed
from analysis_lib.article.transcribe.heads import GROUP, TOTAL, Column
from analysis_lib.article.transcribe.kinds_of_rows import endpoint_of, survival_of
from analysis_lib.article.transcribe.labels_of_rows import Named, find_level, name_row
from analysis_lib.article.transcribe.layout import Layout
from analysis_lib.article.transcribe.texts import plain
from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.errors import ClaimsError
from analysis_lib.intake.likeness import slug
from analysis_lib.study.groups import Contrast, Population


@dataclass(frozen=True)
class Asked:
    """What a person says of the table: where it is printed, its groups, base and endpoint."""

    source: str
    groups: str = ""
    base: str = "infused"
    outcome: str = ""


@dataclass(frozen=True)
class Groups:
    """The variable that divides the patients, and the level of each column's head."""

    variable: str
    levels: dict[str, str]
    contrast: str


def find_groups(layout: Layout, asked: Asked, dictionary: Dictionary) -> Groups:
    """The variable whose levels the heads name; where none is known, `group` and the heads' words.

    Raises
    ------
    ClaimsError
        A variable was asked for whose levels the heads do not name, or two columns have one head.
    """
    _heads_differ(layout)
    heads = list(dict.fromkeys(c.head for c in layout.columns if c.role == GROUP))
    wanted = [dictionary[asked.groups]] if asked.groups in dictionary else dictionary.variables
    best: dict[str, str] = {}
    name = asked.groups or "group"
    for variable in wanted:
        found = {head: level for head in heads if (level := _level_of_head(head, variable))}
        if len(set(found.values())) == len(found) > max(len(best), 1):
            best, name = found, variable.name
    if asked.groups in dictionary and heads and len(best) < len(heads):
        missing = next(head for head in heads if head not in best)
        known = ", ".join(dictionary[asked.groups].levels)
        raise ClaimsError(
            f"--groups: {missing!r} names no level of {asked.groups!r} ({known}); write the "
            "level's label into the head of the column"
        )
    levels = best if len(best) == len(heads) else {head: slug(head) or "group" for head in heads}
    if len(best) != len(heads):
        name = asked.groups or "group"
    return Groups(name, levels, contrast_of(name, list(levels.values()), dictionary))


def _heads_differ(layout: Layout) -> None:
    known: dict[tuple[str, str, str], int] = {}
    for column in layout.columns:
        if column.role == GROUP:
            place = known.setdefault((column.head, column.part, column.grade), column.place)
            if place != column.place:
                raise ClaimsError(
                    f"TABLE: columns {place + 1} and {column.place + 1} have the same head, "
                    f"{column.head!r}; give each group a name of its own"
                )


def _level_of_head(head: str, variable: Variable) -> str:
    if variable.type == "yes_no":
        labels = {variable.group_label(level): level for level in variable.levels}
        return labels.get(head, "") or _told_yes_or_no(head, variable.label)
    return find_level(head, variable)


def _told_yes_or_no(head: str, label: str) -> str:
    """`Prior HCT` and `No prior HCT`, of a variable of that label."""
    words = plain(head).casefold()
    without = re.sub(r"^(no|without)\s+", "", words)
    if without != label.casefold():
        return ""
    return "yes" if without == words else "no"


def contrast_of(variable: str, levels: Sequence[str], dictionary: Dictionary) -> str:
    """The contrast of two groups, the dictionary's reference last; of more there is none."""
    if len(set(levels)) != 2:
        return ""
    first, second = dict.fromkeys(levels)
    reference = dictionary[variable].reference if variable in dictionary else second
    if first == reference:
        first, second = second, first
    return str(Contrast(first, second))


_RESPONSE = ("response", "cr_cri", "mrd_negative", "relapse", "consolidation", "consolidation_any")
_GRADES = "_grade_group"
_AGAINST = re.compile(r"\s+(?:v|vs\.?|versus|against)\s+", re.IGNORECASE)
_REFERENCE = re.compile(r"[(\[]?\s*\bref(?:erence|\.)?\s*[:=]?\s*(?P<level>.*?)[)\]]?\s*$", re.I)


_VERSUS = re.compile(r"\s*[(\[]\s*v(?:s|ersus)?\.?\s+(?P<level>[^()\[\]]+)[)\]]\s*$", re.I)
_PER = re.compile(
    r"[,\s]*[(\[]?\bper (?P<number>\d+|one)?[\s-]*years?(?: (?:increase|older))?[)\]]?$",
    re.IGNORECASE,
)


def _per_unit(label: str) -> str:
    """`Age, per 10 years` of `Age (per 10-year increase)`, `Age` of `Age, per year`."""
    match = _PER.search(label)
    if match is None:
        return label
    of = label[: match.start()]
    return of if match["number"] in (None, "1", "one") else f"{of}, per {match['number']} years"


def key_of(
    asked: Asked,
    dictionary: Dictionary,
    number: Printed,
    named: Named | None,
    kind: str,
    label: str,
    term: dict[str, str] | None,
) -> dict[str, str]:
    known = dictionary.after_infusion
    key = {"statistic": number.statistic}
    survival = survival_of(label) if kind in (SURVIVAL, INCIDENCE) else None
    if term is not None:
        return key | {"analysis": "cox_univariable", "outcome": asked.outcome} | term
    if kind == MEDIAN_CI and (endpoint := endpoint_of(label)):
        return key | {"analysis": "survival_by_exposure", "outcome": endpoint}
    if survival is not None:
        months = "" if number.statistic == "p_value" else survival.months
        return key | {
            "analysis": "survival_by_exposure" if kind == SURVIVAL else "competing_risks",
            "outcome": survival.outcome, "time_months": months,
        }  # fmt: skip
    if named is None:
        return key | {"analysis": "baseline_by_exposure"}
    of = named.variable.removesuffix(_GRADES)
    if named.variable in known or of in known:
        graded = of != named.variable
        own = {"variable": named.variable, "level": named.level} if graded else {}
        is_kind = not graded and named.level not in ("", "yes")
        own = {"variable": of, "level": named.level} if is_kind else own
        analysis = "response" if of in _RESPONSE else "toxicity"
        return key | own | {"analysis": analysis, "outcome": of}
    level = named.level if number.statistic.startswith(("count", "proportion")) else ""
    return key | {
        "analysis": "baseline_by_exposure", "variable": named.variable, "level": level,
    }  # fmt: skip


def term_of(
    label: str, heading: str, dictionary: Dictionary, unknown: list[str], reference: str = ""
) -> dict[str, str]:
    """The key of a term: `Female v male`, `Yes (ref: no)`, `Age, per 10 years`.

    reference : the level of the row of reference, where the label names none.
    """
    text = label = _per_unit(label)
    match = _REFERENCE.search(label) or _VERSUS.search(label)
    if match is not None and match.start():
        text, reference = label[: match.start()], match["level"]
    inner = re.fullmatch(r"(?P<of>.*\S)\s*\((?P<pair>[^()]*)\)", text)
    if inner is not None and len(_AGAINST.split(inner["pair"])) == 2:
        text = f"{inner['of']}: {inner['pair']}"
    pair = _AGAINST.split(text)
    subject = re.sub(r"^.*[:,]\s*", "", pair[0]) if len(pair) > 1 else text
    reference = pair[1] if len(pair) > 1 else reference
    of = re.split(r"[:,]", pair[0])[0] if len(pair) > 1 and re.search(r"[:,]", pair[0]) else ""
    named = name_row(subject, heading or of, dictionary)
    if named.variable in dictionary:
        variable = dictionary[named.variable]
        level = named.level
        other = find_level(reference, variable) if reference else variable.reference
        if level and reference and not variable.levels:
            other = slug(reference)
        if variable.levels and level and level == other and len(variable.levels) == 2:
            other = next(x for x in variable.levels if x != level)
        contrast = f"{level}_vs_{other}" if level and other else ""
        return {"variable": variable.name, "level": level, "contrast": contrast}
    unknown.append(label)
    level = named.level if reference or heading else ""
    contrast = f"{level}_vs_{slug(reference)}" if level and slug(reference) else ""
    return {"variable": named.variable, "level": level, "contrast": contrast}


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
