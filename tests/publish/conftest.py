"""A small book with every feature the chapters of the report use."""

from __future__ import annotations

import io
import json
import os
import time
from dataclasses import dataclass, replace
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import great_tables as gt
import matplotlib.image
import nbformat
import numpy as np
import pandas as pd
import pytest
import typst
import yaml
from nbformat import NotebookNode
from nbformat.v4 import new_code_cell, new_markdown_cell, new_notebook, new_output
from numpy.typing import NDArray

from analysis_lib.publish.compose import compose_project
from analysis_lib.publish.execute import ExecutedNotebook
from analysis_lib.publish.renderer import render_builtin
from analysis_lib.publish.request import BuildRequest, Format, ReportInfo

SVG = (
    '<svg xmlns="http://www.w3.org/2000/svg" width="432pt" height="216pt" viewBox="0 0 432 216">'
    '<rect x="40" y="10" width="380" height="170" fill="none" stroke="#27465c"/>'
    '<path d="M40 20 H120 V60 H220 V110 H420" fill="none" stroke="#8f3a1c" stroke-width="2"/>'
    "</svg>"
)
BIBLIOGRAPHY = """
@article{cox1972, author = {Cox, David R.}, title = {Regression models and life-tables},
  journal = {Journal of the Royal Statistical Society B}, year = {1972}, volume = {34},
  pages = {187--220}}
@article{kaplan1958, author = {Kaplan, Edward L. and Meier, Paul},
  title = {Nonparametric estimation from incomplete observations},
  journal = {Journal of the American Statistical Association}, year = {1958}, volume = {53},
  pages = {457--481}}
"""
CONFIG = {
    "project": {"type": "book", "output-dir": "_book", "post-render": "tools/after.lua"},
    "book": {
        "title": "Default title",
        "author": "The cart-report developers",
        "output-file": "report",
        "chapters": ["index.qmd", "notebooks/01_summary.ipynb"],
    },
    "bibliography": "data/references.bib",
    "format": {
        "html": {
            "code-fold": True,
            "theme": {"light": "default", "dark": ["default", "tools/dark.scss"]},
            "include-in-header": [{"text": "<style>/* {{< var label >}} */</style>"}],
        },
        "typst": {
            "echo": False,
            "filters": [{"path": "tools/tables.lua", "at": "pre-ast"}],
            "include-in-header": [
                {"file": "tools/head.typ"},
                {"text": "#show figure: set block(breakable: true)"},
                {"text": "#set page(foreground: [{{< var label >}}])"},
            ],
        },
    },
}
INDEX = """# About this report {.unnumbered}

Outcomes by {{< var exposure >}}, data lock {{< var data_lock >}}.

::: {.callout-important .synthetic-notice title="Synthetic data"}
{{< var label >}}
:::

The curves are in @fig-km. Rendered with {{< var renderer >}}.
"""


def html_table(*, rows: int = 4, columns: int = 4) -> str:
    """A Great Tables table with a stub, row groups, a spanner, a note and a footnote."""
    names = [f"c{number}" for number in range(columns)]
    frame = pd.DataFrame({name: [f"{row} (1{row}%)" for row in range(rows)] for name in names})
    frame.insert(0, "row", [f"Level {row} of a covariate" for row in range(rows)])
    frame.insert(0, "group", [f"Group {row // 3 + 1}" for row in range(rows)])
    table = (
        gt.GT(frame, rowname_col="row", groupname_col="group", id="t")
        .tab_spanner("Exposed", names[: columns // 2])
        .tab_spanner("Not exposed", names[columns // 2 :])
        .tab_stubhead("Characteristic")
        .cols_label({name: f"Column {name}" for name in names})
        .tab_source_note("Percentages are of evaluable patients.")
        .tab_footnote("Assessed at day 28.", gt.loc.column_labels(columns=[names[0]]))
    )
    return table.as_raw_html()


def code(source: str, **data: str) -> NotebookNode:
    """A code cell with one stored output; `html`, `svg` and `markdown` name its mime types."""
    mimes = {"html": "text/html", "svg": "image/svg+xml", "markdown": "text/markdown"}
    bundle = {mimes[name]: value for name, value in data.items()}
    bundle["text/plain"] = "plain"
    outputs = [new_output("execute_result", bundle, execution_count=1)] if data else []
    return new_code_cell(source, outputs=outputs, execution_count=1)


def chapter(*cells: NotebookNode | str) -> NotebookNode:
    """A notebook; text stands for a Markdown cell."""
    nodes = [new_markdown_cell(cell) if isinstance(cell, str) else cell for cell in cells]
    for number, node in enumerate(nodes):
        node["id"] = f"cell-{number}"
    return new_notebook(cells=nodes)


def cohort_chapter() -> NotebookNode:
    """A short table, a long one, a wide one and a callout."""
    cap = '#| label: {0}\n#| tbl-cap: "{1}"\ntable()'
    return chapter(
        "# Cohort {#sec-cohort}\n\nWho was treated; survival follows in @sec-survival.",
        code("import analysis_lib"),
        "## Baseline {#sec-baseline}\n\nSee @tbl-one, @tbl-wide and [@tbl-one; @tbl-long].[^a]\n\n"
        "[^a]: A note of this chapter.",
        code(
            cap.format("tbl-one", "Baseline by {{< var exposure >}} [@cox1972]."), html=html_table()
        ),
        "::: {.callout-note}\n## How to read\nCounts and *percentages*.\n:::",
        code(cap.format("tbl-long", "A long table."), html=html_table(rows=75)),
        code(cap.format("tbl-wide", "A wide table."), html=html_table(columns=10)),
    )


def survival_chapter() -> NotebookNode:
    """A figure, a sentence, mathematics and citations."""
    figure = (
        '#| label: fig-km\n#| fig-cap: "Survival by {{< var exposure >}}."\n'
        '#| fig-alt: "Step curves with \\"risk\\" by {{< var exposure >}}."\nplot()'
    )
    return chapter(
        "# Survival {#sec-survival}\n\nKaplan and Meier [@kaplan1958]; @tbl-one [@cox1972].",
        code("describe()", markdown="Median **11.4** months (@fig-km), see -@tbl-wide.[^a]"),
        code(figure, svg=SVG),
        "The hazard is $h(t) = h_0(t)\\exp(\\beta x)$, and\n\n$$S(t) = \\prod_{t_i \\le t} "
        "\\left(1 - \\frac{d_i}{n_i}\\right).$$\n\n[^a]: Another note.",
        "## Follow-up\n\nMethods as in @cox1972 and @sec-baseline.",
    )


INFO = ReportInfo(
    title="Outcomes by prior exposure",
    exposure="prior exposure X",
    cohort_label="A synthetic cohort",
    data_lock="2023-10-30",
    label="Synthetic data: not for inference",
    renderer="a test",
)


def write_project(root: Path, chapters: dict[str, NotebookNode]) -> Path:
    """A repository-like project: `_quarto.yml`, index, bibliography, notebooks."""
    (root / "notebooks").mkdir(parents=True, exist_ok=True)
    (root / "data").mkdir(exist_ok=True)
    (root / "_quarto.yml").write_text(yaml.safe_dump(CONFIG, sort_keys=False))
    (root / "index.qmd").write_text(INDEX)
    (root / "tools").mkdir(exist_ok=True)
    for name in ("after.lua", "tables.lua", "head.typ", "dark.scss"):
        (root / "tools" / name).write_text("")
    (root / "data" / "references.bib").write_text(BIBLIOGRAPHY)
    for name, notebook in chapters.items():
        nbformat.write(notebook, root / "notebooks" / f"{name}.ipynb")
    return root


def compose(
    folder: Path,
    chapters: dict[str, NotebookNode],
    *,
    label: str = INFO.label,
    formats: tuple[Format, ...] = ("html", "pdf"),
) -> Path:
    """Compose a project from notebooks that already have outputs."""
    root = write_project(folder / "project", chapters)
    executed = [ExecutedNotebook(name, nb, ()) for name, nb in chapters.items()]
    return compose_project(
        folder / "composed",
        project_root=root,
        notebooks=executed,
        info=replace(INFO, label=label),
        formats=formats,
    )


@dataclass(frozen=True)
class Rendered:
    """The fixture book in both formats, and the Typst it was compiled from."""

    html: str
    pdf: Path
    typ: Path

    def query(self, expression: str) -> Any:
        """Evaluate a Typst expression in the compiled document."""
        shown = typst.eval(
            str(self.typ), expression, root=str(self.typ.parent), ignore_system_fonts=True
        )
        return json.loads(shown)

    def pages(self) -> list[NDArray[np.float64]]:
        """Every page as red, green, blue in [0, 1], one pixel a point."""
        drawn = typst.compile(str(self.typ), format="png", ppi=72, ignore_system_fonts=True)
        pages = drawn if isinstance(drawn, list) else [drawn]
        return [matplotlib.image.imread(io.BytesIO(page))[..., :3] for page in pages]


def render_book(folder: Path, *, label: str = INFO.label) -> Rendered:
    """Compose and render the fixture book."""
    chapters = {"02_cohort": cohort_chapter(), "05_survival": survival_chapter()}
    project = compose(folder, chapters, label=label)
    out = folder / "out"
    out.mkdir()
    page, pdf = render_builtin(project, formats=("html", "pdf"), out=out)
    return Rendered(page.read_text(encoding="utf-8"), pdf, project / ".render" / "report.typ")


def render_html(folder: Path, **chapters: NotebookNode) -> str:
    """The page of a book of a few cells; `_2` names chapter 2."""
    named = {f"0{name.lstrip('_')}_chapter": nb for name, nb in chapters.items()}
    project = compose(folder, named, formats=("html",))
    out = folder / "out"
    out.mkdir()
    (page,) = render_builtin(project, formats=("html",), out=out)
    return page.read_text(encoding="utf-8")


@pytest.fixture(scope="session")
def rendered(tmp_path_factory: pytest.TempPathFactory) -> Rendered:
    """The fixture book, rendered once for all tests."""
    return render_book(tmp_path_factory.mktemp("book"))


@pytest.fixture(scope="session")
def book() -> SimpleNamespace:
    """The makers of notebooks and projects."""
    return SimpleNamespace(
        INFO=INFO,
        PATIENT=PATIENT,
        SVG=SVG,
        chapter=chapter,
        code=code,
        cohort_chapter=cohort_chapter,
        compose=compose,
        html_table=html_table,
        make_request=make_request,
        render_book=render_book,
        render_html=render_html,
        survival_chapter=survival_chapter,
        survival_notebook=survival_notebook,
        write_project=write_project,
    )


def is_running(number: int) -> bool:
    try:
        os.kill(number, 0)
    except ProcessLookupError:
        return False
    status = Path(f"/proc/{number}/stat")
    return not status.is_file() or status.read_text().rpartition(")")[2].split()[0] != "Z"


def wait_until(reached: Any, seconds: float = 20) -> bool:
    limit = time.monotonic() + seconds
    while not reached() and time.monotonic() < limit:
        time.sleep(0.05)
    return bool(reached())


@pytest.fixture(scope="session")
def processes() -> SimpleNamespace:
    """What tells whether processes of others still run."""
    return SimpleNamespace(is_running=is_running, wait_until=wait_until)


SHOW = """#| label: fig-km
#| fig-cap: "Survival by {{< var exposure >}}."
#| fig-alt: "A square."
class Figure:
    def _repr_mimebundle_(self, include=None, exclude=None):
        return {"image/svg+xml": SVG, "text/plain": "Figure"}
SVG = '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><circle r="4"/></svg>'
Figure()"""
READ = "from IPython.display import Markdown\nMarkdown(f'{len(open(cohort).readlines())} patients')"
PATIENT = "P017-secret"


def survival_notebook(*extra: NotebookNode) -> NotebookNode:
    """A chapter that reads the cohort, and shows a figure."""
    parameters = code("cohort: str = 'data/cohort.csv'")
    parameters.metadata["tags"] = ["parameters"]
    text = "# Survival\n\nSee @fig-km, after @cox1972."
    return chapter(text, parameters, code(READ), code(SHOW), *extra)


def make_request(place: Path) -> BuildRequest:
    """A build of one notebook that reads a cohort from elsewhere, all in a folder."""
    root = write_project(place / "project", {"01_survival": survival_notebook()})
    registry = place / "registry.csv"
    registry.write_text(f"{PATIENT}\nP018\n")

    def write_extras(folder: Path) -> dict[str, object]:
        (folder / "results.csv").write_text("analysis\n")
        (folder / "results.json").write_text('{"header": {}, "rows": []}')
        return {"disclosure": {"small_cell": 11}}

    return BuildRequest(
        project_root=root,
        notebooks=(root / "notebooks" / "01_survival.ipynb",),
        parameters={"cohort": "data/cohort.csv"},
        inputs={"data/cohort.csv": registry},
        info=INFO,
        out=place / "report",
        renderer="builtin",
        manifest={"seed": 7},
        write_extras=write_extras,
    )


@pytest.fixture
def request_for(tmp_path: Path) -> BuildRequest:
    return make_request(tmp_path)
