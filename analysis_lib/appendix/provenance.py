"""What the report was made from, and how to make exactly this report again."""

from __future__ import annotations

import hashlib

import yaml

from analysis_lib.appendix.markdown_table import MarkdownTable
from analysis_lib.cohort import Study
from analysis_lib.narrative.prose import Prose, escape, paragraph
from analysis_lib.parameters import defaults, definitions

INPUTS = ("cohort", "dictionary", "mapping", "claims")


def describe_provenance() -> Prose:
    """How to rerun, and what tells whether the rerun had the same inputs."""
    return paragraph(
        "The report's folder holds `parameters.yaml`, with every parameter, and `manifest.json`, "
        "with the checksums of inputs and outputs, the versions of the software, and the commit. "
        "With the same inputs, `cart-report build -f parameters.yaml --cohort FILE` makes exactly "
        "this report again, and the checksums below tell whether the inputs are the same.",
    )


def table_inputs(study: Study) -> MarkdownTable:
    """The SHA-256 of every file that was read."""
    given = [(name, getattr(study.parameters, name)) for name in INPUTS]
    lines = tuple(
        (name, f"`{hashlib.sha256((study.root / value).read_bytes()).hexdigest()}`")
        for name, value in given
        if value
    )
    return MarkdownTable(("Input", "SHA-256"), lines, (1, 5))


def table_parameters(study: Study) -> MarkdownTable:
    """Every parameter with its value; changed ones are marked."""
    default = defaults()
    lines = tuple(
        (
            f"`{name}`",
            _as_text(getattr(study.parameters, name)),
            "" if getattr(study.parameters, name) == default[name] else "changed",
            escape(definition.help),
        )
        for name, definition in definitions().items()
        if name not in INPUTS
    )
    return MarkdownTable(
        ("Parameter", "Value", "Against default", "Meaning"), lines, (2, 3, 0.9, 3.1)
    )


def _as_text(value: object) -> str:
    """The value as a YAML file would hold it."""
    text = yaml.safe_dump(value, default_flow_style=True, allow_unicode=True, width=10_000)
    return escape(text.removesuffix("\n").removesuffix("\n...").strip())
