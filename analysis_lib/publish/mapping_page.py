"""The reference page of the mapping file, from its keys."""

from __future__ import annotations

from collections.abc import Iterator

from analysis_lib.intake.mapping.schema import MAPPING, MappingKey
from analysis_lib.publish.code_pages import page, table

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
