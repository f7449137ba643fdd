"""The pages of the committed chapters as a printer would look at them, and the rules themselves."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pypdfium2
import pytest
import typst
from page_rules import broken, lines_of

from analysis_lib.command_line.study_work import report_info
from analysis_lib.publish.compose import compose_project
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.renderer import render_builtin
from analysis_lib.study.study import Study

MAIN_TEXT = 25  # pages before the appendix
APPENDIX = "7"


@pytest.fixture(scope="module")
def printed(
    tmp_path_factory: pytest.TempPathFactory, root: Path, study_of: Callable[..., Study]
) -> SimpleNamespace:
    """The PDF of the committed chapters, and where its text comes to each float that may move."""
    project, out = tmp_path_factory.mktemp("printed"), tmp_path_factory.mktemp("out")
    paths = sorted((root / "notebooks").glob("*.ipynb"))
    compose_project(
        project,
        project_root=root,
        notebooks=[ExecutedNotebook(x.stem, nbformat.read(x, as_version=4), ()) for x in paths],
        info=report_info(study_of()),
        formats=("pdf",),
    )
    (path,) = render_builtin(project, formats=("pdf",), out=out)
    return SimpleNamespace(
        document=pypdfium2.PdfDocument(path), source=project / ".render" / "report.typ"
    )


def test_no_page_of_the_report_breaks_a_rule(printed: SimpleNamespace) -> None:
    assert broken(printed.document) == []


def test_the_rules_see_every_caption(printed: SimpleNamespace) -> None:
    seen = {line.number for lines in lines_of(printed.document) for line in lines if line.number}
    figures = eval_typst(printed.source, "query(figure).map(it => it.location().page())")
    assert len(seen) == len(figures) > 60


def test_the_main_text_is_as_long_as_an_article(printed: SimpleNamespace) -> None:
    pages = lines_of(printed.document)
    (start,) = (
        line.page
        for lines in pages
        for line in lines
        if line.kind == "chapter" and line.text.split()[0] == APPENDIX
    )
    assert 10 < start - 1 <= MAIN_TEXT


def test_a_float_is_on_the_page_of_its_words_or_the_next(printed: SimpleNamespace) -> None:
    """Pages with nothing but floats between do not part them."""
    found = eval_typst(
        printed.source,
        "query(<called>).map(it => (it.value, it.location().page(), "
        "query(label(it.value)).first().location().page()))",
    )
    pages = lines_of(printed.document)
    with_text = {x.page for lines in pages for x in lines if not x.is_float}
    far = {
        name: (called, shown)
        for name, called, shown in found
        if len(with_text & set(range(called + 1, shown))) > 0
    }
    assert len(found) > 60
    assert far == {}


def eval_typst(source: Path, expression: str) -> list[Any]:
    shown = typst.eval(str(source), expression, root=str(source.parent), ignore_system_fonts=True)
    found: list[Any] = json.loads(shown)
    return found


HEAD = """
#set page(width: 400pt, height: 500pt, margin: (left: 110pt, y: 76pt))
#set text(font: "Libertinus Serif", size: 10.5pt)
#let head(size, it) = text(size: size, weight: "bold", it)
#let outer(it) = pad(left: -80pt, it)
#let caption(it) = outer(text(size: 9.5pt, strong(it + [:]) + [ A caption.]))
#let rows(..it) = outer(text(size: 8pt, stack(spacing: 4pt, ..it)))
"""
WORDS = "One line of text. "
SOUND = f"""#head(19pt)[1 Chapter]

#head(13pt)[1.1 Section]

{WORDS}

#caption[Table 1.1]
#rows([Row], [Row])

#caption[Table 1.2]
#rows(strong[Group], [Row])
#pagebreak()
#head(13pt)[1.2 Limits]

{WORDS}
#pagebreak()
#head(19pt)[2 Chapter]

{WORDS}"""


def faults(folder: Path, body: str) -> list[str]:
    source = folder / "pages.typ"
    source.write_text(HEAD + body, encoding="utf-8")
    return broken(pypdfium2.PdfDocument(typst.compile(str(source), ignore_system_fonts=True)))


def test_sound_pages_break_no_rule(tmp_path: Path) -> None:
    assert faults(tmp_path, SOUND) == []


@pytest.mark.parametrize(
    ("fault", "change"),
    {
        "a heading without text under it": (
            f"{WORDS}\n\n#caption[Table 1.1]",
            "#caption[Table 1.1]",
        ),
        "a chapter begins below something else": ("#pagebreak()\n#head(19pt)[2", "\n#head(19pt)[2"),
        "1 of text between two floats": ("#caption[Table 1.2]", f"{WORDS}\n\n#caption[Table 1.2]"),
        "a group's head at the foot": ("strong[Group], [Row]", "[Row], strong[Group]"),
        "a group's head without rows": (
            "strong[Group], [Row]",
            "strong[Group], strong[Other], [Row]",
        ),
        "a caption without its table": ("#rows([Row], [Row])", "#pagebreak()\n#rows([Row], [Row])"),
        "after Table 1.1": ("Table 1.2", "Table 1.1"),
        "a float after the limits": (
            f"1.2 Limits]\n\n{WORDS}",
            f"1.2 Limits]\n\n{WORDS}\n\n#caption[Table 1.3]\n#rows([Row])",
        ),
        "limits that a page parts": (
            f"1.2 Limits]\n\n{WORDS}",
            f"1.2 Limits]\n\n{WORDS}\n#pagebreak()\n{WORDS}",
        ),
        "an interval that a line parts": (WORDS, "It was 43\u2013\n\n64 in one line."),
    }.items(),
)
def test_a_broken_rule_is_found(fault: str, change: tuple[str, str], tmp_path: Path) -> None:
    assert change[0] in SOUND
    (found,) = faults(tmp_path, SOUND.replace(change[0], change[1], 1))
    assert found.endswith(fault)
