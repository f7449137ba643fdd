"""The cell of a chapter holds the parameters that the chapter reads, and takes any other."""

from __future__ import annotations

import sys
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import fields, replace
from functools import wraps
from importlib import import_module
from pathlib import Path
from typing import Any
from unittest.mock import patch

import pytest
from notebook_run import chapter_name, chapter_scripts, run_notebooks

from analysis_lib.parameters.definitions import Parameters, definitions
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.publish.pairs import named_parameters, read_script
from analysis_lib.results.rows import Results
from analysis_lib.results.store import FOLDER_VARIABLE
from analysis_lib.study.study import Study, make_study, open_study

FEW = {"bootstrap_resamples": 10, "imputations": 2}
# Whatever makes a study again or every result at once reads all parameters, whoever asks for it.
THE_WHOLE = (
    "analysis_lib.topics.effect.numbers.make_study",
    "analysis_lib.article.comparison.published._departures",
)
ROOT = Path(__file__).resolve().parents[2]


class Recorded(Parameters):
    """Parameters that note which of them are read, but not those that are only copied."""

    read: set[str] = set()  # noqa: RUF012
    listens = True

    def __getattribute__(self, name: str) -> Any:
        copied = sys._getframe(1).f_globals["__name__"] == "dataclasses"
        if Recorded.listens and not copied and name in definitions():
            Recorded.read.add(name)
        return super().__getattribute__(name)


def recorded(parameters: Parameters) -> Recorded:
    return Recorded(**{x.name: getattr(parameters, x.name) for x in fields(parameters)})


def unheard(function: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(function)
    def call(*given: Any, **named: Any) -> Any:
        before, Recorded.listens = Recorded.listens, False
        try:
            return function(*given, **named)
        finally:
            Recorded.listens = before

    return call


@contextmanager
def the_whole_unheard(every: Callable[[], Results]) -> Iterator[None]:
    """`every` gives all results, of a study with other repeats, which no chapter reads there."""
    with ExitStack() as stack:
        of_published = "analysis_lib.article.comparison.published.all_results"
        stack.enter_context(patch(of_published, lambda _: every()))
        for place in THE_WHOLE:
            module, _, name = place.rpartition(".")
            heard = getattr(import_module(module), name)
            stack.enter_context(patch.object(import_module(module), name, unheard(heard)))
        yield


@pytest.fixture(scope="module")
def opening(root: Path) -> set[str]:
    """What is read to open a study: it stands in a cell where the chapter is about it."""
    Recorded.read.clear()
    make_study(recorded(Parameters()), root=root)
    return {*Recorded.read, "title"}


def reads(root: Path, study: Study, script: Path, every: Callable[[], Results]) -> set[str]:
    """What a chapter reads where nothing has been computed or kept for another one."""
    Recorded.read.clear()
    of_chapter = replace(study, parameters=recorded(study.parameters))
    with the_whole_unheard(every):
        assert list(run_notebooks(root, of_chapter, chapters=(chapter_name(script),)))
    return set(Recorded.read)


@pytest.mark.parametrize("script", chapter_scripts(ROOT), ids=chapter_name)
def test_a_chapter_names_what_it_reads(
    root: Path,
    study_of: Callable[..., Study],
    results_of: Callable[[Study], Results],
    opening: set[str],
    script: Path,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv(FOLDER_VARIABLE, str(tmp_path))
    read = reads(root, study_of(**FEW), script, lambda: results_of(study_of()))
    named = set(named_parameters(script))
    assert read <= named, f"read and not named: {sorted(read - named)}"
    assert named - read <= opening, f"named and not read: {sorted(named - read - opening)}"


def test_the_appendix_names_every_parameter(root: Path) -> None:
    (script,) = chapter_scripts(root, ("appendix",))
    assert named_parameters(script) == tuple(definitions())


@pytest.mark.parametrize("script", chapter_scripts(ROOT), ids=chapter_name)
@pytest.mark.parametrize(
    "given",
    [
        {},
        {"cohort": "other.csv"},
        {"cohort": "other.xlsx", "minimum_followup_days": 90},
        {"cohort": "other.csv", "preset": "aldoss_2024"},
        {"exposure": "prior_hct"},
    ],
    ids=str,
)
def test_a_chapter_alone_makes_the_choices_that_a_build_makes(
    script: Path, given: dict[str, Any], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Those of the article for its own cohort alone, however the chapter is run."""
    monkeypatch.setattr("analysis_lib.study.study.make_study", lambda parameters, root: parameters)
    namespace: dict[str, Any] = {}
    exec(read_script(script).cells[1].source, namespace)
    assert open_study({**namespace, **given}) == parse_parameters(given)
