"""What becomes of each patient: response, consolidation, relapse, death and its cause."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np
import pandas as pd

from analysis_lib.article.synthesis import targets
from analysis_lib.article.synthesis.targets import deal, deal_by_score
from analysis_lib.errors import ParameterError

UNASSESSED = ("early_death", "not_evaluable_death", "not_evaluable_alive")
REFRACTORY = ("refractory_death", "refractory_alive")
RELAPSE = ("relapse_death", "relapse_alive")
REMISSION = ("remission_death", "sos_death", "remission")
DEATH = (
    "early_death",
    "not_evaluable_death",
    "refractory_death",
    "relapse_death",
    "remission_death",
    "sos_death",
)
COURSES = {
    "failure": UNASSESSED + REFRACTORY,
    "response": RELAPSE + REMISSION,
    "relapse": RELAPSE,
    "remission": REMISSION,
}


def draw_fates(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `fate`, exact by stratum; disease burden and prior therapy tilt who gets which."""
    frame = frame.copy()
    strata = frame["stratum"]
    course = _deal_courses(rng, strata, ("failure", "response"), burden(frame))
    responders = frame[course == "response"]
    course[responders.index] = _deal_courses(
        rng, responders["stratum"], ("relapse", "remission"), relapse_risk(responders)
    )
    frame["fate"] = ""
    for name in ("failure", "relapse", "remission"):
        rows = course == name
        frame.loc[rows, "fate"] = deal(rng, strata[rows], _counts(COURSES[name]))
    return mark(frame)


def mark(frame: pd.DataFrame) -> pd.DataFrame:
    """Add what a fate says of death, relapse and response."""
    fate = frame["fate"]
    return frame.assign(
        dead=fate.isin(DEATH),
        relapsed=fate.isin(RELAPSE),
        responded=fate.isin(RELAPSE + REMISSION),
    )


def burden(frame: pd.DataFrame) -> pd.Series:
    """Score of disease burden and frailty: no response and early death follow it."""
    active = (frame["marrow_status"] == targets.ACTIVE).astype(float)
    older = (frame["age_years"] >= 60).astype(float)
    bridging = _bridging_weight(frame)
    return 0.8 * active + 0.5 * frame["extramedullary_disease"] + 0.5 * older + 0.7 * bridging


def relapse_risk(frame: pd.DataFrame) -> pd.Series:
    """Score of relapse after response: lower after a transplant or in Ph+, higher if bridged."""
    ph_positive = (frame["disease_subtype"] == "ph_positive").astype(float)
    active = (frame["marrow_status"] == targets.ACTIVE).astype(float)
    return (
        -1.6 * frame["prior_hct"] - 0.4 * ph_positive + 0.3 * active + 1.8 * _bridging_weight(frame)
    )


def _bridging_weight(frame: pd.DataFrame) -> pd.Series:
    # The article finds bridging harmful but the timing of InO indifferent: bridging by InO
    # therefore carries less weight.
    by_ino = frame["period"] == "bridging"
    return frame["bridging_therapy"].astype(float).mask(by_ino, 0.4)


def _counts(fates: tuple[str, ...]) -> targets.Table:
    return {
        stratum: {fate: counts[fate] for fate in fates if fate in counts}
        for stratum, counts in targets.FATES.items()
    }


def _deal_courses(
    rng: np.random.Generator, strata: pd.Series, courses: tuple[str, str], score: pd.Series
) -> pd.Series:
    """Deal two courses by stratum, the first to the higher scores."""
    counts = {course: _counts(COURSES[course]) for course in courses}
    table = {
        stratum: {course: sum(counts[course][stratum].values()) for course in courses}
        for stratum in targets.FATES
    }
    return deal_by_score(rng, strata, table, score=score)


# Chance that a death of this fate is from leukaemia; infection and other causes share the rest.
LEUKAEMIA = {
    "early_death": 0.35,
    "not_evaluable_death": 0.5,
    "refractory_death": 0.85,
    "relapse_death": 0.9,
    "remission_death": 0.0,
    "sos_death": 0.0,
}
INFECTION = 0.7


def draw_causes(rng: np.random.Generator, frame: pd.DataFrame) -> pd.Series:
    """Draw causes of death; empty in the living."""
    n = len(frame)
    leukaemic = rng.uniform(size=n) < frame["fate"].map(LEUKAEMIA).fillna(0.0).to_numpy()
    other = np.where(rng.uniform(size=n) < INFECTION, "infection", "other")
    cause = pd.Series(np.where(leukaemic, "leukemia", other), index=frame.index, dtype=object)
    grave = (frame["crs_grade"] >= 4) | (frame["icans_grade"] >= 4)
    cause[grave & (frame["fate"] == "early_death")] = "car_t_toxicity"
    cause[frame["fate"] == "sos_death"] = "sos"
    return cause.where(frame["dead"], "")


ASSESSMENT = (24, 35)
SHARE_CRI = 0.35


def draw_response(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add the fields of the response assessment; empty, with a reason, where there was none."""
    frame = frame.copy()
    frame["assessed"] = ~frame["fate"].isin(UNASSESSED)
    day = np.clip(np.round(rng.normal(28.5, 2.2, size=len(frame))), *ASSESSMENT)
    frame["response_day"] = pd.Series(day, index=frame.index).where(frame["assessed"])
    _add_marrow(rng, frame)
    _add_blood_counts(rng, frame)
    frame["response_not_evaluable_reason"] = _reasons(frame)
    _add_mrd(rng, frame)
    return frame


def _add_marrow(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    """Responders have < 5% blasts and nothing elsewhere; non-responders a reason for failure."""
    n, responded = len(frame), frame["responded"]
    clear = np.round(4.0 * rng.beta(0.7, 4.0, size=n), 1)
    leukaemic = np.floor(8 + 82 * rng.beta(1.0, 1.3, size=n))
    blasts = pd.Series(np.where(responded, clear, leukaemic), index=frame.index)
    elsewhere = frame["extramedullary_disease"] & ~responded & (rng.uniform(size=n) < 0.6)
    # Extramedullary disease alone is failure too: some of those marrows are clear.
    marrow_clear = elsewhere & (rng.uniform(size=n) < 0.3)
    frame["response_marrow_blasts_percent"] = blasts.mask(marrow_clear, 1.0).where(
        frame["assessed"]
    )
    frame["response_extramedullary_disease"] = elsewhere
    frame["response_circulating_blasts"] = ~responded & (blasts > 40) & (rng.uniform(size=n) < 0.7)


def _add_blood_counts(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    """CR needs > 1000 neutrophils and > 100 000 platelets per microlitre; CRi misses one."""
    n = len(frame)
    incomplete = ~frame["responded"].to_numpy() | (rng.uniform(size=n) < SHARE_CRI)
    low_anc = incomplete & (rng.uniform(size=n) < 0.6)
    low_platelets = incomplete & (~low_anc | (rng.uniform(size=n) < 0.5))
    anc = np.where(low_anc, rng.uniform(100, 990, n), 1050 + 3500 * rng.beta(1.2, 3.0, size=n))
    platelets = np.where(
        low_platelets, rng.uniform(9, 97, n), 104 + 190 * rng.beta(1.2, 2.2, size=n)
    )
    assessed = frame["assessed"]
    frame["response_anc_per_ul"] = pd.Series(np.round(anc, -1), frame.index).where(assessed)
    frame["response_platelets_per_ul"] = pd.Series(
        1000 * np.round(platelets), index=frame.index
    ).where(assessed)


def _reasons(frame: pd.DataFrame) -> pd.Series:
    died = frame["fate"].isin(["early_death", "not_evaluable_death"])
    reason = pd.Series("no_marrow_assessment", index=frame.index)
    return reason.mask(died, "died_before_assessment").mask(frame["assessed"], "")


def _add_mrd(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    """MRD-negative remissions exact by arm; relapse follows MRD more often than not."""
    responders = frame[frame["responded"]]
    score = 0.8 * responders["relapsed"].astype(float)
    status = pd.Series("", index=frame.index, dtype=object)
    status[frame["assessed"]] = "positive"
    status[responders.index] = deal_by_score(rng, responders["arm"], targets.MRD, score=score)
    frame["mrd_status"] = status
    blasts = frame["response_marrow_blasts_percent"]
    frame["response_marrow_blasts_percent"] = blasts.mask(
        status == "negative", (blasts / 4).round(1)
    )
    tested = status.isin(["negative", "positive"])
    method = pd.Series(rng.choice(["flow", "ngs"], p=[0.65, 0.35], size=len(frame)), frame.index)
    pcr = (frame["disease_subtype"] == "ph_positive") & (rng.uniform(size=len(frame)) < 0.4)
    # Residual disease that flow cytometry cannot miss needs no other method.
    obvious = frame["response_marrow_blasts_percent"] >= 5
    frame["mrd_method"] = method.mask(pcr, "pcr").mask(obvious, "flow").where(tested, "")


# Days from infusion, and days a relapse or death comes later at the least.
WINDOWS = {"tki": (36, 80), "allo_hct": (55, 125), "other": (40, 90)}
GAP = 15
NONE = "none"
# Relapses and deaths among the consolidated whom the article's second model can see: not printed,
# but the printed standard errors of their hazard ratios leave hardly another choice.
FAILURES = {
    "naive": {"tki": 2, "allo_hct": 2, "other": 2},
    "exposed": {"tki": 2, "allo_hct": 6, "other": 1},
}


def draw_consolidation(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `consolidation`, exact by arm, kind and failure, among those who lived to receive it.

    Every death from sinusoidal obstruction syndrome follows a transplantation.
    """
    frame = frame.copy()
    frame["consolidation"] = np.where(frame["fate"] == "sos_death", "allo_hct", NONE)
    failed = seen_failures({name: frame[name].to_numpy() for name in frame})
    lived = frame["relapse_day"].isna() & ~frame["dead"]
    for arm, counts in targets.CONSOLIDATION.items():
        of_arm = frame["arm"] == arm
        for kind, count in counts.items():
            _give(rng, frame, kind, among=of_arm & failed, until=FAILURES[arm][kind])
            given = frame["consolidation"] == kind
            others = int((of_arm & given & ~lived).sum())
            _give(rng, frame, kind, among=of_arm & lived, until=count - others)
    return frame


def _give(
    rng: np.random.Generator, frame: pd.DataFrame, kind: str, *, among: pd.Series, until: int
) -> None:
    """Give a consolidation to patients who could have had it, until as many have it."""
    given = int((frame.loc[among, "consolidation"] == kind).sum())
    free = frame[among & (frame["consolidation"] == NONE)]
    columns = {name: free[name].to_numpy() for name in free}
    columns["consolidation"] = np.full(len(free), kind, dtype=object)
    able = [free.index[row] for row in range(len(free)) if may_be_consolidated(columns, row)]
    if len(able) < until - given:
        raise ParameterError(
            f"seed: leaves {len(able)} patients who could have had {kind} as consolidation, where "
            f"{until - given} are needed; choose another seed"
        )
    frame.loc[rng.permutation(able)[: until - given], "consolidation"] = kind


def progression(columns: Mapping[str, np.ndarray]) -> tuple[np.ndarray, np.ndarray]:
    """Day of relapse, death or last contact, and whether it was relapse or death."""
    relapse = columns["relapse_day"]
    relapsed = relapse > 0
    time = np.where(relapsed, relapse, columns["end_day"]).astype(float)
    return time, relapsed | columns["dead"].astype(bool)


def seen_failures(columns: Mapping[str, np.ndarray]) -> np.ndarray:
    """Who relapsed or died, among the complete cases with a known response to InO or none."""
    _, failed = progression(columns)
    return (
        failed
        & (columns["stratum"] != "not_reported")
        & (columns["race_ethnicity"] != targets.MISSING)
        & (columns["marrow_status"] != targets.MISSING)
    )


def may_be_consolidated(columns: Mapping[str, np.ndarray], patient: int) -> bool:
    """Whether the patient's consolidation, or none, fits response, subtype, course and fate."""
    kind = columns["consolidation"][patient]
    if columns["fate"][patient] == "sos_death":
        return bool(kind == "allo_hct")
    if kind == NONE:
        return True
    if kind == "tki" and columns["disease_subtype"][patient] != "ph_positive":
        return False
    relapse = columns["relapse_day"][patient]
    failure = relapse if relapse > 0 else columns["end_day"][patient]
    return bool(columns["responded"][patient] and failure >= WINDOWS[kind][0] + GAP)


def draw_consolidation_days(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add `consolidation_day`, before any relapse or death."""
    days = pd.Series(np.nan, index=frame.index)
    latest = frame["relapse_day"].fillna(frame["end_day"]) - GAP
    for patient in frame.index[frame["consolidation"] != NONE]:
        low, high = WINDOWS[frame.at[patient, "consolidation"]]
        high = int(min(high, latest[patient]))
        days[patient] = rng.integers(low, max(low, high) + 1)
    return frame.assign(consolidation_day=days)
