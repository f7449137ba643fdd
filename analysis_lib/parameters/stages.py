"""When a covariate is known: before the exposure, before time zero, or after it."""

from __future__ import annotations

# A comparison that starts at infusion must not be adjusted for them: they may be caused by what is
# compared, and a patient has to live to show them.
AFTER_INFUSION = frozenset(
    {
        "crs",
        "crs_grade",
        "crs_grade_group",
        "crs_onset_days",
        "icans",
        "icans_grade",
        "icans_grade_group",
        "icans_onset_days",
        "tocilizumab",
        "steroids",
        "anakinra",
        "hospital_days",
        "response",
        "response_evaluable",
        "response_marrow_blasts_percent",
        "response_circulating_blasts",
        "response_extramedullary_disease",
        "response_anc_per_ul",
        "response_platelets_per_ul",
        "response_not_evaluable_reason",
        "cr_cri",
        "mrd_status",
        "mrd_method",
        "mrd_negative",
        "consolidation",
        "consolidation_any",
        "relapse",
        "death_30d",
        "sos_death",
        "cause_of_death",
    }
)


FIXED = "fixed before therapy"
EARLIER = "earlier therapy"
APHERESIS = "at apheresis"
BRIDGING = "between apheresis and infusion"
INFUSED = "after infusion"
STAGES = (FIXED, EARLIER, APHERESIS, BRIDGING, INFUSED)

KNOWN = {
    FIXED: (
        "age_years",
        "age_decades",
        "age_group",
        "age_group_as_published",
        "sex",
        "race_ethnicity",
        "race_ethnicity_collapsed",
        "disease_subtype",
        "ph_positive",
        "centre",
    ),
    EARLIER: (
        "prior_lines",
        "prior_blinatumomab",
        "prior_hct",
        "ino",
        "ino_doses",
        "ino_doses_preapheresis",
        "ino_response",
        "ino_exposure_response",
        "ino_timing",
    ),
    APHERESIS: (
        "marrow_status",
        "marrow_blasts_percent",
        "marrow_blasts_group",
        "active_marrow",
        "extramedullary_disease",
        "cns_involvement",
    ),
    BRIDGING: ("bridging_therapy", "ino_doses_bridging"),
}
_STAGE = {name: stage for stage, names in KNOWN.items() for name in names}

# Forms of one characteristic: a model that holds one of them holds it.
FORMS = (
    ("age_years", "age_decades", "age_group", "age_group_as_published"),
    ("race_ethnicity", "race_ethnicity_collapsed"),
    ("disease_subtype", "ph_positive"),
    ("marrow_status", "active_marrow"),
    ("marrow_blasts_percent", "marrow_blasts_group"),
)

# Covariates that stand for something that no extract records.
STANDS_FOR = {
    "race_ethnicity": "access to care",
    "race_ethnicity_collapsed": "access to care",
    "prior_lines": "how refractory the disease was; counts the exposure where it was a line",
    "centre": "who is referred, and local practice",
}


def stage_of(name: str) -> str:
    """When a variable is known; an exposure given over a time counts from its start.

    Empty for a variable of which nothing is said: it is known before infusion.
    """
    return INFUSED if name in AFTER_INFUSION else _STAGE.get(name, "")


def same_thing(first: str, second: str) -> bool:
    """Whether two variables are one characteristic, in the same form or in another."""
    return first == second or any({first, second} <= {*forms} for forms in FORMS)
