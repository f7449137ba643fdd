"""What the checks of the adjusted comparison found, and what it may therefore be said to show."""

from __future__ import annotations

from collections.abc import Callable

from analysis_lib.dictionary import Dictionary, lower_first
from analysis_lib.format import (
    format_count,
    format_fixed,
    format_number,
    format_p_statement,
    format_percent,
    format_points,
)
from analysis_lib.labels import listed
from analysis_lib.show.prose import Prose, escape, paragraph
from analysis_lib.topics.gate.numbers import (
    BALANCE,
    COMPLETENESS,
    DIFFERENTIAL,
    EVENTS,
    FAIL,
    HAZARDS,
    MISSING,
    PASS,
    POSITIVITY,
    RECORDED,
    UNKNOWN,
    WARN,
    Check,
    Gate,
)

Reason = Callable[[Check, Dictionary], str]


def describe_gate(gate: Gate) -> Prose:
    """How many checks are passed, what the others found, and what follows for the conclusion."""
    passed, total = len(gate.of(PASS)), len(gate.checks)
    unknown = [lower_first(check.rule.label) for check in gate.of(UNKNOWN)]
    return paragraph(
        f"{format_count(passed)} of {format_count(total)} checks are passed.",
        _found(gate, WARN, "For caution"),
        _found(gate, FAIL, "Failed"),
        f"Not assessed: {listed(unknown)}. {escape(gate.lacking)}".rstrip() if unknown else "",
        gate_conclusion(gate),
    )


def gate_conclusion(gate: Gate) -> str:
    """The sentence on which a conclusion has to end; the worst verdict decides its words."""
    if gate.of(FAIL):
        return (
            "No conclusion about the exposure itself is drawn from the adjusted comparison, "
            f"because {reasons(gate, FAIL)}."
        )
    if gate.of(WARN):
        return (
            "The adjusted comparison allows a conclusion with caution only, because "
            f"{reasons(gate, WARN)}."
        )
    if gate.of(UNKNOWN):
        return "The adjusted comparison passed every check that could be made, not all of them."
    return "The adjusted comparison passed every check of what a conclusion needs."


def reasons(gate: Gate, verdict: str) -> str:
    """What each check with that verdict found, as a clause."""
    dictionary = gate.results.dictionary
    return listed(_REASONS[x.rule.name](x, dictionary) for x in gate.of(verdict))


def _found(gate: Gate, verdict: str, word: str) -> str:
    return f"{word}: {reasons(gate, verdict)}." if gate.of(verdict) else ""


def _balance(check: Check, dictionary: Dictionary) -> str:
    name = dictionary[check.worst.variable].phrase if check.worst else ""
    return (
        f"the groups differ at baseline, most in {escape(name)} (standardised "
        f"difference {format_fixed(check.value, 2)})"
    )


def _events(check: Check, dictionary: Dictionary) -> str:
    outcome = escape(dictionary[check.worst.outcome].phrase) if check.worst else ""
    each = format_number(check.value)
    events = "event" if each == "1" else "events"
    return f"the model of {outcome} has {each} {events} for each of its parameters"


def _hazards(check: Check, dictionary: Dictionary) -> str:
    outcome = escape(dictionary[check.worst.outcome].phrase) if check.worst else ""
    found = format_p_statement(check.value)
    return f"the hazard ratio of {outcome} changes over time ({found})"


def _missing(check: Check, dictionary: Dictionary) -> str:
    return f"{format_percent(check.value)} of the patients lack a covariate"


def _recorded(check: Check, dictionary: Dictionary) -> str:
    share = format_percent(check.value)
    return f"{share} of the covariates chosen for the primary model are not in the extract"


def _positivity(check: Check, dictionary: Dictionary) -> str:
    return f"{format_percent(check.value)} of the patients are all but sure of their group"


def _completeness(check: Check, dictionary: Dictionary) -> str:
    return (
        f"of the follow-up that was possible in a group only {format_percent(check.value)} "
        "was observed"
    )


def _differential(check: Check, dictionary: Dictionary) -> str:
    points = format_points(check.value)
    return f"follow-up is less complete in one group than in another, by {points} points"


_REASONS: dict[str, Reason] = {
    BALANCE.name: _balance,
    EVENTS.name: _events,
    HAZARDS.name: _hazards,
    MISSING.name: _missing,
    RECORDED.name: _recorded,
    POSITIVITY.name: _positivity,
    COMPLETENESS.name: _completeness,
    DIFFERENTIAL.name: _differential,
}
