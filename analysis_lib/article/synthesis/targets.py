"""Counts the synthetic cohort must show, and how they are dealt to patients."""

from __future__ import annotations

from collections.abc import Hashable, Mapping
from datetime import date
from typing import TypeVar

import numpy as np
import pandas as pd

Counts = dict[str, int]
Table = dict[str, Counts]

YES = "yes"
NO = "no"
MISSING = ""

# Eligibility (Methods): infusion window and data lock.
FIRST_INFUSION = date(2021, 10, 1)
LAST_INFUSION = date(2023, 8, 31)
DATA_LOCK = date(2023, 10, 30)
MINIMUM_FOLLOW_UP = 90

# Text: 62 / 27 / 13 by response and 74 / 16 / 12 by timing; the joint cells are not printed.
TIMING_BY_STRATUM: Table = {
    "naive": {"none": 87},
    "responder": {"preapheresis_only": 46, "both": 11, "bridging_only": 5},
    "refractory": {"preapheresis_only": 19, "both": 3, "bridging_only": 5},
    "not_reported": {"preapheresis_only": 9, "both": 2, "bridging_only": 2},
}

# Table 1, by arm; one exposed patient is in no printed race row.
SEX: Table = {"naive": {"female": 37, "male": 50}, "exposed": {"female": 45, "male": 57}}
RACE: Table = {
    "naive": {"non_hispanic_white": 49, "hispanic": 26, "black": 6, "asian": 4, "other": 2},
    "exposed": {
        "non_hispanic_white": 55,
        "hispanic": 30,
        "black": 7,
        "asian": 8,
        "other": 1,
        MISSING: 1,
    },
}
CNS: Counts = {"naive": 18, "exposed": 16}
BLINATUMOMAB: Counts = {"naive": 53, "exposed": 59}

# Table 1 totals; Ph+ 17/62 and 1/27 from the percents of supplemental Table 1. The Ph-like split
# is chosen so that the three-level test prints .03.
SUBTYPE: Table = {
    "naive": {"ph_positive": 36, "ph_like": 14, "ph_negative": 37},
    "responder": {"ph_positive": 17, "ph_like": 12, "ph_negative": 33},
    "refractory": {"ph_positive": 1, "ph_like": 5, "ph_negative": 21},
    "not_reported": {"ph_positive": 1, "ph_like": 3, "ph_negative": 9},
}

ACTIVE = "active"
MRD_POSITIVE = "cr_mrd_positive_or_unknown"
MRD_NEGATIVE = "cr_mrd_negative"
# Table 1 totals; active 29/62, 24/27, 22/28 and 37/74 from supplemental percents. The other cells
# are chosen so that the four-level tests print <.0001 by response and .07 by timing.
MARROW_STATUS: Table = {
    "naive": {ACTIVE: 35, MRD_POSITIVE: 32, MRD_NEGATIVE: 14, MISSING: 6},
    "responder/preapheresis": {ACTIVE: 17, MRD_POSITIVE: 16, MRD_NEGATIVE: 11, MISSING: 2},
    "responder/bridging": {ACTIVE: 12, MRD_POSITIVE: 2, MRD_NEGATIVE: 2},
    "refractory/preapheresis": {ACTIVE: 16, MISSING: 3},
    "refractory/bridging": {ACTIVE: 8},
    "not_reported/preapheresis": {ACTIVE: 4, MRD_POSITIVE: 1, MRD_NEGATIVE: 1, MISSING: 3},
    "not_reported/bridging": {ACTIVE: 2, MISSING: 2},
}
# Table 1 rows of the blast percent, spread over the status so that only active disease exceeds 5%.
BLASTS: Table = {
    "naive/active": {"lt_25": 19, "25_to_74": 8, "ge_75": 5, MISSING: 3},
    f"naive/{MRD_POSITIVE}": {"remission": 28, MISSING: 4},
    f"naive/{MRD_NEGATIVE}": {"remission": 12, MISSING: 2},
    "naive/": {MISSING: 6},
    "exposed/active": {"lt_25": 15, "25_to_74": 25, "ge_75": 9, MISSING: 10},
    f"exposed/{MRD_POSITIVE}": {"remission": 15, MISSING: 4},
    f"exposed/{MRD_NEGATIVE}": {"remission": 11, MISSING: 3},
    "exposed/": {MISSING: 10},
}
# 17/87 and 11/28, 15/74 (supplemental percents); 39/87 and 30/62, 2/27, remainder 7/13.
EXTRAMEDULLARY: Counts = {"naive": 17, "preapheresis": 15, "bridging": 11}
PRIOR_HCT: Counts = {"naive": 39, "responder": 30, "refractory": 2, "not_reported": 7}
# Any bridging therapy is never printed; every patient with InO in bridging is among the 63.
OTHER_BRIDGING: Counts = {"naive": 43, "preapheresis": 35}

# Table 2: any grade, 1-2 and 3-4; single grades are not printed. Not evaluable follow from 83%,
# 85% and the printed P: one naive and one exposed (CRS), one exposed (ICANS).
CRS: dict[str, dict[int, int]] = {
    "naive": {4: 1, 3: 4, 2: 44, 1: 22, 0: 15},
    "exposed": {4: 4, 3: 11, 2: 50, 1: 21, 0: 15},
}
ICANS: dict[str, dict[int, int]] = {
    "naive": {4: 5, 3: 17, 2: 15, 1: 13, 0: 37},
    "exposed": {4: 10, 3: 27, 2: 10, 1: 8, 0: 46},
}
TOCILIZUMAB: Counts = {"naive": 61, "exposed": 68}
STEROIDS: Counts = {"naive": 58, "exposed": 63}
ANAKINRA: Counts = {"naive": 17, "exposed": 27}

# Text: CR/CRi 76/83 and 75/85; 30-day deaths 3 and 10; relapses 24 and 37; SOS deaths 1 and 3.
# How the exposed strata share them follows from their printed curves.
FATES: Table = {
    "naive": {
        "early_death": 3,
        "not_evaluable_alive": 1,
        "refractory_death": 5,
        "refractory_alive": 2,
        "relapse_death": 9,
        "relapse_alive": 15,
        "remission_death": 4,
        "sos_death": 1,
        "remission": 47,
    },
    "responder": {
        "early_death": 4,
        "not_evaluable_death": 1,
        "not_evaluable_alive": 4,
        "refractory_death": 2,
        "refractory_alive": 2,
        "relapse_death": 15,
        "relapse_alive": 11,
        "sos_death": 3,
        "remission": 20,
    },
    "refractory": {
        "early_death": 5,
        "not_evaluable_death": 1,
        "refractory_death": 4,
        "refractory_alive": 1,
        "relapse_death": 8,
        "remission_death": 1,
        "remission": 7,
    },
    "not_reported": {
        "early_death": 1,
        "not_evaluable_alive": 1,
        "refractory_alive": 1,
        "relapse_death": 2,
        "relapse_alive": 1,
        "remission_death": 1,
        "remission": 6,
    },
}
CONSOLIDATION: Table = {
    "naive": {"tki": 11, "allo_hct": 20, "other": 6},
    "exposed": {"tki": 7, "allo_hct": 10, "other": 3},
}
# 66% and 75% read as 55/83 and 64/85; how the rest divides is not printed.
MRD: Table = {
    "naive": {"positive": 13, "not_tested": 8, "negative": 55},
    "exposed": {"positive": 8, "not_tested": 3, "negative": 64},
}


Label = TypeVar("Label", bound=Hashable)


def deal(
    rng: np.random.Generator, groups: pd.Series, table: Mapping[str, Mapping[Label, int]]
) -> pd.Series:
    """Give every patient a label so that each group shows exactly its row of `table`."""
    return deal_by_score(rng, groups, table, score=pd.Series(0.0, index=groups.index))


def deal_by_score(
    rng: np.random.Generator,
    groups: pd.Series,
    table: Mapping[str, Mapping[Label, int]],
    *,
    score: pd.Series,
    noise: float = 1.0,
) -> pd.Series:
    """Deal the labels in the table's order, to the highest noisy score first.

    Gumbel noise makes this a draw without replacement with odds exp(score / noise).
    """
    dealt = pd.Series(index=groups.index, dtype=object)
    noisy = score + noise * rng.gumbel(size=len(score))
    for group, counts in table.items():
        members = noisy[groups == group].sort_values(ascending=False, kind="stable").index
        labels = [label for label, count in counts.items() for _ in range(count)]
        if len(labels) != len(members):
            raise ValueError(f"{group!r} has {len(members)} patients for {len(labels)} labels")
        dealt.loc[members] = np.array(labels, dtype=object)
    return dealt


def choose(
    rng: np.random.Generator,
    groups: pd.Series,
    counts: Mapping[str, int],
    *,
    score: pd.Series | None = None,
    noise: float = 1.0,
) -> pd.Series:
    """Say yes to exactly `counts` patients of each group, higher noisy scores first."""
    if score is None:
        score = pd.Series(0.0, index=groups.index)
    sizes = groups.value_counts()
    table: dict[str, dict[bool, int]] = {
        group: {True: count, False: int(sizes[group]) - count} for group, count in counts.items()
    }
    chosen = deal_by_score(rng, groups, table, score=score, noise=noise)
    return chosen.isin([True])


def spread(rng: np.random.Generator, low: float, high: float, size: int) -> np.ndarray:
    """Draw one value from each of `size` equal slices of [low, high), in random order."""
    slices = (np.arange(size) + rng.uniform(size=size)) / max(size, 1)
    return rng.permutation(low + (high - low) * slices)
