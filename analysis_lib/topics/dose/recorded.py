"""What the extract records of the doses of an exposure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import pandas as pd

from analysis_lib.format import format_number
from analysis_lib.study.exposure import Grouping, columns_of_doses
from analysis_lib.study.study import Study

NO_DOSE, FEW, MANY = "no_dose", "few_doses", "many_doses"
DOSES, TO_APHERESIS, TO_INFUSION = (
    "amount_doses",
    "amount_days_to_apheresis",
    "amount_days_to_infusion",
)
QUARTILES = {"at_quartile_1": 0.25, "at_median": 0.5, "at_quartile_3": 0.75}


@dataclass(frozen=True)
class Amount:
    """An amount of the exposure: nan where it is none, or is not known."""

    name: str
    label: str
    unit: str
    values: pd.Series

    @property
    def known(self) -> int:
        return int(self.values.notna().sum())

    @property
    def scaled(self) -> pd.Series:
        """On the scale of its line, on which a doubling is 1; of days, of one more than these."""
        return np.log2(self.values if self.unit == "doses" else self.values + 1)

    def on_scale(self, value: float) -> float:
        """One amount there."""
        return float(np.log2(value if self.unit == "doses" else value + 1))

    @property
    def quartiles(self) -> dict[str, float]:
        """By the levels that the results call them."""
        known = self.values.dropna()
        return {name: float(known.quantile(share)) for name, share in QUARTILES.items()}

    def unscaled(self, scaled: np.ndarray) -> np.ndarray:
        return np.asarray(2.0**scaled - (0 if self.unit == "doses" else 1))


def is_exposed(study: Study) -> pd.Series:
    """Who is in a group of the exposed."""
    values = study.patients[study.groups.variable]
    return (values.notna() & (values != study.exposure.unexposed)).astype(bool)


def doses_of(study: Study) -> pd.Series | None:
    """Doses of the exposed who have any on record; None where the extract has no column of them."""
    column, _ = columns_of_doses(study.parameters)
    if not column:
        return None
    doses = study.patients[column].astype("Float64").astype(float)
    return doses.where(is_exposed(study) & (doses > 0))


def last_dose_before(study: Study, date: str) -> pd.Series:
    """Days from the last dose on or before a date to it, of the exposed; nan where none is."""
    _, columns = columns_of_doses(study.parameters)
    day = study.patients[date]
    before = [study.patients[x].where(study.patients[x] <= day) for x in columns]
    last = pd.concat(before, axis=1).max(axis=1) if before else pd.Series(pd.NaT, index=day.index)
    return (day - last).dt.days.astype(float).where(is_exposed(study))


def recorded_amounts(study: Study) -> tuple[Amount, ...]:
    """Doses, and the days from the last to apheresis and to infusion, as far as any is recorded."""
    own = study.dictionary.own_words
    doses = doses_of(study)
    known = [] if doses is None else [Amount(DOSES, "Doses", "doses", doses)]
    for name, label, date in (
        (TO_APHERESIS, "Days from last dose to apheresis", "apheresis_date"),
        (TO_INFUSION, own("Days from last dose to infusion"), "infusion_date"),
    ):
        known.append(Amount(name, label, "days", last_dose_before(study, date)))
    return tuple(x for x in known if x.known)


def dose_grouping(study: Study) -> Grouping:
    """None, few and many doses, from `many_doses` on."""
    cut = study.parameters.many_doses
    many = f"{format_number(cut)} doses or more"
    few = f"Fewer than {format_number(cut)} doses"
    return Grouping(
        "dose_group",
        "Doses",
        (NO_DOSE, FEW, MANY),
        ("No dose", few, many),
        ("no dose", f"{few[0].lower()}{few[1:]}", many),
    )


def grouped_patients(study: Study, doses: pd.Series) -> pd.DataFrame:
    """The patients whose doses are known, with the group of these."""
    unexposed = study.patients[study.groups.variable] == study.exposure.unexposed
    group = pd.Series(pd.NA, index=doses.index, dtype="object")
    group[unexposed.fillna(False).to_numpy(dtype=bool)] = NO_DOSE
    group[doses.notna()] = np.where(doses.dropna() >= study.parameters.many_doses, MANY, FEW)
    categories = pd.Categorical(group, categories=[NO_DOSE, FEW, MANY])
    patients = study.patients.assign(dose_group=pd.Series(categories, index=doses.index))
    return patients[patients["dose_group"].notna()]
