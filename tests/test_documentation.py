from __future__ import annotations

from analysis_lib.documentation import reference_pages


def test_the_committed_reference_pages_are_those_of_the_definitions(root, dictionary):
    for name, text in reference_pages(dictionary).items():
        assert (root / "docs" / name).read_text(encoding="utf-8") == text, "run make docs"


def test_every_variable_and_word_is_documented(dictionary):
    pages = reference_pages(dictionary)
    for variable in dictionary.variables:
        assert f"| `{variable.name}` |" in pages["dictionary.md"]
    assert "`standardized_difference`" in pages["results-table.md"]
