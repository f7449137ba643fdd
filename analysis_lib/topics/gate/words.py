"""What the checks of the adjusted comparison found, and what it may therefore be said to show."""

from __future__ import annotations

from collections.abc import Callable

from analysis_lib.dictionary import lower_first
from analysis_lib.format import (
    agreeing,
    counted,
    digits_beside,
    format_count,
    format_fixed,
    format_p_statement,
    format_percent,
    format_points,
    is_suppressed,
)
from analysis_lib.labels import listed
from analysis_lib.results.rows import Key
from analysis_lib.show.prose import Prose, escape, of_several, paragraph, when_shown
from analysis_lib.topics.gate.numbers import Check, Gate
from analysis_lib.topics.gate.primary_model import (
    ABOVE,
    AROUND,
    BELOW,
    COMPLETE,
    IMPUTED,
    LEVEL,
    UnderRules,
    size_key,
)
from analysis_lib.topics.gate.rules import (
    BALANCE,
    CLUSTERS,
    COMPLETENESS,
    DIFFERENTIAL,
    EVENTS,
    FAIL,
    HAZARDS,
    KNOWN,
    MISSING,
    MISSING_RULE,
    POSITIVITY,
    RECORDED,
    SELECTION,
    UNHELD,
    UNKNOWN,
    WARN,
)

Reason = Callable[[Check, Gate], str]


def describe_gate(gate: Gate) -> Prose:
    """How many checks are passed, what the others found, and what follows for the conclusion."""
    key = Key("gate", population="infused")
    passed, total = gate.results.values(key, "checks_passed", "checks_asked")
    unknown = [lower_first(check.rule.label) for check in gate.of(UNKNOWN)]
    return paragraph(
        f"{format_count(passed)} of {counted(total, 'check')} "
        f"{agreeing(passed, 'is', 'are')} passed.",
        _found(gate, WARN, "For caution"),
        _found(gate, FAIL, "Failed"),
        f"Not assessed: {listed(unknown)}. {escape(gate.lacking)}".rstrip() if unknown else "",
        _sizes(gate),
        _allowed(gate),
    )


def gate_conclusion(gate: Gate) -> str:
    """The sentence on which a conclusion has to end, with what the worst verdict rests on."""
    worst = next((x for x in (FAIL, WARN) if gate.of(x)), None)
    if worst is None:
        return _allowed(gate)
    return f"{_allowed(gate).removesuffix('.')}, because {reasons(gate, worst)}."


def _allowed(gate: Gate) -> str:
    """What may be concluded; the worst verdict decides the words."""
    if gate.of(FAIL):
        return "No conclusion about the exposure itself is drawn from the adjusted comparison."
    if gate.of(WARN):
        return "The adjusted comparison allows a conclusion with caution only."
    if gate.of(UNKNOWN):
        return "The adjusted comparison passed every check that could be made, not all of them."
    return "The adjusted comparison passed every check of what a conclusion needs."


def reasons(gate: Gate, verdict: str) -> str:
    """What each check with that verdict found, as a clause."""
    *others, last = (_REASONS[x.rule.name](x, gate) for x in gate.of(verdict))
    return f"{', '.join(others)}, and {last}" if others else last


def _found(gate: Gate, verdict: str, word: str) -> str:
    return f"{word}: {reasons(gate, verdict)}." if gate.of(verdict) else ""


def _balance(check: Check, gate: Gate) -> str:
    return (
        f"the weighted groups still differ, most in {_variable(check, gate)} (standardised "
        f"difference {format_fixed(check.value, 2)})"
    )


def _unheld(check: Check, gate: Gate) -> str:
    share = _missing_share(check, gate)
    told = share and not is_suppressed(share)
    gaps = f", not recorded in {format_percent(share)}" if told else ""
    return (
        f"the groups differ in {_variable(check, gate)} (standardised difference "
        f"{format_fixed(check.value, 2)}{gaps}), which the primary model does not hold"
    )


def _missing_share(check: Check, gate: Gate) -> float:
    variable = check.worst.variable if check.worst else ""
    key = Key(gate.baseline.analysis, "", "infused", variable, "missing", statistic="proportion")
    return gate.baseline.results.value(key)


def _variable(check: Check, gate: Gate) -> str:
    dictionary = gate.results.dictionary
    return escape(dictionary[check.worst.variable].phrase) if check.worst else ""


def _outcome(check: Check, gate: Gate) -> str:
    dictionary = gate.results.dictionary
    return escape(dictionary[check.worst.outcome].phrase) if check.worst else ""


def _events(check: Check, gate: Gate) -> str:
    at = size_key(check.worst.outcome if check.worst else "")
    each = format_fixed(gate.results.value(at, "events_per_parameter"), 1)
    bounds = check.rule.passes, check.rule.fails
    shrinkage = format_fixed(check.value, digits_beside(check.value, 2, *bounds))
    size = when_shown(f" ({each} events for each, expected shrinkage {shrinkage})")
    return (
        f"the model of {_outcome(check, gate)} has fewer patients than its parameters ask for{size}"
    )


def _selection(check: Check, gate: Gate) -> str:
    return (
        f"the groups differ in who never reached time zero, by {format_points(check.value)} points"
    )


def _sizes(gate: Gate) -> str:
    """What each endpoint's model would take by the criteria of Riley et al., and its margin."""
    keys = [
        row.key._replace(statistic="")
        for row in gate.results
        if row.key.statistic == "patients_needed"
    ]
    said = []
    for key in keys:
        patients, events, margin = gate.results.values(
            key, "patients_needed", "events_needed", "risk_margin"
        )
        outcome = escape(gate.results.dictionary[key.outcome].phrase)
        said.append(
            f"{format_count(patients)} patients with {format_count(events)} events for {outcome} "
            f"(risk at the last landmark known to within {format_points(margin)} points)"
        )
    if not said:
        return ""
    return (
        f"A model that predicts, which asks for more than one that adjusts, would take "
        f"{listed(said)} [@riley2019]."
    )


def _hazards(check: Check, gate: Gate) -> str:
    found = format_p_statement(check.value)
    return f"the hazard ratio of {_outcome(check, gate)} changes over time ({found})"


def _missing(check: Check, gate: Gate) -> str:
    share = when_shown(f"{format_percent(check.value)} of the", "too many")
    return f"{share} patients lack a covariate"


def _recorded(check: Check, gate: Gate) -> str:
    share = format_percent(check.value)
    return f"{share} of the covariates chosen for the primary model are not in the extract"


def _known(check: Check, gate: Gate) -> str:
    share = format_percent(check.value)
    return (
        f"of {share} of the exposure and the covariates of the primary model it is not stated "
        "whether they were known before time zero"
    )


_RULES = {
    COMPLETE: "in complete cases",
    LEVEL: "with missing as a level",
    IMPUTED: "with gaps imputed",
}
_SIDES = {ABOVE: "above 1", BELOW: "below 1", AROUND: "around 1"}


def _missing_rule(check: Check, gate: Gate) -> str:
    """Where the interval lies under which rules for gaps, that of the primary model last."""
    ratio = next(x for x in gate.ratios if x.key == check.worst)
    who = of_several(gate.baseline.grouping, ratio.level)
    return (
        f"the answer on {_outcome(check, gate)}{who} depends on the rule for missing values "
        f"(interval {_sides(ratio)})"
    )


def _sides(ratio: UnderRules) -> str:
    chosen = ratio.sides[ratio.chosen]
    return ", ".join(
        f"{word} {listed(_RULES[rule] for rule in _RULES if ratio.sides.get(rule) == side)}"
        for side, word in sorted(_SIDES.items(), key=lambda x: x[0] == chosen)
        if side in ratio.sides.values()
    )


def _clusters(check: Check, gate: Gate) -> str:
    return f"the errors by centre rest on {counted(check.value, 'centre')} alone"


def _positivity(check: Check, gate: Gate) -> str:
    return f"{format_percent(check.value)} of the patients are all but sure of their group"


def _completeness(check: Check, gate: Gate) -> str:
    return (
        f"of the follow-up that was possible in a group only {format_percent(check.value)} "
        "was observed"
    )


def _differential(check: Check, gate: Gate) -> str:
    points = format_points(check.value)
    return f"follow-up is less complete in one group than in another, by {points} points"


_REASONS: dict[str, Reason] = {
    BALANCE.name: _balance,
    UNHELD.name: _unheld,
    EVENTS.name: _events,
    SELECTION.name: _selection,
    HAZARDS.name: _hazards,
    MISSING.name: _missing,
    RECORDED.name: _recorded,
    KNOWN.name: _known,
    MISSING_RULE.name: _missing_rule,
    POSITIVITY.name: _positivity,
    COMPLETENESS.name: _completeness,
    DIFFERENTIAL.name: _differential,
    CLUSTERS.name: _clusters,
}
