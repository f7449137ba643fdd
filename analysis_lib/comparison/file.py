"""The comparison as CSV: one line per printed claim, repeats and out-of-scope ones included."""

from __future__ import annotations

import csv
import io
import math

from analysis_lib.claims.claim import KEY_COLUMNS
from analysis_lib.comparison.compared import Compared, Comparison
from analysis_lib.comparison.words import ClaimWords
from analysis_lib.comparison.written import computed_text
from analysis_lib.dictionary import Dictionary
from analysis_lib.writing import csv_cell

COLUMNS = (
    "claim_id", "section", "source", "what", *KEY_COLUMNS, "comparator", "printed", "unit",
    "computed", "computed_as_printed", "difference", "last_digits", "status", "conflict",
    "repeats",
)  # fmt: skip


def comparison_csv(comparison: Comparison, dictionary: Dictionary) -> str:
    """Every claim with the number computed; `repeats` names the claim that counts for it."""
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, COLUMNS, lineterminator="\n")
    writer.writeheader()
    words = ClaimWords(dictionary)
    for compared in comparison.claims:
        for line in _lines(compared, words):
            writer.writerow({name: csv_cell(value) for name, value in line.items()})
    return buffer.getvalue()


def _lines(compared: Compared, words: ClaimWords) -> list[dict[str, object]]:
    shown = not math.isnan(compared.computed)
    common = {
        "computed": repr(float(compared.computed)) if shown else "",
        "computed_as_printed": computed_text(compared) if shown else "",
        "difference": repr(float(compared.difference)) if shown else "",
        "last_digits": repr(float(compared.last_digits)) if shown else "",
        "status": compared.status,
        "conflict": compared.finding.explanation if compared.finding else "",
    }
    return [
        {
            "claim_id": claim.claim_id,
            "section": claim.section,
            "source": claim.source,
            "what": words.label(claim) if claim.in_scope else claim.note,
            **claim.key._asdict(),
            "comparator": claim.comparator,
            "printed": claim.printed,
            "unit": claim.unit,
            **common,
            "repeats": "" if claim is compared.claim else compared.claim.claim_id,
        }
        for claim in compared.printings
    ]
