"""The printed numbers of an article: recorded, checked against each other, and ours beside them."""

from analysis_lib.results.vocabulary import Words
from analysis_lib.topics.topic import lazy_face

WORDS = Words(
    analyses={
        "published_number": "a number that the article prints, by its line in the file of them",
        "published_score": "numbers that the article prints, and how many of them are reproduced",
        "published_score_without_counts": "the same without numbers of patients",
        "published_audit": "checks of the printed numbers against each other, without patients",
    },
    levels={
        "reproduced": "printed as computed",
        "missed": "printed otherwise",
        "missed_by_one": "printed otherwise, by one in the last digit",
        "missed_by_more": "printed otherwise, by more than that",
        "missed_not_estimable": "printed, and not estimable here",
        "conflicting": "missed, and impossible beside other printed numbers",
        "not_computable": "printed, and not computed here",
        "impossible": "checks that no cohort can meet",
        "needs_another": "checks met with another denominator or test only",
        "not_checkable": "checks that lack a printed number",
        "consistent": "checks that are met",
    },
    statistics={
        "claims": "numbers that the article prints about its patients, each once",
        "conflicts": "sets of printed numbers that no cohort can meet together",
        "printed": "the number as the article prints it",
        "difference_from_printed": "ours minus the printed number, both as written",
        "last_digits_from_printed": "the same in units of the last printed digit",
        "checks": "checks of printed numbers",
        "checks_agreeing": "checks in which the numbers simply agree",
        "checks_notable": "checks of which something follows",
    },
)

__getattr__, __dir__ = lazy_face(
    __name__,
    {
        "compared": "comparison.published:published_comparison",
        "printed_ratio": "comparison.published:printed_exposure_ratio",
        "table": "table:table_published",
        "table_scores": "table:table_scorecard",
        "figure": "figure:plot_published_estimates",
        "words": "words:describe_score",
        "words_on_misses": "words:describe_misses",
        "words_on_conflicts": "words:describe_conflicts",
        "words_on_findings": "words:describe_findings",
        "words_on_agreement": "words:describe_agreement",
        "words_on_model": "words:describe_published_model",
    },
)
