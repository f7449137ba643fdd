"""What becomes of each patient: toxicity, response, relapse, death and its cause."""

from __future__ import annotations

import numpy as np
import pandas as pd

from analysis_lib.article.synthesis import targets
from analysis_lib.article.synthesis.baseline import choose, deal, deal_by_score
from analysis_lib.article.synthesis.quantities import RankGoal, search

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


NOT_EVALUABLE = -1
CRS_ONSET = (1, 10)
ICANS_ONSET = (3, 14)
NEVER = -100.0


def draw_toxicity(rng: np.random.Generator, frame: pd.DataFrame) -> pd.DataFrame:
    """Add grades, onset days and drugs; grades are worse with active disease and early death."""
    frame = frame.copy()
    severe = 1.0 * (frame["marrow_status"] == targets.ACTIVE) + 1.5 * (
        frame["fate"] == "early_death"
    )
    frame["crs_grade"] = _grades(rng, frame, targets.CRS, severe)
    known = frame["crs_grade"].clip(lower=0)
    # The exposed patient not evaluable for CRS is the one not evaluable for ICANS.
    blind = frame["crs_grade"].eq(NOT_EVALUABLE) & frame["arm"].eq("exposed")
    frame["icans_grade"] = _grades(rng, frame, targets.ICANS, 1.2 * known + NEVER * blind)
    _add_drugs(rng, frame)
    frame["crs_onset_day"] = _onset(rng, frame, "crs_grade", CRS_ONSET, p_value=0.47)
    frame["icans_onset_day"] = _onset(rng, frame, "icans_grade", ICANS_ONSET, p_value=0.52)
    return frame


def _grades(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    counts: dict[str, dict[int, int]],
    score: pd.Series,
) -> pd.Series:
    sizes = frame["arm"].value_counts()
    table: dict[str, dict[int, int]] = {
        arm: {**grades, NOT_EVALUABLE: int(sizes[arm]) - sum(grades.values())}
        for arm, grades in counts.items()
    }
    return deal_by_score(rng, frame["arm"], table, score=score).astype(int)


def _add_drugs(rng: np.random.Generator, frame: pd.DataFrame) -> None:
    crs, icans = frame["crs_grade"].clip(lower=0), frame["icans_grade"].clip(lower=0)
    grave_crs, grave_icans = 20.0 * (crs >= 3), 20.0 * (icans >= 3)
    arm, none = frame["arm"], NEVER * ((crs == 0) & (icans == 0))
    crs_first = 2.0 * crs + grave_crs + 0.3 * NEVER * (crs == 0) + none
    icans_first = 1.5 * icans + 0.5 * crs + grave_icans + grave_crs + none
    frame["tocilizumab"] = choose(rng, arm, targets.TOCILIZUMAB, score=crs_first)
    frame["steroids"] = choose(rng, arm, targets.STEROIDS, score=icans_first)
    refractory_toxicity = 0.8 * (crs + icans) + none
    frame["anakinra"] = choose(rng, arm, targets.ANAKINRA, score=refractory_toxicity)


def _onset(
    rng: np.random.Generator,
    frame: pd.DataFrame,
    grade: str,
    window: tuple[int, int],
    *,
    p_value: float,
) -> pd.Series:
    """Draw days to onset where there was toxicity, with the printed rank-test P."""
    first, last = window
    affected = (frame[grade] >= 1).to_numpy()
    low = np.where(affected, float(first), 0.0)
    # Toxicity starts before death; the earliest deaths leave only the first days.
    end = np.maximum(frame["end_day"].to_numpy(dtype=float) - 1, first)
    high = np.where(affected, np.minimum(last, end), 0.0)
    drawn = first + np.floor((last - first + 1) * rng.beta(1.6, 3.2, size=len(frame)))
    days = np.clip(drawn, low, high)
    exposed = (frame["arm"] == "exposed").to_numpy()
    goal = RankGoal(affected & ~exposed, affected & exposed, p_value=p_value, slack=0.004)
    found = search(rng, days, low=low, high=high, goals=[goal])
    return pd.Series(np.where(affected, found, np.nan), index=frame.index)
