"""The lines of a regression table: one a quantity or contrast, or a factor and its levels."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass

from analysis_lib.analyses import Key, Results
from analysis_lib.dictionary import Dictionary, Variable, lower_first
from analysis_lib.labels import level_label, listed, quantity_label, readable
from analysis_lib.stats import CoxFit
from analysis_lib.tables.cells import hazard_ratio, p_value
from analysis_lib.tables.labels import sentence
from analysis_lib.tables.layout import Line

REFERENCE = "reference"
NOT_ESTIMABLE = "not estimable: "


@dataclass(frozen=True)
class Term:
    """A variable of a model with its contrasts; a quantity has the one level ''."""

    variable: Variable
    reference: str
    levels: tuple[str, ...]

    def key(self, at: Key, level: str) -> Key:
        """The key of one coefficient."""
        contrast = f"{level}_vs_{self.reference}" if level else ""
        return at._replace(variable=self.variable.name, level=level, contrast=contrast)

    def reference_key(self, at: Key) -> Key:
        """The key of what is known at the reference level: its patients and events."""
        return at._replace(variable=self.variable.name, level=self.reference)

    @property
    def heading(self) -> str:
        """The label of a factor, or of the only contrast or quantity in full."""
        if len(self.levels) > 1 or self.variable.type == "yes_no":
            return self.variable.label
        if not self.levels[0]:
            return quantity_label(self.variable)
        compared, reference = (
            level_label(self.variable, x) for x in (self.levels[0], self.reference)
        )
        return f"{self.variable.label}, {lower_first(compared)} vs {lower_first(reference)}"


def terms_of(fits: Iterable[CoxFit], dictionary: Dictionary) -> tuple[Term, ...]:
    """The terms of one or several models, in order; a factor has the levels of all of them."""
    levels: dict[tuple[str, str], dict[str, None]] = {}
    for fit in fits:
        for one in fit.coefficients:
            levels.setdefault((one.variable, one.reference), {})[one.level] = None
    return tuple(
        Term(dictionary[name], reference, tuple(held)) for (name, reference), held in levels.items()
    )


def term_lines(
    term: Term,
    at_level: Callable[[str], tuple[str, ...]],
    whole: tuple[str, ...],
    reference: tuple[str, ...],
    group: str = "",
) -> list[Line]:
    """The lines of one term: `whole` holds what is said of the variable, not of a level."""
    if len(term.levels) == 1:
        only = at_level(term.levels[0])
        cells = tuple(a or b for a, b in zip(whole, only, strict=True))
        return [Line(term.heading, cells, group=group)]
    return [
        Line(term.heading, whole, group=group),
        Line(level_label(term.variable, term.reference), reference, 1, group),
        *(
            Line(level_label(term.variable, level), at_level(level), 1, group)
            for level in term.levels
        ),
    ]


def ratio_and_p(results: Results, key: Key) -> tuple[str, str]:
    """Hazard ratio and P of a coefficient; blank where the model has no such term."""
    if not results.has(key._replace(statistic="hazard_ratio")):
        return ("", "")
    return (hazard_ratio(results, key), p_value(results, key))


def not_estimable_notes(
    results: Results, dictionary: Dictionary, fit_notes: tuple[str, ...] = ()
) -> tuple[str, ...]:
    """Why hazard ratios could not be estimated, one note a reason with all it concerns.

    A reason that `fit_notes` states of the whole model is not repeated for each of its terms.
    """
    concerned: dict[str, list[str]] = {}
    for row in results:
        if row.key.statistic != "hazard_ratio" or not row.method.startswith(NOT_ESTIMABLE):
            continue
        reason = row.method.removeprefix(NOT_ESTIMABLE)
        if not any(reason in note for note in fit_notes):
            concerned.setdefault(reason, []).append(_named(dictionary[row.key.variable], row.key))
    return tuple(
        sentence(f"not estimable, {listed(names)}: {readable(reason, dictionary)}")
        for reason, names in concerned.items()
    )


def _named(variable: Variable, key: Key) -> str:
    if variable.type == "yes_no" or not key.level:
        return variable.label
    return f"{variable.label} ({level_label(variable, key.level)})"
