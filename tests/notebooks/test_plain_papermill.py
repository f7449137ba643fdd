from __future__ import annotations

import subprocess
import sys

import nbformat


def papermill(root, out, *options):
    command = [sys.executable, "-m", "papermill", "notebooks/05_survival.ipynb", str(out),
               "-k", "python3", "--no-progress-bar", *options]  # fmt: skip
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)


def test_papermill_alone_takes_a_list_as_text(root, tmp_path):
    out = tmp_path / "out.ipynb"
    done = papermill(root, out, "-p", "landmarks", "[3, 9]")
    assert done.returncode == 0, done.stderr
    text = "".join(
        output.data.get("text/markdown", "")
        for cell in nbformat.read(out, as_version=4).cells
        for output in cell.get("outputs", [])
        if "data" in output
    )
    assert "At 3 months" in text and "At 9 months" in text and "At 6 months" not in text


def test_papermill_alone_is_refused_an_unknown_parameter(root, tmp_path):
    done = papermill(root, tmp_path / "out.ipynb", "-p", "landmark", "3")
    assert done.returncode != 0
    assert "landmark: unknown parameter; did you mean 'landmarks'?" in done.stderr
