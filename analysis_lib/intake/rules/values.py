"""Rules about single values, most made from the dictionary for all, and the order of dates."""

from __future__ import annotations

from analysis_lib.intake.rules.checks import (
    DECIMAL_COMMA,
    FORMULA,
    SERIAL_DATE,
    SHORT_YEAR,
    SPREADSHEET_ERROR,
    THOUSANDS,
    contains,
    is_almost_repeated,
    is_between_zero_and,
    is_empty,
    is_in_the_future,
    is_no_iso_date,
    is_no_level,
    is_no_number,
    is_no_whole_number,
    is_out_of_range,
    is_repeated,
    is_written_as,
)
from analysis_lib.intake.rules.combinations import (
    is_after_the_other,
    is_alive_without_follow_up,
    is_before_the_other,
    is_later_than,
    outlasts_the_follow_up,
)
from analysis_lib.intake.rules.rule import Rule

IDENTIFIERS = (
    Rule(
        "unique",
        ("patient_id",),
        is_repeated,
        "must be unique",
        "keep one row per patient",
    ),
    Rule(
        "almost_the_same_identifier",
        ("patient_id",),
        is_almost_repeated,
        "differs from an earlier one in case, spaces, hyphens or leading zeros alone",
        "keep one row if it is the same patient",
        severity="warning",
    ),
    Rule(
        "space_in_identifier",
        ("patient_id",),
        contains(r"\s"),
        "holds a space",
        "check that it is one pseudonym, and not a name or two cells",
        severity="warning",
    ),
    Rule(
        "spreadsheet_error",
        ("every variable",),
        is_written_as(SPREADSHEET_ERROR),
        "must hold a value, not the error of a formula",
        "mend the formula, or export values",
    ),
    Rule(
        "formula",
        ("every identifier and code",),
        is_written_as(FORMULA),
        "looks like a formula",
        "export values, not formulas; reports show it as text",
        severity="warning",
    ),
)

FILLED = (
    Rule(
        "required_value",
        ("every variable that must be filled",),
        is_empty,
        "must not be empty",
        "fill it in",
    ),
)

NUMBERS = (
    Rule(
        "decimal_comma",
        ("every number",),
        is_written_as(DECIMAL_COMMA),
        "must be a number with a decimal point",
        'replace the comma, or say decimal: "," under read in the mapping',
    ),
    Rule(
        "thousands_separator",
        ("every number",),
        is_written_as(rf"(?!\d{{1,3}}\.\d{{3}}$){THOUSANDS}"),
        "must be a number without separators between its thousands",
        "write digits alone",
    ),
    Rule(
        "number",
        ("every number",),
        is_no_number,
        "must be a number",
        "write digits with a decimal point, and no unit, range or sign such as <",
    ),
    Rule(
        "whole_number",
        ("every whole number",),
        is_no_whole_number,
        "must be a whole number",
        "write digits alone",
    ),
    Rule(
        "plausible_number",
        ("every number",),
        is_out_of_range,
        "must lie {range}",
        "check the value and its unit",
    ),
    Rule(
        "platelets_below_a_thousand",
        ("response_platelets_per_ul",),
        is_between_zero_and(1000),
        "is counted per µL in steps of a thousand",
        "check the unit of this value: 10^9/L times 1000",
    ),
    Rule(
        "neutrophils_below_ten",
        ("response_anc_per_ul",),
        is_between_zero_and(10),
        "is counted per µL in steps of ten",
        "check the unit of this value: 10^9/L times 1000",
    ),
)

DATES = (
    Rule(
        "serial_date",
        ("every date",),
        is_written_as(SERIAL_DATE),
        "must be an ISO date, not a spreadsheet's day number",
        "format the cells as dates, then export again",
    ),
    Rule(
        "two_digit_year",
        ("every date",),
        is_written_as(SHORT_YEAR),
        "must be an ISO date with a year of four digits",
        "write it as YYYY-MM-DD, like 2023-01-31",
    ),
    Rule(
        "iso_date",
        ("every date",),
        is_no_iso_date,
        "must be an ISO date, or written as the mapping declares",
        "write it as YYYY-MM-DD, like 2023-01-31, or add its form to dates under read in the "
        "mapping",
    ),
    Rule(
        "plausible_date",
        ("every date",),
        is_out_of_range,
        "must lie {range}",
        "check the year",
    ),
    Rule(
        "date_in_the_future",
        ("every date",),
        is_in_the_future,
        "must not lie in the future",
        "check the year",
    ),
)

LEVELS = (
    Rule(
        "level",
        ("every variable with levels",),
        is_no_level,
        "must be one of {levels} or empty",
        "use one of these levels, or say in the mapping what it stands for{detail}",
    ),
)

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
        "must not be before {other} {other_value}",
        "the last contact of the dead is the day of death: check both dates",
    ),
    Rule(
        "not_seen_after_death",
        ("last_contact_date", "death_date"),
        is_after_the_other,
        "must not be after {other} {other_value}",
        "the last contact of the dead is the day of death: check both dates",
    ),
    *(
        Rule(
            f"late_date:{later}",
            (later, earlier),
            is_later_than(days),
            f"lies {{detail}} days after {{other}} {{other_value}}, more than {days}",
            "check both dates",
            severity="warning",
        )
        for earlier, later, days in LATE
    ),
    Rule(
        "no_follow_up",
        ("last_contact_date", "infusion_date", "death_date"),
        is_alive_without_follow_up,
        "is the day of infusion, so the patient was not followed at all",
        "bring the last day on which the patient is known to have lived",
        severity="warning",
    ),
    Rule(
        "stay_beyond_last_contact",
        ("hospital_days", "last_contact_date", "infusion_date", "apheresis_date"),
        outlasts_the_follow_up,
        "is a stay that ends after last_contact_date",
        "check the days and the last contact",
        severity="warning",
    ),
)
