"""The estimator layer stands alone and exports what it promises."""

from __future__ import annotations

import ast
from dataclasses import FrozenInstanceError
from pathlib import Path

import pytest

import analysis_lib.stats
from analysis_lib.stats.kaplan_meier import kaplan_meier
from analysis_lib.stats.proportions import clopper_pearson

MODULES = sorted(Path(analysis_lib.stats.__file__).parent.glob("*.py"))
ALLOWED = {"numpy", "pandas", "scipy", "lifelines", "analysis_lib"}
STANDARD = {
    "__future__", "collections", "dataclasses", "functools", "math", "typing", "warnings",
}  # fmt: skip
IMPORTS = (ast.Import, ast.ImportFrom)
SLOW = ("lifelines", "scipy.stats", "scipy.optimize")


def imported(path: Path) -> set[str]:
    names: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
        if isinstance(node, ast.Import):
            names |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom):
            names.add(node.module or "")
    return names


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_module_imports_only_what_its_layer_may(path: Path) -> None:
    names = imported(path)
    assert {name.split(".")[0] for name in names} <= ALLOWED | STANDARD
    own = {name for name in names if name.startswith("analysis_lib")}
    assert all(name.startswith("analysis_lib.stats.") or name.endswith(".errors") for name in own)


def test_results_cannot_be_changed() -> None:
    for result, field in ((clopper_pearson(1, 2), "count"), (kaplan_meier([1.0], [True]), "n")):
        with pytest.raises(FrozenInstanceError):
            setattr(result, field, 3)


@pytest.mark.parametrize("path", MODULES, ids=lambda path: path.stem)
def test_what_takes_long_to_import_is_imported_where_it_is_called(path: Path) -> None:
    top = [x for x in ast.parse(path.read_text(encoding="utf-8")).body if isinstance(x, IMPORTS)]
    names = {alias.name for node in top if isinstance(node, ast.Import) for alias in node.names}
    names |= {node.module or "" for node in top if isinstance(node, ast.ImportFrom)}
    assert not {name for name in names if name.startswith(SLOW)}
