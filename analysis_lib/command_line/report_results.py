"""Every number of a report in one table: those of its patients and those about the report."""

from __future__ import annotations

from analysis_lib.analyses import Omitted, all_results, repeated_results
from analysis_lib.analyses.results import Results, Row, study_results
from analysis_lib.analyses.vocabulary import check_vocabulary
from analysis_lib.appendix.checklist import checklist_rows
from analysis_lib.cohort import Study
from analysis_lib.comparison import compared_with_claims, score_rows
from analysis_lib.simulation import Progress, no_progress


def report_results(
    study: Study, *, repeated: bool = True, progress: Progress = no_progress
) -> Results:
    """The analyses of the study, its scores beside published numbers, and its checklist.

    Without `repeated` the simulations, the bootstrap and the specification curve are left out, and
    nothing else differs.
    """
    analysed = all_results(study)
    rows: list[Row] = [*analysed]
    if repeated:
        rows += repeated_results(study, progress=progress)
    published = compared_with_claims(study, analysed)
    if not isinstance(published, Omitted):
        rows += score_rows(published)
    rows += checklist_rows()
    results = study_results(study, rows)
    check_vocabulary(results, study.dictionary)
    return results
