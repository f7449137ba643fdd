"""The checks and their bounds.

Standardised differences .1 and .25 (Stuart 2010, Stat Sci 25:1); expected shrinkage .9 (Riley 2019,
Stat Med 38:1276) and .5, where there are some 4 to 5 events a parameter (Vittinghoff & McCulloch
2007, Am J Epidemiol 165:710), since no number of events a parameter is enough for every model (van
Smeden 2016, BMC Med Res Methodol 16:163);
clusters 20, below which they are few by any author (Cameron & Miller 2015, J Hum Resour 50:317).
The others are conventions of this report.
"""

from __future__ import annotations

import math
from dataclasses import dataclass

PASS, WARN, FAIL, UNKNOWN = "pass", "warn", "fail", "not assessed"
VERDICTS = (PASS, WARN, FAIL, UNKNOWN)


@dataclass(frozen=True)
class Rule:
    """One check: the analysis name of its rows, its bounds, and which side of them is good."""

    name: str
    label: str
    passes: float
    fails: float
    unit: str = ""

    @property
    def higher_is_better(self) -> bool:
        return self.passes > self.fails

    def verdict(self, value: float) -> str:
        """`pass` up to the first bound and `fail` beyond the second."""
        if math.isnan(value):
            return UNKNOWN
        sign = -1 if self.higher_is_better else 1
        if sign * value <= sign * self.passes:
            return PASS
        return FAIL if sign * value > sign * self.fails else WARN

    def bounds(self, verdict: str, of: int) -> tuple[float, float]:
        """The least and the most patients that a verdict leaves open, of `of` for each unit."""
        first, last = sorted((math.floor(self.passes * of), math.floor(self.fails * of)))
        if verdict == WARN:
            return first, last
        fewest = verdict == (FAIL if self.higher_is_better else PASS)
        return (0, first) if fewest else (last, math.inf)


# Under either weights: those for overlap make the means of their covariates equal by construction.
BALANCE = Rule("gate_balance", "Largest standardised difference after weighting", 0.1, 0.25)
# Asked only where Table 1 has a characteristic that the primary model lacks.
UNHELD = Rule(
    "gate_unheld", "Largest standardised difference that the primary model lacks", 0.1, 0.25
)
EVENTS = Rule("gate_events", "Expected shrinkage of the primary model", 0.9, 0.5)
HAZARDS = Rule("gate_hazards", "P of proportional hazards in the primary model", 0.05, 0.005)
MISSING = Rule("gate_missing", "Patients left out of the primary model", 0.05, 0.2, "proportion")
# Of the rules that the primary model does not follow.
MISSING_RULE = Rule(
    "gate_missing_rule",
    "Other rules for missing values that decide otherwise",
    0.0,
    0.5,
    "proportion",
)
POSITIVITY = Rule(
    "gate_positivity", "Patients whose propensity is extreme", 0.01, 0.1, "proportion"
)
# Asked only of an extract that lacks a covariate altogether: no patient is left out for it.
RECORDED = Rule(
    "gate_recorded", "Covariates of the primary model nowhere recorded", 0.0, 0.25, "proportion"
)
# Asked only where the dictionary or the mapping leaves it open: the exposure counts as one.
KNOWN = Rule(
    "gate_known",
    "Variables of the primary model not stated to be known before time zero",
    0.0,
    0.25,
    "proportion",
)
# Asked where the groups were there before the treatment that all patients reached.
SELECTION = Rule(
    "gate_selection",
    "Difference between the groups in who never reached time zero",
    0.05,
    0.15,
    "proportion",
)
COMPLETENESS = Rule(
    "gate_completeness", "Follow-up observed of what was possible", 0.9, 0.6, "proportion"
)
DIFFERENTIAL = Rule(
    "gate_differential_follow_up", "Difference of it between the groups", 0.05, 0.15, "proportion"
)
# Asked only where errors by centre are shown. No number of centres fails: a study in one centre,
# which has no such errors, is asked nothing either.
CLUSTERS = Rule("gate_clusters", "Centres behind the errors by centre", 20.0, 2.0)
