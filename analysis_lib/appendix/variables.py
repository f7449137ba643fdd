"""The variable dictionary as the report used it."""

from __future__ import annotations

from analysis_lib.appendix.markdown_table import MarkdownTable
from analysis_lib.cohort import Study
from analysis_lib.dictionary import Variable
from analysis_lib.labels import typeset
from analysis_lib.narrative.prose import escape


def table_variables(study: Study) -> MarkdownTable:
    """Every variable that holds a value in this cohort, with its levels and its definition."""
    recorded = [
        variable
        for variable in study.dictionary.variables
        if variable.name not in study.patients or study.patients[variable.name].notna().any()
    ]
    lines = tuple(
        (f"{escape(x.label)} (`{x.name}`)", _values(x), escape(x.definition)) for x in recorded
    )
    return MarkdownTable(("Variable", "Values", "Definition"), lines, (2.4, 2.4, 4))


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
