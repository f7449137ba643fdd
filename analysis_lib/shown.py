"""The gate that everything shown passes: what leaves it runs nothing."""

from __future__ import annotations

import base64
import hashlib
import re
from collections.abc import Mapping
from typing import Any

from lxml import etree, html

from analysis_lib.errors import OutputError

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
    data: Mapping[str, Any] | None = None,
) -> dict[str, Any]:
    """The mime bundle of an output: its forms, and what programs read of it (`data`).

    Raises
    ------
    OutputError
        A table or figure holds an element or attribute that neither needs.
    """
    bundle: dict[str, Any] = dict(data or {})
    if markdown is not None:
        bundle["text/markdown"] = inert(markdown)
    if table is not None:
        root = html.fragment_fromstring(table, create_parent="div")
        _refuse_others(root, _IN_TABLES, plain)
        bundle["text/html"] = table
    if figure is not None:
        parser = etree.XMLParser(resolve_entities=False, no_network=True, huge_tree=True)
        _refuse_others(etree.fromstring(figure.encode(), parser), _IN_FIGURES, plain)
        bundle["image/svg+xml"] = figure
    return {**bundle, "text/plain": plain}


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
