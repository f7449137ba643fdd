"""The numbers that an article prints, as typed claims with the key of the results table."""

from __future__ import annotations

import csv
import math
from collections.abc import Sequence
from dataclasses import dataclass
from io import StringIO
from pathlib import Path

from analysis_lib.article.claims.claim import COLUMNS, KEY_COLUMNS, Claim
from analysis_lib.article.claims.rules import line_findings
from analysis_lib.errors import ClaimsError
from analysis_lib.results.rows import Key

_OTHER_SEPARATORS = {";": "semicolons", "\t": "tabs", "|": "bars"}


@dataclass(frozen=True)
class Line:
    """A line that is not blank: where it ends in the file, and its cells by column."""

    number: int
    cells: dict[str, str]


def read_lines(path: Path) -> tuple[Line, ...]:
    """The lines below the header, stripped; blank ones are left out.

    Raises
    ------
    ClaimsError
        The file cannot be read, is not UTF-8 or not CSV, or its header or the number of cells of
        a line is not that of a claims file.
    """
    text = _read_text(path)
    reader = csv.reader(StringIO(text, newline=""), strict=True)
    try:
        rows = [(reader.line_num, [cell.strip() for cell in row]) for row in reader]
    except csv.Error as error:
        raise ClaimsError(
            f"claims: {path.name} line {reader.line_num} is not CSV ({error}); "
            "close every quoted text and double the quotes inside it"
        ) from error
    filled = [(number, row) for number, row in rows if any(row)]
    if not filled:
        raise ClaimsError(f"claims: {path.name} is empty; its first line must be {_header()}")
    (_, header), *rest = filled
    _check_header(path, header)
    if not rest:
        raise ClaimsError(f"claims: {path.name} has a header and no claim; add one line per number")
    _check_widths(path, rest, len(header))
    return tuple(Line(number, dict(zip(header, row, strict=True))) for number, row in rest)


def _read_text(path: Path) -> str:
    try:
        content = path.read_bytes()
    except OSError as error:
        raise ClaimsError(
            f"claims: {path.name} cannot be read ({error.strerror}); give a readable CSV file"
        ) from error
    try:
        return content.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        number = content.count(b"\n", 0, error.start) + 1
        raise ClaimsError(
            f"claims: {path.name} is not UTF-8 (line {number}); save it as UTF-8"
        ) from error


def _check_header(path: Path, header: list[str]) -> None:
    for separator, name in _OTHER_SEPARATORS.items():
        if len(header) == 1 and separator in header[0]:
            raise ClaimsError(
                f"claims: {path.name} is separated by {name}; save it separated by commas"
            )
    for column in COLUMNS:
        if column not in header:
            raise ClaimsError(
                f"claims: column {column!r} is missing from {path.name}; "
                f"its header must be {_header()}"
            )
    for column in header:
        if column not in COLUMNS:
            raise ClaimsError(
                f"claims: column {column!r} of {path.name} is not known; remove it, and put what "
                "a reader must know into note"
            )
        if header.count(column) > 1:
            raise ClaimsError(
                f"claims: column {column!r} stands twice in {path.name}; remove one of the two"
            )


def _check_widths(path: Path, rows: list[tuple[int, list[str]]], width: int) -> None:
    wrong = [
        f"{path.name} line {number} must have {width} cells, as the header has, but has "
        f"{len(row)}; quote a text that holds a comma, and write a comma for every empty cell"
        for number, row in rows
        if len(row) != width
    ]
    if wrong:
        raise ClaimsError("claims: " + "\n".join(wrong))


def _header() -> str:
    return ",".join(COLUMNS)


def read_claims(path: Path) -> tuple[Claim, ...]:
    """Read and check a claims file, in the order of its lines.

    Raises
    ------
    ClaimsError
        The file is not a claims file, or lines break rules: all of them at once.
    """
    lines = read_lines(path)
    findings = [
        f"{path.name} line {line.number} ({line.cells['claim_id'] or 'no claim_id'}): {text}"
        for line in lines
        for text in line_findings(line.cells)
    ]
    _refuse(findings + _repeated(path, lines))
    claims = tuple(_claim(line.cells) for line in lines)
    _refuse(_in_two_sections(path, claims))
    return claims


def _refuse(findings: Sequence[str]) -> None:
    if findings:
        raise ClaimsError("claims: " + "\n".join(findings))


def _repeated(path: Path, lines: Sequence[Line]) -> list[str]:
    found: dict[str, list[str]] = {}
    for line in lines:
        found.setdefault(line.cells["claim_id"], []).append(str(line.number))
    return [
        f"{path.name}: claim_id must be unique, but {name!r} stands in lines "
        f"{', '.join(numbers)}; rename all but one"
        for name, numbers in found.items()
        if name and len(numbers) > 1
    ]


def _in_two_sections(path: Path, claims: Sequence[Claim]) -> list[str]:
    """A number that is scored in two sections would count in both."""
    first: dict[Key, Claim] = {}
    for claim in claims:
        if claim.in_scope:
            first.setdefault(claim.key, claim)
    return [
        f"{path.name} ({claim.claim_id}): section must be the same for one key, "
        f"{first[claim.key].section!r} as in {first[claim.key].claim_id}, but is "
        f"{claim.section!r}; correct the section or the key"
        for claim in claims
        if claim.in_scope and claim.section != first[claim.key].section
    ]


def _claim(cells: dict[str, str]) -> Claim:
    months, denominator = cells["time_months"], cells["denominator"]
    parts = {column: cells[column] for column in KEY_COLUMNS if column != "time_months"}
    return Claim(
        claim_id=cells["claim_id"],
        section=cells["section"],
        key=Key(**parts, time_months=float(months) if months else None),
        printed=cells["value"],
        value=math.nan if cells["unit"] == "date" else float(cells["value"]),
        comparator=cells["comparator"],
        decimals=int(cells["printed_decimals"]),
        unit=cells["unit"],
        base=cells["base"],
        denominator=int(denominator) if denominator else None,
        denominator_source=cells["denominator_source"],
        p_scope=cells["p_scope"],
        source=cells["source"],
        note=cells["note"],
    )
