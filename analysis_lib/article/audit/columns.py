"""Is a column of the number of patients that its head says? What its percents say together."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.counts import Share
from analysis_lib.article.audit.finding import NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.sizes import Head, percents_of
from analysis_lib.article.audit.words import capital, of_patients

RULE = "size of a column"


def column_findings(article: Article) -> Iterator[Finding]:
    """One finding per group whose percents are of another number of patients, nearly all alike."""
    for head, (column, others) in article.other_sizes.items():
        yield _finding(head, column, others, article)


def _finding(
    head: Head, column: Sequence[Share], others: Sequence[int], article: Article
) -> Finding:
    most = percents_of(column, others[0])
    text = (
        f"{most} of its {len(column)} percents are those of {of_patients(others)}, "
        f"{percents_of(column, head.size)} those of the {head.size} that are printed."
    )
    consequence = "Every rate of the column may be of other patients than its head says."
    cited = [name for share in column for name in share.claims]
    what = capital(article.patients_words(head.population))
    return about(RULE, what, NEEDS_ANOTHER, text, cited, consequence)
