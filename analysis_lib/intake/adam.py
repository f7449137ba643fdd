"""CDISC ADaM: the times of ADTTE, one row each, as columns beside the patients of ADSL.

CDISC ADaM Basic Data Structure for Time-to-Event Analyses 1.0 (2012): AVAL is the time, AVALU its
unit, CNSR is 0 for an event and any other number for a censored time.
"""

from __future__ import annotations

from pathlib import Path

import pandas as pd

from analysis_lib.errors import SourceError
from analysis_lib.intake.mapping.days import in_days
from analysis_lib.intake.mapping.document import NUMBER, plain_number
from analysis_lib.intake.mapping.numbers import DAYS_IN
from analysis_lib.intake.reading.read import read_table
from analysis_lib.intake.reading.rows import first_few

_NEEDED = ("USUBJID", "PARAMCD", "AVAL", "CNSR")


def with_times(adsl: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The patients with `OS_DAYS`, `OS_EVENT` (1 or 0) and `OS_EVNTDESC` for a PARAMCD of OS.

    A patient without a row of a PARAMCD has blanks in its columns.

    Raises
    ------
    SourceError
        A column is missing, a time or flag is no number, a unit is unknown, a patient is not in
        ADSL or has a PARAMCD twice.
    """
    adtte = read_table(path)
    _check_columns(adsl, adtte, path)
    _check_rows(adsl, adtte, path)
    unit = adtte["AVALU"] if "AVALU" in adtte else pd.Series("", index=adtte.index)
    adtte = adtte.assign(
        DAYS=[in_days(x, _unit(y)) for x, y in zip(adtte["AVAL"], unit, strict=True)],
        EVENT=adtte["CNSR"].map(lambda text: text and ("1" if float(text) == 0 else "0")),
    )
    added = {}
    for code, rows in adtte.groupby("PARAMCD", sort=True):
        of_patient = rows.set_index("USUBJID")
        for name in ("DAYS", "EVENT", "EVNTDESC"):
            if name in of_patient:
                added[f"{code}_{name}"] = adsl["USUBJID"].map(of_patient[name]).fillna("")
    taken = [name for name in added if name in adsl]
    if taken:
        raise SourceError(f"{path.name}: {taken[0]} is a column of ADSL already; rename it there")
    return adsl.assign(**added)


def refuse_adtte(extract: pd.DataFrame, path: Path) -> None:
    """Raise where an extract is ADTTE itself, which has a row for each endpoint of a patient.

    Raises
    ------
    SourceError
        It has the columns of ADTTE.
    """
    if set(_NEEDED) <= set(extract.columns):
        raise SourceError(
            f"{path.name}: is ADTTE, a row for each PARAMCD of a patient; give ADSL as the extract "
            "and name this file by --adtte, or as adtte in the mapping"
        )


def _check_columns(adsl: pd.DataFrame, adtte: pd.DataFrame, path: Path) -> None:
    absent = [name for name in _NEEDED if name not in adtte]
    if absent:
        raise SourceError(f"{path.name}: has no column {', '.join(absent)}; bring ADTTE as it is")
    if "USUBJID" not in adsl:
        raise SourceError(f"{path.name}: the extract has no column USUBJID; bring ADSL as it is")


def _check_rows(adsl: pd.DataFrame, adtte: pd.DataFrame, path: Path) -> None:
    wrong = {
        "name a patient whom ADSL does not have": ~adtte["USUBJID"].isin(adsl["USUBJID"]),
        "give a patient a PARAMCD twice": adtte.duplicated(["USUBJID", "PARAMCD"]),
        "have no PARAMCD": adtte["PARAMCD"] == "",
    }
    for name in ("AVAL", "CNSR"):
        numbers = adtte[name].map(lambda text: not text or NUMBER.fullmatch(text) is not None)
        wrong[f"hold no number in {name}"] = ~numbers.astype(bool)
    if "AVALU" in adtte:
        known = adtte["AVALU"].map(lambda text: _unit(text) in DAYS_IN)
        wrong[f"have another AVALU than {', '.join(DAYS_IN)}"] = ~known.astype(bool)
    said = [
        f"row {first_few(adtte.index[rows].tolist(), ' rows')} {what}"
        for what, rows in wrong.items()
        if rows.any()
    ]
    if said:
        raise SourceError(f"{path.name}: {'; '.join(said)}; mend these rows")


def _unit(text: str) -> str:
    """A unit of CDISC, such as DAYS or MONTH, as ours; days where none is given."""
    plain = plain_number(text).casefold() or "days"
    return plain if plain.endswith("s") else f"{plain}s"
