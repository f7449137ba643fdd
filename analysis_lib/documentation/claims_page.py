"""The reference page of the claims file: how to record the numbers of another article."""

from __future__ import annotations

from analysis_lib.analyses.results import Key
from analysis_lib.claims.columns import COLUMNS, COMPARATORS, DENOMINATOR_SOURCES, OUT_OF_SCOPE
from analysis_lib.documentation.claim_examples import (
    EXAMPLE_FILE,
    EXAMPLES,
    Example,
    refused_lines,
)
from analysis_lib.documentation.markdown import page, table

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
