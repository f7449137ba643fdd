"""Which counts of a study are shown: decided once, for every analysis alike."""

from __future__ import annotations

import hashlib
import pickle
import weakref
from collections.abc import Callable, Iterable
from typing import Any

import pandas as pd

from analysis_lib.errors import CohortError
from analysis_lib.results.disclosure import families
from analysis_lib.results.disclosure import families as sets
from analysis_lib.results.disclosure.families import RESPONSE, steps
from analysis_lib.results.disclosure.protect import Family, Members, Ranges
from analysis_lib.results.rows import Key
from analysis_lib.study.groups import Population
from analysis_lib.study.study import Study

Decisions = dict[bytes, bool]


class Plan:
    """The families of a study, each decided when first asked for.

    Who is in a group, who responded and who had the event is decided first, and given to the
    families that rest on it; families that share nothing else cannot give each other back.

    Raises
    ------
    CohortError
        A group that is compared has fewer than `small_cell` patients.
    """

    def __init__(self, study: Study) -> None:
        self._study = study
        self._families: dict[tuple[object, ...], Family] = {}
        for level in study.groups.levels:
            self._check(level)
        public = {one.tobytes(): True for one in families.groups(study)}
        self._groups = self._family(families.sizes(study), public)
        self._sizes, self._left = self._groups.decisions(), self._groups.left()

    def _check(self, level: str) -> None:
        study = self._study
        n, least = int(sets.at(study, study.groups.variable, level).sum()), self.small_cell
        if n < least:
            raise CohortError(
                f"small_cell: exposure level {study.groups.label_of(level)!r} has fewer than "
                f"{least} patients, so that no comparison with it can be shown; merge levels with "
                "exposure_levels, or lower small_cell"
            )

    @property
    def small_cell(self) -> int:
        return self._study.parameters.small_cell

    def _family(
        self,
        members: Iterable[Members],
        given: Decisions,
        chief: Iterable[Members] = (),
        left: Ranges | None = None,
    ) -> Family:
        return _made(list(members), self.small_cell, given, list(chief), left)

    def _once(self, name: tuple[object, ...], decide: Callable[[], Family]) -> Family:
        if name not in self._families:
            self._families[name] = decide()
        return self._families[name]

    def sizes(self, members: Members) -> bool:
        return self._groups.published(members)

    def variable(self, name: str) -> Family:
        """A characteristic in every column of the baseline tables."""
        study = self._study
        return self._once(
            study.dictionary.family(name),
            lambda: self._family(
                families.of_variable(study, name),
                self._sizes,
                families.chief_of_variable(study, name),
                self._left,
            ),
        )

    def outcome(self, name: str) -> Family:
        """A toxicity with its grades, or another yes/no outcome of everyone."""
        return self._once(
            ("of", name),
            lambda: self._family(
                families.of_outcome(self._study, name), self._sizes, left=self._left
            ),
        )

    def response(self) -> Family:
        study = self._study
        return self._once(
            (families.RESPONSE,),
            lambda: self._family(
                families.of_response(study),
                self._sizes,
                families.chief_of_response(study),
                self._left,
            ),
        )

    def endpoints(self) -> Family:
        """Events of the endpoints; relapses and early deaths among them are decided before.

        The censored are counted in no row, and protected as if a row had withheld them.
        """
        return self._once(("endpoints",), self._of_endpoints)

    def _of_endpoints(self) -> Family:
        study = self._study
        responders = sets.base(study, "responders")
        given = {x.tobytes(): False for x in families.censored(study) if x.any()} | self._sizes
        given |= {
            one.tobytes(): self.response().published(one)
            for one in (x & responders for x in families.groups(study))
            if one.any()
        }
        given |= {x.tobytes(): self._beside(x) for x in families.beside_endpoints(study) if x.any()}
        made, chief = families.of_endpoints(study), families.events(study)
        left = {x: y for table in self._tables() for x, y in table.left(given).items()}
        return self._family(made, given, chief, left | self._left)

    def _beside(self, members: Members) -> bool:
        """Whether relapses or early deaths are shown where they are tabulated."""
        return any(table.published(members) for table in self._tables())

    def _tables(self) -> tuple[Family, ...]:
        """Where responders, relapses and early deaths are counted."""
        return self.response(), self.outcome("death_30d"), self.outcome("sos_death")

    def of_population(self, key: Key, members: Members) -> bool:
        """Whether the size of a row's population, which is of these patients, is shown."""
        base = Population.parse(key.population).base
        if base == "infused":
            return self.sizes(members)
        if base in ("response_evaluable", "responders", "mrd_tested_responders"):
            return self.response().published(members)
        return self.outcome(sets.BASES[base][0]).published(members)


_MADE: weakref.WeakValueDictionary[bytes, Family] = weakref.WeakValueDictionary()


def _made(*given: Any) -> Family:
    """The family of these sets; studies that differ in their models alone have the same ones."""
    digest = hashlib.sha256(pickle.dumps(given)).digest()
    family = _MADE.get(digest)
    if family is None:
        family = _MADE[digest] = Family(*given)
    return family


_PLANS: dict[tuple[int, int, str], tuple[weakref.ref[pd.DataFrame], Plan]] = {}


def plan_of(study: Study) -> Plan:
    """The plan of a study, made once for the same patients."""
    groups = study.groups
    name = (id(study.patients), study.parameters.small_cell, repr((groups.variable, groups.levels)))
    kept = _PLANS.get(name)
    if kept is None or kept[0]() is not study.patients:
        kept = (weakref.ref(study.patients), Plan(study))
        _PLANS[name] = kept
    return kept[1]


# Whether a set's count is shown; and the set itself, with the set that a share is taken of.
Place = tuple[Callable[[Members], bool], Members, Members | None]
ATTRITION, MISSING, FOLLOWUP = "attrition", "missing_values", "followup"
BASELINE = {
    "baseline_by_exposure": None,
    "baseline_by_response": "response",
    "baseline_by_timing": "timing",
}


def attrition_shown(study: Study) -> dict[tuple[str, str], bool]:
    """Each rule's `excluded` and `remaining`: shown or not; the eligible always are."""
    applied = study.attrition.steps
    out, left = steps(applied[0].entered, [step.excluded for step in applied])
    given = {left[-1].tobytes(): True}
    everyone = left[0] | out[0]
    family = Family([everyone, *out, *left], study.parameters.small_cell, given)
    shown = {("entered", ""): family.published(everyone)}
    for step, gone, rest in zip(applied, out, left, strict=True):
        shown[step.name, "excluded"] = family.published(gone)
        shown[step.name, "remaining"] = family.published(rest)
    return shown


def place(study: Study, plan: Plan, key: Key) -> Place | None:
    """The patients a row counts; None where nobody can say, so that nothing is shown."""
    if key.statistic == "drawn_from":
        return plan.sizes, sets.everyone(study), None
    within = _population(study, key)
    if within is None:
        return None
    of_everyone = key.statistic == "n" and not key.variable
    if of_everyone or (key.analysis == FOLLOWUP and key.statistic in ("n", "n_evaluable")):
        return (lambda members: plan.of_population(key, members)), within, within
    if key.analysis == "flow":
        counted = sets.everyone(study)
        if key.variable != "infused":
            counted = within & sets.of_level(study, key.variable, key.level)
        return plan.sizes, counted, within
    if key.analysis in BASELINE:
        return _of_variable(study, plan, key, within)
    if key.analysis in ("toxicity", RESPONSE):
        return _of_outcome(study, plan, key, within)
    if key.analysis == MISSING:
        return _of_missing(study, plan, key, within)
    return _of_endpoint(study, plan, key, within)


def _population(study: Study, key: Key) -> Members | None:
    """The population of a row; a table by response or timing is of those in its groups."""
    split = BASELINE.get(key.analysis)
    grouping = getattr(study.exposure, split) if split else None
    if grouping is not None and key.population == "infused":
        return sets.among(study, grouping)
    return sets.population(study, key.population)


def _of_variable(study: Study, plan: Plan, key: Key, within: Members) -> Place:
    if not key.variable:
        return plan.sizes, within, within
    counted = (
        sets.known(study, key.variable)
        if key.statistic == "n_evaluable"
        else sets.of_level(study, key.variable, key.level)
    )
    return plan.variable(key.variable).published, within & counted, within


def _of_outcome(study: Study, plan: Plan, key: Key, within: Members) -> Place | None:
    family = plan.response() if key.analysis == RESPONSE else None
    if key.statistic == "n_evaluable":
        column = key.outcome
        if column not in study.patients:
            return None
        outcome = column.removesuffix("_onset_days")
        family = plan.outcome(outcome)
        return family.published, within & sets.known(study, column), within
    found = sets.happened(study, key)
    if found is None:
        return None
    family = plan.outcome(key.outcome) if family is None else family
    return family.published, within & found[0] & found[1], within & found[1]


def _of_missing(study: Study, plan: Plan, key: Key, within: Members) -> Place | None:
    """Patients without a value of what is known before infusion, if it concerns everyone."""
    splits = (study.groups, study.exposure.response, study.exposure.timing)
    apart = {*study.dictionary.after_infusion, *(x.variable for x in splits if x is not None)}
    if key.variable not in study.patients or key.variable in apart:
        return None
    family = plan.variable(key.variable)
    return family.published, within & ~sets.known(study, key.variable), within


def _at_level(study: Study, plan: Plan, key: Key, within: Members) -> Place | None:
    """Patients at a level of a model's variable, where the model leaves nobody out."""
    if key.variable == study.groups.variable:
        return plan.sizes, within & sets.at(study, key.variable, key.level), within
    if key.variable not in study.patients or not key.level:
        return None
    family = plan.variable(key.variable)
    return family.published, within & sets.of_level(study, key.variable, key.level), within


def _of_endpoint(study: Study, plan: Plan, key: Key, within: Members) -> Place | None:
    """Events, and events and patients at risk by a time; at first everyone is at risk."""
    if key.statistic == "n_at_level" and key.time_months is None:
        return _at_level(study, plan, key, within)
    if key.outcome not in study.parameters.endpoints or key.variable:
        return None
    event = study.patients[f"{key.outcome}_event"].to_numpy(dtype=bool)
    months = study.patients[f"{key.outcome}_months"].to_numpy(dtype=float)
    if key.statistic == "events":
        return plan.endpoints().published, within & event, within
    if not key.analysis.startswith("survival_by_") or key.time_months is None:
        return None
    family = plan.endpoints()
    if key.statistic == "at_risk" and not key.time_months:
        return (lambda members: plan.of_population(key, members)), within, within
    if key.statistic == "at_risk":
        return family.published, within & (months >= key.time_months), within
    if key.statistic == "events_to_date":
        return family.published, within & event & (months <= key.time_months), within
    return None
