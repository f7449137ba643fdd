"""The record of a long search holds while nothing that the search reaches has changed."""

from __future__ import annotations

from pathlib import Path

import pytest
from code_reached import Package

SEARCH = '''"""The search."""

from made_up import goals
from made_up.moves import move


def search():
    """Look for it."""
    return [move(x) for x in goals.FAR]


def unrelated():
    return 1
'''
GOALS = "FAR: tuple = (1, 2)\nNEAR = (3,)\n"
MOVES = "from made_up.steps import STEP\n\n\ndef move(x):\n    return x + STEP\n"
FILES = {"search": SEARCH, "goals": GOALS, "moves": MOVES, "steps": "STEP = 1\n", "__init__": ""}


def reached(folder: Path, **changed: str) -> list[str]:
    package = folder / "made_up"
    package.mkdir(exist_ok=True)
    for name, text in {**FILES, **changed}.items():
        (package / f"{name}.py").write_text(text)
    return Package(package).reached_from(("made_up.search", "search"))


@pytest.mark.parametrize(
    "changed",
    [
        {"steps": "STEP = 2\n"},
        {"goals": GOALS.replace("2", "4")},
        {"moves": MOVES.replace("+", "-")},
        {"moves": MOVES.replace("import STEP", "import OTHER as STEP"), "steps": "OTHER = 2\n"},
        {"search": SEARCH.replace("[move", "[-move")},
    ],
)
def test_a_change_of_what_is_reached_is_seen(tmp_path: Path, changed: dict[str, str]) -> None:
    assert reached(tmp_path) != reached(tmp_path, **changed)


@pytest.mark.parametrize(
    "changed",
    [
        {"search": SEARCH.replace("return 1", "return 2")},
        {
            "search": SEARCH.replace("Look for it.", "Search.").replace(
                "    return [", "    return  [ "
            )
        },
        {"goals": GOALS.replace("3", "4")},
        {"steps": "# One at a time.\nSTEP = 1  # a month\n"},
        {"moves": MOVES.replace("from made_up.steps import STEP", "STEP = 1")},
        {"moves": MOVES.replace("made_up.steps", "made_up.far"), "far": "STEP = 1\n"},
        {"moves": "from made_up.goals import move\n", "goals": GOALS + MOVES},
    ],
)
def test_a_move_a_comment_or_other_code_is_not(tmp_path: Path, changed: dict[str, str]) -> None:
    assert reached(tmp_path) == reached(tmp_path, **changed)


def test_a_name_that_stands_nowhere_is_refused(tmp_path: Path) -> None:
    with pytest.raises(KeyError, match="neither defines nor imports STEP"):
        reached(tmp_path, steps="")
