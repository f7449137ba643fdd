"""The numbers that an article prints, as typed claims with the key of the results table.

The claims file is UTF-8 CSV, one printed number a line; a number printed in several places has
several lines that share a key. `columns` says what each column holds.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from pathlib import Path

from analysis_lib.analyses.results import Key
from analysis_lib.claims.claim import KEY_COLUMNS, Claim
from analysis_lib.claims.lines import Line, read_lines
from analysis_lib.claims.rules import line_findings
from analysis_lib.errors import ClaimsError


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
