"""The exposure's hazard ratio under other choices, beside the one that was made."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace

from analysis_lib.analyses.choices import Choice, other_choices
from analysis_lib.analyses.effects import Effect, fit_effect
from analysis_lib.analyses.ladder import (
    Ladder,
    baseline_specification,
    published_specification,
)
from analysis_lib.analyses.results import Results, combine
from analysis_lib.cohort import Study

POPULATION_LABELS = {"responders": "Responders only", "infused": "All infused"}
# Non-response is an event of PFS or of nothing; bridging therapy is among the article's terms.
ONLY_PFS = ("nonresponse",)
ONLY_BASELINE = ("bridging",)


@dataclass(frozen=True)
class Family:
    """One model of one endpoint: as it was chosen, then with one choice changed at a time."""

    outcome: str
    label: str
    chosen: Effect
    others: tuple[Effect, ...]

    @property
    def effects(self) -> tuple[Effect, ...]:
        return (self.chosen, *self.others)


@dataclass(frozen=True)
class Sensitivity:
    """Families of models; `results` hold the other choices, the ladders hold the chosen."""

    families: tuple[Family, ...]
    left_out: tuple[str, ...]
    results: Results


def sensitivity_to_choices(study: Study, ladders: Sequence[Ladder]) -> Sensitivity:
    """The article's model (PFS) and the primary model (each endpoint) under every other choice."""
    choices = other_choices(study)
    families = []
    for ladder in ladders:
        if ladder.as_published is not None:
            families.append(_published_family(ladder, ladder.as_published, choices.made))
        families.append(_baseline_family(ladder, choices.made))
    results = combine(study, (x.results for family in families for x in family.others))
    return Sensitivity(tuple(families), tuple(x for x in choices.left_out if x), results)


def _published_family(ladder: Ladder, chosen: Effect, choices: Sequence[Choice]) -> Family:
    effects = []
    for choice in choices:
        if choice.name in ONLY_BASELINE:
            continue
        population = choice.study.parameters.model_population
        specification = published_specification(
            choice.study,
            name=f"sensitivity_as_published_{choice.name}",
            label=choice.label or POPULATION_LABELS[population],
        )
        effects.append(fit_effect(choice.study, specification))
    label = f"{ladder.outcome_label}, model A"
    return Family(ladder.outcome, label, _as_chosen(chosen), tuple(effects))


def _baseline_family(ladder: Ladder, choices: Sequence[Choice]) -> Family:
    effects = []
    for choice in choices:
        if choice.name in ONLY_PFS and ladder.outcome != "pfs":
            continue
        # The primary model is of all infused; the other population is that of the responders.
        population = "responders" if choice.name == "population" else "infused"
        specification = baseline_specification(
            choice.study,
            ladder.outcome,
            name=f"sensitivity_baseline_{choice.name}",
            label=choice.label or POPULATION_LABELS[population],
            population=population,
        )
        effects.append(fit_effect(choice.study, specification))
    label = f"{ladder.outcome_label}, baseline-adjusted"
    return Family(ladder.outcome, label, _as_chosen(ladder.baseline), tuple(effects))


def _as_chosen(effect: Effect) -> Effect:
    return replace(effect, specification=replace(effect.specification, label="As specified"))
