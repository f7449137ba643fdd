"""The reference page of the table of rules."""

from __future__ import annotations

from analysis_lib.documentation.markdown import page, table
from analysis_lib.source.rules import SECTIONS, Rule

_WORDS = {
    "detail": "…",
    "other": "the other",
    "other_value": "",
    "definition": "definition",
    "levels": "the levels of the dictionary",
    "range": "in the dictionary's range",
}
_INTRODUCTION = """\
`cart-report validate FILE` applies every rule of these tables, in this order, and says where it is
broken and what to do. The same rules are applied before a report or a results table is made: an
error refuses the extract, a warning does not. What is wrong with a whole column or row is said
once, and its values are not judged after that. A rule about a column that the extract lacks finds
nothing, unless the column is required. A date after the data lock or outside the window of
infusions is no finding: eligibility excludes or censors it.
"""


def rules_page() -> str:
    """One table for every part of the table of rules."""
    head = ("Rule", "Columns", "Severity", "What it says", "Remedy")
    parts = [
        f"## {title}\n\n{table(head, [_cells(rule) for rule in rules])}"
        for title, rules in SECTIONS.items()
    ]
    return page("Rules of an extract", "\n".join([_INTRODUCTION, *parts]))


def _cells(rule: Rule) -> tuple[str, ...]:
    columns = ", ".join(x if x.startswith("every ") else f"`{x}`" for x in rule.columns)
    other = f"`{rule.columns[1]}`" if len(rule.columns) > 1 else ""
    words = _WORDS | {"other": other}
    return (
        f"`{rule.name}`",
        columns,
        rule.severity,
        " ".join(rule.message.format(**words).split()),
        " ".join(rule.remedy.format(**words).split()),
    )
