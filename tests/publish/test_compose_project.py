"""The Quarto project a build composes."""

from __future__ import annotations

from pathlib import Path
from types import SimpleNamespace
from typing import Any

import nbformat
import pytest
import yaml
from nbformat.v4 import new_output

from analysis_lib.publish.cells import OMITTED_MIME, cell_options, without_references
from analysis_lib.publish.compose import compose_config
from analysis_lib.publish.renderer import files_beside


def read_chapter(project: Path, name: str) -> nbformat.NotebookNode:
    return nbformat.read(project / "notebooks" / f"{name}.ipynb", as_version=4)


def omitted_figure(book: SimpleNamespace) -> nbformat.NotebookNode:
    """A labelled figure whose output says that it does not apply."""
    cell = book.code("#| label: fig-gone\n#| fig-cap: C\n#| fig-alt: A\n#| echo: false\nplot()")
    data = {"text/markdown": "One group only: no comparison.", OMITTED_MIME: {"reason": "one"}}
    cell.outputs = [new_output("execute_result", data, execution_count=1)]
    return cell


def test_config_names_the_chapters_title_and_formats(book: SimpleNamespace, tmp_path: Path) -> None:
    chapters = {"01_a": book.chapter("# A"), "02_b": book.chapter("# B")}
    project = book.compose(tmp_path, chapters, formats=("html",))
    config = yaml.safe_load((project / "_quarto.yml").read_text())
    assert config["book"]["title"] == "Outcomes by prior exposure"
    assert config["book"]["chapters"] == [
        "index.qmd",
        "notebooks/01_a.ipynb",
        "notebooks/02_b.ipynb",
    ]
    assert list(config["format"]) == ["html"]
    assert config["book"]["downloads"] == []


def test_the_foot_of_every_page_offers_the_files_of_a_finished_report(
    book: SimpleNamespace,
) -> None:
    given: dict[str, Any] = {"info": book.INFO, "chapters": ["notebooks/01_a.ipynb"]}
    config = {"book": {}, "format": {"html": {}}}
    text = compose_config(config, formats=("html", "docx"), files=files_beside(("docx",)), **given)
    assert yaml.safe_load(text)["book"]["page-footer"]["left"] == (
        "[Word](/report.docx) · [Results (CSV)](/results.csv) · [Results (JSON)](/results.json) · "
        "[Executed notebooks](/executed/) · [Parameters](/parameters.yaml) · "
        "[Manifest](/manifest.json)"
    )
    composed_only = compose_config(config, formats=("html",), **given)
    assert "page-footer" not in yaml.safe_load(composed_only)["book"]


def test_variables_are_those_of_the_report(book: SimpleNamespace, tmp_path: Path) -> None:
    project = book.compose(tmp_path, {"01_a": book.chapter("# A")})
    variables = yaml.safe_load((project / "_variables.yml").read_text())
    assert variables["exposure"] == "prior exposure X"
    assert variables["data_lock"] == "2023-10-30"
    assert variables["label"] == "Synthetic data: not for inference"


def test_without_a_label_nothing_prints_one(book: SimpleNamespace, tmp_path: Path) -> None:
    project = book.compose(tmp_path, {"01_a": book.chapter("# A")}, label="")
    assert "var label" not in (project / "_quarto.yml").read_text()
    assert "#show figure: set block(breakable: true)" in (project / "_quarto.yml").read_text()
    index = (project / "index.qmd").read_text()
    assert "Synthetic data" not in index
    assert "The curves are in @fig-km." in index


def test_project_holds_no_data(book: SimpleNamespace, tmp_path: Path) -> None:
    project = book.compose(tmp_path, {"01_a": book.chapter("# A")})
    files = {path.relative_to(project).as_posix() for path in project.rglob("*") if path.is_file()}
    assert files == {
        "_quarto.yml",
        "_variables.yml",
        "index.qmd",
        "data/references.bib",
        "tools/after.lua",
        "tools/dark.scss",
        "tools/head.typ",
        "tools/tables.lua",
        "notebooks/01_a.ipynb",
    }


def test_omitted_output_becomes_its_sentence(book: SimpleNamespace, tmp_path: Path) -> None:
    project = book.compose(tmp_path, {"01_a": book.chapter("# A", omitted_figure(book))})
    cell = read_chapter(project, "01_a").cells[1]
    assert cell_options(cell) == {"echo": False}
    assert cell.outputs[0].data == {"text/markdown": "One group only: no comparison."}


def test_an_omission_is_said_once_a_chapter(book: SimpleNamespace, tmp_path: Path) -> None:
    shown = book.code("describe()", markdown="A sentence.")
    cells = (omitted_figure(book), omitted_figure(book), shown)
    project = book.compose(tmp_path, {"01_a": book.chapter("# A", *cells)})
    assert [len(cell.outputs) for cell in read_chapter(project, "01_a").cells[1:]] == [1, 0, 1]


def test_a_chapter_without_any_other_output_keeps_its_title_and_the_sentence(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    cells = ("# A {#sec-a}\n\nWhat is asked?", book.code("import analysis_lib"), "## One")
    gone = (omitted_figure(book), "## Limits\n\nSee @fig-gone.", omitted_figure(book))
    project = book.compose(tmp_path, {"01_a": book.chapter(*cells, *gone)})
    title, said = read_chapter(project, "01_a").cells
    assert title.source == "# A {#sec-a}"
    assert said.outputs[0].data == {"text/markdown": "One group only: no comparison."}
    assert cell_options(said) == {"echo": False}


def test_what_explains_outputs_that_are_all_left_out_goes_with_them(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    shown = book.code("describe()", markdown="A sentence.")
    cells = ("# A", "## One {#sec-one}\n\nHow it is done.", omitted_figure(book), "More of it.")
    kept = ("## Two\n\nWhy.", omitted_figure(book), shown, "## Limits\n\n- Of two.")
    project = book.compose(tmp_path, {"01_a": book.chapter(*cells, *kept)})
    prose = [c.source for c in read_chapter(project, "01_a").cells if c.cell_type == "markdown"]
    assert prose == ["# A", "## One {#sec-one}", "## Two\n\nWhy.", "## Limits\n\n- Of two."]


def test_a_chapter_that_shows_nothing_at_all_is_left_as_it_is(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    project = book.compose(tmp_path, {"01_a": book.chapter("# A\n\nProse.", "## B")})
    assert [c.source for c in read_chapter(project, "01_a").cells] == ["# A\n\nProse.", "## B"]


def test_omitted_figure_renders_as_text_and_no_reference_breaks(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    page = book.render_html(
        tmp_path,
        _2=book.chapter(
            "# A",
            omitted_figure(book),
            "Curves: @fig-gone, @fig-km [@fig-gone].",
            book.code("describe()", markdown="A sentence."),
        ),
        _3=book.chapter(
            "# B", book.code("#| label: fig-km\n#| fig-cap: C\n#| fig-alt: A\nx", svg=book.SVG)
        ),
    )
    assert "One group only: no comparison." in page
    assert "Curves: not shown, " in page
    assert "fig-gone" not in page


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("see @fig-a.", "see not shown."),
        ("(-@fig-a)", "(not shown)"),
        ("[@fig-a; @fig-b]", "[@fig-b]"),
        ("[@fig-a]", "not shown"),
        ("@fig-ab and @fig-a-b", "@fig-ab and @fig-a-b"),
        ("me@fig-a", "me@fig-a"),
        ("[@cox1972; @fig-b]", "[@cox1972; @fig-b]"),
    ],
)
def test_references_to_removed_labels_are_words(text: str, expected: str) -> None:
    assert without_references(text, frozenset({"fig-a"})) == expected


def test_parameter_cells_are_named_and_standard_error_is_left_out(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    cell = book.code("exposure = 'x'")
    cell.metadata["tags"] = ["injected-parameters"]
    cell.outputs = [new_output("stream", name="stderr", text="careful\n")]
    project = book.compose(tmp_path, {"01_a": book.chapter("# A", cell)})
    composed = read_chapter(project, "01_a").cells[1]
    assert cell_options(composed)["code-summary"] == "Parameters of this report"
    assert composed.source.endswith("exposure = 'x'")
    assert composed.outputs == []
