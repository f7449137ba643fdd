"""Rules about the order of a patient's dates, and about intervals that are too long."""

from __future__ import annotations

from analysis_lib.intake.rules.combinations import (
    is_after_the_other,
    is_alive_without_follow_up,
    is_before_the_other,
    is_later_than,
    outlasts_the_follow_up,
)
from analysis_lib.intake.rules.rule import Rule

# Each earlier date must not lie after the later one, where both are given.
DATE_ORDER = (
    ("last_ino_preapheresis_date", "apheresis_date"),
    ("apheresis_date", "last_ino_bridging_date"),
    ("apheresis_date", "lymphodepletion_date"),
    ("apheresis_date", "infusion_date"),
    ("last_ino_bridging_date", "lymphodepletion_date"),
    ("last_ino_bridging_date", "infusion_date"),
    ("lymphodepletion_date", "infusion_date"),
    ("infusion_date", "crs_onset_date"),
    ("infusion_date", "icans_onset_date"),
    ("infusion_date", "response_date"),
    ("infusion_date", "consolidation_date"),
    ("infusion_date", "relapse_date"),
    ("infusion_date", "death_date"),
    ("infusion_date", "last_contact_date"),
    ("response_date", "relapse_date"),
    ("crs_onset_date", "last_contact_date"),
    ("icans_onset_date", "last_contact_date"),
    ("response_date", "last_contact_date"),
    ("consolidation_date", "last_contact_date"),
    ("relapse_date", "last_contact_date"),
    ("relapse_date", "death_date"),
)

# Days after the earlier date beyond which the later one is more likely a slip than a course.
LATE = (
    ("apheresis_date", "infusion_date", 365),
    ("infusion_date", "crs_onset_date", 60),
    ("infusion_date", "icans_onset_date", 60),
    ("infusion_date", "response_date", 120),
)

ORDER = tuple(
    Rule(
        f"date_order:{earlier}:{later}",
        (later, earlier),
        is_before_the_other,
        "error",
        "must not be before {other} {other_value}",
        "check both dates",
    )
    for earlier, later in DATE_ORDER
)

INTERVALS = (
    Rule(
        "seen_until_death",
        ("last_contact_date", "death_date"),
        is_before_the_other,
        "error",
        "must not be before {other} {other_value}",
        "the last contact of the dead is the day of death: check both dates",
    ),
    Rule(
        "not_seen_after_death",
        ("last_contact_date", "death_date"),
        is_after_the_other,
        "error",
        "must not be after {other} {other_value}",
        "the last contact of the dead is the day of death: check both dates",
    ),
    *(
        Rule(
            f"late_date:{later}",
            (later, earlier),
            is_later_than(days),
            "warning",
            f"lies {{detail}} days after {{other}} {{other_value}}, more than {days}",
            "check both dates",
        )
        for earlier, later, days in LATE
    ),
    Rule(
        "no_follow_up",
        ("last_contact_date", "infusion_date", "death_date"),
        is_alive_without_follow_up,
        "warning",
        "is the day of infusion, so the patient was not followed at all",
        "bring the last day on which the patient is known to have lived",
    ),
    Rule(
        "stay_beyond_last_contact",
        ("hospital_days", "last_contact_date", "infusion_date", "apheresis_date"),
        outlasts_the_follow_up,
        "warning",
        "is a stay that ends after last_contact_date",
        "check the days and the last contact",
    ),
)
