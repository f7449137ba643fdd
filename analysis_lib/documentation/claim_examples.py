"""Worked examples of claims and of refused lines, from one fictitious article."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from analysis_lib.claims.columns import COLUMNS
from analysis_lib.claims.rules import line_findings

EXAMPLE_FILE = "tests/data/example_claims.csv"


@dataclass(frozen=True)
class Example:
    """What an article prints, the lines that record it, and why they read so."""

    title: str
    printed: str
    lines: tuple[str, ...]
    reasons: tuple[str, ...]


EXAMPLES = (
    Example(
        "A count with its percent",
        "Table 1, columns “Prior blinatumomab (N = 50)” and “None (N = 70)”, row “Female”: 22 (44)",
        (
            "t1_female_yes_n,table1,baseline_by_exposure,,infused[prior_blinatumomab=yes],sex,"
            "female,,,count,22,=,0,patients,infused,50,printed,,Table 1,",
            "t1_female_yes_pct,table1,baseline_by_exposure,,infused[prior_blinatumomab=yes],sex,"
            "female,,,proportion,44,=,0,%,infused,50,printed,,Table 1,",
        ),
        (
            "Two numbers, two lines. They share the whole key but `statistic`, so that the audit "
            "finds the count of a percent by itself.",
            "The column is the group in `population`; the row is `variable` and `level`.",
            "The head of the column prints N, so the source of the denominator is `printed`. A "
            "percent without a count or N, as in a sentence, has one that is `derived` or "
            "`assumed`.",
        ),
    ),
    Example(
        "The P value of a factor",
        "“Ph+ disease was as frequent with as without prior blinatumomab (40% v 26%; P = .25)”",
        (
            "text_ph_p,table1,baseline_by_exposure,,infused,disease_subtype,,yes_vs_no,,p_value,"
            '0.25,=,2,,infused,,,Ph+,"Results, paragraph 2","tests the subtype in three levels, '
            'as in Table 1; Ph+ alone would give .10"',
        ),
        (
            "The key says what reproduces the number: the test of the factor `disease_subtype` in "
            "three levels. So `level` is empty, although the sentence speaks of one level.",
            "`p_scope` holds what the sentence attaches the P value to; the audit tells both "
            "readings apart.",
            "`population` is that of both groups together, `contrast` names them.",
        ),
    ),
    Example(
        "A Kaplan-Meier estimate with its interval",
        "“12-month PFS was 45% (95% CI, 30-59) after prior blinatumomab”",
        (
            "pfs12_yes,survival,survival_by_exposure,pfs,infused[prior_blinatumomab=yes],,,,12,"
            'survival,45,=,0,%,infused,50,assumed,,"Results, paragraph 4",',
            "pfs12_yes_low,survival,survival_by_exposure,pfs,infused[prior_blinatumomab=yes],,,,12,"
            'survival_ci_low,30,=,0,%,infused,50,assumed,,"Results, paragraph 4",',
            "pfs12_yes_high,survival,survival_by_exposure,pfs,infused[prior_blinatumomab=yes],,,,"
            '12,survival_ci_high,59,=,0,%,infused,50,assumed,,"Results, paragraph 4",',
        ),
        (
            "Three lines that differ in `statistic` alone; the 12 months are part of the key.",
            "The sentence does not say how many patients the curve rests on; that it is all 50 is "
            "`assumed`.",
            "The 95% is a line of section `design`.",
        ),
    ),
)

# What the mistake is, and the cells that differ from a line which is read.
MISTAKES = (
    ("a sign in the value", {"value": "44%"}),
    ("a zero dropped by a spreadsheet", {"value": "4.5", "printed_decimals": "2"}),
    ("a typographic sign", {"comparator": "≤"}),
    ("a misspelt word", {"analysis": "baseline_by_exposur"}),
    ("a percent above 100", {"value": "144"}),
    ("a fraction of a patient", {"statistic": "count", "value": "22.5", "printed_decimals": "1"}),
    ("more patients than there are", {"statistic": "count", "value": "51"}),
    ("a denominator out of the blue", {"denominator_source": ""}),
    ("two bases", {"base": "responders"}),
    ("a P value above 1", {"statistic": "p_value", "level": "", "unit": "", "value": "25"}),
    ("a P value keyed to a level", {"statistic": "p_value", "unit": "", "value": "1"}),
)


def refused_lines() -> Iterator[tuple[str, str]]:
    """Each mistake with what the reader says of it."""
    _, percent = EXAMPLES[0].lines
    cells = dict(zip(COLUMNS, next(csv.reader(StringIO(percent))), strict=True))
    for name, change in MISTAKES:
        yield name, "; ".join(line_findings({**cells, **change}))
