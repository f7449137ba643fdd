"""The examples of the documentation: run where they are quick, and marked and counted where not."""

from __future__ import annotations

import contextlib
import io
import os
import shlex
import subprocess
from collections import Counter
from pathlib import Path

import pytest
import yaml
from fences import Block, blocks_of

from analysis_lib.command_line.main import command_parser
from analysis_lib.parameters.definitions import definitions
from analysis_lib.parameters.parse import parse_parameters

# Blocks that are not run, by reason. Whoever adds one counts it here.
NOT_RUN = {
    "builds a report": 3,
    "changes the project": 1,
    "executes the notebooks": 2,
    "needs Quarto": 3,
    "takes minutes": 9,
    "takes seconds": 10,
    "your own file": 5,
}
SHOWN_ONLY = ("yaml", "ini")
TUTORIAL = "docs/tutorial.md"  # run by a test of its own


@pytest.fixture(scope="module")
def blocks(root: Path) -> list[Block]:
    """Of the README and the pages written by hand."""
    pages = sorted((root / "docs").rglob("*.md"))
    written = [x for x in pages if x.parent.name != "reference"]
    return [block for path in (root / "README.md", *written) for block in blocks_of(path, root)]


@pytest.fixture(scope="module")
def printed(blocks: list[Block], clone: Path) -> dict[Block, str]:
    """What each quick block prints, one after another; Python keeps its names within a page."""
    environment = {name: x for name, x in os.environ.items() if name != "COLUMNS"}
    names: dict[str, dict[str, object]] = {}
    found = {}
    for block in _quick(blocks):
        if block.language == "python":
            space = names.setdefault(block.page, {"__name__": "__main__"})
            found[block] = _python(block, space, clone)
            continue
        run = subprocess.run(
            ["sh", "-e", "-c", block.text],
            cwd=clone, env=environment, capture_output=True, text=True,
        )  # fmt: skip
        assert run.returncode == 0, f"{block.page}:{block.line}\n{run.stdout}{run.stderr}"
        found[block] = run.stdout + run.stderr
    return found


def _quick(blocks: list[Block]) -> list[Block]:
    return [block for block in blocks if block.is_run and block.page != TUTORIAL]


def _python(block: Block, names: dict[str, object], folder: Path) -> str:
    lines = "\n" * block.line + block.text  # so that a traceback names the line of the page
    shown = io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(shown):
        exec(compile(lines, block.page, "exec", dont_inherit=True), names)
    return shown.getvalue()


def test_every_block_is_run_marked_or_no_code(blocks):
    for block in blocks:
        assert (
            block.is_run
            or block.reason()
            or block.source()
            or block.language in (*SHOWN_ONLY, "text")
        ), f"{block.page}:{block.line}: neither run nor marked"
    assert Counter(block.reason() for block in blocks if block.reason()) == NOT_RUN
    assert sum(block.is_run for block in blocks) >= 8


def test_what_is_run_succeeds_and_prints_what_the_page_shows(blocks, printed):
    assert list(printed) == _quick(blocks)
    shown = [x for x in blocks if x.language == "text" and x.page != TUTORIAL]
    for block in shown:
        before = blocks[blocks.index(block) - 1]
        assert before.page == block.page and before in printed, f"{block.page}:{block.line}"
        assert printed[before] == block.text, f"{block.page}:{block.line}"
    assert len(shown) >= 2


def test_every_command_is_accepted_whether_it_is_run_or_not(root):
    commands = [
        (block, line)
        for path in (root / "README.md", *(root / "docs").rglob("*.md"))
        for block in blocks_of(path, root)
        for line in block.commands()
    ]
    assert len(commands) > 30
    for block, line in commands:
        typed = shlex.split(line.partition(" | ")[0], comments=True)[1:]
        try:
            given = command_parser().parse_args(typed)
        except SystemExit:
            pytest.fail(f"{block.page}:{block.line}: {line}")
        names = [name for name, _ in getattr(given, "pairs", [])]
        refused = "the tutorial shows how a parameter is refused"
        assert set(names) <= definitions().keys(), f"{block.page}:{block.line}: {refused}"


def test_targets_of_make_exist(root, blocks):
    targets = {
        line.partition(":")[0] for line in (root / "Makefile").read_text("utf-8").splitlines()
    }
    called = {
        target
        for block in blocks
        for line in block.text.splitlines()
        if "make " in line and block.language in ("sh", "yaml")
        for target in line.partition("make ")[2].partition("#")[0].split()
    }
    assert {"report", "test", "pairs", "unit", "notebooks-valid", "docs"} <= called <= targets


def test_excerpts_are_lines_of_their_files(root, blocks):
    excerpts = [block for block in blocks if block.source()]
    for block in excerpts:
        text = (root / block.source()).read_text(encoding="utf-8")
        assert f"\n{block.text}" in text, f"{block.page}:{block.line}"
    assert len(excerpts) >= 5


def test_files_of_parameters_and_settings_are_valid(blocks):
    parameters = [x for x in blocks if x.language == "yaml" and x.mark == "parameters"]
    for block in parameters:
        parse_parameters(yaml.safe_load(block.text))
    assert parameters
    for block in blocks:
        if block.language == "yaml":
            assert yaml.safe_load(block.text), f"{block.page}:{block.line}"
