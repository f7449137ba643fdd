"""Who enters the analysis, rule by rule, who leaves at each, and from when time is counted."""

from __future__ import annotations

import datetime as dt
from collections.abc import Iterator
from dataclasses import dataclass

import pandas as pd

from analysis_lib.dictionary import Dictionary, nearest
from analysis_lib.errors import CohortError
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import (
    DAYS_PER_MONTH,
    FROM_INFUSION,
    FROM_TIME_ZERO,
    refuse_times_beyond,
)
from analysis_lib.study.naming import time_zero_phrase


def check_times(patients: pd.DataFrame, parameters: Parameters, dictionary: Dictionary) -> None:
    """Refuse a time of the analysis that was chosen and that no patient was followed to.

    Raises
    ------
    ParameterError
        Naming the time and the longest follow-up.
    """
    followed = float(patients["os_months"].max()) * DAYS_PER_MONTH
    end = f"the longest follow-up from {time_zero_phrase(dictionary, parameters.time_zero)}"
    refuse_times_beyond(parameters, followed, end, names=FROM_TIME_ZERO)
    since_infusion = months_from_infusion(patients, "os", parameters.time_zero)
    refuse_times_beyond(
        parameters,
        float(since_infusion.max()) * DAYS_PER_MONTH,
        f"the longest follow-up from {dictionary.infusion}",
        names=FROM_INFUSION,
    )


def months_from_infusion(patients: pd.DataFrame, outcome: str, time_zero: str) -> pd.Series:
    """An endpoint's months counted from infusion, where the study counts them from `time_zero`.

    By whole days: a difference of months would move events across a landmark by rounding.
    """
    waited = (patients["infusion_date"] - patients[time_zero]).dt.days
    return ((patients[f"{outcome}_months"] * DAYS_PER_MONTH).round() - waited) / DAYS_PER_MONTH


@dataclass(frozen=True)
class Step:
    """One rule of eligibility: how many entered it, left at it, and remain after it."""

    name: str
    rule: str
    entered: int
    excluded: int

    @property
    def remaining(self) -> int:
        return self.entered - self.excluded


@dataclass(frozen=True)
class Attrition:
    """All rules in the order in which they were applied."""

    steps: tuple[Step, ...]


def last_known_alive(patients: pd.DataFrame, data_lock: str) -> pd.Series:
    """The last day that counts: last contact, at most the data lock."""
    return patients["last_contact_date"].clip(upper=pd.Timestamp(data_lock))


def last_day(patients: pd.DataFrame) -> str:
    """The last day on which anything is known of anybody: the data lock where none was chosen."""
    days = patients[["last_contact_date", "death_date", "infusion_date"]].max(axis=None)
    return str(pd.Timestamp(days).date())


def died_by_lock(patients: pd.DataFrame, data_lock: str) -> pd.Series:
    """Whether a death on or before the data lock is recorded."""
    return patients["death_date"].notna() & (patients["death_date"] <= pd.Timestamp(data_lock))


def apply_eligibility(
    patients: pd.DataFrame, parameters: Parameters, dictionary: Dictionary, *, data_lock: str
) -> tuple[pd.DataFrame, Attrition]:
    """Apply the rules one after another; a choice that nobody made is no rule.

    Raises
    ------
    CohortError
        A filter names an unknown column or level, or nobody is left.
    """
    steps = []
    for name, rule, keep in _rules(patients, parameters, dictionary, data_lock):
        kept = patients[keep.loc[patients.index]]
        steps.append(Step(name, rule, len(patients), len(patients) - len(kept)))
        patients = kept
    if patients.empty:
        last = next(step for step in steps if step.remaining == 0)
        raise CohortError(
            f"eligibility: no patient is left after {last.name!r} ({last.rule}); "
            "check this parameter against the extract"
        )
    return patients.reset_index(drop=True), Attrition(tuple(steps))


def _rules(
    patients: pd.DataFrame, parameters: Parameters, dictionary: Dictionary, data_lock: str
) -> list[tuple[str, str, pd.Series]]:
    rules = []
    if parameters.minimum_age and patients["age_years"].isna().all():
        raise CohortError(
            f"minimum_age: is {parameters.minimum_age:g}, but the extract records no age; set it "
            "to 0, or bring age_years"
        )
    if parameters.minimum_age:
        rules.append(
            (
                "minimum_age",
                f"Age at {dictionary.infusion} at least {parameters.minimum_age:g} years",
                patients["age_years"] >= parameters.minimum_age,
            )
        )
    if parameters.product_access and patients["product_access"].notna().any():
        variable = dictionary["product_access"]
        labels = [variable.level_label(x).lower() for x in parameters.product_access]
        keep = _filter(patients, "product_access", parameters.product_access, dictionary)
        rules.append(("product_access", f"Product given as {' or '.join(labels)}", keep))
    rules += _window(patients["infusion_date"], parameters, dictionary)
    followed = (last_known_alive(patients, data_lock) - patients["infusion_date"]).dt.days
    if parameters.minimum_followup_days:
        rules.append(
            (
                "minimum_followup",
                f"At least {parameters.minimum_followup_days} days of follow-up, or death, by "
                f"{day(data_lock)}",
                (followed >= parameters.minimum_followup_days) | died_by_lock(patients, data_lock),
            )
        )
    elif (followed < 0).any():
        rule = f"{dictionary.infusion.capitalize()} by {day(data_lock)}"
        rules.append(("by_data_lock", rule, followed >= 0))
    for column, levels in parameters.include.items():
        keep = _filter(patients, column, levels, dictionary)
        labels = [dictionary[column].level_label(level) for level in levels]
        rules.append(
            (f"include_{column}", f"{dictionary[column].label}: {' or '.join(labels)}", keep)
        )
    if parameters.time_zero != "infusion_date":
        rule = f"Date of {time_zero_phrase(dictionary, parameters.time_zero)} recorded"
        rules.append(("time_zero_recorded", rule, patients[parameters.time_zero].notna()))
    return [*rules, *_exposure_rules(patients, parameters, dictionary)]


def _window(
    infusion: pd.Series, parameters: Parameters, dictionary: Dictionary
) -> Iterator[tuple[str, str, pd.Series]]:
    """The first and the last day, as far as they were chosen."""
    start, end = parameters.infusion_start, parameters.infusion_end
    held = {"from": infusion >= pd.Timestamp(start)} if start else {}
    held |= {"until": infusion <= pd.Timestamp(end)} if end else {}
    if held:
        done = "Infused" if dictionary.infused else dictionary.infusion.capitalize()
        days = f"between {day(start)} and {day(end)}" if start and end else ""
        one_sided = f"from {day(start)} on" if start else f"until {day(end)}" if end else ""
        yield "infusion_window", f"{done} {days or one_sided}", pd.concat(held, axis=1).all(axis=1)


def _exposure_rules(
    patients: pd.DataFrame, parameters: Parameters, dictionary: Dictionary
) -> Iterator[tuple[str, str, pd.Series]]:
    exposure, values = dictionary[parameters.exposure], patients[parameters.exposure]
    yield "exposure_recorded", f"{exposure.label}: recorded", values.notna()
    compared = parameters.exposure_levels
    if compared and len(compared) < len(values.cat.categories):
        rule = f"{exposure.label}: {' or '.join(compared.values())}, the others not compared"
        yield "exposure_compared", rule, values.isin(list(compared))


def _filter(
    patients: pd.DataFrame, column: str, levels: list[str], dictionary: Dictionary
) -> pd.Series:
    which = column if column == "product_access" else "include"
    filters = [x.name for x in dictionary.variables if x.is_categorical]
    if column not in patients.columns or column not in dictionary:
        raise CohortError(
            f"{which}: {column!r} is not a variable of the dictionary{nearest(column, filters)}"
        )
    if not dictionary[column].is_categorical:
        raise CohortError(
            f"include: {column!r} is {dictionary[column].type} and has no levels; filter on a "
            "categorical variable"
        )
    known = list(patients[column].cat.categories)
    for level in levels:
        if level not in known:
            raise CohortError(
                f"{which}: {level!r} is not a level of {column}{nearest(level, known)}; "
                f"its levels are {', '.join(known)}"
            )
    return patients[column].isin(levels)


def day(iso: str) -> str:
    """An ISO date in words: 30 October 2023."""
    date = dt.date.fromisoformat(iso)
    return f"{date.day} {date:%B %Y}"
