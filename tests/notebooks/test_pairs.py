from __future__ import annotations

import ast
import re
import shutil

import jupytext
import nbformat
import pytest
from jupytext.cli import jupytext as run_jupytext

from analysis_lib.errors import ParameterError
from analysis_lib.publish.pairs import (
    SOURCES,
    check_pairs,
    named_parameters,
    parameters_cell,
    read_script,
)

COMMENTS = """# copy of the table
# ls is the landmark
# why?
# %matplotlib inline
table = [1]  # cat
table"""


@pytest.fixture
def jupytext_at(monkeypatch, capsys):
    """What the command prints, typed in a folder."""

    def run(folder, *arguments):
        monkeypatch.chdir(folder)
        run_jupytext(arguments)  # `--paired-paths` ends with 1 whatever it finds.
        return capsys.readouterr().out.split()

    return run


@pytest.fixture
def copied(root, tmp_path):
    folder = tmp_path / "notebooks"
    shutil.copytree(root / "notebooks", folder)
    return folder


def test_the_committed_pairs_agree(root):
    assert check_pairs(root / "notebooks") == ()


def test_a_changed_script_is_noticed(copied):
    script = copied / "scripts" / "03_toxicity.py"
    script.write_text(script.read_text().replace("## Early deaths", "## Deaths"))
    assert check_pairs(copied) == (
        "03_toxicity: the .py and the .ipynb differ; run make notebooks",
    )


def test_an_old_parameters_cell_is_noticed(copied):
    script = copied / "scripts" / "05_survival.py"
    line = parameters_cell(["landmarks"])
    assert line in script.read_text()
    script.write_text(script.read_text().replace(line, "landmarks: list = [6]  # months\n"))
    assert "05_survival.py: the parameters cell is out of date" in check_pairs(copied)[0]


def test_a_cell_of_names_is_written_in_the_order_of_the_definitions(copied):
    script = copied / "scripts" / "04_response.py"
    line = parameters_cell(["confidence_level"])
    script.write_text(script.read_text().replace(line, "seed\nconfidence_level\n"))
    assert named_parameters(script) == ("seed", "confidence_level", "small_cell")
    assert parameters_cell(named_parameters(script)).splitlines() == [
        "confidence_level: float = 0.95  # level of all intervals",
        "small_cell: int = 0  # counts from 1 to below this are suppressed, "
        "11 recommended for release [patients]",
        "seed: int = 20231030  # seed of every random number",
    ]


def test_what_depends_on_the_cohort_is_not_set_in_a_cell():
    assert parameters_cell(["preset", "minimum_followup_days"]).splitlines() == [
        "preset: str | None = None  # where choices that are not made come from: aldoss_2024 for "
        "the embedded cohort, neutral for any other; None: decided from the cohort",
        "minimum_followup_days: int | None = None  # shortest follow-up of the living, any where 0 "
        "[days]; None: that of the preset, 90 (aldoss_2024), 0 (neutral)",
    ]


def test_a_cell_that_names_no_parameter_is_refused(copied):
    script = copied / "scripts" / "05_survival.py"
    script.write_text(script.read_text().replace("landmarks: list", "landmark: list"))
    with pytest.raises(ParameterError, match=r"landmark: unknown parameter in 05_survival\.py"):
        check_pairs(copied)


def test_a_file_without_its_partner_is_noticed(copied):
    (copied / "scripts" / "04_response.py").unlink()
    assert check_pairs(copied) == (
        "04_response: only one file of the pair exists; run make notebooks",
    )


@pytest.mark.parametrize("suffix", [*SOURCES, ".R"])
def test_a_file_that_quarto_would_take_for_the_source_is_noticed(copied, suffix):
    sibling = copied / f"03_toxicity{suffix}"
    sibling.write_text("")
    assert check_pairs(copied) == (
        f"{sibling.name}: Quarto would take it for the source of 03_toxicity.ipynb and drop the "
        "chapter; move it to notebooks/scripts/",
    )


def test_no_chapter_has_a_sibling_of_its_name(root):
    chapters = {path.stem for path in (root / "notebooks").glob("[0-9]*.ipynb")}
    files = [path for path in (root / "notebooks").iterdir() if path.suffix != ".ipynb"]
    assert len(chapters) > 5
    assert [path.name for path in files if path.stem in chapters] == []


def test_jupytext_finds_either_half_of_a_pair_from_the_other(root, jupytext_at):
    ours, theirs = "notebooks/02_cohort.ipynb", "notebooks/scripts/02_cohort.py"
    assert jupytext_at(root, "--paired-paths", ours) == [theirs]
    assert jupytext_at(root, "--paired-paths", theirs) == [ours]


def test_comments_that_begin_like_commands_stay_comments(copied):
    script = copied / "scripts" / "03_toxicity.py"
    script.write_text(f"{script.read_text()}\n# %%\n{COMMENTS}\n")
    notebook = read_script(script)
    assert notebook.cells[-1].source == COMMENTS
    assert COMMENTS in jupytext.writes(notebook, fmt={"extension": ".py", "comment_magics": False})


def test_comments_stay_comments_for_people_who_type_jupytext(copied, root, jupytext_at):
    shutil.copy(root / "pyproject.toml", copied.parent)
    script = copied / "scripts" / "03_toxicity.py"
    script.write_text(f"{script.read_text()}\n# %%\n{COMMENTS}\n")
    jupytext_at(copied.parent, "--sync", "notebooks/scripts/03_toxicity.py")
    assert nbformat.read(copied / "03_toxicity.ipynb", as_version=4).cells[-1].source == COMMENTS
    assert COMMENTS in script.read_text()
    assert not (copied / "03_toxicity.py").exists()


def test_every_output_has_a_caption_and_every_figure_an_alternative_text(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            mimes = {m for o in cell.get("outputs", []) for m in o.get("data", {})}
            if "image/svg+xml" in mimes:
                assert "#| label: fig-" in cell.source and "#| fig-cap:" in cell.source
                assert "#| fig-alt:" in cell.source
            if "text/html" in mimes:
                assert "#| label: tbl-" in cell.source and "#| tbl-cap:" in cell.source


def test_no_section_begins_with_a_figure_or_a_table(root):
    """Which may find its place on another page: its heading would stand there alone."""
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        heading = ""
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "markdown":
                last = cell.source.rstrip().splitlines()[-1]
                heading = last if last.startswith("#") else ""
            elif cell.get("outputs"):
                assert not heading or "#| label:" not in cell.source, f"{path.name}: {heading}"
                heading = ""


def test_a_chapter_is_short_and_begins_with_its_question(root, study):
    """Its title and question come before its parameters, its limits last but in two chapters."""
    ends = {}
    for path in sorted((root / "notebooks" / "scripts").glob("*.py")):
        assert len(path.read_text(encoding="utf-8").splitlines()) <= 200, path.name
        cells = read_script(path).cells
        title, _, question = cells[0].source.partition("\n\n")
        question = question.replace("{{< var question >}}", study.question)
        assert title.startswith("# ") and "?" in question, path.name
        assert cells[1].metadata.get("tags") == ["parameters"], path.name
        computed = ".words_on_limits(study" in cells[-1].source
        last = cells[-2].source if computed else cells[-1].source
        ends[path.stem.partition("_")[2]] = f"{last}\n".startswith("## Limits\n")
    assert [name for name, with_limits in ends.items() if not with_limits] == [
        "summary",
        "appendix",
    ]


def test_no_line_begins_like_a_numbered_example(root):
    """pandoc takes "@sec-x." at the beginning of a line in a list for the number of an example."""
    for path in sorted((root / "notebooks" / "scripts").glob("*.py")):
        assert not re.findall(r"^# +@[\w-]+\.(?: |$)", path.read_text("utf-8"), re.M), path.name


def test_no_name_of_a_chapter_hides_a_topic(root):
    for path in sorted((root / "notebooks" / "scripts").glob("*.py")):
        tree = ast.parse(path.read_text(encoding="utf-8"))
        imported = [x for x in ast.walk(tree) if isinstance(x, ast.ImportFrom)]
        topics = {alias.name for node in imported for alias in node.names}
        names = [x for x in ast.walk(tree) if isinstance(x, ast.Name)]
        assert not topics & {x.id for x in names if isinstance(x.ctx, ast.Store)}, path.name


def test_the_notebooks_hold_calls_and_no_programs(root):
    for path in sorted((root / "notebooks" / "scripts").glob("*.py")):
        for line in path.read_text(encoding="utf-8").splitlines():
            assert not line.lstrip().startswith(("def ", "class ", "while ", "for ", "if "))


def test_every_stored_output_is_whole_and_quiet(root):
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            if cell.cell_type == "code":
                assert cell.execution_count is not None
                assert {o.output_type for o in cell.outputs} <= {"execute_result", "display_data"}


def test_no_table_has_a_numeric_font_weight(root):
    """Quarto moves the styles of a table to Typst, a weight of 600 as text, which Typst refuses."""
    weights = []
    for path in sorted((root / "notebooks").glob("*.ipynb")):
        for cell in nbformat.read(path, as_version=4).cells:
            for output in cell.get("outputs", []):
                page = output.get("data", {}).get("text/html", "")
                weights += re.findall(r"font-weight\s*:\s*([\w.]+)|font\s*:\s*(\d+)\s", page)
    named = {weight for weight, _ in weights}
    assert "bold" in named and named <= {"bold", "normal", "initial"}
