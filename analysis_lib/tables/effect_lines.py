"""Lines of a table whose models are read for the exposure alone."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from analysis_lib.analyses import EffectRows, Key, Results
from analysis_lib.labels import listed
from analysis_lib.tables.cells import count, hazard_ratio, p_value
from analysis_lib.tables.labels import sentence
from analysis_lib.tables.layout import Line, blank

Extra = Callable[[Results, Key], str]


def effect_lines(
    effect: EffectRows,
    group: str = "",
    *,
    whole: Extra | None = None,
    of_group: Extra | None = None,
) -> list[Line]:
    """Size, ratio and P: one line of two groups; of more, the model and below it each group.

    `whole` writes one more cell after the size, of the model; `of_group` one more at the end.
    """
    results = effect.results
    size = [count(results, effect.key, "n"), count(results, effect.key, "events")]
    if whole is not None:
        size.append(whole(results, effect.key))
    levels = effect.exposure.levels[1:]
    if len(levels) == 1:
        return [Line(effect.label, (*size, *_ratio(effect, levels[0], of_group)), group=group)]
    last = 2 if of_group is None else 3
    lines = [Line(effect.label, (*size, *blank(last)), group=group)]
    for level in levels:
        cells = (*blank(len(size)), *_ratio(effect, level, of_group))
        lines.append(Line(effect.exposure.label_of(level), cells, 1, group))
    return lines


def _ratio(effect: EffectRows, level: str, extra: Extra | None) -> tuple[str, ...]:
    results, key = effect.results, effect.contrast(level)
    cells = (hazard_ratio(results, key), p_value(results, key))
    return cells if extra is None else (*cells, extra(results, key))


def compared_note(effect: EffectRows) -> str:
    """Who is compared with whom."""
    labels = effect.exposure.labels
    return sentence(f"HR, hazard ratio of {listed(labels[1:])} against {labels[0]}")


def methods_note(effects: Iterable[EffectRows]) -> str:
    """What estimated the hazard ratios, each once."""
    found = [
        effect.results.row(effect.contrast(level)._replace(statistic="hazard_ratio")).method
        for effect in effects
        for level in effect.exposure.levels[1:]
    ]
    known = [x for x in dict.fromkeys(found) if x]
    return sentence("; ".join(known)) if known else ""
