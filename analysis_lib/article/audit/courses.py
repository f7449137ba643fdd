"""The patients behind survival curves: can any have left so, and how many were still there?"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from functools import partial

from analysis_lib.article.audit.article import Article
from analysis_lib.article.audit.at_risk import by_curve
from analysis_lib.article.audit.example_course import Stretch, example_course
from analysis_lib.article.audit.finding import CONSISTENT, NEEDS_ANOTHER, Finding, about
from analysis_lib.article.audit.interval_types import (
    INTERVAL_TYPES,
    Fit,
    IntervalType,
    admitted_fits,
    interval_around,
)
from analysis_lib.article.audit.leaving import MOST_PATIENTS, Landmark, Ways, beside, ways
from analysis_lib.article.audit.printed import Window, hull, window
from analysis_lib.article.audit.triples import Triple
from analysis_lib.article.audit.words import capital
from analysis_lib.article.claims.claim import Claim
from analysis_lib.format import counted
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key

RULE = "patients behind a curve"
DEATH = "os"
WITH_DEATH = ("pfs", "efs", "rfs", "dfs", "lfs")  # endpoints of which death is one event
_INSIDE = 1e-9  # of a rounding window: what lies at its end may print as the next number
_AT_ONCE = 2  # events at the time itself, whose patients a number at risk may still count

Points = dict[float, Claim]


@dataclass(frozen=True)
class Course:
    """One curve of a known number of patients, with all that is printed of it at each time.

    triples : the estimates with their intervals.
    more : claims of intervals, numbers at risk and events, beside the estimates.
    """

    key: Key
    points: Points
    patients: int
    landmarks: dict[float, Landmark]
    triples: dict[float, Triple]
    more: tuple[str, ...]

    def at(self, months: float) -> Ways:
        times = [t for t in self.landmarks if t <= months]
        return ways(self.patients, tuple(self.landmarks[t] for t in times))[-1]

    @property
    def last(self) -> float:
        return max(self.points)

    def example(self, level: float) -> tuple[Stretch, ...]:
        """Stretches that print everything, all intervals of one type; empty if none is found."""
        for kind in INTERVAL_TYPES:
            prints = [partial(_prints, self.triples.get(t), kind, level) for t in self.landmarks]
            if found := example_course(self.patients, tuple(self.landmarks.values()), prints):
                return found
        return ()


def _prints(
    triple: Triple | None, kind: IntervalType, level: float, survival: float, variance: float
) -> bool:
    """Whether an estimate inside (0, 1) has the printed interval, if one is printed."""
    if triple is None:
        return True
    ends = interval_around(survival, variance, kind, level)
    printed = zip(triple.windows[1:], (ends.low, ends.high), strict=True)
    return all(one.low + _INSIDE < end < one.high - _INSIDE for one, end in printed)


def course_findings(article: Article) -> list[Finding]:
    """Curves whose patients can be told of, and composite endpoints beside overall survival."""
    courses = {course.key: course for course in _courses(article)}
    alone = [
        _of_course(course, article)
        for course in courses.values()
        if course.more or course.at(course.last).none
    ]
    return alone + [_of_both(*pair, courses, article) for pair in _pairs(article)]


def _courses(article: Article) -> Iterator[Course]:
    intervals: dict[Key, dict[float, tuple[Triple, Iterable[Fit]]]] = {}
    for triple, found in admitted_fits(article).items():
        key = triple.key._replace(time_months=None, statistic="survival")
        if found:
            intervals.setdefault(key, {})[triple.months] = triple, found.values()
    risk, events = (by_curve(article, name) for name in ("at_risk", "events_to_date"))
    for key, points in article.curves.items():
        patients = article.patients(key.population)
        if patients is None or not 0 < patients <= MOST_PATIENTS:
            continue
        of_curve = intervals.get(key, {})
        landmarks: dict[float, Landmark] = {}
        more: list[str] = []
        for t, claim in points.items():
            landmarks[t] = Landmark(_estimate(claim, article))
            if t in of_curve:
                triple, admitted = of_curve[t]
                landmarks[t] = _with_interval(admitted)
                more += triple.claims[1:]
            for column, printed, slack in (("at_risk", risk, _AT_ONCE), ("events", events, 0)):
                if (also := printed.get(key, {}).get(t)) is not None and also.comparator == "=":
                    bounds = Window(also.value - slack, also.value)
                    landmarks[t] = replace(landmarks[t], **{column: bounds})
                    more.append(also.claim_id)
        triples = {t: triple for t, (triple, _) in of_curve.items()}
        yield Course(key, points, patients, landmarks, triples, tuple(more))


def _estimate(claim: Claim, article: Article) -> Window:
    """The values that round to the printed one, or are cut off to it in an article that may."""
    values = window(claim)
    past = (values.high - values.low) / 2 if article.may_cut_off else 0.0
    return Window(max(values.low, 0.0), min(values.high + past, 1.0))


def _with_interval(admitted: Iterable[Fit]) -> Landmark:
    """S(1 - S)/SE² is (1 - S)/S over the variance of log S."""
    fits = tuple(admitted)
    survival = hull(fit.survival for fit in fits)
    patients = hull(fit.effective_n for fit in fits)
    low, high = ((1 - s) / s for s in (survival.high, survival.low))
    return Landmark(survival, Window(low / patients.high, high / patients.low))


def _of_course(course: Course, article: Article) -> Finding:
    left, patients = course.at(course.last), counted(course.patients, "patient")
    said = listed(f"{claim.printed}% at {t:g} months" for t, claim in course.points.items())
    cited = (*(claim.claim_id for claim in course.points.values()), *course.more)
    if left.none:
        more = ", with what is printed beside it" if course.more else ""
        text = (
            f"no order of events and censorings among {patients} followed from the start gives an "
            f"unweighted curve of {said}{more}: other patients, late entry, weights, or a misprint."
        )
        return about(RULE, article.curve_words(course.key), NEEDS_ANOTHER, text, cited)
    fewest = int(left.events(course.patients)[0].min())
    text = (
        f"{said} of {patients} leave at most {left.at_risk.max()} at risk at {course.last:g} "
        f"months: {counted(fewest, 'event')} or more, and {left.censored[0].min():.0f} or more "
        f"censored before.{_example(course, article.confidence_level)}"
    )
    return about(RULE, article.curve_words(course.key), CONSISTENT, text, cited)


def _example(course: Course, level: float) -> str:
    """` One course that prints all of it: 5 censored, then 13 events by 6 months; ….`"""
    stretches = course.example(level)
    if not stretches:
        return ""
    told = "; ".join(
        f"{f'{one.censored} censored, then ' if one.censored else ''}"
        f"{counted(one.events, 'event')} by {t:g} months"
        for t, one in zip(course.points, stretches, strict=True)
    )
    return f" One course that prints all of it: {told}."


def _pairs(article: Article) -> Iterator[tuple[Key, Key]]:
    curves = article.curves
    for key, points in curves.items():
        death = key._replace(outcome=DEATH)
        if key.outcome in WITH_DEATH and not points.keys().isdisjoint(curves.get(death, {})):
            yield key, death


def _of_both(key: Key, death: Key, courses: dict[Key, Course], article: Article) -> Finding:
    """Per patient the composite never comes after death; the two curves can still cross."""
    points, deaths = article.curves[key], article.curves[death]
    shared = [t for t in points if t in deaths]
    above = [t for t in shared if window(points[t]).low > window(deaths[t]).high]
    pairs = [(points[t], deaths[t]) for t in above or shared]
    composite, overall = article.endpoint_words(key.outcome), article.endpoint_words(DEATH)
    said = listed(
        f"{one.printed}% against {other.printed}% at {one.key.time_months:g} months"
        for one, other in pairs
    )
    left = _left_of_both(courses.get(key), courses.get(death), shared[-1])
    verdict, consequence = CONSISTENT, _crossing(left, courses.get(death)) if above else ""
    if left is not None and left.none:
        verdict = NEEDS_ANOTHER
        text = (
            "no order of events and censorings among "
            f"{counted(courses[death].patients, 'patient')} gives {composite} beside {overall} "
            f"({said}): other patients, or {composite} was censored while follow-up for death "
            "went on, as at a transplant or another therapy."
        )
    elif above:
        text = (
            f"{composite} is printed above {overall} ({said}): no patient stays free of the event "
            "after death, but under censoring the two curves can cross, so this is unusual and "
            "not impossible."
        )
    else:
        text = f"{composite} lies at or below {overall} ({said})."
    subject = capital(f"{composite} and {overall}, {article.patients_words(key.population)}")
    cited = [claim.claim_id for pair in pairs for claim in pair]
    return about(RULE, subject, verdict, text, cited, consequence)


def _left_of_both(composite: Course | None, death: Course | None, months: float) -> Ways | None:
    """The ways to be left of both curves; None where one of them has none by itself."""
    if composite is None or death is None:
        return None
    alone = death.at(months), composite.at(months)
    return None if alone[0].none or alone[1].none else beside(*alone)


def _crossing(left: Ways | None, death: Course | None) -> str:
    """What a crossing tells of the patients who were still there."""
    few = "Such a crossing needs few patients at risk: these estimates rest on few of them."
    if left is None or death is None or left.none:
        return few
    return (
        f"{few} At least {left.censored[0].min():.0f} of the {death.patients} patients were "
        f"censored before, and at most {left.at_risk.max()} were still at risk."
    )
