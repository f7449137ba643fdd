"""Which of the article's numbers come out here, and what the audit of them found."""

from __future__ import annotations

import math

from analysis_lib.article.audit.finding import (
    CONSISTENT,
    IMPOSSIBLE,
    NEEDS_ANOTHER,
    NOT_CHECKABLE,
    Finding,
)
from analysis_lib.article.comparison.compare import ConflictSet
from analysis_lib.article.comparison.published import (
    PublishedComparison,
    is_default_claims,
    printed_ratio,
)
from analysis_lib.article.comparison.scores import MISSES, PlacedTally, Scores
from analysis_lib.article.comparison.together import Misses, Together, misses_of, together
from analysis_lib.article.comparison.words import ClaimWords
from analysis_lib.estimates.effects import FittedEffect
from analysis_lib.format import (
    agreeing,
    counted,
    format_count,
    format_interval,
    format_percent,
    format_ratio,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key, Omitted, unless_omitted
from analysis_lib.show.effects import events_compared
from analysis_lib.show.prose import (
    Estimate,
    Prose,
    capital,
    compatible,
    escape,
    estimate_of,
    paragraph,
    unless_withheld,
    when_shown,
)
from analysis_lib.study.study import Study
from analysis_lib.topics.effect.numbers import Ladder
from analysis_lib.topics.effect.words import PUBLISHED_ANALYSIS

TITLES = {
    IMPOSSIBLE: "Impossible as printed",
    NEEDS_ANOTHER: "Possible only with another denominator or test than the text suggests",
    CONSISTENT: "Consistent, and of consequence",
    NOT_CHECKABLE: "Not to be checked from what is printed",
}


@unless_omitted
def describe_findings(published: PublishedComparison) -> Prose:
    """The notable findings by verdict, those with a consequence first."""
    audit = published.audit
    if not audit.findings:
        return paragraph("Nothing that is printed can be checked against anything else.")
    scores = Scores(published)
    parts = [
        f"{format_count(scores.audit('checks'))} checks of the printed numbers against each other, "
        f"without any patient's data: in {format_count(scores.audit('checks_agreeing'))} of them "
        "they simply agree."
    ]
    for verdict, title in TITLES.items():
        found = [finding for finding in audit.notable if finding.verdict == verdict]
        if found:
            found.sort(key=lambda finding: not finding.consequence)
            items = "\n".join(_item(finding) for finding in found)
            many = format_count(scores.audit("checks_notable", verdict))
            parts.append(f"### {title} ({many}) {{.unnumbered}}\n\n{items}")
    return Prose("\n\n".join(parts))


def _item(finding: Finding) -> str:
    """The explanation with its subject in bold, then the consequence."""
    explanation = escape(finding.explanation)
    subject = f"{escape(finding.subject)}:"
    if explanation.startswith(subject):
        explanation = f"**{subject}**{explanation.removeprefix(subject)}"
    consequence = f" *{escape(finding.consequence)}*" if finding.consequence else ""
    return f"- {explanation}{consequence}"


@unless_omitted
def describe_score(published: PublishedComparison) -> Prose:
    """How many numbers are reproduced, missed, conflicting and not computable."""
    scores = Scores(published)
    everything, without = scores.tally(), scores.tally(counts=False)
    return paragraph(
        f"Of {format_count(everything.total)} numbers that the article prints about its patients "
        f"{format_count(everything.reproduced)} ({_share(everything)}) are reproduced to the "
        f"printed decimals, {format_count(everything.missed)} "
        f"{agreeing(everything.missed, 'is', 'are')} missed, "
        f"{format_count(everything.conflicting)} "
        f"{agreeing(everything.conflicting, 'conflicts', 'conflict')} with other printed numbers "
        f"and {format_count(everything.not_computable)} cannot be computed here.",
        f"Without the numbers of patients it is {format_count(without.reproduced)} of "
        f"{format_count(without.total)} ({_share(without)}).",
        _departures(published),
    )


@unless_omitted
def describe_agreement(published: PublishedComparison) -> Prose:
    """What it means, and what it does not, that numbers agree or do not."""
    tally = Scores(published).tally()
    if published.label:
        return paragraph(
            "The records are synthetic; those that come with the project were constructed to meet "
            "numbers that the article prints. "
            f"That {format_count(tally.reproduced)} of them come out shows two things: records "
            "exist that have these numbers together, and this report computes them as the article "
            "must have done.",
            "It does not show that the article's patients were like these records, for other "
            "records would meet the same numbers; nor that its models, populations or tests were "
            "those used here; and it never shows that the study replicates, for no patient "
            "outside the article is in it.",
            "A miss tells of the construction or of an analysis that differs from the article's, "
            "never of a better estimate.",
        )
    return paragraph(
        "The patients of this report are not the article's, so its numbers are not expected to "
        "come out to the last digit, and a miss contradicts nothing.",
        "Whether an estimate here lies within the article's interval, and the article's within "
        "ours, tells more than the score; and two agreeing retrospective comparisons can share "
        "the same bias.",
    )


def _share(tally: PlacedTally) -> str:
    return format_percent(tally.share)


def _departures(published: PublishedComparison) -> str:
    if not published.departures:
        return ""
    names = listed([f"`{name}`" for name in published.departures])
    return (
        f"This report was made with other parameters than the article's analysis ({names}); "
        "numbers that depend on them cannot be expected to agree."
    )


NAMED = 12  # misses of one kind that are named before the table takes over


@unless_omitted
def describe_misses(published: PublishedComparison) -> Prose:
    """Every miss by what kind of miss it is, the farthest first."""
    misses = misses_of(published.comparison)
    if misses == Misses((), (), ()):
        return paragraph("No number is missed.")
    words, scores = ClaimWords(published.results.dictionary), Scores(published)
    titles = ("Off by one in the last printed digit", "Further off, the farthest first",
              "Not estimable here")  # fmt: skip
    kinds = zip(titles, MISSES, (misses.close, misses.far, misses.unknown), strict=True)
    parts = [_kind(title, scores.misses(level), found, words) for title, level, found in kinds]
    return Prose("\n\n".join(part for part in parts if part))


@unless_omitted
def describe_conflicts(published: PublishedComparison) -> Prose:
    """Sets of printed numbers that exclude each other, and which this cohort does not meet."""
    sets = published.comparison.conflict_sets
    if not sets:
        return paragraph("No number is missed because printed numbers exclude each other.")
    words = ClaimWords(published.results.dictionary)
    items = [f"- {_unmet(conflict, words)}" for conflict in sets]
    scores = Scores(published)
    count = scores.tally().conflicting
    many = "sets" if len(sets) > 1 else "set"
    lead = (
        f"### Conflicting ({_numbered(count)}) {{.unnumbered}}\n\n"
        f"{format_count(scores.conflicts)} {many} of printed numbers cannot be met together by any "
        "cohort."
    )
    return Prose("\n".join((lead, "", *items)))


def _kind(title: str, count: float, groups: tuple[Together, ...], words: ClaimWords) -> str:
    if not groups:
        return ""
    named = "\n".join(f"- {_both(group, words)}" for group in groups[:NAMED])
    more = "\n- and others, in the table of all numbers" if len(groups) > NAMED else ""
    return f"### {title} ({_numbered(count)}) {{.unnumbered}}\n\n{named}{more}"


def _numbered(count: float) -> str:
    return f"{format_count(count)} {'number' if count == 1 else 'numbers'}"


def _both(group: Together, words: ClaimWords) -> str:
    """`Overall survival, P, InO-exposed vs InO-naïve: printed 0.006, ours 0.002`."""
    return f"{escape(group.label(words))}: {_numbers(group)}"


def _unmet(conflict: ConflictSet, words: ClaimWords) -> str:
    """The set by the name of its finding, and the numbers of it that are not met."""
    groups = together(conflict.unmet)
    alone = len(groups) == 1
    numbers = (_numbers(group) if alone else _both(group, words) for group in groups)
    return f"**{escape(conflict.finding.subject)}:** {'; '.join(numbers)}"


def _numbers(group: Together) -> str:
    return escape(f"printed {group.printed}, ours {group.computed}")


def describe_published_model(study: Study, *ladders: Ladder) -> Prose | Omitted:
    """What the fixed-term model gives here and in print, and what its interval leaves open."""
    effects = [x.as_published for x in ladders if x.as_published is not None]
    if not effects:
        return Omitted(
            f"{capital(study.fixed_model.named)} is of "
            f"{escape(study.dictionary[study.model_outcome].phrase)} alone."
        )
    (effect,) = effects
    concluded = (
        "The published analysis concludes from its model that the groups it compared no longer "
        "differed significantly in progression-free survival."
        if is_default_claims(study.root, study.parameters.claims)
        and any(_printed(study, effect.contrast(level)) for level in effect.exposure.levels[1:])
        else ""
    )
    return paragraph(
        concluded, *(_published(study, effect, level) for level in effect.exposure.levels[1:])
    )


def _published(study: Study, effect: FittedEffect, level: str) -> str:
    estimate = estimate_of(effect.results, effect.contrast(level), "hazard_ratio")
    name = escape(effect.exposure.phrase_of(level))
    if math.isnan(estimate.value):
        return unless_withheld(
            f"In {study.fixed_model.named} the hazard ratio of {name} is not estimable.",
            estimate.value,
        )
    key = effect.contrast(level)
    printed = _printed(study, key)
    whose = "Our" if printed else "The"
    at = key._replace(statistic="minimum_detectable_hazard_ratio")
    detectable, asked = effect.results.value(at), effect.results.value(at, "power")
    power = (
        f"With {events_compared(effect.results, effect, level)} it has at best "
        f"{format_percent(asked)} power for a hazard ratio of {format_ratio(detectable)}."
    )
    return (
        f"In {study.fixed_model.named} ({counted(effect.shown.n, 'patient')}, "
        f"{counted(effect.shown.events, 'event')}) the hazard ratio of {name} is "
        f"{estimate.as_ratio}{printed}. {whose} interval {_open(estimate)}. {when_shown(power)}"
    ).strip()


def _printed(study: Study, key: Key) -> str:
    """The article's own estimate, if the claims hold it."""
    printed = printed_ratio(study, key._replace(analysis=PUBLISHED_ANALYSIS))
    if printed is None:
        return ""
    interval = format_interval(printed.low, printed.high, format_ratio)
    return f"; the article prints {format_ratio(printed.value)} ({interval})"


def _open(estimate: Estimate) -> str:
    if not estimate.contains_one:
        return "excludes 1"
    return (
        "contains 1, which is no evidence that there is no difference: "
        f"{compatible(estimate.low, estimate.high)}"
    )
