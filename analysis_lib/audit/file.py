"""The findings of an audit as CSV and as JSON text."""

from __future__ import annotations

import csv
import io
import json

from analysis_lib.audit.finding import VERDICTS, Audit, Finding
from analysis_lib.writing import csv_cell

COLUMNS = ("rule", "subject", "verdict", "explanation", "consequence", "claims")


def audit_csv(audit: Audit) -> str:
    """One line per finding in the audit's order; claims separated by spaces."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\n")
    writer.writerow(COLUMNS)
    for finding in audit.findings:
        row = _fields(finding)
        cells = [*(row[name] for name in COLUMNS[:-1]), " ".join(finding.claims)]
        writer.writerow(csv_cell(cell) for cell in cells)
    return buffer.getvalue()


def audit_json(audit: Audit) -> str:
    """The number of findings of each verdict, then every finding."""
    counts = {verdict: len(audit.of_verdict(verdict)) for verdict in VERDICTS}
    document = {"counts": counts, "findings": [_fields(finding) for finding in audit.findings]}
    return json.dumps(document, indent=1, ensure_ascii=False) + "\n"


def _fields(finding: Finding) -> dict[str, object]:
    return {
        "rule": finding.rule,
        "subject": finding.subject,
        "verdict": finding.verdict,
        "explanation": finding.explanation,
        "consequence": finding.consequence,
        "claims": list(finding.claims),
    }
