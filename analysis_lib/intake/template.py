"""A folder to start an extract from: an empty sheet, the variables, an example."""

from __future__ import annotations

import hashlib
import io
import json
import os
import shutil
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import TYPE_CHECKING

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.errors import OutputError, SourceError
from analysis_lib.intake.mapping.schema import schema_text
from analysis_lib.intake.reading.excel import PATIENTS_SHEET

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

PATIENTS = 6


def example_patients(synthetic: pd.DataFrame, columns: Sequence[str]) -> pd.DataFrame:
    """Patients chosen one after another for the columns that those before them leave empty.

    Raises
    ------
    SourceError
        A row does not say that it is synthetic: no patient may become an example.
    """
    if (synthetic["data_origin"] != "synthetic").any():
        raise SourceError(
            "template: data_origin must be synthetic in every row the example is chosen from"
        )
    table = synthetic.reindex(columns=list(columns), fill_value="")
    filled = (table != "").to_numpy()
    chosen: list[int] = []
    covered = ~filled.any(axis=0)
    for _ in range(min(PATIENTS, len(table))):
        adds = (filled & ~covered).sum(axis=1)
        adds[chosen] = -1
        chosen.append(int(adds.argmax()))
        covered |= filled[chosen[-1]]
    return table.iloc[sorted(chosen)]


VARIABLES_SHEET = "Variables"
_LAST_ROW = 5000
_LONGEST_LIST = 255  # of Excel
_WIDEST = 60


def workbook_bytes(dictionary: Dictionary, variables: Sequence[Sequence[str]]) -> bytes:
    """A sheet for the patients, header only, and a sheet that explains its columns."""
    from openpyxl import Workbook

    workbook = Workbook()
    patients = workbook.active
    patients.title = PATIENTS_SHEET
    patients.append(dictionary.names("extract"))
    for number, variable in enumerate(dictionary.extract(), start=1):
        _prepare(patients, number, variable)
    patients.freeze_panes = "B2"
    explained = workbook.create_sheet(VARIABLES_SHEET)
    for row in variables:
        explained.append(list(row))
    _lay_out(explained)
    for sheet in (patients, explained):
        for cell in sheet[1]:
            cell.style = "Headline 4"
    stream = io.BytesIO()
    workbook.save(stream)
    return stream.getvalue()


def _prepare(sheet: Worksheet, number: int, variable: Variable) -> None:
    """Width, format of dates and texts, and the list of levels of one column."""
    from openpyxl.utils import get_column_letter

    letter = get_column_letter(number)
    dimension = sheet.column_dimensions[letter]
    dimension.width = max(12, len(variable.name) + 2)
    if variable.type == "date":
        dimension.number_format = "yyyy-mm-dd"
    elif variable.type in ("identifier", "code"):
        dimension.number_format = "@"
    if variable.levels and len(",".join(variable.levels)) + 2 <= _LONGEST_LIST:
        _offer_levels(sheet, letter, variable)


def _offer_levels(sheet: Worksheet, letter: str, variable: Variable) -> None:
    from openpyxl.worksheet.datavalidation import DataValidation

    choice = DataValidation(
        type="list",
        formula1=f'"{",".join(variable.levels)}"',
        allow_blank=True,
        showErrorMessage=True,
        errorTitle=variable.name,
        error="Choose one of the list, or leave it empty.",
    )
    choice.add(f"{letter}2:{letter}{_LAST_ROW}")
    sheet.add_data_validation(choice)


def _lay_out(sheet: Worksheet) -> None:
    from openpyxl.styles import Alignment
    from openpyxl.utils import get_column_letter

    for number, column in enumerate(sheet.columns, start=1):
        longest = max(len(str(cell.value or "")) for cell in column)
        sheet.column_dimensions[get_column_letter(number)].width = min(longest + 2, _WIDEST)
        for cell in column:
            cell.alignment = Alignment(wrap_text=True, vertical="top")
    sheet.freeze_panes = "B2"


VARIABLE_HEAD = (
    "variable",
    "label",
    "type",
    "unit",
    "levels",
    "required",
    "plausible from",
    "plausible to",
    "definition",
)
_REQUIRED = {"value": "in every patient", "column": "column", "optional": ""}


def template_files(dictionary: Dictionary, synthetic: pd.DataFrame) -> dict[str, bytes]:
    """The content of every file of a template, by name.

    Parameters
    ----------
    synthetic
        A text table of openly synthetic patients, from which the example is chosen.
    """
    head = dictionary.names("extract")
    variables = [variable_cells(variable) for variable in dictionary.extract()]
    example = example_patients(synthetic, head)
    return {
        "README.txt": _text_of("readme.txt"),
        "extract.csv": _csv(pd.DataFrame(columns=list(head))),
        "extract.xlsx": workbook_bytes(dictionary, (VARIABLE_HEAD, *variables)),
        "variables.csv": _csv(pd.DataFrame(variables, columns=list(VARIABLE_HEAD))),
        "example.csv": _csv(example),
        "mapping.yaml": _text_of("mapping.yaml"),
        "mapping.schema.json": schema_text(dictionary).encode(),
    }


def variable_cells(variable: Variable) -> tuple[str, ...]:
    """One line of the sheet of variables."""
    levels = zip(variable.levels, variable.level_labels, strict=True)
    return (
        variable.name,
        variable.label,
        variable.type,
        variable.unit,
        "; ".join(f"{level} = {label}" for level, label in levels),
        _REQUIRED[variable.required],
        variable.plausible_min,
        variable.plausible_max,
        variable.definition,
    )


def _csv(table: pd.DataFrame) -> bytes:
    """UTF-8 with a byte order mark, by which spreadsheets know it."""
    return table.to_csv(index=False, lineterminator="\r\n").encode("utf-8-sig")


def _text_of(name: str) -> bytes:
    return (Path(__file__).parent / "template_files" / name).read_bytes()


MARKER = ".cart-report-template.json"


def write_template(files: Mapping[str, bytes], folder: Path) -> None:
    """Write the files beside the folder, then rename; an earlier template as it was is replaced.

    Raises
    ------
    OutputError
        The folder holds anything else, lies in no folder, or cannot be written.
    """
    target = folder.resolve()
    _check_target(target, folder)
    try:
        staging = Path(tempfile.mkdtemp(prefix=".cart-report-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror})") from None
    try:
        _replace(_written(files, staging / "template"), target, staging / "previous")
    except OSError as error:
        raise OutputError(f"{folder}: cannot be written ({error.strerror})") from None
    finally:
        shutil.rmtree(staging, ignore_errors=True)


def _written(files: Mapping[str, bytes], folder: Path) -> Path:
    folder.mkdir()
    for name, content in files.items():
        (folder / name).write_bytes(content)
    digests = {name: _digest(content) for name, content in files.items()}
    (folder / MARKER).write_text(json.dumps(digests, indent=2) + "\n", encoding="utf-8")
    return folder


def _replace(finished: Path, target: Path, previous: Path) -> None:
    if not target.exists():
        os.rename(finished, target)
        return
    os.rename(target, previous)
    try:
        os.rename(finished, target)
    except BaseException:
        os.rename(previous, target)
        raise


def _check_target(target: Path, named: Path) -> None:
    if not target.parent.is_dir():
        raise OutputError(f"{named}: the folder around it does not exist; make it first")
    if not target.exists():
        return
    if not target.is_dir():
        raise OutputError(f"{named}: must be a folder, but is a file; name another place")
    changed = _not_as_written(target)
    if changed:
        raise OutputError(
            f"{named}: holds {changed[0]!r}, which is not as a template was written; "
            "name a new or an empty folder"
        )


def _not_as_written(folder: Path) -> list[str]:
    """What stands in the folder beside the unchanged files of an earlier template."""
    try:
        digests = json.loads((folder / MARKER).read_text(encoding="utf-8"))
    except (OSError, UnicodeDecodeError, json.JSONDecodeError):
        digests = {}
    known = digests if isinstance(digests, dict) else {}
    present = [path for path in sorted(folder.iterdir()) if not (known and path.name == MARKER)]
    return [path.name for path in present if not _is_as_written(path, known.get(path.name))]


def _is_as_written(path: Path, digest: object) -> bool:
    return path.is_file() and _digest(path.read_bytes()) == digest


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
