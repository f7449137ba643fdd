"""The rows of a forest plot: every variable of a Cox fit with its reference and its levels."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from analysis_lib.dictionary import Dictionary, Variable
from analysis_lib.format import (
    EN_DASH,
    NOT_ESTIMABLE,
    format_count,
    format_interval,
    format_p,
    format_ratio,
)
from analysis_lib.labels import level_label, quantity_label, readable
from analysis_lib.stats import CoxCoefficient, CoxFit

REFERENCE = "reference"


@dataclass(frozen=True)
class Mark:
    """A hazard ratio with its interval."""

    ratio: float
    low: float
    high: float


@dataclass(frozen=True)
class ForestRow:
    """One line: its texts, and a mark or the reason why there is none."""

    label: str
    indented: bool
    starts_term: bool
    of_exposure: bool
    n: str = ""
    events: str = ""
    ratio: str = ""
    p_value: str = ""
    mark: Mark | None = None
    reason: str = ""


def forest_rows(fit: CoxFit, exposure: str, dictionary: Dictionary) -> tuple[ForestRow, ...]:
    """Heading, reference and levels of each factor; a quantity is one row. Exposure first."""
    names = list(dict.fromkeys(term.variable for term in fit.coefficients))
    names.sort(key=lambda name: name != exposure)
    rows: list[ForestRow] = []
    for name in names:
        terms = [term for term in fit.coefficients if term.variable == name]
        variable, of_exposure = dictionary[name], name == exposure
        if not terms[0].level:
            label = quantity_label(variable)
            rows.append(term_row(terms[0], label, False, of_exposure, dictionary))
            continue
        rows.append(ForestRow(variable.label, False, True, of_exposure))
        rows += _level_rows(fit, variable, terms, of_exposure, dictionary)
    return tuple(rows)


def _level_rows(
    fit: CoxFit,
    variable: Variable,
    terms: list[CoxCoefficient],
    of_exposure: bool,
    dictionary: Dictionary,
) -> Iterator[ForestRow]:
    reference = terms[0].reference
    n, events = fit.factors[variable.name].counts[reference]
    label = level_label(variable, reference)
    yield ForestRow(
        label,
        True,
        False,
        of_exposure,
        n=format_count(n),
        events=format_count(events),
        ratio=REFERENCE,
    )
    for term in terms:
        yield term_row(term, level_label(variable, term.level), True, of_exposure, dictionary)


def term_row(
    term: CoxCoefficient, label: str, indented: bool, of_exposure: bool, dictionary: Dictionary
) -> ForestRow:
    """One coefficient with its mark, or the reason why it has none."""
    n, events = format_count(term.n), format_count(term.events)
    if not term.estimable:
        return ForestRow(
            label,
            indented,
            not indented,
            of_exposure,
            n=n,
            events=events,
            ratio=NOT_ESTIMABLE,
            p_value=EN_DASH,
            reason=readable(term.reason, dictionary),
        )
    interval = format_interval(term.ci_low, term.ci_high, format_ratio)
    return ForestRow(
        label,
        indented,
        not indented,
        of_exposure,
        n=n,
        events=events,
        ratio=f"{format_ratio(term.hazard_ratio)} ({interval})",
        p_value=format_p(term.p_value),
        mark=Mark(term.hazard_ratio, term.ci_low, term.ci_high),
    )
