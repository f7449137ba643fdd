"""The onset of toxicity in sentences: its incidence by day, and who could not be counted."""

from __future__ import annotations

from analysis_lib.format import MARK, format_count, format_number, is_suppressed, total
from analysis_lib.labels import listed
from analysis_lib.results.rows import unless_omitted
from analysis_lib.show.prose import Prose, by_group, escape, group_phrase, in_paragraphs, paragraph
from analysis_lib.topics.competing.incidence import Incidence, IncidenceCurve
from analysis_lib.topics.competing.numbers import ToxicityOnset
from analysis_lib.topics.competing.words import gray_sentence, incidence_at


@unless_omitted
def describe_onset(found: ToxicityOnset) -> Prose:
    """A paragraph per syndrome: incidence by day, Gray's test, who died first, who has no date."""
    paragraphs = [_paragraph(found, shown).text for shown in found.incidences]
    return in_paragraphs((*paragraphs, *found.left_out))


def _paragraph(found: ToxicityOnset, shown: Incidence) -> Prose:
    every = [_group(shown, curve) for curve in shown.curves]
    said = [x for x in every if not is_suppressed(x)]
    groups = "; ".join(said or every)
    return paragraph(
        f"{escape(shown.question.label)} had begun {groups}.",
        MARK + "." if said and len(said) < len(every) else "",
        gray_sentence(shown),
        _deaths(shown),
        _undated(found, shown),
    )


def _group(shown: Incidence, curve: IncidenceCurve) -> str:
    """`in the InO-exposed group in 84% (95% CI 75-90) by day 7, ...`."""
    by_day = [
        f"{incidence_at(shown, curve, x) or 'an unknown share'} by day {format_number(x)}"
        for x in shown.question.landmarks
    ]
    return f"in {group_phrase(shown.grouping, curve.level)} in {listed(by_day)}"


def _deaths(shown: Incidence) -> str:
    """The competing events of each group."""
    counts = {
        group_phrase(shown.grouping, curve.level): shown.count(curve, "competing_events")
        for curve in shown.curves
    }
    died = total(*counts.values())
    name = shown.question.outcome.upper()
    day = format_number(shown.question.landmarks[-1])
    if not died:
        return f"Nobody died by day {day} before {name} began."
    parts = by_group((format_count(n), phrase) for phrase, n in counts.items())
    return f"{format_count(died)} died by day {day} before {name} began: {parts}."


def _undated(found: ToxicityOnset, shown: Incidence) -> str:
    count = found.undated[shown.question.outcome]
    if not count:
        return ""
    have = "patients with it have" if count > 1 else "patient with it has"
    return (
        f"{format_count(count)} {have} no date of onset and are left out, which makes the curves "
        "too low."
    )
