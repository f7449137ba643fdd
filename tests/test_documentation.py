from __future__ import annotations

from analysis_lib.claims import read_claims
from analysis_lib.claims.columns import COLUMNS
from analysis_lib.documentation import reference_pages
from analysis_lib.documentation.claim_examples import EXAMPLE_FILE, EXAMPLES, refused_lines


def test_the_committed_reference_pages_are_those_of_the_definitions(root, dictionary):
    for name, text in reference_pages(dictionary).items():
        assert (root / "docs" / name).read_text(encoding="utf-8") == text, "run make docs"


def test_every_variable_and_word_is_documented(dictionary):
    pages = reference_pages(dictionary)
    for variable in dictionary.variables:
        assert f"| `{variable.name}` |" in pages["dictionary.md"]
    assert "`standardized_difference`" in pages["results-table.md"]


def test_every_column_of_the_claims_file_is_documented(dictionary):
    page = reference_pages(dictionary)["claims.md"]
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


def test_code_in_a_table_keeps_its_signs(dictionary):
    page = reference_pages(dictionary)["claims.md"]
    assert "| `<level>_vs_<reference>`, or empty |" in page
    assert "&lt;" not in page
