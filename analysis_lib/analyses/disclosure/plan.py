"""Which counts of a study are shown: decided once, for every analysis alike."""

from __future__ import annotations

import weakref
from collections.abc import Iterable
from typing import TYPE_CHECKING

import pandas as pd

from analysis_lib.analyses.disclosure import families, sets
from analysis_lib.analyses.disclosure.protect import Family, Members
from analysis_lib.cohort import Study
from analysis_lib.errors import CohortError

if TYPE_CHECKING:
    from analysis_lib.analyses.results import Key

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
        self._sizes = self._family(("sizes",), families.sizes(study), public).decisions()

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
        name: tuple[object, ...],
        members: Iterable[Members],
        given: Decisions,
        chief: Iterable[Members] = (),
    ) -> Family:
        if name not in self._families:
            self._families[name] = Family(members, self.small_cell, given, chief)
        return self._families[name]

    def sizes(self, members: Members) -> bool:
        return self._family(("sizes",), (), {}).published(members)

    def variable(self, name: str) -> Family:
        """A characteristic in every column of the baseline tables."""
        related = next((x for x in families.RELATED if name in x), (name,))
        made = families.of_variable(self._study, name)
        chief = families.chief_of_variable(self._study, name)
        return self._family(related, made, self._sizes, chief)

    def outcome(self, name: str) -> Family:
        """A toxicity with its grades, or another yes/no outcome of everyone."""
        return self._family(("of", name), families.of_outcome(self._study, name), self._sizes)

    def response(self) -> Family:
        made = families.of_response(self._study)
        chief = families.chief_of_response(self._study)
        return self._family((families.RESPONSE,), made, self._sizes, chief)

    def endpoints(self) -> Family:
        """Events of the endpoints; relapses and early deaths among them are decided before."""
        study = self._study
        responders = sets.base(study, "responders")
        given = self._sizes | {
            one.tobytes(): self.response().published(one)
            for one in (x & responders for x in families.groups(study))
            if one.any()
        }
        given |= {x.tobytes(): self._beside(x) for x in families.beside_endpoints(study) if x.any()}
        made, chief = families.of_endpoints(study), families.events(study)
        return self._family(("endpoints",), made, given, chief)

    def _beside(self, members: Members) -> bool:
        """Whether relapses or early deaths are shown where they are tabulated."""
        tables = (self.response(), self.outcome("death_30d"), self.outcome("sos_death"))
        return any(table.published(members) for table in tables)

    def of_population(self, key: Key) -> bool:
        """Whether the size of a row's population is shown."""
        members = sets.population(self._study, key.population)
        if members is None:
            return False
        base = key.population.partition("[")[0]
        if base == "infused":
            return self.sizes(members)
        if base in ("response_evaluable", "responders", "mrd_tested_responders"):
            return self.response().published(members)
        return self.outcome(sets.BASES[base][0]).published(members)


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
