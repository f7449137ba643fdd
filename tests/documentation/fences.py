"""The fenced blocks of the documentation, with what the start of their fence says of them."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

_FENCE = re.compile(r"^```(?P<info>[^\n]*)\n(?P<text>.*?)^```$", re.MULTILINE | re.DOTALL)
NOT_RUN, EXCERPT = "not run: ", "excerpt: "


@dataclass(frozen=True)
class Block:
    """A block of a page: ```` ```sh not run: needs R ```` has the language sh and that mark."""

    page: str
    line: int
    language: str
    mark: str
    text: str

    @property
    def is_run(self) -> bool:
        return self.language in ("sh", "python") and not self.mark

    def reason(self) -> str:
        """Why it is not run, empty where it is or is no code."""
        return self.mark.removeprefix(NOT_RUN) if self.mark.startswith(NOT_RUN) else ""

    def source(self) -> str:
        """The file that it quotes, empty where it quotes none."""
        return self.mark.removeprefix(EXCERPT) if self.mark.startswith(EXCERPT) else ""

    def commands(self) -> list[str]:
        """The calls of cart-report, each on one line."""
        lines = self.text.replace("\\\n", " ").splitlines()
        return [line for line in lines if line.startswith(".venv/bin/cart-report ")]


def blocks_of(path: Path, root: Path) -> Iterator[Block]:
    text = path.read_text(encoding="utf-8")
    page = path.relative_to(root).as_posix()
    found = list(_FENCE.finditer(text))
    assert text.count("```") == 2 * len(found), f"{page}: a fence is indented or not closed"
    for one in found:
        language, _, mark = one["info"].partition(" ")
        line = text.count("\n", 0, one.start()) + 1
        yield Block(page, line, language, mark, one["text"])
