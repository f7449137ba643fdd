from __future__ import annotations

import shutil

import nbformat
import pytest

from analysis_lib.report.pairs import check_pairs, parameters_cell


@pytest.fixture
def copied(root, tmp_path):
    folder = tmp_path / "notebooks"
    shutil.copytree(root / "notebooks", folder)
    return folder


def test_the_committed_pairs_agree(root):
    assert check_pairs(root / "notebooks") == ()


def test_a_changed_script_is_noticed(copied):
    script = copied / "03_toxicity.py"
    script.write_text(script.read_text().replace("## Early deaths", "## Deaths"))
    assert check_pairs(copied) == (
        "03_toxicity: the .py and the .ipynb differ; run make notebooks",
    )


def test_an_old_parameters_cell_is_noticed(copied):
    script = copied / "03_toxicity.py"
    line = next(x for x in parameters_cell().splitlines() if x.startswith("landmarks"))
    assert line in script.read_text()
    script.write_text(script.read_text().replace(line, "landmarks: list = [6]  # months"))
    assert "03_toxicity.py: the parameters cell is out of date" in check_pairs(copied)[0]


def test_a_file_without_its_partner_is_noticed(copied):
    (copied / "04_response.py").unlink()
    assert check_pairs(copied) == (
        "04_response: only one file of the pair exists; run make notebooks",
    )


def test_every_output_has_a_caption_and_every_figure_an_alternative_text(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            mimes = {m for o in cell.get("outputs", []) for m in o.get("data", {})}
            if "image/svg+xml" in mimes:
                assert "#| label: fig-" in cell.source and "#| fig-cap:" in cell.source
                assert "#| fig-alt:" in cell.source
            if "text/html" in mimes:
                assert "#| label: tbl-" in cell.source and "#| tbl-cap:" in cell.source


def test_the_notebooks_hold_calls_and_no_programs(root):
    for path in sorted((root / "notebooks").glob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.lstrip().startswith(("def ", "class ", "while ", "for ", "if "))


def test_every_stored_output_is_whole_and_quiet(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert cell.execution_count is not None
                assert {o.output_type for o in cell.outputs} <= {"execute_result", "display_data"}
