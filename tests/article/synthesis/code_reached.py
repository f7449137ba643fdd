"""The code that a function reaches, wherever it stands: its definitions without their places.

Moving a definition to another module, a comment, a docstring or a line break changes nothing here.
"""

from __future__ import annotations

import ast
from collections.abc import Iterator
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

Place = tuple[str, str]  # a module and a name in it


@dataclass(frozen=True)
class Module:
    """What the names of a module stand for: its own statements, or a name of another module."""

    defined: dict[str, list[ast.stmt]] = field(default_factory=dict)
    imported: dict[str, Place] = field(default_factory=dict)


class Package:
    """The modules of a package, read and not run."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self._modules: dict[str, Module] = {}

    def reached_from(self, *starts: Place) -> list[str]:
        """Every definition that those of `starts` name, and those name in turn, as sorted text."""
        ahead, seen, texts = list(starts), set(starts), set()
        while ahead:
            module, name = ahead.pop()
            known = self.read(module)
            if name not in known.defined and name not in known.imported:
                raise KeyError(f"{module} neither defines nor imports {name}")
            statements = known.defined.get(name, [])
            texts |= {repr(_plain(statement)) for statement in statements}
            named = [x for statement in statements for x in self._named_in(module, statement)]
            if not statements:
                named = [known.imported[name]]
            ahead += [place for place in dict.fromkeys(named) if place not in seen]
            seen.update(named)
        return sorted(texts)

    @cached_property
    def paths(self) -> dict[str, Path]:
        """The file of every module, by its dotted name."""
        found = {}
        for path in self.folder.rglob("*.py"):
            parts = path.relative_to(self.folder.parent).with_suffix("").parts
            found[".".join(parts[:-1] if parts[-1] == "__init__" else parts)] = path
        return found

    def read(self, name: str) -> Module:
        if name not in self._modules:
            self._modules[name] = self._parse(self.paths[name])
        return self._modules[name]

    def _parse(self, path: Path) -> Module:
        module, tree = Module(), ast.parse(path.read_text(encoding="utf-8"))
        for node in ast.walk(tree):
            if isinstance(node, ast.ImportFrom) and node.module in self.paths:
                for alias in node.names:
                    inner = f"{node.module}.{alias.name}"
                    place = (inner, "") if inner in self.paths else (node.module, alias.name)
                    module.imported[alias.asname or alias.name] = place
        for statement in tree.body:
            for name in _bound_by(statement):
                module.defined.setdefault(name, []).append(statement)
        return module

    def _named_in(self, place: str, statement: ast.stmt) -> Iterator[Place]:
        """What a statement names of the package, `constants.FIRST` of a module `constants` too."""
        module = self.read(place)
        for node in ast.walk(statement):
            if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
                target, name = module.imported.get(node.value.id, ("", ""))
                if target and not name:
                    yield (target, node.attr)
            elif isinstance(node, ast.Name):
                if node.id in module.defined:
                    yield (place, node.id)
                elif module.imported.get(node.id, ("", ""))[1]:
                    yield module.imported[node.id]


def _bound_by(statement: ast.stmt) -> set[str]:
    if isinstance(statement, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef):
        return {statement.name}
    stored = (x for x in ast.walk(statement) if isinstance(x, ast.Name))
    return {x.id for x in stored if isinstance(x.ctx, ast.Store)}


def _plain(node: Any) -> Any:
    """A tree without docstrings, imports, and the empty fields that differ between Pythons."""
    if isinstance(node, list):
        return [_plain(one) for one in node if not _says_nothing(one)]
    if not isinstance(node, ast.AST):
        return node
    fields = [(name, value) for name, value in ast.iter_fields(node) if name not in ("ctx", "kind")]
    filled = [(name, _plain(value)) for name, value in fields if value not in (None, [])]
    return (type(node).__name__, *filled)


def _says_nothing(node: Any) -> bool:
    if isinstance(node, ast.Import | ast.ImportFrom):
        return True
    return (
        isinstance(node, ast.Expr)
        and isinstance(node.value, ast.Constant)
        and isinstance(node.value.value, str)
    )
