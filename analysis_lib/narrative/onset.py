"""When toxicity begins, in sentences."""

from __future__ import annotations

from analysis_lib.analyses import Incidence, IncidenceCurve, Omitted, ToxicityOnset
from analysis_lib.format import format_count, format_number
from analysis_lib.labels import listed
from analysis_lib.narrative.competing import gray_sentence, incidence_at
from analysis_lib.narrative.prose import Prose, escape, paragraph


def describe_onset(found: ToxicityOnset | Omitted) -> Prose | Omitted:
    """A paragraph per syndrome: incidence by day, Gray's test, who died first, who has no date."""
    if isinstance(found, Omitted):
        return found
    paragraphs = [_paragraph(found, shown).text for shown in found.incidences]
    return Prose("\n\n".join((*paragraphs, *found.left_out)))


def _paragraph(found: ToxicityOnset, shown: Incidence) -> Prose:
    groups = "; ".join(_group(shown, curve) for curve in shown.curves)
    return paragraph(
        f"{escape(shown.question.label)} had begun {groups}.",
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
    return f"in {escape(shown.grouping.phrase_of(curve.level))} in {listed(by_day)}"


def _deaths(shown: Incidence) -> str:
    """The competing events of each group."""
    counts = {
        escape(shown.grouping.phrase_of(curve.level)): shown.count(curve, "competing_events")
        for curve in shown.curves
    }
    total = sum(counts.values())
    name = shown.question.outcome.upper()
    day = format_number(shown.question.landmarks[-1])
    if not total:
        return f"Nobody died by day {day} before {name} began."
    parts = [f"{format_count(n)} in {phrase}" for phrase, n in counts.items()]
    return f"{format_count(total)} died by day {day} before {name} began: {listed(parts)}."


def _undated(found: ToxicityOnset, shown: Incidence) -> str:
    count = found.undated[shown.question.outcome]
    if not count:
        return ""
    have = "patients with it have" if count > 1 else "patient with it has"
    return (
        f"{format_count(count)} {have} no date of onset and are left out, which makes the curves "
        "too low."
    )
