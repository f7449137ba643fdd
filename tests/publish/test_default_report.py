"""The committed description renders the default report in a fresh clone."""

from __future__ import annotations

from pathlib import Path

import yaml

from analysis_lib.command_line.study_work import report_info
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.publish.compose import report_variables
from analysis_lib.publish.config import included_after, read_config, read_variables
from analysis_lib.show.table import SEARCHABLE
from analysis_lib.study.study import make_study

ROOT = Path(__file__).resolve().parents[2]


def test_committed_variables_are_those_of_the_default_build() -> None:
    info = report_info(make_study(Parameters(), root=ROOT))
    committed = read_variables(ROOT)
    assert committed.pop("renderer") == "Quarto"
    assert committed == {
        name: text for name, text in report_variables(info).items() if name != "renderer"
    }
    assert read_config(ROOT)["book"]["title"] == info.title
    assert read_config(ROOT)["book"]["subtitle"] == info.subtitle


def test_chapters_are_the_numbered_notebooks_in_order() -> None:
    chapters = read_config(ROOT)["book"]["chapters"]
    notebooks = sorted(path.stem for path in (ROOT / "notebooks" / "scripts").glob("[0-9]*.py"))
    assert chapters == ["index.qmd", *(f"notebooks/{name}.ipynb" for name in notebooks)]


def test_label_is_part_of_both_formats() -> None:
    formats = yaml.safe_load((ROOT / "_quarto.yml").read_text(encoding="utf-8"))["format"]
    for name in ("html", "typst"):
        headers = [item.get("text", "") for item in formats[name]["include-in-header"]]
        assert sum("{{< var label >}}" in text for text in headers) == 1


def test_the_search_field_is_for_html_and_knows_the_class_of_the_tables() -> None:
    config = read_config(ROOT)
    script = included_after(ROOT, config)
    assert SEARCHABLE.split('"')[1].split()[1] == "cart-searchable"
    assert 'querySelectorAll("table.cart-searchable")' in script
    assert ".cart-search { display: none; }" in script.partition("@media print")[2]
    assert "http" not in script
    assert "include-after-body" not in config["format"]["typst"]


def test_quarto_finds_its_own_lines_in_gitignore() -> None:
    lines = (ROOT / ".gitignore").read_text(encoding="utf-8").splitlines()
    assert {"/.quarto/", "**/*.quarto_ipynb"} <= set(lines), "else every render appends them"
