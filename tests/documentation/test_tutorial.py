"""The tutorial, followed word for word: its quick commands are run and its outputs compared."""

from __future__ import annotations

import argparse
import os
import re
import shlex
import subprocess
from dataclasses import dataclass
from pathlib import Path

import pytest
from fences import blocks_of

from analysis_lib.command_line.given import add_parameter_options, given_parameters
from analysis_lib.study.study import make_study

# They build a report or install the project: minutes, and other tests hold them.
SLOW = "takes minutes"
# Their numbers are computed in other tests: here only whether their parameters are accepted.
ACCEPTED = "takes seconds"


@dataclass(frozen=True)
class Step:
    """Commands of the tutorial, why they are not run, and the output that it shows under them."""

    commands: str
    reason: str
    shown: str | None


@pytest.fixture(scope="module")
def steps(root: Path) -> list[Step]:
    blocks = list(blocks_of(root / "docs" / "tutorial.md", root))
    after = [*(x.text if x.language == "text" else None for x in blocks[1:]), None]
    return [
        Step(block.text, block.reason(), shown)
        for block, shown in zip(blocks, after, strict=True)
        if block.language == "sh"
    ]


@pytest.fixture(scope="module")
def outputs(steps: list[Step], clone: Path) -> dict[Step, subprocess.CompletedProcess[str]]:
    """What each quick step prints, one after another."""
    environment = {name: x for name, x in os.environ.items() if name != "COLUMNS"}
    return {
        step: subprocess.run(
            ["sh", "-c", step.commands], cwd=clone, env=environment, capture_output=True, text=True
        )
        for step in steps
        if not step.reason
    }


def test_the_tutorial_runs_all_but_what_takes_minutes(steps, outputs):
    slow = [step for step in steps if step.reason == SLOW]
    accepted = [step for step in steps if step.reason == ACCEPTED]
    assert (len(slow), len(accepted)) == (3, 2)
    assert len(steps) == len(outputs) + len(slow) + len(accepted)
    assert len(outputs) == 11
    for command in ("template", "map", "validate", "results"):
        assert any(f"cart-report {command} " in step.commands for step in outputs)


def test_every_output_that_the_tutorial_shows_is_what_comes(outputs):
    shown = {step: run for step, run in outputs.items() if step.shown is not None}
    assert len(shown) == 6
    for step, run in shown.items():
        # On a screen the messages of standard error follow what a command prints.
        assert run.stdout + run.stderr == step.shown, step.commands


def test_commands_end_as_the_tutorial_says(outputs):
    refused = ("validate ours/registry.csv", "-p exposure prior_blinatumumab")
    for step, run in outputs.items():
        expected = 2 if any(part in step.commands for part in refused) else 0
        assert run.returncode == expected, step.commands + run.stderr


@pytest.mark.usefixtures("outputs")
def test_parameters_of_the_longer_steps_are_accepted(steps, clone, monkeypatch):
    monkeypatch.chdir(clone)
    chosen = []
    for step in steps:
        if step.reason == ACCEPTED:
            _, _, *typed = shlex.split(step.commands.replace("\\\n", " "))
            chosen.append(make_study(given_parameters(_results_call(typed)), root=clone))
    subgroup, myeloma = chosen
    assert set(subgroup.patients["disease_subtype"]) == {"ph_negative"}
    assert subgroup.parameters.time_zero == "apheresis_date"
    assert myeloma.groups.variable == "prior_bcma"


def _results_call(typed: list[str]) -> argparse.Namespace:
    parser = argparse.ArgumentParser()
    add_parameter_options(parser)
    parser.add_argument("--out")
    return parser.parse_args(typed)


def test_no_output_shows_what_is_in_the_column_of_surnames(root, outputs):
    text = (root / "data" / "examples" / "registry" / "make.py").read_text(encoding="utf-8")
    surnames = re.search(r"SURNAMES = \((.*?)\)", text).group(1).replace('"', "").split(", ")
    assert len(surnames) == 8
    printed = [
        run.stdout + run.stderr for step, run in outputs.items() if "head -n" not in step.commands
    ]
    assert not any(name in text for name in surnames for text in printed)
