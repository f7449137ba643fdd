"""The gate that everything shown passes: what leaves it runs nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Iterable, Mapping
from html import escape
from typing import Any

from lxml import etree, html

from analysis_lib.errors import OutputError
from analysis_lib.marks import MIME, PLACES, Notes, notes_of_shown, take_marks, unmarked

_SCRIPT = re.compile(r"<script\b[^>]*>(.*?)</script>", re.DOTALL | re.IGNORECASE)


def page_policy(*sources: str) -> str:
    """The Content-Security-Policy of a page whose scripts stand in these parts of its template.

    A script is allowed by its digest, so that one which came into the finished page from elsewhere
    stays still. Styles are free, since a table brings its widths along; they can load nothing.
    """
    scripts = (found for source in sources for found in _SCRIPT.findall(source))
    allowed = " ".join(f"'sha256-{_digest(script)}'" for script in scripts) or "'none'"
    return (
        f"default-src 'none'; script-src {allowed}; style-src 'unsafe-inline'; img-src data:; "
        "base-uri 'none'; form-action 'none'"
    )


def _digest(script: str) -> str:
    return base64.b64encode(hashlib.sha256(script.encode("utf-8")).digest()).decode("ascii")


_STYLE = """\
:root { color-scheme: light dark; }
body { font: 1rem/1.5 system-ui, sans-serif; margin: 2rem auto; max-width: 70rem; padding: 0 1rem; }
table { border-collapse: collapse; margin: .5rem 0 2rem; }
caption { font-weight: 600; text-align: left; }
th, td { border-bottom: 1px solid #8888; padding: .25rem .75rem .25rem 0; text-align: left;
  vertical-align: top; }
td.value { font-family: ui-monospace, monospace; overflow-wrap: anywhere; }
.wide { overflow-x: auto; }
img { background: white; max-width: 100%; }
"""


def small_page(title: str, body: Iterable[str]) -> str:
    """A page of headings and tables in one file, that runs and loads nothing.

    `body` is HTML whose texts are escaped; the title, which also heads the page, is text.
    """
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
            *body,
            "</main>",
            "</body>",
            "</html>\n",
        )
    )


# The markup that sentences and tables of words may hold. Whatever else could open an element, a
# link, an attribute, a shortcode, a formula or a block of another kind is a sign among others.
_MARKUP = re.compile(
    r"""(?P<kept>
      \\[!-/:-@\[-`{-~]                                      # an escaped sign
    | (?<!`)`[\w./=\ -]+`(?![`{])                            # code of plain words
    | \[-?@[\w:-]+(?:;\ *-?@[\w:-]+)*\](?![({\[:])           # citations and references
    | \ \{\.unnumbered\}$                                    # a heading that has no number
    )
    | [\\`\[{}$~^] | <(?=[a-z/!?]) | ^(?::::|---|\.\.\.)
    """,
    re.VERBOSE | re.MULTILINE | re.IGNORECASE | re.ASCII,
)
_IN_TABLES = re.compile(
    "div|table|caption|colgroup|col|thead|tbody|tfoot|tr|th|td|span|p|br|sup|em|strong|style"
)
_IN_FIGURES = re.compile(
    "svg|g|defs|use|symbol|clipPath|mask|pattern|linearGradient|radialGradient|stop|style|title|"
    "path|rect|circle|ellipse|line|polyline|polygon|image|text|tspan|desc|"
    "metadata|RDF|Work|Agent|type|format|creator|date"  # what matplotlib says of itself
)
_HARMLESS_ADDRESS = re.compile(r"#|data:image/png;base64,")
_ADDRESSES = ("href", "src", "action", "formaction", "data")


def shown(
    plain: str,
    *,
    markdown: str | None = None,
    table: str | None = None,
    figure: str | None = None,
    notes: Notes | None = None,
    data: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The mime bundle of an output: its forms, and what programs read of it (`data`).

    `notes` are the numbers that were written for it; where one stands in the text is told by the
    marks that it carries, which end here.

    Raises
    ------
    OutputError
        A table or figure holds an element or attribute that neither needs.
    """
    bundle: dict[str, Any] = dict(data or {})
    plain = unmarked(plain)
    if markdown is not None:
        bundle["text/markdown"] = _with_places(bundle, inert(markdown), notes)
    if table is not None:
        table = _with_places(bundle, table, notes)
        root = html.fragment_fromstring(table, create_parent="div")
        _refuse_others(root, _IN_TABLES, plain)
        bundle["text/html"] = table
    if figure is not None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        _refuse_others(etree.fromstring(figure.encode(), parser), _IN_FIGURES, plain)
        bundle["image/svg+xml"] = figure
    return {**bundle, "text/plain": plain}


def _with_places(bundle: dict[str, Any], text: str, notes: Notes | None) -> str:
    """The text without marks; notes and places go into the bundle."""
    text, noted, places = take_marks(text, notes_of_shown(notes or [], text))
    if notes is not None:
        bundle[MIME] = noted
    if notes is not None and places:
        bundle[PLACES] = places
    return text


def inert(markdown: str) -> str:
    """Markdown without anything but emphasis, plain code, lists, tables, headings and citations."""
    return _MARKUP.sub(lambda x: x[0] if x["kept"] else f"\\{x[0]}", markdown)


def _refuse_others(root: etree._Element, allowed: re.Pattern[str], what: str) -> None:
    """Closed lists: a new kind of element or address is looked at before it is let through."""
    for element in root.iter(etree.Element):
        name = etree.QName(element).localname
        if not allowed.fullmatch(name):
            raise OutputError(
                f"{what}: must hold no element but those of tables and figures, but has <{name}>; "
                "escape the text that it came from"
            )
        for key, value in element.attrib.items():
            attribute = etree.QName(key).localname.lower()
            runs = attribute.startswith("on") or (
                attribute in _ADDRESSES and not _HARMLESS_ADDRESS.match(str(value))
            )
            if runs:
                raise OutputError(
                    f"{what}: must hold no attribute that runs or loads anything, but <{name}> has "
                    f"{attribute}={str(value)[:40]!r}; escape the text that it came from"
                )
