"""The committed reference pages are those that the definitions make, and hold all of them."""

from __future__ import annotations

import argparse
import ast
from pathlib import Path

import pytest

from analysis_lib.article.claims.claim import COLUMNS
from analysis_lib.article.claims.read import read_claims
from analysis_lib.command_line.main import command_parser
from analysis_lib.dictionary import Dictionary
from analysis_lib.publish.claims_page import EXAMPLE_FILE, EXAMPLES, refused_lines
from analysis_lib.publish.code_pages import topic_modules
from analysis_lib.publish.reference_pages import reference_pages


@pytest.fixture(scope="module")
def notebooks(root: Path) -> list[Path]:
    return sorted((root / "notebooks" / "scripts").glob("[0-9]*.py"))


@pytest.fixture(scope="module")
def pages(dictionary: Dictionary, notebooks: list[Path]) -> dict[str, str]:
    return reference_pages(dictionary, parser=command_parser(), notebooks=notebooks)


def test_the_committed_reference_pages_are_those_of_the_definitions(root, pages):
    folder = root / "docs" / "reference"
    assert {path.name for path in folder.iterdir()} == set(pages)
    for name, text in pages.items():
        assert (folder / name).read_text(encoding="utf-8") == text, "run make docs"


def test_every_command_and_option_is_documented(pages):
    page = pages["command-line.md"]
    commands = next(
        action
        for action in command_parser()._actions
        if isinstance(action, argparse._SubParsersAction)
    )
    for name, command in commands.choices.items():
        section = page.partition(f"\n## {name}\n")[2].partition("\n## ")[0]
        for action in command._actions:
            for option in action.option_strings:
                assert option in ("-h", "--help") or f"`{option}" in section, (name, option)
    assert "2 refused input" in page


def test_every_function_that_a_notebook_calls_is_documented_with_its_purpose(pages, notebooks):
    page = pages["functions.md"]
    called = {
        ast.unparse(node.func)
        for script in notebooks
        for node in ast.walk(ast.parse(script.read_text(encoding="utf-8")))
        if isinstance(node, ast.Call)
    } - {"globals"}
    lines = {line.removeprefix("| `").partition("(")[0]: line for line in page.splitlines()}
    assert len(called) > 100 and called <= lines.keys()
    for name in called:
        call, purpose, chapters = lines[name].replace("\\|", "/").strip("| ").split(" | ")
        assert ") -> " in call and purpose.endswith((".", "?")) and chapters, lines[name]
        assert " at 0x" not in call


def test_functions_stand_topic_by_topic_in_the_order_of_the_questions(root, pages):
    page = pages["functions.md"]
    sections = [line.removeprefix("## ") for line in page.splitlines() if line.startswith("## ")]
    order = [name.rpartition(".")[2] for name in topic_modules(root)]
    topics = sections[1:-3]
    assert (sections[0], *sections[-3:]) == ("study", "article", "methods", "appendix")
    assert topics == [name for name in order if name in topics] and len(topics) > 15


def test_every_variable_and_word_is_documented(pages, dictionary):
    for variable in dictionary.variables:
        assert f"| `{variable.name}` |" in pages["dictionary.md"]
    assert "`standardized_difference`" in pages["results-table.md"]


def test_every_column_of_the_claims_file_is_documented(pages):
    page = pages["claims.md"]
    assert all(f"| `{name}` | " in page for name in COLUMNS)


def test_worked_examples_are_lines_of_the_example_file(root):
    lines = (root / EXAMPLE_FILE).read_text(encoding="utf-8").splitlines()
    shown = [line for example in EXAMPLES for line in example.lines]
    assert len(shown) == 6
    assert [line for line in shown if line not in lines] == []
    names = {line.partition(",")[0] for line in shown}
    assert names <= {claim.claim_id for claim in read_claims(root / EXAMPLE_FILE)}


def test_every_documented_mistake_is_refused_in_one_sentence():
    refused = dict(refused_lines())
    assert len(refused) == 11
    assert all(" must " in text and ", but is " in text for text in refused.values())
    assert not any("; " in text.partition("; ")[2] for text in refused.values())


def test_code_in_a_table_keeps_its_signs(pages):
    page = pages["claims.md"]
    assert "| `<level>_vs_<reference>`, or empty |" in page
    assert "&lt;" not in page
