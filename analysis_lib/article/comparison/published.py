"""The article's numbers beside those of a study, where the two can be compared at all."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

from analysis_lib.article.audit.finding import Audit
from analysis_lib.article.audit.run import audit_claims
from analysis_lib.article.claims.claim import Claim
from analysis_lib.article.claims.read import read_claims
from analysis_lib.article.comparison.compare import Comparison, compare
from analysis_lib.article.comparison.words import compares_own_level
from analysis_lib.format import at_row
from analysis_lib.parameters.definitions import defaults
from analysis_lib.parameters.parse import is_default_claims
from analysis_lib.results.rows import Key, Omitted, Results
from analysis_lib.study.study import Study
from analysis_lib.topics.specifications.choices import PrintedRatio
from analysis_lib.topics.whole import all_results

# What may differ from the defaults without the analysis being another one.
_NOT_OF_THE_ANALYSIS = (
    "cohort",
    "dictionary",
    "mapping",
    "claims",
    "preset",
    "design",
    "analysis_plan",
    "primary_estimand",
    "title",
    "authors",
    "treatment",
    "exposure_label",
    "seed",
)


@dataclass(frozen=True)
class PublishedComparison:
    """The comparison, the audit behind it, and all results of the study.

    `source` is the name of the claims file; `departures` are the parameters that differ from the
    defaults, which are the article's; they are known only of the default claims.
    """

    comparison: Comparison
    audit: Audit
    results: Results
    source: str
    departures: tuple[str, ...]

    @property
    def label(self) -> str:
        """The label of a synthetic cohort, empty for patients."""
        return self.results.label


def published_comparison(study: Study) -> PublishedComparison | Omitted:
    """Every claim of `study.parameters.claims` beside the results, or why there is no comparison.

    Raises
    ------
    ClaimsError
        The file cannot be read, breaks a rule, or a claim and its result have different units.
    """
    absent = no_claims(study)
    return absent or compared_with_claims(study, all_results(study))


def compared_with_claims(study: Study, results: Results) -> PublishedComparison | Omitted:
    """The same, beside all results of the study."""
    claims = comparable_claims(study, results)
    if isinstance(claims, Omitted):
        return claims
    audit = audit_claims(claims, study.dictionary)
    comparison = compare(claims, results, audit=audit)
    given = study.parameters.claims
    departures = _departures(study) if is_default_claims(study.root, given) else ()
    return PublishedComparison(comparison, audit, results, Path(given).name, departures)


def comparable_claims(study: Study, results: Results) -> tuple[Claim, ...] | Omitted:
    """The claims that a study's results can be set beside, or why there are none.

    The default claims are about the patients whom the embedded cohort stands for, so only a
    synthetic cohort is compared with them; any other file with whatever cohort is given.
    """
    absent = no_claims(study)
    if absent:
        return absent
    claims = read_claims(study.root / study.parameters.claims)
    if speaks_of(claims, results):
        return claims
    return Omitted(
        f"The published numbers say nothing by {study.exposure.phrase}; "
        "the comparison with them is left out."
    )


def no_claims(study: Study) -> Omitted | None:
    """Why the claims are not about the patients of a study; None if they may be."""
    given = study.parameters.claims
    if study.parameters.small_cell:
        return Omitted(
            "With small counts suppressed nothing is set beside published numbers, since a match "
            "would give a count back; the comparison with them is left out."
        )
    if not given:
        return Omitted("No published numbers are given; the comparison with them is left out.")
    if is_default_claims(study.root, given) and not study.is_synthetic:
        return Omitted(
            "The published numbers are of other patients than these; "
            "the comparison with them is left out."
        )
    return None


def speaks_of(claims: Sequence[Claim], results: Results) -> bool:
    """Whether any claim that compares groups of patients has a result.

    A covariate's hazard ratio compares the levels of the covariate and tells nothing of that. Of
    claims that compare no groups it is enough that any has a result.
    """
    known = [claim.key for claim in claims if claim.in_scope]
    between = [key for key in known if key.contrast and not compares_own_level(key)]
    return any(results.has(key) for key in between or known)


def _departures(study: Study) -> tuple[str, ...]:
    return tuple(
        name
        for name, default in defaults().items()
        if name not in _NOT_OF_THE_ANALYSIS and getattr(study.parameters, name) != default
    )


PARTS = ("hazard_ratio", "hazard_ratio_ci_low", "hazard_ratio_ci_high")


def printed_ratio(study: Study, key: Key) -> PrintedRatio | None:
    """The printed estimate under `key`; None unless the claims of the study hold all three parts.

    Raises
    ------
    ClaimsError
        The claims file cannot be read or breaks a rule.
    """
    if no_claims(study):
        return None
    claims = read_claims(study.root / study.parameters.claims)
    found = [_printed(claims, key._replace(statistic=name)) for name in PARTS]
    if any(not values for values in found):
        return None
    return PrintedRatio(*(values[0] for values in found))


def printed_exposure_ratio(study: Study) -> PrintedRatio | None:
    """The published model's ratio of the first group against the reference, if it is printed."""
    groups = study.groups
    model = Key("cox_as_published_a", "pfs", study.parameters.model_population)
    return printed_ratio(study, model.compared(groups, groups.levels[1]))


def _printed(claims: tuple[Claim, ...], key: Key) -> list[float]:
    return [
        at_row(x.value, x.row("printed"))
        for x in claims
        if x.key == key and x.comparator == "=" and x.in_scope
    ]
