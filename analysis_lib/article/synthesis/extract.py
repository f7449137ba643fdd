"""The extract of the synthetic cohort: its columns, and the one CSV file that holds them."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from analysis_lib.writing import write_text

# Those of the dictionary that this cohort has, in its order. The response is measured, so that
# nothing is recorded in its place.
COLUMNS = (
    "patient_id",
    "data_origin",
    "centre",
    "product_access",
    "age_years",
    "sex",
    "race_ethnicity",
    "disease_subtype",
    "marrow_status",
    "marrow_blasts_percent",
    "extramedullary_disease",
    "cns_involvement",
    "prior_lines",
    "prior_blinatumomab",
    "prior_hct",
    "ino_doses_preapheresis",
    "ino_doses_bridging",
    "ino_response",
    "last_ino_preapheresis_date",
    "last_ino_bridging_date",
    "bridging_therapy",
    "apheresis_date",
    "lymphodepletion_date",
    "infusion_date",
    "crs_grade",
    "crs_onset_date",
    "icans_grade",
    "icans_onset_date",
    "tocilizumab",
    "steroids",
    "anakinra",
    "hospital_days",
    "response_date",
    "response_marrow_blasts_percent",
    "response_circulating_blasts",
    "response_extramedullary_disease",
    "response_anc_per_ul",
    "response_platelets_per_ul",
    "response_not_evaluable_reason",
    "mrd_status",
    "mrd_method",
    "consolidation",
    "consolidation_date",
    "relapse_date",
    "death_date",
    "cause_of_death",
    "last_contact_date",
)


def write_cohort(frame: pd.DataFrame, path: str | Path) -> None:
    """Write ISO dates, yes/no, '' for missing and '\\n' line ends; replace `path` at once."""
    write_text(extract_text(frame), Path(path))


def extract_text(frame: pd.DataFrame) -> str:
    """Render the extract as CSV text."""
    rendered = pd.DataFrame({name: [_cell(value) for value in frame[name]] for name in frame})
    return rendered.to_csv(index=False, lineterminator="\n")


def _cell(value: object) -> str:
    if value is None or value is pd.NaT or (isinstance(value, float) and np.isnan(value)):
        return ""
    if isinstance(value, pd.Timestamp):
        return value.date().isoformat()
    if isinstance(value, bool | np.bool_):
        return "yes" if value else "no"
    if isinstance(value, float | np.floating):
        return f"{value:.0f}" if float(value).is_integer() else f"{value:.1f}"
    return str(value)
