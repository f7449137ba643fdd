"""The numbers that an article prints, as typed claims with the key of the results table.

The claims file is UTF-8 CSV, one printed number a line; a number printed in several places has
several lines that share a key. Its columns:

claim_id : unique name of the line.
section : chapter of the report; `context` (other studies) and `design` (rules and dates) are
    kept for the record and never compared: their key is empty and the note says what they are.
analysis ... statistic : the eight parts of the key, in the words of `analyses.vocabulary`. The
    population is the one that reproduces the number, even where the sentence names another; a
    P value is keyed to what the test compares, so a factor's to the factor and not to a level.
value : as printed, so 54 for 54% where the results hold 0.54; a date as ISO text.
comparator : how the number is printed: `=`, `<`, `<=`, `>`, `>=`, or `~` for "about".
printed_decimals : decimals of the printed value.
unit : of the value as printed; `%` stands for a proportion of the results times 100.
base, denominator : the patients behind the number and how many they are, if known.
denominator_source : `printed`, `derived` (the only fit, or required by the printed P), `assumed`
    (one reading of several), `unknown`, or empty.
p_scope : what the sentence attaches a P value to; `as printed` where that is what is tested.
source, note : the place in the article; what a reader must know.
"""

from __future__ import annotations

import csv
import math
from pathlib import Path

from analysis_lib.analyses.results import Key
from analysis_lib.claims.claim import COLUMNS, KEY_COLUMNS, Claim
from analysis_lib.claims.rules import line_findings
from analysis_lib.errors import ClaimsError


def read_claims(path: Path) -> tuple[Claim, ...]:
    """Read and check a claims file, in the order of its lines.

    Raises
    ------
    ClaimsError
        The file cannot be read or lacks a column, or lines break rules: all of them at once.
    """
    lines = _read_lines(path)
    findings = [
        f"{path.name} line {number} ({line['claim_id'] or 'no claim_id'}): {text}"
        for number, line in enumerate(lines, start=2)
        for text in line_findings(line)
    ]
    findings += _repeated(path, lines)
    if findings:
        raise ClaimsError("claims: " + "\n".join(findings))
    return tuple(_claim(line) for line in lines)


def _read_lines(path: Path) -> list[dict[str, str]]:
    try:
        with path.open(encoding="utf-8-sig", newline="") as handle:
            reader = csv.DictReader(handle, restval="")
            header = tuple(reader.fieldnames or ())
            lines = list(reader)
    except OSError as error:
        raise ClaimsError(
            f"claims: {path.name} cannot be read ({error.strerror}); give a readable CSV file"
        ) from error
    except UnicodeDecodeError as error:
        raise ClaimsError(f"claims: {path.name} is not UTF-8; save it as UTF-8") from error
    missing = [column for column in COLUMNS if column not in header]
    if missing:
        raise ClaimsError(
            f"claims: column {missing[0]!r} is missing from {path.name}; "
            f"its header must be {','.join(COLUMNS)}"
        )
    return [{column: line[column].strip() for column in COLUMNS} for line in lines]


def _repeated(path: Path, lines: list[dict[str, str]]) -> list[str]:
    names = [line["claim_id"] for line in lines]
    return [
        f"{path.name}: claim_id must be unique, but {name!r} stands in {names.count(name)} lines; "
        "rename all but one"
        for name in dict.fromkeys(names)
        if name and names.count(name) > 1
    ]


def _claim(line: dict[str, str]) -> Claim:
    months, denominator = line["time_months"], line["denominator"]
    parts = {column: line[column] for column in KEY_COLUMNS if column != "time_months"}
    return Claim(
        claim_id=line["claim_id"],
        section=line["section"],
        key=Key(**parts, time_months=float(months) if months else None),
        printed=line["value"],
        value=math.nan if line["unit"] == "date" else float(line["value"]),
        comparator=line["comparator"],
        decimals=int(line["printed_decimals"]),
        unit=line["unit"],
        base=line["base"],
        denominator=int(denominator) if denominator else None,
        denominator_source=line["denominator_source"],
        p_scope=line["p_scope"],
        source=line["source"],
        note=line["note"],
    )
