"""CR/CRi by exposure if the responses that nobody assessed had been one thing or the other."""

from __future__ import annotations

from dataclasses import dataclass

import pandas as pd

from analysis_lib.analyses.disclosure import withheld_count
from analysis_lib.analyses.omitted import Omitted
from analysis_lib.analyses.results import Key, Results, Row, study_results
from analysis_lib.analyses.toxicity import event_rows, level_rows
from analysis_lib.cohort import Grouping, Study

EVALUABLE = "response_evaluable_only"
# What is assumed of patients who were not evaluable: in the reference group, in the others.
ASSUMED = {
    "response_none": ("Nobody not evaluable responded", False, False),
    "response_all": ("All not evaluable responded", True, True),
    "response_best": ("Best case of the groups compared", False, True),
    "response_worst": ("Worst case of the groups compared", True, False),
}


@dataclass(frozen=True)
class ResponseBounds:
    """`cases` are (analysis, label, population), the evaluable first."""

    grouping: Grouping
    cases: tuple[tuple[str, str, str], ...]
    not_evaluable: int
    patients: int
    results: Results


def response_bounds(study: Study) -> ResponseBounds | Omitted:
    """CR/CRi of the evaluable, and of all infused under each assumption on the others.

    Best and worst case are those of the groups compared with the reference: all of theirs who
    were not evaluable responded and none of the reference's, and the reverse. No other values can
    move the difference further.
    """
    patients = study.groups.among(study.patients)
    if not patients["cr_cri"].notna().any():
        return Omitted("The extract records no response to the infusion; none can be assumed.")
    unknown = patients["cr_cri"].isna()
    if not unknown.any():
        return Omitted("Every patient was evaluable for response; none has to be assumed.")
    rows = event_rows(study, patients, EVALUABLE, "cr_cri", "response_evaluable")
    cases = [(EVALUABLE, "Evaluable patients only", "response_evaluable")]
    for name, (label, reference, others) in ASSUMED.items():
        rows += _assumed_rows(study, patients, name, reference, others)
        cases.append((name, label, "infused"))
    return ResponseBounds(
        study.groups,
        tuple(cases),
        withheld_count(study, int(unknown.sum())),
        len(patients),
        study_results(study, rows),
    )


def _assumed_rows(
    study: Study, patients: pd.DataFrame, analysis: str, reference: bool, others: bool
) -> list[Row]:
    groups = study.groups
    in_reference = patients[groups.variable] == groups.reference
    assumed = (in_reference & reference) | (~in_reference & others)
    responded = (patients["cr_cri"] == "yes") | (patients["cr_cri"].isna() & assumed)
    key = Key(analysis, outcome="cr_cri", population="infused")
    return level_rows(study, patients, responded, key)
