"""Pandoc runs under limits, and Typst ends."""

from __future__ import annotations

from pathlib import Path

import pytest

from analysis_lib.errors import BuildError
from analysis_lib.publish.pandoc import compile_pdf, pandoc_path, run_pandoc

GREEDY = """function Para(para)
  local kept = {}
  while true do kept[#kept + 1] = string.rep("x", 100000) .. #kept end
end
"""
ENDLESS = "function Para(para) while true do end end"


def write(folder: Path, script: str) -> list[str]:
    """A text and a filter."""
    (folder / "text.md").write_text("One paragraph.")
    (folder / "filter.lua").write_text(script)
    return ["text.md", "--lua-filter=filter.lua", "--output=text.html"]


def test_binary_of_the_wheel_is_found() -> None:
    assert pandoc_path().is_file()


def test_filter_that_takes_all_memory_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match="memory"):
        run_pandoc(write(tmp_path, GREEDY), folder=tmp_path, megabytes=600)


def test_filter_that_never_ends_is_stopped(tmp_path: Path) -> None:
    with pytest.raises(BuildError, match=r"within 0\.5 seconds"):
        run_pandoc(write(tmp_path, ENDLESS), folder=tmp_path, seconds=0.5)


def test_warning_is_a_failure(tmp_path: Path) -> None:
    arguments = write(tmp_path, "")
    (tmp_path / "text.md").write_text("[^1]: defined\n\n[^1]: twice\n\nText[^1].")
    with pytest.raises(BuildError, match="Duplicate note"):
        run_pandoc(arguments, folder=tmp_path)


RESTLESS = """#set document(title: "A page")
#let count = state("count", 0)
#context if "anywhere" not in sys.inputs { count.update(count.final() + 1) }
Text.
"""


def test_pages_that_never_settle_are_printed_all_the_same(tmp_path: Path) -> None:
    source = tmp_path / "page.typ"
    source.write_text(RESTLESS)
    compile_pdf(source, tmp_path / "page.pdf")
    assert (tmp_path / "page.pdf").read_bytes().startswith(b"%PDF")
    source.write_text(RESTLESS.replace('"anywhere" not in sys.inputs', "true"))
    with pytest.raises(BuildError, match="did not converge"):
        compile_pdf(source, tmp_path / "page.pdf")
