from __future__ import annotations

import re
import shutil
import subprocess
import sys

import nbformat


def nbval(path, cwd):
    command = [sys.executable, "-m", "pytest", "--nbval", "-q", "-p", "no:cacheprovider",
               "-c", str(cwd / "pyproject.toml"), "--rootdir", str(cwd), str(path)]  # fmt: skip
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


def test_one_changed_number_in_a_stored_table_fails(root, tmp_path):
    for name in ("data", "pyproject.toml", "_quarto.yml"):
        source = root / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    copy = tmp_path / "notebooks" / "04_response.ipynb"
    copy.parent.mkdir()
    notebook = nbformat.read(root / "notebooks" / "04_response.ipynb", as_version=4)
    nbformat.write(notebook, copy)
    assert nbval(copy, tmp_path).returncode == 0

    tables = [o for c in notebook.cells for o in c.get("outputs", []) if "text/html" in o.data]
    html = tables[0].data["text/html"]
    number = re.search(r">(\d+)/", html)
    tables[0].data["text/html"] = (
        html[: number.start(1)] + str(int(number[1]) + 1) + html[number.end(1) :]
    )
    nbformat.write(notebook, copy)
    changed = nbval(copy, tmp_path)
    assert changed.returncode == 1
    assert changed.stdout.count("FAILED notebooks/04_response.ipynb") == 1
