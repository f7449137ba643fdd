"""What has to be known of the clock before a survival curve is read."""

from __future__ import annotations

from analysis_lib.cohort import Study
from analysis_lib.narrative.prose import Prose, paragraph


def describe_clock(study: Study) -> Prose:
    """What counting from another day, or without relapses, does to the curves; mostly nothing."""
    return paragraph(immortal_time(study), without_relapses(study))


def immortal_time(study: Study) -> str:
    """A time zero before infusion starts a clock that nobody in the extract could stop."""
    zero = study.time_zero_phrase
    if zero == "infusion":
        return ""
    return (
        f"Survival is counted from {zero}, and only patients who lived to infusion are in the "
        f"extract. The time from {zero} to infusion is therefore immortal by selection: curves "
        "from it are too good, and what was given within it counts as if it had been known at "
        f"{zero}."
    )


def without_relapses(study: Study) -> str:
    """Progression-free survival ends with death alone where no relapse is on record."""
    parameters, patients = study.parameters, study.patients
    failures = parameters.nonresponse_is_pfs_event and patients["response"].notna().any()
    if "pfs" not in parameters.endpoints or patients["relapse_date"].notna().any() or failures:
        return ""
    return (
        "The extract dates no relapse. Progression-free survival therefore ends with death alone "
        "and equals overall survival: it cannot be read as freedom from relapse."
    )
