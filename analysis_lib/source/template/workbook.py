"""The empty extract as an Excel workbook, with a list to choose from wherever there are levels."""

from __future__ import annotations

import io
from collections.abc import Sequence
from typing import TYPE_CHECKING

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.source.reading.excel import PATIENTS_SHEET

if TYPE_CHECKING:
    from openpyxl.worksheet.worksheet import Worksheet

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
