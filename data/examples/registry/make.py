"""Write the sheet of the tutorial: synthetic patients in a registry's own words, with mistakes.

Usage: python data/examples/registry/make.py FOLDER

The patients are the first hundred of the embedded synthetic cohort under other names of columns
and levels, with German dates, platelets per nanolitre, surnames, and six cells that cannot be true.
"""

from __future__ import annotations

import csv
import datetime as dt
import sys
from pathlib import Path

COHORT = Path(__file__).resolve().parents[2] / "cohort.csv"
PATIENTS = 100
# Their column, ours.
COLUMNS = {
    "Pat-ID": "patient_id",
    "Origin": "data_origin",
    "Site": "centre",
    "Age": "age_years",
    "Sex": "sex",
    "Subtype": "disease_subtype",
    "Marrow": "marrow_status",
    "EMD": "extramedullary_disease",
    "Lines": "prior_lines",
    "Blinatumomab": "prior_blinatumomab",
    "Prior HCT": "prior_hct",
    "Bridging": "bridging_therapy",
    "Apheresis": "apheresis_date",
    "Infusion": "infusion_date",
    "CRS": "crs_grade",
    "ICANS": "icans_grade",
    "Tocilizumab": "tocilizumab",
    "Steroids": "steroids",
    "Assessed": "response_date",
    "Blasts": "response_marrow_blasts_percent",
    "Blood blasts": "response_circulating_blasts",
    "EMD after": "response_extramedullary_disease",
    "ANC": "response_anc_per_ul",
    "Platelets": "response_platelets_per_ul",
    "Relapse": "relapse_date",
    "Death": "death_date",
    "Cause": "cause_of_death",
    "Last seen": "last_contact_date",
}
LEVELS = {
    "sex": {"female": "f", "male": "m"},
    "disease_subtype": {"ph_positive": "Ph+", "ph_like": "Ph-like", "ph_negative": "Ph-"},
}
SURNAMES = ("Archer", "Baker", "Carter", "Draper", "Fisher", "Glover", "Mason", "Porter")
# Row in the sheet (the header is row 1), their column, what somebody typed.
MISTAKES = (
    (4, "Age", "469"),
    (9, "Sex", "man"),
    (17, "Infusion", "30.02.2023"),
    (23, "Pat-ID", "SYN-021"),
    (31, "CRS", "6"),
    (38, "Last seen", "24.02.2021"),
)


def main(folder: Path) -> None:
    """Write `registry.csv` into a folder, which is made where it does not exist."""
    with COHORT.open(encoding="utf-8", newline="") as handle:
        rows = [_in_their_words(row) for row in csv.DictReader(handle)][:PATIENTS]
    for number, row in enumerate(rows):
        row["Surname"] = SURNAMES[number % len(SURNAMES)]
    for line, column, text in MISTAKES:
        rows[line - 2][column] = text
    folder.mkdir(parents=True, exist_ok=True)
    with (folder / "registry.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(rows[0]), delimiter=";", lineterminator="\n")
        writer.writeheader()
        writer.writerows(rows)


def _in_their_words(row: dict[str, str]) -> dict[str, str]:
    return {theirs: _cell(ours, row[ours]) for theirs, ours in COLUMNS.items()}


def _cell(ours: str, text: str) -> str:
    if not text:
        return ""
    if ours.endswith("_date"):
        return dt.date.fromisoformat(text).strftime("%d.%m.%Y")
    if ours == "response_platelets_per_ul":
        return f"{float(text) / 1000:g}"
    return LEVELS.get(ours, {}).get(text, text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
