"""Check an extract against the dictionary: columns, values, ranges, and the order of dates."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

from analysis_lib.dictionary import Dictionary, Variable, nearest
from analysis_lib.source.findings import Finding

# Each earlier date must not lie after the later one, where both are given.
DATE_ORDER = (
    ("last_ino_preapheresis_date", "apheresis_date"),
    ("apheresis_date", "infusion_date"),
    ("apheresis_date", "last_ino_bridging_date"),
    ("last_ino_bridging_date", "infusion_date"),
    ("lymphodepletion_date", "infusion_date"),
    ("infusion_date", "crs_onset_date"),
    ("infusion_date", "icans_onset_date"),
    ("infusion_date", "response_date"),
    ("infusion_date", "consolidation_date"),
    ("infusion_date", "relapse_date"),
    ("infusion_date", "death_date"),
    ("infusion_date", "last_contact_date"),
    ("response_date", "relapse_date"),
    ("crs_onset_date", "last_contact_date"),
    ("icans_onset_date", "last_contact_date"),
    ("response_date", "last_contact_date"),
    ("consolidation_date", "last_contact_date"),
    ("relapse_date", "last_contact_date"),
    ("death_date", "last_contact_date"),
    ("relapse_date", "death_date"),
)


def check_extract(table: pd.DataFrame, dictionary: Dictionary) -> list[Finding]:
    """All findings of a text table (as `read_table` gives it), in file order within each rule."""
    columns = list(_check_columns(table, dictionary))
    if columns:
        return columns
    findings = list(_check_identifiers(table))
    typed = {}
    for variable in dictionary.extract():
        if variable.name in table.columns:
            findings += _check_values(table, variable)
            if variable.type == "date":
                typed[variable.name] = pd.to_datetime(
                    table[variable.name], format="%Y-%m-%d", errors="coerce"
                )
    return findings + list(_check_date_order(table, typed, dictionary))


def _check_columns(table: pd.DataFrame, dictionary: Dictionary) -> Iterator[Finding]:
    for variable in dictionary.extract():
        if variable.required in ("value", "column") and variable.name not in table.columns:
            unknown = [c for c in table.columns if c not in dictionary.names("extract")]
            yield Finding(
                0,
                "",
                variable.name,
                "",
                "is a required column and is missing",
                f"add it ({variable.definition}){nearest(variable.name, unknown)}",
            )


def _check_identifiers(table: pd.DataFrame) -> Iterator[Finding]:
    ids = table["patient_id"]
    for row in table.index[ids.duplicated(keep="first") & (ids != "")]:
        yield Finding(
            row, ids[row], "patient_id", ids[row], "must be unique", "keep one row per patient"
        )


def _check_values(table: pd.DataFrame, variable: Variable) -> Iterator[Finding]:
    text = table[variable.name]
    given = text != ""
    if variable.required == "value":
        for row in table.index[~given]:
            yield _finding(table, row, variable, "must not be empty", "fill it in")
    if variable.is_numeric:
        yield from _check_numbers(table, variable, text[given])
    elif variable.type == "date":
        yield from _check_dates(table, variable, text[given])
    elif variable.levels:
        for row in text.index[given & ~text.isin(variable.levels)]:
            hint = nearest(text[row], variable.levels)
            yield _finding(
                table,
                row,
                variable,
                f"must be one of {', '.join(variable.levels)} or empty",
                f"use one of these levels{hint}",
            )


def _check_numbers(table: pd.DataFrame, variable: Variable, text: pd.Series) -> Iterator[Finding]:
    numbers = pd.to_numeric(text, errors="coerce")
    kind = "a whole number" if variable.type == "integer" else "a number"
    wrong = numbers.isna() | numbers.isin([float("inf"), float("-inf")])
    if variable.type == "integer":
        wrong |= numbers % 1 != 0
    for row in text.index[wrong]:
        yield _finding(table, row, variable, f"must be {kind}", "write digits with a decimal point")
    low, high = _bounds(variable)
    for row in text.index[~wrong & ((numbers < low) | (numbers > high))]:
        yield _finding(
            table,
            row,
            variable,
            f"must lie between {variable.plausible_min} and {variable.plausible_max}"
            f" {variable.unit}",
            "check the value and its unit",
        )


def _bounds(variable: Variable) -> tuple[float, float]:
    return float(variable.plausible_min or "-inf"), float(variable.plausible_max or "inf")


def _check_dates(table: pd.DataFrame, variable: Variable, text: pd.Series) -> Iterator[Finding]:
    dates = pd.to_datetime(text, format="%Y-%m-%d", errors="coerce")
    for row in text.index[dates.isna()]:
        yield _finding(
            table, row, variable, "must be an ISO date", "write it as YYYY-MM-DD, like 2023-01-31"
        )
    low = pd.Timestamp(variable.plausible_min or pd.Timestamp.min)
    high = pd.Timestamp(variable.plausible_max or pd.Timestamp.max)
    for row in text.index[(dates < low) | (dates > high)]:
        yield _finding(
            table,
            row,
            variable,
            f"must lie between {low.date()} and {high.date()}",
            "check the year",
        )


def _check_date_order(
    table: pd.DataFrame, dates: dict[str, pd.Series], dictionary: Dictionary
) -> Iterator[Finding]:
    for earlier, later in DATE_ORDER:
        if earlier not in dates or later not in dates:
            continue
        for row in table.index[dates[earlier] > dates[later]]:
            yield _finding(
                table,
                row,
                dictionary[later],
                f"must not be before {earlier} {table.at[row, earlier]}",
                "check both dates",
            )


def _finding(table: pd.DataFrame, row: int, variable: Variable, rule: str, remedy: str) -> Finding:
    return Finding(
        row,
        str(table.at[row, "patient_id"]),
        variable.name,
        str(table.at[row, variable.name]),
        rule,
        remedy,
    )
