"""Findings as one web page that needs nothing but itself."""

from __future__ import annotations

from collections.abc import Iterator
from html import escape

from analysis_lib.intake.listing import HEAD, Group, Severity, Validation, filled_columns
from analysis_lib.shown import page_policy

_STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 2rem; }
caption { font-weight: 600; text-align: left; }
th, td { border-bottom: 1px solid #8888; padding: .25rem .75rem .25rem 0; text-align: left;
  vertical-align: top; }
td.value { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
"""
_CAUTION = (
    "This list names rows, patients and values of the extract: keep it where the extract is kept."
)


def listing_page(validation: Validation) -> str:
    """A table for every rule, errors before warnings; every text of the extract is escaped."""
    title = f"Findings in {validation.name}"
    return "\n".join(
        (
            "<!DOCTYPE html>",
            '<html lang="en">',
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{page_policy()}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f"<title>{escape(title)}</title>",
            f"<style>\n{_STYLE}</style>",
            "</head>",
            "<body>",
            "<main>",
            f"<h1>{escape(title)}</h1>",
            f"<p><strong>{escape(validation.summary())}.</strong></p>",
            f"<p>{_CAUTION}</p>",
            *_notes(validation),
            *_section(validation, "error", "Errors"),
            *_section(validation, "warning", "Warnings"),
            "</main>",
            "</body>",
            "</html>\n",
        )
    )


def _notes(validation: Validation) -> Iterator[str]:
    if validation.notes:
        yield "<h2>Notes</h2>"
        yield "<ul>"
        yield from (f"<li>{escape(note)}</li>" for note in validation.notes)
        yield "</ul>"


def _section(validation: Validation, severity: Severity, title: str) -> Iterator[str]:
    yield f"<h2>{title}</h2>"
    groups = validation.groups(severity)
    if not groups:
        yield "<p>None.</p>"
    for group in groups:
        yield from _table(group)


def _table(group: Group) -> Iterator[str]:
    rows = group.rows()
    places = filled_columns(rows)
    title = f"{group.title}: {group.problem}" if group.problem else group.title
    yield f'<div class="wide" role="region" tabindex="0" aria-label="{escape(group.title)}">'
    yield "<table>"
    yield f"<caption>{escape(title)}</caption>"
    head = "".join(f'<th scope="col">{HEAD[place].capitalize()}</th>' for place in places)
    yield f"<thead><tr>{head}</tr></thead>"
    yield "<tbody>"
    for row in rows:
        yield f"<tr>{''.join(_cell(row, place) for place in places)}</tr>"
    yield "</tbody>"
    yield "</table>"
    if group.remedy:
        yield f"<p>To mend: {escape(group.remedy)}.</p>"
    yield "</div>"


def _cell(row: tuple[str, ...], place: int) -> str:
    kind = ' class="value"' if HEAD[place] == "value" else ""
    return f"<td{kind}>{escape(row[place])}</td>"
