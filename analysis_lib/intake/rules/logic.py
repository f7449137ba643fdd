"""Rules about values that contradict each other, or that together deserve a second look."""

from __future__ import annotations

from analysis_lib.intake.rules.combinations import (
    MEASURED,
    above,
    all_hold,
    empty,
    equal,
    evaluable,
    given,
    given_but_not,
    holds_while,
    in_remission,
    is_consolidated,
    not_evaluable,
    one_of,
    partly_measured,
    recorded_against_measured,
    treated_after_relapse,
    treated_before_response,
    with_disease,
    zero_or_empty,
)
from analysis_lib.intake.rules.rule import Rule

_BOTH = "check both"

CONTRADICTIONS = (
    Rule(
        "cause_without_death",
        ("cause_of_death", "death_date"),
        all_hold(given, empty),
        "is given, but {other} is empty",
        "add the date of death, or empty the cause",
    ),
    Rule(
        "died_before_assessment_without_death",
        ("response_not_evaluable_reason", "death_date"),
        all_hold(one_of("died_before_assessment"), empty),
        "says that the patient died, but {other} is empty",
        "add the date of death, or mend the reason",
    ),
    *(
        Rule(
            f"onset_without_grade:{name}",
            (f"{name}_onset_date", f"{name}_grade"),
            all_hold(given, zero_or_empty),
            "is given, but {other} is 0 or empty",
            "add the grade, or empty the date",
        )
        for name in ("crs", "icans")
    ),
    *(
        Rule(
            f"grade_5_without_death:{name}",
            (f"{name}_grade", "death_date"),
            all_hold(equal(5), empty),
            "is 5, which is death, but {other} is empty",
            "add the date of death, or mend the grade",
        )
        for name in ("crs", "icans")
    ),
    Rule(
        "ino_response_without_exposure",
        ("ino_response", "ino_doses_preapheresis", "ino_doses_bridging"),
        all_hold(given, equal(0), equal(0)),
        "is given, but no dose was (both counts are 0)",
        "empty the response in patients who were never exposed, or mend the doses",
    ),
    *(
        Rule(
            f"last_dose_without_doses:{when}",
            (f"last_ino_{when}_date", f"ino_doses_{when}"),
            all_hold(given, equal(0)),
            "is given, but {other} is 0",
            "mend the doses, or empty the date",
        )
        for when in ("preapheresis", "bridging")
    ),
    Rule(
        "bridging_doses_without_bridging",
        ("ino_doses_bridging", "bridging_therapy"),
        all_hold(above(0), one_of("no")),
        "is above 0, but {other} is no",
        _BOTH,
    ),
    Rule(
        "consolidation_date_without_consolidation",
        ("consolidation_date", "consolidation"),
        all_hold(given, one_of("none", "")),
        "is given, but {other} is none or empty",
        "say which consolidation, or empty the date",
    ),
    *(
        Rule(
            f"therapy_without_a_line:{column}",
            (column, "prior_lines"),
            all_hold(condition, equal(0)),
            "stands beside {other} 0, but is a line of therapy",
            _BOTH,
        )
        for column, condition in (
            ("prior_blinatumomab", one_of("yes")),
            ("ino_doses_preapheresis", above(0)),
        )
    ),
    Rule(
        "reason_with_evaluable_response",
        ("response_not_evaluable_reason",),
        holds_while(given, evaluable),
        "is given, but the response was measured",
        "empty the reason, or what was measured",
    ),
)

SECOND_LOOKS = (
    Rule(
        "ino_response_without_doses",
        ("ino_response", "ino_doses_preapheresis", "ino_doses_bridging"),
        all_hold(given, empty, empty),
        "is given, but both counts of doses are empty",
        "add the doses: without them the exposure is not known",
        severity="warning",
    ),
    Rule(
        "relapse_not_evaluable",
        ("relapse_date",),
        holds_while(given, not_evaluable),
        "is given, but the response was not evaluable",
        "check both: relapse needs a remission before it",
        severity="warning",
    ),
    Rule(
        "relapse_without_remission",
        ("relapse_date",),
        holds_while(given, with_disease),
        "is given, but there was no response",
        "check both: relapse needs a remission before it",
        severity="warning",
    ),
    Rule(
        "consolidation_not_evaluable",
        ("consolidation",),
        holds_while(is_consolidated, not_evaluable),
        "was given, but the response was not evaluable",
        "check both: consolidation follows a response",
        severity="warning",
    ),
    Rule(
        "consolidation_without_remission",
        ("consolidation",),
        holds_while(is_consolidated, with_disease),
        "was given, but there was no response",
        "check both, or give it a level that says salvage: as that it counts, not as consolidation",
        severity="warning",
    ),
    Rule(
        "consolidation_after_relapse",
        ("consolidation_date", "relapse_date", "consolidation"),
        treated_after_relapse,
        "must be before {other} {other_value}",
        "check both dates; as they stand the treatment counts as salvage",
        severity="warning",
    ),
    Rule(
        "consolidation_before_response",
        ("consolidation_date", "response_date", "consolidation"),
        treated_before_response,
        "must not be before {other} {other_value}",
        "check both dates; as they stand the treatment counts as salvage",
        severity="warning",
    ),
    Rule(
        "consolidation_without_date",
        ("consolidation", "consolidation_date"),
        all_hold(given_but_not("none"), empty),
        "was given, but {other} is empty",
        "add the date: landmarks need it, and only it tells whether a relapse came before",
        severity="warning",
    ),
    Rule(
        "remission_without_mrd",
        ("mrd_status",),
        holds_while(empty, in_remission),
        "is empty in a patient in remission",
        "say negative, positive or not_tested",
        severity="warning",
    ),
    Rule(
        "mrd_not_evaluable",
        ("mrd_status",),
        holds_while(one_of("negative", "positive"), not_evaluable),
        "is given, but the response was not evaluable",
        "add what else was measured: the response stays not evaluable without it",
        severity="warning",
    ),
    Rule(
        "mrd_method_without_result",
        ("mrd_method", "mrd_status"),
        all_hold(given, one_of("", "not_tested")),
        "is given, but {other} has no result",
        _BOTH,
        severity="warning",
    ),
    Rule(
        "recorded_against_measured",
        ("response_recorded",),
        recorded_against_measured,
        "contradicts what was measured at the response assessment",
        "check both: the recorded response is the one that counts",
        severity="warning",
    ),
    Rule(
        "incomplete_assessment",
        ("response_not_evaluable_reason",),
        holds_while(empty, partly_measured),
        "is empty, but a part of the response assessment is missing",
        f"fill in {', '.join(MEASURED)}, or response_recorded: without either nobody is in "
        "remission",
        severity="warning",
    ),
    Rule(
        "severe_crs_untreated",
        ("crs_grade", "tocilizumab", "steroids"),
        all_hold(above(2), one_of("no"), one_of("no")),
        "is 3 or more, but neither tocilizumab nor steroids were given",
        "check the grade and the treatment",
        severity="warning",
    ),
    Rule(
        "death_without_cause",
        ("cause_of_death", "death_date"),
        all_hold(empty, given),
        "is empty, but the patient died",
        "add the cause",
        severity="warning",
    ),
    Rule(
        "toxic_death_without_toxicity",
        ("cause_of_death", "crs_grade", "icans_grade"),
        all_hold(one_of("car_t_toxicity"), zero_or_empty, zero_or_empty),
        "is CRS or ICANS, but neither was recorded",
        "check the cause and the grades",
        severity="warning",
    ),
    Rule(
        "remission_with_blasts",
        ("marrow_status", "marrow_blasts_percent"),
        all_hold(one_of("cr_mrd_negative", "cr_mrd_positive_or_unknown"), above(5)),
        "is a remission, but {other} is {other_value}",
        _BOTH,
        severity="warning",
    ),
)
