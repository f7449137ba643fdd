"""The reference page of the claims file, with worked examples from one fictitious article."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass
from io import StringIO

from analysis_lib.article.claims.claim import (
    COLUMNS,
    COMPARATORS,
    DENOMINATOR_SOURCES,
    OUT_OF_SCOPE,
)
from analysis_lib.article.claims.rules import line_findings
from analysis_lib.publish.code_pages import page, table
from analysis_lib.results.rows import Key

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


INTRODUCTION = f"""\
A claims file holds every number that an article prints. It is UTF-8 CSV, separated by commas, with
one number a line; a number printed in several places has a line for each, with the same key. The
project's own is [`data/published.csv`](../../data/published.csv); a short complete one, of an
article that does not exist, is [`{EXAMPLE_FILE}`](../../{EXAMPLE_FILE}).

From such a file alone the program checks whether the numbers can be true together, and sets those
of a cohort beside them:

```
cart-report audit --claims FILE
cart-report compare -p claims FILE
cart-report build -p claims FILE
```

Record an article from its first sentence to its last, tables and legends included, numbers in
words too; then go through the article once more and tick off every digit in it. A number belongs
in the file even if no result can stand beside it: it comes out as not computable, by name.
"""
KEY = f"""\
The key is that of the [results table](results-table.md):
{", ".join(f"`{part}`" for part in Key._fields)}.
`cart-report results --out results.csv` writes every key that a cohort has. For each number ask:

1. **Which patients reproduce it?** Not which ones the sentence names. If 28% is 24 of all 87
   infused although the sentence speaks of responders, the population is `infused`, and the note
   says what is printed. Base and group: `response_evaluable[prior_blinatumomab=yes]`.
2. **What is measured?** An `outcome` after infusion, or a `variable` at baseline with its `level`;
   a term of a model is a variable, too. Names and levels are those of the
   [dictionary](dictionary.md).
3. **What is compared?** An estimate of one group has no `contrast`. A difference, a hazard ratio
   or a test has one, group first and reference last, as the results table writes it; a test of
   more than two groups has none.
4. **Which number of it?** The `statistic`. An interval is two lines more.

A variable or level that the dictionary lacks is no error, since another article may well print
what this cohort does not hold: `cart-report compare` lists such a claim as not computable. Look
there for slips of the pen.
"""
BASE = """\
`base` and `denominator` keep apart what articles mix: all infused, the evaluable, those affected,
the responders. The base is repeated from the population, so that a slip in either is found;
`model` stands for the patients of a regression model, whom an article seldom counts.
`denominator_source` says how far the denominator can be trusted, and the audit speaks accordingly:
what is `assumed` is worded as a reading.
"""
P_SCOPE = """\
A P value is keyed to what the test compares. `p_scope` is what the sentence says it is about: often
one level of a factor that was tested as a whole, or a subgroup of those who were tested. Where the
two agree, write `as printed`.
"""
REFUSED = """\
A file that breaks a rule is refused as a whole, with exit code 2 and every finding at once: line,
claim, field, rule, value, remedy. Lines are counted as in the file, header included. An empty
file, another separator or encoding, a missing, foreign or repeated column, and a line with too few
or too many cells are refused before any line is read.
"""


def claims_page() -> str:
    """Columns, words, keys with worked examples, and what a refused file says."""
    words = ("Word", "Meaning")
    sections = {
        "Columns": table(
            ("Column", "Holds", "May be"),
            [(f"`{name}`", column.meaning, column.may_be) for name, column in COLUMNS.items()],
        ),
        "Sections that are never compared": table(words, _coded(OUT_OF_SCOPE))
        + "\nTheir key is empty, and the note says what the number is.\n",
        "Comparators": table(words, _coded(COMPARATORS)),
        "How to choose the key": KEY + "".join(f"\n{_example(one)}" for one in EXAMPLES),
        "Base and denominator": f"{BASE}\n{table(words, _coded(DENOMINATOR_SOURCES))}",
        "P values": P_SCOPE,
        "What a refused file says": f"{REFUSED}\n{table(('Mistake', 'Text'), _refused())}",
    }
    body = "".join(f"\n## {title}\n\n{text}" for title, text in sections.items())
    return page("Claims file", INTRODUCTION + body)


def _coded(meanings: dict[str, str]) -> list[tuple[str, str]]:
    return [(f"`{word}`" if word else "empty", meaning) for word, meaning in meanings.items()]


def _refused() -> list[tuple[str, str]]:
    return [(mistake, f"`{text}`") for mistake, text in refused_lines()]


def _example(example: Example) -> str:
    lines = "\n".join(example.lines)
    reasons = "".join(f"- {reason}\n" for reason in example.reasons)
    return f"### {example.title}\n\n{example.printed}\n\n```\n{lines}\n```\n\n{reasons}"
