"""Notebooks are run by papermill, in kernels of this interpreter."""

from __future__ import annotations

import subprocess
import sys
import time
from pathlib import Path
from types import SimpleNamespace

import nbformat
import pytest
from nbformat import NotebookNode

from analysis_lib.errors import BuildError, SourceError
from analysis_lib.publish.execute import execute_notebooks

PARAMETERS = "landmarks: list = [6, 12]  # months\nexposure: str = 'a'"


def notebook(book: SimpleNamespace, *sources: str) -> NotebookNode:
    """A notebook with a parameters cell and further code cells."""
    cells = [book.code(source) for source in (PARAMETERS, *sources)]
    cells[0].metadata["tags"] = ["parameters"]
    return book.chapter("# Chapter", *cells)


def write(folder: Path, **notebooks: NotebookNode) -> tuple[Path, ...]:
    """Write notebooks; `_02_x` becomes 02_x.ipynb."""
    paths = []
    for name, content in notebooks.items():
        path = folder / f"{name.lstrip('_')}.ipynb"
        nbformat.write(content, path)
        paths.append(path)
    return tuple(paths)


def test_no_grammar_of_addresses_is_compiled_to_read_a_notebook() -> None:
    """Which takes a second, in every process, where JupyterLab is installed."""
    code = "import sys, analysis_lib.publish.execute; print('lark' in sys.modules)"
    run = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    assert run.stdout == "False\n"


def outputs(executed: NotebookNode) -> list[str]:
    """The plain text of all results."""
    return [
        output["data"]["text/plain"]
        for cell in executed.cells
        for output in cell.get("outputs", [])
        if "data" in output
    ]


@pytest.fixture(scope="module")
def shadowing_kernelspec(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A Jupyter folder whose kernelspec python3 starts no Python at all."""
    folder = tmp_path_factory.mktemp("jupyter")
    spec = folder / "kernels" / "python3"
    spec.mkdir(parents=True)
    (spec / "kernel.json").write_text(
        '{"argv": ["/bin/false", "{connection_file}"], "display_name": "x", "language": "python"}'
    )
    return folder


def test_parameters_and_interpreter_reach_every_notebook(
    book: SimpleNamespace,
    tmp_path: Path,
    shadowing_kernelspec: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("JUPYTER_PATH", str(shadowing_kernelspec))
    show = "import sys, os\n(landmarks, exposure, sys.executable == exe, os.getcwd() == here)"
    code = f"exe, here = {sys.executable!r}, {str(tmp_path.resolve())!r}"
    one, two = notebook(book, code, show), notebook(book, code, show)
    steps: list[tuple[str, int, int]] = []
    executed = execute_notebooks(
        write(tmp_path, _01_a=one, _02_b=two),
        parameters={"landmarks": [3, 9], "exposure": "b"},
        folder=tmp_path.resolve(),
        jobs=2,
        progress=lambda stage, done, total, seconds: steps.append((stage, done, total)),
    )
    assert [run.name for run in executed] == ["01_a", "02_b"]
    for run in executed:
        assert outputs(run.notebook) == ["([3, 9], 'b', True, True)"]
    assert steps == [("execute", 1, 2), ("execute", 2, 2)]


def test_result_has_no_timings_tool_metadata_or_machine_paths(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    source = (
        "import os, sys, warnings\nprint(os.getcwd() + '/x.csv', sys.prefix)\n"
        "warnings.warn('careful')"
    )
    content = notebook(book, source)
    runs = execute_notebooks(
        write(tmp_path, _01_a=content, _01_b=content),
        parameters={"exposure": "b"},
        folder=tmp_path.resolve(),
    )
    first, second = (nbformat.writes(run.notebook) for run in runs)
    assert first == second
    assert str(tmp_path) not in first
    assert sys.prefix not in first
    assert "papermill" not in first
    assert "iopub" not in first
    assert "./x.csv <python>" in first
    assert runs[0].messages[0] == "01_a: <cell>:3: UserWarning: careful"


def test_refused_input_surfaces_as_the_users_own_error(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    refuse = "from analysis_lib.errors import SourceError\nraise SourceError('age must be >= 18')"
    with pytest.raises(SourceError, match=r"^age must be >= 18$") as caught:
        execute_notebooks(
            write(tmp_path, _01_a=notebook(book, refuse)), parameters={}, folder=tmp_path
        )
    assert caught.value.exit_code == 2


def test_notebooks_that_wait_for_their_turn_do_not_keep_a_failed_run(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    waiting = {f"_0{i}_x": notebook(book, "import time\ntime.sleep(120)") for i in range(2, 6)}
    start = time.monotonic()
    with pytest.raises(BuildError, match=r"01_a\.ipynb, cell 3 failed: ZeroDivisionError"):
        execute_notebooks(
            write(tmp_path, _01_a=notebook(book, "1 / 0"), **waiting),
            parameters={},
            folder=tmp_path,
            jobs=2,
        )
    assert time.monotonic() - start < 60


def test_failing_cell_is_named_and_ends_the_other_kernels(
    book: SimpleNamespace, tmp_path: Path
) -> None:
    slow = notebook(book, "import time\ntime.sleep(120)")
    start = time.monotonic()
    named = r"02_b\.ipynb, cell 3 failed: ZeroDivisionError"
    with pytest.raises(BuildError, match=named) as caught:
        execute_notebooks(
            write(tmp_path, _01_a=slow, _02_b=notebook(book, "1 / 0")),
            parameters={},
            folder=tmp_path,
            jobs=2,
        )
    assert caught.value.exit_code == 3
    assert "1 / 0" in str(caught.value)
    assert time.monotonic() - start < 60
