"""The rooms of the library: no circle, and views that read their own topic only.

That no floor imports from one above it, and no topic from a later one, is the import contract's.
"""

from __future__ import annotations

import ast
import importlib
import inspect

import grimp
import pytest

from analysis_lib.topics import TOPICS

VIEWS = ("table", "figure", "words")
# The page in front quotes the chapters: its words read the numbers of other questions.
QUOTING = "summary"


@pytest.fixture(scope="module")
def graph() -> grimp.ImportGraph:
    return grimp.build_graph("analysis_lib", cache_dir=None)


def topic_of(module: str) -> tuple[str, str] | None:
    """Topic and room of a module, `("survival", "table")`."""
    parts = module.split(".")
    return (parts[2], parts[3]) if parts[1:2] == ["topics"] and len(parts) == 4 else None


def is_view(room: str) -> bool:
    return room.endswith(VIEWS)


def test_no_module_imports_itself_round_a_circle(graph: grimp.ImportGraph) -> None:
    open_, done = set[str](), set[str]()

    def walk(module: str) -> None:
        open_.add(module)
        for other in graph.find_modules_directly_imported_by(module):
            assert other not in open_, f"{module} imports {other}, which leads back to it"
            if other not in done:
                walk(other)
        open_.discard(module)
        done.add(module)

    for module in sorted(graph.modules):
        if module not in done:
            walk(module)
    assert done == graph.modules


def test_views_read_their_own_topic_and_nobody_reads_a_view(graph: grimp.ImportGraph) -> None:
    wrong = []
    for module in graph.modules:
        own = topic_of(module)
        if own is None or own[0] == QUOTING:
            continue
        for other in graph.find_modules_directly_imported_by(module):
            used = topic_of(other)
            if used and used[0] != own[0] and (is_view(own[1]) or is_view(used[1])):
                wrong.append(f"{module} imports {other}")
    assert wrong == []


def test_views_fit_nothing(graph: grimp.ImportGraph) -> None:
    """They may name what an estimator returned, and call none."""
    called = []
    for module in graph.modules:
        if (own := topic_of(module)) and is_view(own[1]):
            held = vars(importlib.import_module(module)).values()
            functions = (one for one in held if inspect.isfunction(one))
            called += [x for x in functions if x.__module__.startswith("analysis_lib.stats.")]
    assert called == []


def test_rows_of_a_study_become_results_at_one_gate(graph: grimp.ImportGraph) -> None:
    """Whoever made `Results` of rows elsewhere would pass by the suppression of small counts."""
    made = [
        module
        for module in graph.modules
        if module.split(".")[1:2] in (["topics"], ["estimates"])
        for node in ast.walk(ast.parse(inspect.getsource(importlib.import_module(module))))
        if isinstance(node, ast.Call) and getattr(node.func, "id", "") == "Results"
    ]
    assert made == []


def test_every_topic_names_functions_that_are_there() -> None:
    for topic in TOPICS:
        places = [*topic.shown.values(), *topic.repeated, *filter(None, [topic.parts])]
        assert all(callable(topic.function(place)) for place in places), topic.name
