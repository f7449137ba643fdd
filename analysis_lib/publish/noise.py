"""What differs from run to run leaves an executed notebook: timings, tool metadata, folders."""

from __future__ import annotations

import copy
import os
import re
import sys
from pathlib import Path

from nbformat import NotebookNode

from analysis_lib.publish.warm import PACKAGE_PARENT

NOISY_METADATA = ("papermill", "execution")
# The file ipykernel pretends a cell came from; it holds the number of the process.
_CELL_FILE = re.compile(r"[^\s\"']*ipykernel_\d+[/\\]\d+\.py")


def strip_noise(notebook: NotebookNode, *, folders: dict[Path, str]) -> NotebookNode:
    """A copy without timings, tool metadata and machine paths.

    `folders` maps a folder to the text that stands for it in outputs.
    """
    clean = copy.deepcopy(notebook)
    kernelspec = {"display_name": "Python 3", "language": "python", "name": "python3"}
    clean.metadata = NotebookNode({"kernelspec": NotebookNode(kernelspec)})
    for number, cell in enumerate(clean.cells):
        for key in NOISY_METADATA:
            cell.metadata.pop(key, None)
        if not cell.metadata.get("tags"):
            cell.metadata.pop("tags", None)  # papermill gives every cell an empty list
        if "injected-parameters" in cell.metadata.get("tags", []):
            cell["id"] = f"injected-parameters-{number}"  # papermill draws a random one
        for output in cell.get("outputs", []):
            _scrub_output(output, folders)
    return clean


def standard_error(notebook: NotebookNode) -> list[str]:
    """The non-empty lines a notebook wrote to standard error."""
    texts = [
        output.text
        for cell in notebook.cells
        for output in cell.get("outputs", [])
        if output.output_type == "stream" and output.name == "stderr"
    ]
    return [line for text in texts for line in text.splitlines() if line.strip()]


def _scrub_output(output: NotebookNode, folders: dict[Path, str]) -> None:
    if "text" in output:
        output["text"] = _scrub(output["text"], folders)
    for mime, value in output.get("data", {}).items():
        if isinstance(value, str) and not mime.startswith("image/png"):
            output["data"][mime] = _scrub(value, folders)


def _scrub(text: str, folders: dict[Path, str]) -> str:
    known = {
        **folders,
        PACKAGE_PARENT: "<package>",
        Path(sys.prefix): "<python>",
        Path(sys.base_prefix): "<python>",
        Path.home(): "~",
    }
    if "ipykernel_" in text:  # to look for it everywhere takes most of the time
        text = _CELL_FILE.sub("<cell>", text)
    # Longest first: a folder inside another must be named by the inner one.
    for folder in sorted(known, key=lambda path: -len(str(path))):
        if len(folder.parts) > 1:
            text = text.replace(str(folder) + os.sep, known[folder] + "/")
            text = text.replace(str(folder), known[folder])
    return text
