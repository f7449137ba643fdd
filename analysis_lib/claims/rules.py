"""The rules that every line of a claims file keeps."""

from __future__ import annotations

import datetime as dt
import re

from analysis_lib.analyses.vocabulary import ANALYSES, STATISTICS
from analysis_lib.claims.claim import KEY_COLUMNS, OUT_OF_SCOPE

COMPARATORS = ("=", "<", "<=", ">", ">=", "~")
DENOMINATOR_SOURCES = ("", "printed", "derived", "assumed", "unknown")
_NUMBER = re.compile(r"-?\d+(\.(?P<decimals>\d+))?")
_WHOLE = re.compile(r"\d+")


def line_findings(line: dict[str, str]) -> list[str]:
    """Every rule that a line breaks, with the value and the remedy."""
    found = [
        f"{column} must not be empty; fill it in"
        for column in ("claim_id", "section")
        if not line[column]
    ]
    found += _key_findings(line)
    found += _value_findings(line)
    for column, allowed in (
        ("comparator", COMPARATORS),
        ("denominator_source", DENOMINATOR_SOURCES),
    ):
        if line[column] not in allowed:
            words = ", ".join(word or "empty" for word in allowed)
            found.append(f"{column} must be one of {words}, but is {line[column]!r}")
    if line["denominator"] and not _WHOLE.fullmatch(line["denominator"]):
        found.append(
            f"denominator must be a whole number, but is {line['denominator']!r}; "
            "leave it empty if unknown"
        )
    return found


def _key_findings(line: dict[str, str]) -> list[str]:
    if line["section"] in OUT_OF_SCOPE:
        return [
            f"{column} must be empty in section {line['section']!r}, but is {line[column]!r}"
            for column in KEY_COLUMNS
            if line[column]
        ]
    found = [
        f"{column} must be a word of the results' vocabulary, but is {line[column]!r}"
        for column, words in (("analysis", ANALYSES), ("statistic", STATISTICS))
        if line[column] not in words
    ]
    months = line["time_months"]
    if months and not _NUMBER.fullmatch(months):
        found.append(f"time_months must be a number of months or empty, but is {months!r}")
    return found


def _value_findings(line: dict[str, str]) -> list[str]:
    value, decimals = line["value"], line["printed_decimals"]
    if not _WHOLE.fullmatch(decimals):
        return [f"printed_decimals must be a whole number from 0 on, but is {decimals!r}"]
    if line["unit"] == "date" and line["section"] in OUT_OF_SCOPE:
        return [] if _is_date(value) else [f"value must be an ISO date, but is {value!r}"]
    number = _NUMBER.fullmatch(value)
    if number is None:
        return [f"value must be a number as printed, but is {value!r}; drop signs and spaces"]
    written = len(number["decimals"] or "")
    if written != int(decimals):
        return [
            f"value must be written with its {decimals} printed decimals, but is {value!r}; "
            "restore zeros that a spreadsheet dropped"
        ]
    return []


def _is_date(text: str) -> bool:
    """An ISO date, or the year and month of one."""
    try:
        dt.date.fromisoformat(text if len(text) > len("2021-10") else f"{text}-01")
    except ValueError:
        return False
    return True
