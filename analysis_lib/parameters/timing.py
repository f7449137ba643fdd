"""Which variables of the dictionary become known only after infusion."""

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
