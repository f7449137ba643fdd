"""Which variable misses most, whether that differs by group, and what the models lose by it."""

from __future__ import annotations

from analysis_lib.analyses import Key, MissingData
from analysis_lib.analyses.missing.concerned import part_of
from analysis_lib.dictionary import Variable, lower_first
from analysis_lib.format import counted, format_count, format_percent
from analysis_lib.labels import listed
from analysis_lib.narrative.phrases import difference_sentence, estimate_of
from analysis_lib.narrative.prose import Prose, escape, paragraph

_VALUES, _PATTERNS = "missing_values", "missing_patterns"


def describe_missing_data(missing: MissingData) -> Prose:
    """The variable missing most by share, its difference between the groups, then the models."""
    return paragraph(*_variables(missing), *_models(missing), _patterns(missing))


def _variables(missing: MissingData) -> list[str]:
    asked = len(missing.variables) + len(missing.complete)
    if not missing.variables:
        return [
            f"None of {format_count(asked)} variables lacks a value in a patient whom it concerns."
        ]
    most = max(missing.variables, key=lambda v: _share(missing, v))
    row = missing.results.row(_key(most)._replace(statistic="count"))
    numbers = f"{format_count(row.value)} of {format_count(row.denominator or 0)}"
    share = format_percent(_share(missing, most))
    part = f" {part_of(most.name)}" if part_of(most.name) else ""
    sentences = [
        f"Of {format_count(asked)} variables {format_count(len(missing.variables))} lack a value "
        "in someone whom they concern. Missing most often is "
        f"{escape(lower_first(most.label))}: in {numbers}{part} ({share}).",
        *_differences(missing, most),
    ]
    return [*sentences, _unbalanced(missing)]


def _share(missing: MissingData, variable: Variable) -> float:
    return missing.results.value(_key(variable)._replace(statistic="proportion"))


def _key(variable: Variable) -> Key:
    return Key(_VALUES, population="infused", variable=variable.name, level="missing")


def _differences(missing: MissingData, variable: Variable) -> list[str]:
    """Each group against the reference; of many groups the table says it."""
    groups = missing.grouping
    if len(groups.levels) > 3:
        return []
    return [
        difference_sentence(
            f"a missing value of {escape(lower_first(variable.label))}",
            escape(groups.phrase_of(level)),
            escape(groups.phrase_of(groups.reference)),
            estimate_of(
                missing.results,
                _key(variable)._replace(contrast=f"{level}_vs_{groups.reference}"),
                "difference",
            ),
            None,
        )
        for level in groups.levels[1:]
    ]


def _unbalanced(missing: MissingData) -> str:
    """The variables whose shares missing differ by more than chance would have them differ."""
    groups = missing.grouping
    differing = []
    for variable in missing.variables:
        found = [
            estimate_of(
                missing.results,
                _key(variable)._replace(contrast=f"{level}_vs_{groups.reference}"),
                "difference",
            )
            for level in groups.levels[1:]
        ]
        if any(x.low > 0 or x.high < 0 for x in found):
            differing.append(escape(lower_first(variable.label)))
    if not differing:
        return "For no variable does the interval of the difference between groups exclude zero."
    return (
        "The interval of the difference between groups excludes zero for "
        f"{format_count(len(differing))} of {format_count(len(missing.variables))}: "
        f"{listed(differing)}."
    )


def _models(missing: MissingData) -> list[str]:
    parts = []
    for model in missing.models:
        row = missing.results.row(model.key)
        used, considered = format_count(row.value), format_count(row.denominator or 0)
        parts.append(f"{used} of {considered} patients for the {model.label}")
    return [f"Every covariate is recorded in {listed(parts)}."]


def _patterns(missing: MissingData) -> str:
    """The covariates that are missing together most often."""
    named = [x for x in missing.patterns if x.missing]
    if not named:
        return "No covariate of these models is missing in anyone."
    labels = {v.name: escape(lower_first(v.label)) for v in missing.covariates}
    first = named[0]
    key = Key(_PATTERNS, population="infused", level=first.level)
    count, share = (
        missing.results.value(key._replace(statistic=x)) for x in ("count", "proportion")
    )
    what = listed(labels[name] for name in first.missing or ())
    alone = "alone" if len(first.missing or ()) == 1 else "together"
    return (
        f"The most frequent gap is {what} {alone}, in {counted(count, 'patient')} "
        f"({format_percent(share)})."
    )
