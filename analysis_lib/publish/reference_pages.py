"""Every reference page; those of dictionary, parameters, mapping and results are made here."""

from __future__ import annotations

import argparse
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.intake.mapping.schema import MAPPING, MappingKey, schema_text
from analysis_lib.parameters.definitions import Parameters, definitions
from analysis_lib.publish.appendix import EVERY_WORD
from analysis_lib.publish.claims_page import claims_page
from analysis_lib.publish.code_pages import (
    command_line_page,
    functions_page,
    page,
    rules_page,
    table,
)
from analysis_lib.results.store import COLUMNS
from analysis_lib.topics.specifications.choices import DIMENSIONS, PREFIX, option_analysis
from analysis_lib.writing import write_text


def reference_pages(
    dictionary: Dictionary, *, parser: argparse.ArgumentParser, notebooks: Sequence[Path]
) -> dict[str, str]:
    """Every reference page, and the schema of the mapping file, by file name.

    `notebooks` are the chapters' scripts.
    """
    return {
        "claims.md": claims_page(),
        "command-line.md": command_line_page(parser),
        "dictionary.md": dictionary_page(dictionary),
        "functions.md": functions_page(notebooks),
        "mapping.md": mapping_page(),
        "mapping.schema.json": schema_text(dictionary),
        "parameters.md": parameters_page(),
        "results-table.md": results_page(),
        "rules.md": rules_page(),
    }


def write_pages(pages: Mapping[str, str], folder: Path) -> None:
    """Write the pages into a folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, text in pages.items():
        write_text(text, folder / name)


def dictionary_page(dictionary: Dictionary) -> str:
    """One table for the registry extract, one for what is derived from it."""
    head = ("Variable", "Label", "Type", "Unit", "Levels", "Required", "Plausible", "Definition")
    sections = []
    for origin, title in (("extract", "Registry extract"), ("derived", "Derived variables")):
        rows = [_variable_cells(v) for v in dictionary.variables if v.origin == origin]
        sections.append(f"## {title}\n\n{table(head, rows)}")
    return page("Variable dictionary", "\n".join(sections))


def parameters_page() -> str:
    """Every parameter with its default."""
    default = Parameters()
    head = ("Parameter", "Kind", "Unit", "Default", "May be", "Meaning")
    rows = [
        (
            f"`{name}`",
            d.kind,
            d.unit,
            f"`{getattr(default, name)!r}`",
            ", ".join(d.choices) or _range(d.minimum, d.maximum),
            d.help,
        )
        for name, d in definitions().items()
    ]
    return page("Parameters", table(head, rows))


def results_page() -> str:
    """The columns of the results table and the words its key may use."""
    parts = [
        "Every number of the report is one row. The first eight columns are its key, which no "
        f"two rows share: {', '.join(f'`{name}`' for name in COLUMNS[:8])}. The others are "
        f"{', '.join(f'`{name}`' for name in COLUMNS[8:])}. Proportions lie in [0, 1], values "
        "are unrounded, and an empty value is not estimable. A population is a base, or one "
        "group of it: `base[variable=level]`. A contrast is `<level>_vs_<reference>`; a test of "
        "more than two groups has an empty one. Variables and levels are those of the "
        "dictionary and the ones below; `include_<column>` is the rule that a filter makes, "
        "`section_<name>` a section of the file of published numbers. The levels of "
        "`published_number` are the lines of that file, by `claim_id`.\n",
        "The rows of the comparison with published numbers are there only where it is made: not "
        "of other patients than the numbers are of, and not where small counts are suppressed.\n",
    ]
    words = {
        "analysis": _named_analyses(),
        "outcome (beside the dictionary)": EVERY_WORD.outcomes,
        "population, base": EVERY_WORD.populations,
        "variable (beside the dictionary)": EVERY_WORD.variables,
        "level (beside the dictionary)": EVERY_WORD.levels,
        "statistic": EVERY_WORD.statistics,
    }
    for title, meanings in words.items():
        rows = [(f"`{word}`", meaning) for word, meaning in meanings.items()]
        parts.append(f"## {title}\n\n{table(('Word', 'Meaning'), rows)}")
    return page("Results table", "\n".join([*parts, _curve_section()]))


def _named_analyses() -> dict[str, str]:
    """All but those of the specification curve, which are named by their choices."""
    return {
        name: meaning
        for name, meaning in EVERY_WORD.analyses.items()
        if not name.startswith(f"{PREFIX}_")
    }


def _curve_section() -> str:
    """How the analyses of the specification curve are named."""
    form = "_".join(("curve", *(f"<{name}>" for name in DIMENSIONS if name != "population")))
    rows = [
        (f"`{name}`", f"`{option}`", meaning)
        for name, (_, labels) in DIMENSIONS.items()
        for option, meaning in labels.items()
    ]
    return (
        f"## analysis, specification curve\n\nOne analysis a specification: `{form}`; its "
        "population is that of the row. One analysis an option, of all specifications that took "
        f"it: `{option_analysis('<choice>', '<word>')}`.\n\n"
        f"{table(('Choice', 'Word', 'Meaning'), rows)}"
    )


def _variable_cells(variable: Variable) -> tuple[str, ...]:
    levels = zip(variable.levels, variable.level_labels, strict=True)
    return (
        f"`{variable.name}`",
        variable.label,
        variable.type,
        variable.unit,
        "; ".join(f"`{level}` {label}" for level, label in levels),
        variable.required,
        _range(variable.plausible_min, variable.plausible_max),
        variable.definition,
    )


def _range(low: object, high: object) -> str:
    bounds = ["" if bound is None else str(bound) for bound in (low, high)]
    return " to ".join(bounds) if any(bounds) else ""


_INTRODUCTION = """\
A mapping file says how an extract names its columns and levels, in the words of the [variable
dictionary](dictionary.md). It is YAML; every part is optional, and a key, variable or level that
does not exist is refused with the nearest one that does. Values are taken as the texts that stand
there: `1`, `yes` and `2020-01-01` need no quotation marks, and are not made into anything else.
`cart-report map FILE` proposes one, `cart-report validate FILE --mapping MAPPING` tries it.

[mapping.schema.json](mapping.schema.json) is its JSON Schema. An editor that knows the language
server of YAML completes and checks a file that begins with

```yaml
# yaml-language-server: $schema=mapping.schema.json
```

and lies beside the schema, as in the folder that `cart-report template` writes.
"""


def mapping_page() -> str:
    """A section for every part: its keys with form and meaning, and an example that is checked."""
    return page("Mapping file", "\n".join([_INTRODUCTION, *map(_section, MAPPING)]))


def _section(part: MappingKey) -> str:
    keys = [(f"`{name}`", key.form, key.meaning) for name, key in _below(part)]
    listed = f"\n{table(('Key', 'Form', 'Meaning'), keys)}" if keys else ""
    return (
        f"## {part.name}\n\nForm: {part.form}. {part.meaning}\n{listed}\n"
        f"```yaml\n{part.example}```\n"
    )


def _below(part: MappingKey, path: str = "") -> Iterator[tuple[str, MappingKey]]:
    """Every key below a part, by its path."""
    for key in part.keys:
        yield f"{path}{key.name}", key
        yield from _below(key, f"{path}{key.name}.")
    for key in part.each:
        yield f"{path}<name>.{key.name}", key
