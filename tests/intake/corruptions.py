"""The corruptions of the suite. Rows are those of the first 40 patients of the embedded cohort.

Row 2 is in remission and alive, 3 has no response, 7 was never exposed and relapsed, 8 died after
transplantation, 10 died before the assessment, 12 relapsed and died, 25 was never assessed.
"""

from __future__ import annotations

import datetime as dt

from corrupt import (
    Corruption,
    all_shifted,
    cells,
    column,
    header_again,
    renamed,
    shifted,
    swapped,
    with_column,
    with_copy,
    with_row,
    without,
)

A_YEAR_ON = (dt.date.today() + dt.timedelta(days=365)).isoformat()


def german(text: str) -> str:
    return dt.date.fromisoformat(text).strftime("%d.%m.%Y")


def american(text: str) -> str:
    return dt.date.fromisoformat(text).strftime("%m/%d/%Y")


def short_year(text: str) -> str:
    return dt.date.fromisoformat(text).strftime("%d.%m.%y")


def serial(text: str) -> str:
    return str((dt.date.fromisoformat(text) - dt.date(1899, 12, 30)).days)


def a_thousandth(text: str) -> str:
    return f"{float(text) / 1000:g}"


def first_of_month(text: str) -> str:
    return f"{text[:8]}01"


def one_hundredth(text: str) -> str:
    return f"{float(text) / 100:g}"


ROWS_AND_COLUMNS = [
    Corruption("the header again", header_again, "repeated_header", "patient_id"),
    Corruption(
        "a line of totals",
        with_row(patient_id="Total", age_years="1880"),
        "totals_row",
        "patient_id",
    ),
    Corruption("a line of means", with_row(patient_id="Mean"), "totals_row", "patient_id"),
    Corruption(
        "a patient under two pseudonyms",
        with_copy(2, patient_id="SYN-900"),
        "same_patient_again",
        "patient_id",
        "warning",
    ),
    Corruption("a patient twice", with_copy(2), "unique", "patient_id"),
    Corruption(
        "no column of infusions", without("infusion_date"), "missing_column", "infusion_date"
    ),
    Corruption("no column of deaths", without("death_date"), "missing_column", "death_date"),
    Corruption(
        "a column misspelt",
        renamed(infusion_date="infusion_day"),
        "missing_column",
        "infusion_date",
    ),
    Corruption(
        "what is misspelt is not known",
        renamed(infusion_date="infusion_day"),
        "unknown_column",
        "infusion_day",
        "warning",
    ),
    Corruption(
        "last contacts emptied",
        column("last_contact_date", lambda text: ""),
        "empty_required_column",
        "last_contact_date",
    ),
    Corruption(
        "centres emptied", column("centre", lambda text: ""), "empty_column", "centre", "warning"
    ),
    Corruption(
        "surnames",
        with_column("Surname", lambda row: "Doe"),
        "direct_identifier",
        "column 48",
        "warning",
    ),
    Corruption(
        "e-mail addresses under a harmless name",
        with_column("note", lambda row: f"p{row}@example.org"),
        "direct_identifier",
        "column 48",
        "warning",
    ),
    Corruption(
        "names as pseudonyms",
        column("patient_id", lambda text: f"Doe, J{text[-3:]}"),
        "direct_identifier",
        "patient_id",
        "warning",
    ),
    Corruption(
        "an unknown column",
        with_column("colour", lambda row: "red"),
        "unknown_column",
        "colour",
        "warning",
    ),
    Corruption(
        "a derived variable",
        with_column("relapse", lambda row: "no"),
        "derived_column",
        "relapse",
        "warning",
    ),
    Corruption(
        "German dates", column("infusion_date", german), "column_without_dates", "infusion_date"
    ),
    Corruption(
        "American dates", column("relapse_date", american), "column_without_dates", "relapse_date"
    ),
    Corruption(
        "day numbers of a spreadsheet",
        column("death_date", serial),
        "column_without_dates",
        "death_date",
    ),
    Corruption(
        "ages in words",
        column("age_years", lambda text: f"{text} years"),
        "column_without_numbers",
        "age_years",
    ),
    Corruption(
        "levels as codes",
        column("sex", lambda text: str(int(text == "male"))),
        "column_without_levels",
        "sex",
    ),
    Corruption(
        "two columns swapped", swapped("sex", "race_ethnicity"), "column_without_levels", "sex"
    ),
    Corruption("all columns shifted", all_shifted, "column_without_levels", "data_origin"),
    Corruption("one row shifted", shifted(5), "required_value", "patient_id"),
]

UNITS = [
    Corruption(
        "platelets in 10^9/L",
        column("response_platelets_per_ul", a_thousandth),
        "platelets_in_thousands",
        "response_platelets_per_ul",
    ),
    Corruption(
        "neutrophils in 10^9/L",
        column("response_anc_per_ul", a_thousandth),
        "neutrophils_in_thousands",
        "response_anc_per_ul",
    ),
    Corruption(
        "one platelet count in 10^9/L",
        cells(2, response_platelets_per_ul="62"),
        "platelets_below_a_thousand",
        "response_platelets_per_ul",
    ),
    Corruption(
        "a point between thousands",
        cells(2, response_platelets_per_ul="62.000"),
        "platelets_below_a_thousand",
        "response_platelets_per_ul",
    ),
    Corruption(
        "one neutrophil count in 10^9/L",
        cells(2, response_anc_per_ul="1.11"),
        "neutrophils_below_ten",
        "response_anc_per_ul",
    ),
    Corruption(
        "ages in months",
        column("age_years", lambda text: str(round(float(text) * 12))),
        "age_in_months",
        "age_years",
    ),
    Corruption(
        "ages in days",
        column("age_years", lambda text: str(round(float(text) * 365.25))),
        "age_in_days",
        "age_years",
    ),
    Corruption(
        "years of birth",
        column("age_years", lambda text: str(2022 - int(float(text)))),
        "age_as_birth_year",
        "age_years",
    ),
    Corruption(
        "blasts as proportions",
        column("marrow_blasts_percent", one_hundredth),
        "percent_as_proportion",
        "marrow_blasts_percent",
    ),
]

VALUES = [
    Corruption(
        "an identifier in capitals",
        with_copy(2, patient_id="syn 1", age_years="33"),
        "almost_the_same_identifier",
        "patient_id",
        "warning",
    ),
    Corruption(
        "a space in an identifier",
        cells(4, patient_id="SYN 903"),
        "space_in_identifier",
        "patient_id",
        "warning",
    ),
    Corruption(
        "a formula's error", cells(4, prior_lines="#REF!"), "spreadsheet_error", "prior_lines"
    ),
    Corruption(
        "a formula's error as a date",
        cells(4, death_date="#VALUE!"),
        "spreadsheet_error",
        "death_date",
    ),
    Corruption(
        "a formula as a centre", cells(4, centre="=HYPERLINK(1)"), "formula", "centre", "warning"
    ),
    Corruption("a formula as an age", cells(4, age_years="=B2+1"), "number", "age_years"),
    Corruption("no identifier", cells(4, patient_id=""), "required_value", "patient_id"),
    Corruption("no infusion", cells(4, infusion_date=""), "required_value", "infusion_date"),
    Corruption(
        "no last contact", cells(4, last_contact_date=""), "required_value", "last_contact_date"
    ),
    Corruption("a decimal comma", cells(4, age_years="46,9"), "decimal_comma", "age_years"),
    Corruption(
        "commas between thousands",
        cells(4, response_platelets_per_ul="97,000"),
        "thousands_separator",
        "response_platelets_per_ul",
    ),
    Corruption(
        "spaces between thousands",
        cells(4, response_platelets_per_ul="97 000"),
        "thousands_separator",
        "response_platelets_per_ul",
    ),
    Corruption("an age in words", cells(4, age_years="forty"), "number", "age_years"),
    Corruption("a bound", cells(4, marrow_blasts_percent="<5"), "number", "marrow_blasts_percent"),
    Corruption("not a number", cells(4, age_years="nan"), "number", "age_years"),
    Corruption("infinity", cells(4, age_years="inf"), "number", "age_years"),
    Corruption("a number in full width", cells(4, age_years="４５"), "number", "age_years"),
    Corruption("half a line", cells(4, prior_lines="2.5"), "whole_number", "prior_lines"),
    Corruption("an age of 140", cells(4, age_years="140"), "plausible_number", "age_years"),
    Corruption("a negative age", cells(4, age_years="-3"), "plausible_number", "age_years"),
    Corruption("CRS of grade 6", cells(4, crs_grade="6"), "plausible_number", "crs_grade"),
    Corruption(
        "blasts of 105%",
        cells(4, marrow_blasts_percent="105"),
        "plausible_number",
        "marrow_blasts_percent",
    ),
    Corruption("-9 for missing", cells(4, hospital_days="-9"), "plausible_number", "hospital_days"),
    Corruption("one day number", cells(4, infusion_date="45027"), "serial_date", "infusion_date"),
    Corruption(
        "one year of two digits",
        cells(4, infusion_date="11.04.23"),
        "two_digit_year",
        "infusion_date",
    ),
    Corruption(
        "one American date", cells(4, infusion_date="04/11/2023"), "iso_date", "infusion_date"
    ),
    Corruption("30 February", cells(4, infusion_date="2023-02-30"), "iso_date", "infusion_date"),
    Corruption("a month", cells(4, infusion_date="2023-04"), "iso_date", "infusion_date"),
    Corruption(
        "a year of five digits",
        cells(4, infusion_date="20233-04-11"),
        "iso_date",
        "infusion_date",
    ),
    Corruption("1900", cells(4, infusion_date="1900-01-01"), "plausible_date", "infusion_date"),
    Corruption("2100", cells(10, death_date="2100-01-01"), "plausible_date", "death_date"),
    Corruption(
        "a year from now",
        cells(2, last_contact_date=A_YEAR_ON),
        "date_in_the_future",
        "last_contact_date",
    ),
    Corruption("a level misspelt", cells(4, sex="femal"), "level", "sex"),
    Corruption("a level in capitals", cells(4, consolidation="Allo HCT"), "level", "consolidation"),
    Corruption("yes as 1", cells(4, prior_hct="1"), "level", "prior_hct"),
]

COURSE = [
    Corruption(
        "InO after apheresis",
        cells(2, last_ino_preapheresis_date="2023-03-20"),
        "date_order:last_ino_preapheresis_date:apheresis_date",
        "apheresis_date",
    ),
    Corruption(
        "bridging before apheresis",
        cells(4, last_ino_bridging_date="2023-03-01"),
        "date_order:apheresis_date:last_ino_bridging_date",
        "last_ino_bridging_date",
    ),
    Corruption(
        "lymphodepletion before apheresis",
        cells(2, lymphodepletion_date="2023-03-01"),
        "date_order:apheresis_date:lymphodepletion_date",
        "lymphodepletion_date",
    ),
    Corruption(
        "apheresis after infusion",
        cells(7, apheresis_date="2022-12-06"),
        "date_order:apheresis_date:infusion_date",
        "infusion_date",
    ),
    Corruption(
        "apheresis and infusion swapped",
        swapped("apheresis_date", "infusion_date"),
        "date_order:apheresis_date:infusion_date",
        "infusion_date",
    ),
    Corruption(
        "bridging after lymphodepletion",
        cells(4, last_ino_bridging_date="2023-04-08"),
        "date_order:last_ino_bridging_date:lymphodepletion_date",
        "lymphodepletion_date",
    ),
    Corruption(
        "bridging after infusion",
        cells(4, last_ino_bridging_date="2023-04-12", lymphodepletion_date=""),
        "date_order:last_ino_bridging_date:infusion_date",
        "infusion_date",
    ),
    Corruption(
        "lymphodepletion after infusion",
        cells(2, lymphodepletion_date="2023-04-13"),
        "date_order:lymphodepletion_date:infusion_date",
        "infusion_date",
    ),
    Corruption(
        "CRS before infusion",
        cells(2, crs_onset_date="2023-04-11"),
        "date_order:infusion_date:crs_onset_date",
        "crs_onset_date",
    ),
    Corruption(
        "ICANS before infusion",
        cells(4, icans_onset_date="2023-04-01"),
        "date_order:infusion_date:icans_onset_date",
        "icans_onset_date",
    ),
    Corruption(
        "response before infusion",
        cells(2, response_date="2023-04-01"),
        "date_order:infusion_date:response_date",
        "response_date",
    ),
    Corruption(
        "transplantation before infusion",
        cells(8, consolidation_date="2022-12-12"),
        "date_order:infusion_date:consolidation_date",
        "consolidation_date",
    ),
    Corruption(
        "relapse before infusion",
        cells(7, relapse_date="2022-05-11"),
        "date_order:infusion_date:relapse_date",
        "relapse_date",
    ),
    Corruption(
        "death before infusion",
        cells(10, death_date="2022-07-01"),
        "date_order:infusion_date:death_date",
        "death_date",
    ),
    Corruption(
        "last contact long before infusion",
        cells(2, last_contact_date="2015-09-21"),
        "date_order:infusion_date:last_contact_date",
        "last_contact_date",
    ),
    Corruption(
        "relapse before response",
        cells(7, relapse_date="2022-12-20"),
        "date_order:response_date:relapse_date",
        "relapse_date",
    ),
    *(
        Corruption(
            f"{name} after last contact",
            cells(row, **{name: "2023-11-05"}),
            f"date_order:{name}:last_contact_date",
            "last_contact_date",
        )
        for name, row in (
            ("crs_onset_date", 2),
            ("icans_onset_date", 4),
            ("response_date", 2),
            ("consolidation_date", 9),
            ("relapse_date", 7),
        )
    ),
    Corruption(
        "relapse after death",
        cells(12, relapse_date="2022-11-07"),
        "date_order:relapse_date:death_date",
        "death_date",
    ),
    Corruption(
        "last seen before death",
        cells(10, last_contact_date="2022-07-30"),
        "seen_until_death",
        "last_contact_date",
    ),
    Corruption(
        "seen after death",
        cells(10, last_contact_date="2022-08-30"),
        "not_seen_after_death",
        "last_contact_date",
    ),
    Corruption(
        "infusion two years after apheresis",
        cells(7, apheresis_date="2020-11-01"),
        "late_date:infusion_date",
        "infusion_date",
        "warning",
    ),
    Corruption(
        "CRS after three months",
        cells(2, crs_onset_date="2023-07-16"),
        "late_date:crs_onset_date",
        "crs_onset_date",
        "warning",
    ),
    Corruption(
        "ICANS after three months",
        cells(4, icans_onset_date="2023-07-20"),
        "late_date:icans_onset_date",
        "icans_onset_date",
        "warning",
    ),
    Corruption(
        "response after a year",
        cells(5, response_date="2023-10-20"),
        "late_date:response_date",
        "response_date",
        "warning",
    ),
    Corruption(
        "alive and never seen again",
        cells(17, last_contact_date="2023-03-03"),
        "no_follow_up",
        "last_contact_date",
        "warning",
    ),
    Corruption(
        "in hospital after last contact",
        cells(10, hospital_days="200"),
        "stay_beyond_last_contact",
        "hospital_days",
        "warning",
    ),
]

LOGIC = [
    Corruption(
        "a cause, no death",
        cells(2, cause_of_death="other"),
        "cause_without_death",
        "cause_of_death",
    ),
    Corruption(
        "died before assessment, no death",
        cells(25, response_not_evaluable_reason="died_before_assessment"),
        "died_before_assessment_without_death",
        "response_not_evaluable_reason",
    ),
    Corruption(
        "CRS onset, no CRS",
        cells(17, crs_onset_date="2023-03-05"),
        "onset_without_grade:crs",
        "crs_onset_date",
    ),
    Corruption(
        "ICANS onset, no grade",
        cells(4, icans_grade=""),
        "onset_without_grade:icans",
        "icans_onset_date",
    ),
    Corruption(
        "fatal CRS, no death", cells(2, crs_grade="5"), "grade_5_without_death:crs", "crs_grade"
    ),
    Corruption(
        "fatal ICANS, no death",
        cells(4, icans_grade="5"),
        "grade_5_without_death:icans",
        "icans_grade",
    ),
    Corruption(
        "refractory without exposure",
        cells(7, ino_response="refractory"),
        "ino_response_without_exposure",
        "ino_response",
    ),
    Corruption(
        "last dose, no dose before apheresis",
        cells(2, ino_doses_preapheresis="0"),
        "last_dose_without_doses:preapheresis",
        "last_ino_preapheresis_date",
    ),
    Corruption(
        "last dose, no dose in bridging",
        cells(4, ino_doses_bridging="0"),
        "last_dose_without_doses:bridging",
        "last_ino_bridging_date",
    ),
    Corruption(
        "bridging doses, no bridging",
        cells(4, bridging_therapy="no"),
        "bridging_doses_without_bridging",
        "ino_doses_bridging",
    ),
    Corruption(
        "dates of consolidation, no column that says which",
        lambda table: table.drop(columns="consolidation"),
        "consolidation_date_alone",
        "consolidation_date",
    ),
    Corruption(
        "date of consolidation, no consolidation",
        cells(8, consolidation="none"),
        "consolidation_date_without_consolidation",
        "consolidation_date",
    ),
    Corruption(
        "blinatumomab, no line",
        cells(7, prior_lines="0", prior_blinatumomab="yes"),
        "therapy_without_a_line:prior_blinatumomab",
        "prior_blinatumomab",
    ),
    Corruption(
        "InO, no line",
        cells(2, prior_lines="0", prior_blinatumomab="no"),
        "therapy_without_a_line:ino_doses_preapheresis",
        "ino_doses_preapheresis",
    ),
    Corruption(
        "a reason, but evaluable",
        cells(2, response_not_evaluable_reason="no_marrow_assessment"),
        "reason_with_evaluable_response",
        "response_not_evaluable_reason",
    ),
    Corruption(
        "InO response, doses unknown",
        cells(2, ino_doses_preapheresis="", ino_doses_bridging=""),
        "ino_response_without_doses",
        "ino_response",
        "warning",
    ),
    Corruption(
        "relapse, never assessed",
        cells(25, relapse_date="2023-09-01"),
        "relapse_not_evaluable",
        "relapse_date",
        "warning",
    ),
    Corruption(
        "relapse, no response",
        cells(3, relapse_date="2022-10-01"),
        "relapse_without_remission",
        "relapse_date",
        "warning",
    ),
    Corruption(
        "transplantation, never assessed",
        cells(25, consolidation="allo_hct", consolidation_date="2023-08-01"),
        "consolidation_not_evaluable",
        "consolidation",
        "warning",
    ),
    Corruption(
        "transplantation, no response",
        cells(3, consolidation="allo_hct", consolidation_date="2022-10-01"),
        "consolidation_without_remission",
        "consolidation",
        "warning",
    ),
    Corruption(
        "transplantation on the day of relapse",
        cells(2, relapse_date="2023-08-01", consolidation="tki", consolidation_date="2023-08-01"),
        "consolidation_after_relapse",
        "consolidation_date",
        "warning",
    ),
    Corruption(
        "transplantation before the response",
        cells(2, consolidation="allo_hct", consolidation_date="2023-05-01"),
        "consolidation_before_response",
        "consolidation_date",
        "warning",
    ),
    Corruption(
        "transplantation without date",
        cells(8, consolidation_date=""),
        "consolidation_without_date",
        "consolidation",
        "warning",
    ),
    Corruption(
        "remission, no MRD",
        cells(2, mrd_status="", mrd_method=""),
        "remission_without_mrd",
        "mrd_status",
        "warning",
    ),
    Corruption(
        "MRD, never assessed",
        cells(25, mrd_status="negative"),
        "mrd_not_evaluable",
        "mrd_status",
        "warning",
    ),
    Corruption(
        "MRD method, not tested",
        cells(6, mrd_method="flow"),
        "mrd_method_without_result",
        "mrd_method",
        "warning",
    ),
    Corruption(
        "a recorded remission against what was measured",
        with_column("response_recorded", lambda row: "cr"),
        "recorded_against_measured",
        "response_recorded",
        "warning",
    ),
    Corruption(
        "no platelets at assessment",
        cells(2, response_platelets_per_ul=""),
        "incomplete_assessment",
        "response_not_evaluable_reason",
        "warning",
    ),
    Corruption(
        "severe CRS untreated",
        cells(4, tocilizumab="no", steroids="no"),
        "severe_crs_untreated",
        "crs_grade",
        "warning",
    ),
    Corruption(
        "dead of nothing",
        cells(10, cause_of_death=""),
        "death_without_cause",
        "cause_of_death",
        "warning",
    ),
    Corruption(
        "dead of toxicity without toxicity",
        cells(8, cause_of_death="car_t_toxicity", crs_grade="0", icans_grade="0"),
        "toxic_death_without_toxicity",
        "cause_of_death",
        "warning",
    ),
    Corruption(
        "remission before apheresis with blasts",
        cells(2, marrow_status="cr_mrd_negative", marrow_blasts_percent="49"),
        "remission_with_blasts",
        "marrow_status",
        "warning",
    ),
    Corruption(
        "a rare level",
        cells(2, marrow_status="cr_mrd_positive_or_unknown"),
        "small_levels",
        "race_ethnicity",
        "warning",
    ),
    Corruption(
        "months as dates",
        column("apheresis_date", first_of_month),
        "months_as_dates",
        "apheresis_date",
        "warning",
    ),
    Corruption(
        "patients among invented rows",
        cells(2, data_origin="patient"),
        "mixed_origin",
        "data_origin",
        "warning",
    ),
]

CORRUPTIONS = [*ROWS_AND_COLUMNS, *UNITS, *VALUES, *COURSE, *LOGIC]
