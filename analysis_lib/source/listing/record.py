"""Findings as JSON."""

from __future__ import annotations

import json
from dataclasses import asdict

from analysis_lib.source.listing.grouped import Validation


def listing_json(validation: Validation) -> str:
    """Counts, notes and every finding with all its parts."""
    record = {
        "extract": validation.name,
        "patients": validation.patients,
        "columns": validation.columns,
        "errors": len(validation.errors),
        "warnings": len(validation.warnings),
        "notes": list(validation.notes),
        "findings": [asdict(finding) for finding in validation.findings],
    }
    return json.dumps(record, ensure_ascii=False, indent=2) + "\n"
