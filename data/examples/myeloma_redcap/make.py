"""Write the myeloma example: a REDCap raw export and its data dictionary, all invented.

Run from anywhere: python data/examples/myeloma_redcap/make.py

The patients are drawn from round probabilities, so that every kind of REDCap field occurs and
every group of the example has members. No record and no published number went into them.
"""

from __future__ import annotations

import csv
import datetime as dt
import random
from pathlib import Path

FOLDER = Path(__file__).resolve().parent
SEED = 20240229
PATIENTS = 60
DATA_LOCK = dt.date(2024, 6, 30)

HEADER = (
    "Variable / Field Name",
    "Form Name",
    "Section Header",
    "Field Type",
    "Field Label",
    "Choices, Calculations, OR Slider Labels",
    "Field Note",
    "Text Validation Type OR Show Slider Number",
    "Text Validation Min",
    "Text Validation Max",
    "Identifier?",
    "Branching Logic (Show field only if...)",
    "Required Field?",
    "Custom Alignment",
    "Question Number (surveys only)",
    "Matrix Group Name",
    "Matrix Ranking?",
    "Field Annotation",
)
GRADES = "0, Grade 0 | 1, Grade 1 | 2, Grade 2 | 3, Grade 3 | 4, Grade 4 | 5, Grade 5"
PRIOR = (
    "1, Proteasome inhibitor | 2, Immunomodulatory agent | 3, Anti-CD38 antibody | "
    "4, BCMA-directed therapy"
)
# name, form, type, label, choices, validation, branching logic
FIELDS = (
    ("record_id", "baseline", "text", "Record ID", "", "", ""),
    ("origin", "baseline", "radio", "Origin of the record",
     "1, Patient record | 2, Synthetic record", "", ""),
    ("site", "baseline", "dropdown", "Treating centre", "1, North | 2, South | 3, West", "", ""),
    ("age_infusion", "baseline", "text", "Age at infusion (years)", "", "number", ""),
    ("sex", "baseline", "radio", "Sex", "1, Female | 2, Male", "", ""),
    ("iss", "baseline", "radio", "ISS stage", "1, Stage I | 2, Stage II | 3, Stage III", "", ""),
    ("cytogenetics", "baseline", "radio", "Cytogenetic risk",
     "0, Standard | 1, High | 9, Not tested", "", ""),
    ("extramedullary", "baseline", "yesno", "Extramedullary disease before apheresis", "", "", ""),
    ("n_lines", "baseline", "text", "Prior lines of therapy", "", "integer", ""),
    ("asct", "baseline", "yesno", "Prior autologous transplantation", "", "", ""),
    ("prior_tx", "baseline", "checkbox", "Prior therapy (all that apply)", PRIOR, "", ""),
    ("bcma_type", "baseline", "radio", "Which BCMA-directed therapy",
     "1, Antibody-drug conjugate | 2, Bispecific antibody", "", "[prior_tx(4)] = '1'"),
    ("aph_date", "treatment", "text", "Apheresis", "", "date_dmy", ""),
    ("bridging", "treatment", "yesno", "Bridging therapy", "", "", ""),
    ("ld_date", "treatment", "text", "Start of lymphodepletion", "", "date_dmy", ""),
    ("inf_date", "treatment", "text", "Infusion", "", "date_dmy", ""),
    ("crs_grade", "toxicity", "radio", "Highest grade of CRS", GRADES, "", ""),
    ("crs_date", "toxicity", "text", "Onset of CRS", "", "date_dmy", "[crs_grade] > 0"),
    ("icans_grade", "toxicity", "radio", "Highest grade of ICANS", GRADES, "", ""),
    ("icans_date", "toxicity", "text", "Onset of ICANS", "", "date_dmy", "[icans_grade] > 0"),
    ("toci", "toxicity", "yesno", "Tocilizumab", "", "", ""),
    ("steroid", "toxicity", "yesno", "Corticosteroids", "", "", ""),
    ("stay", "toxicity", "text", "Days in hospital", "", "integer", ""),
    ("progressed", "outcome", "yesno", "Progression", "", "", ""),
    ("prog_date", "outcome", "text", "Date of progression", "", "date_dmy", "[progressed] = '1'"),
    ("vital", "outcome", "radio", "Vital status", "0, Alive | 1, Dead", "", ""),
    ("death_date", "outcome", "text", "Date of death", "", "date_dmy", "[vital] = '1'"),
    ("death_cause", "outcome", "radio", "Main cause of death",
     "1, Myeloma | 2, Infection | 3, CRS or ICANS | 4, Other", "", "[vital] = '1'"),
    ("last_date", "outcome", "text", "Last contact", "", "date_dmy", ""),
    ("notes", "outcome", "notes", "Remarks", "", "", ""),
)  # fmt: skip
FORMS = ("baseline", "treatment", "toxicity", "outcome")


def main() -> None:
    """Write `data_dictionary.csv` and `export.csv` beside this script."""
    with (FOLDER / "data_dictionary.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, HEADER, restval="", lineterminator="\n")
        writer.writeheader()
        writer.writerows(_described(field) for field in FIELDS)
    source = random.Random(SEED)
    patients = [_patient(number, source) for number in range(1, PATIENTS + 1)]
    with (FOLDER / "export.csv").open("w", encoding="utf-8", newline="") as handle:
        writer = csv.DictWriter(handle, list(patients[0]), lineterminator="\n")
        writer.writeheader()
        writer.writerows(patients)


def _described(field: tuple[str, ...]) -> dict[str, str]:
    columns = (HEADER[0], HEADER[1], HEADER[3], HEADER[4], HEADER[5], HEADER[7], HEADER[11])
    return dict(zip(columns, field, strict=True))


def _patient(number: int, source: random.Random) -> dict[str, object]:
    infused = dt.date(2021, 1, 4) + dt.timedelta(days=source.randrange(900))
    prior_bcma = source.random() < 0.4
    return _in_export_order(
        {
            "record_id": str(number),
            "origin": 2,
            **_baseline(prior_bcma, source),
            **_treatment(infused, source),
            **_toxicity(infused, source),
            **_outcome(infused, prior_bcma, source),
            "notes": source.choice(["", "", "", 'Referred back; "stable", no symptoms']),
        }
    )


def _baseline(prior_bcma: bool, source: random.Random) -> dict[str, object]:
    return {
        "site": source.choice([1, 2, 3]),
        "age_infusion": round(source.uniform(40, 80), 1),
        "sex": source.choice([1, 2]),
        "iss": source.choice([1, 2, 3, ""]),
        "cytogenetics": source.choice([0, 0, 1, 9]),
        "extramedullary": int(source.random() < 0.25),
        "n_lines": source.randint(3, 9),
        "asct": int(source.random() < 0.5),
        "prior_tx___1": 1,
        "prior_tx___2": int(source.random() < 0.9),
        "prior_tx___3": int(source.random() < 0.8),
        "prior_tx___4": int(prior_bcma),
        "bcma_type": source.choice([1, 2]) if prior_bcma else "",
    }


def _treatment(infused: dt.date, source: random.Random) -> dict[str, object]:
    return {
        "aph_date": infused - dt.timedelta(days=source.randint(35, 70)),
        "bridging": int(source.random() < 0.7),
        "ld_date": infused - dt.timedelta(days=source.randint(4, 6)),
        "inf_date": infused,
    }


def _toxicity(infused: dt.date, source: random.Random) -> dict[str, object]:
    crs = source.choices([0, 1, 2, 3], [2, 4, 3, 1])[0]
    icans = source.choices([0, 1, 2, 3], [7, 1, 1, 1])[0]
    return {
        "crs_grade": crs,
        "crs_date": infused + dt.timedelta(days=source.randint(0, 6)) if crs else "",
        "icans_grade": icans,
        "icans_date": infused + dt.timedelta(days=source.randint(3, 12)) if icans else "",
        "toci": int(crs >= 2),
        "steroid": int(crs >= 3 or icans >= 2),
        "stay": source.randint(7, 21),
    }


def _outcome(infused: dt.date, prior_bcma: bool, source: random.Random) -> dict[str, object]:
    mean_days = 300 if prior_bcma else 600
    progressed = infused + dt.timedelta(days=30 + round(source.expovariate(1 / mean_days)))
    died = progressed + dt.timedelta(days=10 + round(source.expovariate(1 / 400)))
    if source.random() < 0.15:  # death without progression
        died = infused + dt.timedelta(days=source.randint(20, 200))
    last = min(died, DATA_LOCK - dt.timedelta(days=source.randint(0, 60)))
    dead, progression = died <= last, progressed <= last
    cause = source.choice([2, 3, 4]) if not progression else source.choice([1, 1, 1, 2])
    return {
        "progressed": int(progression),
        "prog_date": progressed if progression else "",
        "vital": int(dead),
        "death_date": died if dead else "",
        "death_cause": cause if dead else "",
        "last_date": last,
    }


def _in_export_order(values: dict[str, object]) -> dict[str, object]:
    """The columns as REDCap exports them: by form, each form followed by its status."""
    row: dict[str, object] = {}
    for form in FORMS:
        for name, of_form, *_ in FIELDS:
            if of_form == form:
                row |= {x: v for x, v in values.items() if x.partition("___")[0] == name}
        row[f"{form}_complete"] = 2
    return row


if __name__ == "__main__":
    main()
