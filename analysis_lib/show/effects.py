"""Hazard ratios of one exposure as lines of a table: what any model of it shows, and its notes."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from math import nan
from typing import Protocol

from analysis_lib.dictionary import Variable
from analysis_lib.estimates.few_events import LEAST_EVENTS
from analysis_lib.estimates.models import Specification
from analysis_lib.format import counted, format_confidence, format_count
from analysis_lib.labels import level_label, listed, readable
from analysis_lib.results.rows import Key, Results, Row
from analysis_lib.show.cells import count, hazard_ratio, p_value, population_phrase, sentence
from analysis_lib.show.notes import methods, named
from analysis_lib.show.prose import Contrasted, group_phrase
from analysis_lib.show.table import Column, Line, blank
from analysis_lib.study.exposure import Grouping

NOT_ESTIMABLE = "not estimable: "
REFERENCE = "reference"
MISSING_RULES = {
    "complete_cases": "patients with a missing value are left out",
    "missing_as_level": "a missing category is a level of its own, a missing number leaves out",
}
Extra = Callable[[Results, Key], str]


class Compared(Contrasted, Protocol):
    """A model of an exposure: its groups, its results, and where they hold a group's numbers."""

    @property
    def exposure(self) -> Grouping: ...

    @property
    def key(self) -> Key: ...


def group_lines(
    label: str,
    exposure: Grouping,
    whole: tuple[str, ...],
    of_group: Callable[[str], tuple[str, ...]],
    *,
    group: str = "",
    of_all: tuple[str, ...] = (),
) -> list[Line]:
    """One line of two groups; of more, what is said of the whole and below it each group.

    `of_all` fills the last cells of the whole where each group has a line of its own.
    """
    levels = exposure.levels[1:]
    if len(levels) == 1:
        return [Line(label, (*whole, *of_group(levels[0])), group=group)]
    cells = [of_group(level) for level in levels]
    rest = (*blank(len(cells[0]) - len(of_all)), *of_all)
    return [
        Line(label, (*whole, *rest), group=group),
        *(
            Line(exposure.label_of(level), (*blank(len(whole)), *one), 1, group)
            for level, one in zip(levels, cells, strict=True)
        ),
    ]


def effect_lines(
    effect: Compared,
    label: str,
    group: str = "",
    *,
    whole: Extra | None = None,
    before: Extra | None = None,
    after: Extra | None = None,
) -> list[Line]:
    """Size, ratio and P of a model, with one more cell of the model, before the ratio, after P."""
    results = effect.results

    def cells(level: str) -> tuple[str, ...]:
        key = effect.contrast(level)
        ratio = ratio_and_p(results, key)
        first = (before(results, key),) if before else ()
        return (*first, *ratio, *([after(results, key)] if after else []))

    size = (count(results, effect.key, "n"), count(results, effect.key, "events"))
    of_model = (whole(results, effect.key),) if whole else ()
    return group_lines(label, effect.exposure, (*size, *of_model), cells, group=group)


def ratio_and_p(results: Results, key: Key) -> tuple[str, str]:
    """Hazard ratio with its interval, and P."""
    return hazard_ratio(results, key), p_value(results, key)


def ratio_columns(
    heading: Column,
    results: Results,
    *,
    before: Sequence[Column] = (),
    after: Sequence[Column] = (),
) -> tuple[Column, ...]:
    """The columns of `effect_lines`: what is fitted, n, events, ratio and P, and others beside."""
    return (
        heading,
        Column("n", 0.6),
        Column("Events", 0.8),
        *before,
        Column(f"HR ({format_confidence(results.confidence_level)})", 1.9),
        Column("P", 0.7),
        *after,
    )


def compared_note(exposure: Grouping, how: str = "") -> str:
    """Who is compared with whom, and by what."""
    what = f"HR, hazard ratio of {listed(exposure.inside[1:])} against {exposure.inside[0]}"
    return sentence(named(what, how))


def methods_note(effects: Iterable[Compared]) -> str:
    """What estimated the hazard ratios, each once."""
    found = [
        effect.results.row(effect.contrast(level), "hazard_ratio").method
        for effect in effects
        for level in effect.exposure.levels[1:]
    ]
    known = [x for x in dict.fromkeys(found) if x]
    return sentence("; ".join(known)) if known else ""


def events_compared(results: Results, model: Compared, level: str) -> str:
    """The events on which a comparison rests: of both groups, or of each of two among several."""
    groups = model.exposure
    if len(groups.levels) == 2:
        return f"{counted(results.value(model.key, 'events'), 'event')} in the two groups"
    own, other = (
        results.value(model.key.compared(groups, x), "events_at_level")
        for x in (level, groups.reference)
    )
    return events_of_each(groups, level, own, other)


def events_of_each(groups: Grouping, level: str, own: float, reference: float) -> str:
    """`23 events in the levamisole group and 19 in the observation group`."""
    return (
        f"{counted(own, 'event')} in {group_phrase(groups, level)} and "
        f"{format_count(reference)} in {group_phrase(groups)}"
    )


def is_estimable(row: Row) -> bool:
    """Whether a row's method made an estimate, and does not say why there is none."""
    return not row.method.startswith(NOT_ESTIMABLE)


def estimators(rows: Iterable[Row], statistic: str = "hazard_ratio") -> str:
    """The methods that made the estimates among some rows, as one phrase."""
    return methods((row for row in rows if is_estimable(row)), statistic)


def not_estimable_notes(results: Results, fit_notes: tuple[str, ...] = ()) -> tuple[str, ...]:
    """Why hazard ratios could not be estimated, one note a reason with all it concerns.

    A reason that `fit_notes` states of the whole model is not repeated for each of its terms.
    """
    concerned: dict[str, list[str]] = {}
    for row in results:
        if row.key.statistic != "hazard_ratio" or is_estimable(row):
            continue
        reason = row.method.removeprefix(NOT_ESTIMABLE)
        if not any(reason in note for note in fit_notes):
            variable = results.dictionary[row.key.variable]
            concerned.setdefault(reason, []).append(_concerned(variable, row.key))
    return tuple(
        sentence(f"not estimable, {listed(names)}: {readable(reason, results.dictionary)}")
        for reason, names in concerned.items()
    )


def few_events_notes(results: Results) -> tuple[str, ...]:
    """Which plain ratios of levels rest on few events, and on how many.

    Those of the groups compared, and of one covariate alone, are penalised there; of covariates
    together they stand, as articles print them, above the penalised ones.
    """
    few = []
    for row in results:
        key = row.key
        if key.statistic != "penalised_hazard_ratio":
            continue
        own, other = (_events_at(results, x) for x in (key, _reference(key)))
        name = _concerned(results.dictionary[key.variable], key)
        if own < LEAST_EVENTS:
            few.append(f"{name}, {counted(own, 'event')}")
        elif other < LEAST_EVENTS:
            few.append(f"{name}, {counted(other, 'event')} at the reference")
    how = named("with Firth's penalty", estimators(results, "penalised_hazard_ratio"))
    why = f"below ratios that fewer than {LEAST_EVENTS} events push away from 1"
    return (sentence(f"{how}; {why}: {'; '.join(few)}"),) if few else ()


def _events_at(results: Results, key: Key) -> float:
    at = key._replace(statistic="events_at_level")
    return results.value(at) if results.has(at) else nan


def _reference(key: Key) -> Key:
    """The key of the level that a contrast is measured from."""
    return key._replace(level=key.contrast.removeprefix(f"{key.level}_vs_"), contrast="")


def _concerned(variable: Variable, key: Key) -> str:
    if variable.type == "yes_no" or not key.level:
        return variable.label
    return f"{variable.label} ({level_label(variable, key.level)})"


def terms_note(specification: Specification, results: Results) -> str:
    """Of whom a model is, and what it is adjusted for."""
    names = "; ".join(results.dictionary.phrases(specification.terms)) or "none"
    base = population_phrase(specification.population, results.dictionary)
    return sentence(f"{specification.label}: {base}. Terms: {names}")


def missing_note(rule: str, variables: Iterable[str], results: Results) -> str:
    """What the model does where a value is missing, and of which variables one is."""
    names = "; ".join(results.dictionary.phrases(variables))
    return sentence(f"{MISSING_RULES[rule]}; missing values are in: {names}") if names else ""


def same_note(variables: Iterable[str], results: Results, of: str = "") -> str:
    """Terms that no model can hold, since everyone has the same value."""
    names = listed(results.dictionary.phrases(variables))
    return sentence(f"{of}without {names}: every patient has the same value") if names else ""
