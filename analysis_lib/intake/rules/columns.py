"""Rules about whole columns and whole rows: they come first, and settle what lies in them."""

from __future__ import annotations

from analysis_lib.intake.rules.checks import (
    has_median_between,
    has_small_levels,
    holds_no_iso_date,
    holds_no_level,
    holds_no_number,
    holds_proportions,
    is_absent,
    is_always_the_first_of_a_month,
    is_derived,
    is_empty_throughout,
    is_mixed,
    is_not_known,
    looks_identifying,
    tells_no_level,
)
from analysis_lib.intake.rules.combinations import (
    is_a_line_of_totals,
    is_another_row_again,
    repeats_the_header,
)
from analysis_lib.intake.rules.rule import Rule

ROWS = (
    Rule(
        "repeated_header",
        ("patient_id",),
        repeats_the_header,
        "stands in a row that holds the names of the columns again",
        "delete the row",
        scope="row",
    ),
    Rule(
        "totals_row",
        ("patient_id",),
        is_a_line_of_totals,
        "must name a patient, not a line of totals",
        "delete the row",
        scope="row",
    ),
    Rule(
        "same_patient_again",
        ("patient_id",),
        is_another_row_again,
        "is another patient with every value of row {detail}",
        "keep one row if it is the same patient",
        severity="warning",
    ),
)

COLUMNS = (
    Rule(
        "missing_column",
        ("every required variable",),
        is_absent,
        "is a required column and is missing",
        "add it ({definition}), or name yours in the mapping under columns{detail}",
        scope="column",
    ),
    Rule(
        "empty_required_column",
        ("every variable that must be filled",),
        is_empty_throughout,
        "is empty in every row",
        "fill it in",
        scope="column",
    ),
    Rule(
        "empty_column",
        ("every variable that may be empty",),
        is_empty_throughout,
        "is empty in every row",
        "leave it so if nothing is known; what needs it is left out of the report",
        severity="warning",
        scope="column",
    ),
    Rule(
        "direct_identifier",
        ("every column",),
        looks_identifying,
        "looks like a direct identifier of a person",
        "take it out of the extract, or put a pseudonym in its place; its values are never shown",
        severity="warning",
        scope="column",
    ),
    Rule(
        "unknown_column",
        ("every column that is not a variable",),
        is_not_known,
        "is not known and is left behind",
        "name it in the mapping if it is needed{detail}",
        severity="warning",
        scope="column",
    ),
    Rule(
        "derived_column",
        ("every column that is not a variable",),
        is_derived,
        "is derived by the report itself and is left behind",
        "bring what it is derived from, or map it to a variable of another name",
        severity="warning",
        scope="column",
    ),
    Rule(
        "column_without_dates",
        ("every date",),
        holds_no_iso_date,
        "must hold ISO dates, but none of its values is one",
        'write them as YYYY-MM-DD, or say how they are written, like dates: "%d.%m.%Y" under read '
        "in the mapping{detail}",
        scope="column",
    ),
    Rule(
        "consolidation_date_alone",
        ("consolidation_date", "consolidation"),
        tells_no_level,
        "holds dates, but no column says which consolidation it was, so that none would count",
        "map the column that says it, or say it for all under levels in the mapping: "
        "{{consolidation: {{not blank: allo_hct}}}}",
    ),
    Rule(
        "column_without_numbers",
        ("every number",),
        holds_no_number,
        "must hold numbers, but none of its values is one",
        'write digits with a decimal point, or say decimal: "," under read in the mapping',
        scope="column",
    ),
    Rule(
        "column_without_levels",
        ("every variable with levels",),
        holds_no_level,
        "must hold {levels}, but none of its values is one of them",
        "say in the mapping what each of yours stands for, under levels",
        scope="column",
    ),
)

UNITS = (
    Rule(
        "platelets_in_thousands",
        ("response_platelets_per_ul",),
        has_median_between(0, 1000),
        "is counted per µL, but looks like 10^9/L (its median is {detail})",
        "multiply by 1000, as under units in the mapping: {{response_platelets_per_ul: 1000}}",
        scope="column",
    ),
    Rule(
        "neutrophils_in_thousands",
        ("response_anc_per_ul",),
        has_median_between(0, 20),
        "is counted per µL, but looks like 10^9/L (its median is {detail})",
        "multiply by 1000, as under units in the mapping: {{response_anc_per_ul: 1000}}",
        scope="column",
    ),
    Rule(
        "age_in_months",
        ("age_years",),
        has_median_between(110, 1320),
        "is in years, but looks like months (its median is {detail})",
        "name the unit, as under units in the mapping: {{age_years: months}}",
        scope="column",
    ),
    Rule(
        "age_as_birth_year",
        ("age_years",),
        has_median_between(1900, 2100),
        "is in years, but looks like a year of birth (its median is {detail})",
        "take it from the year of infusion",
        scope="column",
    ),
    Rule(
        "age_in_days",
        ("age_years",),
        has_median_between(1320, 45_000),
        "is in years, but looks like days (its median is {detail})",
        "name the unit, as under units in the mapping: {{age_years: days}}",
        scope="column",
    ),
    Rule(
        "percent_as_proportion",
        ("every percentage",),
        holds_proportions,
        "is in percent, but looks like proportions, all at most 1",
        "multiply by 100, as under units in the mapping",
        scope="column",
    ),
)

DISTRIBUTIONS = (
    Rule(
        "small_levels",
        ("every variable with a reference level",),
        has_small_levels,
        "has levels of fewer than 5 patients",
        "estimates in them will be poor or missing; put levels together if that makes sense",
        severity="warning",
    ),
    Rule(
        "months_as_dates",
        ("every date",),
        is_always_the_first_of_a_month,
        "is always the first day of a month",
        "bring exact days; intervals from months are wrong by weeks",
        severity="warning",
    ),
    Rule(
        "mixed_origin",
        ("data_origin",),
        is_mixed("synthetic"),
        "is synthetic in some rows alone ({detail})",
        "keep invented rows and patients in files of their own",
        severity="warning",
    ),
)
