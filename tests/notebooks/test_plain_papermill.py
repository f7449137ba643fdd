from __future__ import annotations

import re
import shutil
import subprocess
import sys

import nbformat

from analysis_lib.publish.pairs import named_parameters

# A module run as a program, but for a grammar of addresses that takes a second to be compiled.
RUN = """
import runpy, sys
sys.modules["rfc3987_syntax"] = None
runpy.run_module(sys.argv.pop(1), run_name="__main__", alter_sys=True)
"""


def papermill(root, out, *options, chapter="05_survival"):
    command = [sys.executable, "-c", RUN, "papermill", f"notebooks/{chapter}.ipynb", str(out),
               "-k", "python3", "--no-progress-bar", *options]  # fmt: skip
    return subprocess.run(command, cwd=root, capture_output=True, text=True, timeout=300)


def sentences(path):
    return "".join(
        output.data.get("text/markdown", "")
        for cell in nbformat.read(path, as_version=4).cells
        for output in cell.get("outputs", [])
        if "data" in output
    )


def test_papermill_alone_takes_a_list_as_text(root, tmp_path):
    out = tmp_path / "out.ipynb"
    done = papermill(root, out, "-p", "landmarks", "[3, 9]")
    assert done.returncode == 0, done.stderr
    text = sentences(out)
    assert "At 9 months" in text and "At 12 months" not in text
    assert ">3 months<" in out.read_text("utf-8")  # the head of the table


def test_papermill_alone_takes_a_parameter_that_the_cell_of_the_chapter_does_not_list(
    root, tmp_path
):
    assert "exposure" not in named_parameters(root / "notebooks" / "scripts" / "04_response.py")
    out = tmp_path / "out.ipynb"
    done = papermill(root, out, "-p", "exposure", "prior_hct", chapter="04_response")
    assert done.returncode == 0, done.stderr
    assert "without prior allogeneic HCT" in sentences(out)
    assert "without prior allogeneic HCT" not in sentences(root / "notebooks" / "04_response.ipynb")


def test_papermill_alone_takes_no_choice_of_the_article_for_another_cohort(root, tmp_path):
    other, out = tmp_path / "other.csv", tmp_path / "out.ipynb"
    shutil.copy(root / "data" / "cohort.csv", other)
    done = papermill(root, out, "-p", "cohort", str(other), chapter="02_cohort")
    assert done.returncode == 0, done.stderr
    ours, theirs = sentences(root / "notebooks" / "02_cohort.ipynb"), sentences(out)
    selects = "A minimum follow-up “or death” lets those treated late in only if they died"
    assert selects in ours and selects not in theirs


def test_papermill_alone_is_refused_an_unknown_parameter(root, tmp_path):
    done = papermill(root, tmp_path / "out.ipynb", "-p", "landmark", "3")
    assert done.returncode != 0
    assert "landmark: unknown parameter; did you mean 'landmarks'?" in done.stderr


def nbval(folder, cwd):
    command = [sys.executable, "-c", RUN, "pytest", "--nbval", "-q", "-p", "no:cacheprovider",
               "-c", str(cwd / "pyproject.toml"), "--rootdir", str(cwd), str(folder)]  # fmt: skip
    return subprocess.run(command, cwd=cwd, capture_output=True, text=True, timeout=300)


def test_one_changed_number_in_a_stored_table_fails(root, tmp_path):
    for name in ("data", "pyproject.toml", "_quarto.yml"):
        source = root / name
        (shutil.copytree if source.is_dir() else shutil.copy)(source, tmp_path / name)
    copy = tmp_path / "notebooks" / "04_response.ipynb"
    copy.parent.mkdir()
    notebook = nbformat.read(root / "notebooks" / "04_response.ipynb", as_version=4)
    nbformat.write(notebook, copy)

    tables = [o for c in notebook.cells for o in c.get("outputs", []) if "text/html" in o.data]
    html = tables[0].data["text/html"]
    number = re.search(r">(\d+)/", html)
    tables[0].data["text/html"] = (
        html[: number.start(1)] + str(int(number[1]) + 1) + html[number.end(1) :]
    )
    nbformat.write(notebook, copy.with_name("04_changed.ipynb"))
    both = nbval(copy.parent, tmp_path)
    assert both.returncode == 1
    assert re.findall(r"FAILED (\S+?)::", both.stdout) == ["notebooks/04_changed.ipynb"]
    assert "notebooks/04_response.ipynb" not in both.stdout.partition("short test summary")[2]
