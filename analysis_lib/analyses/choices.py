"""Studies that differ from the given one in a single choice which was open to the analyst."""

from __future__ import annotations

import datetime as dt
from dataclasses import dataclass, replace

from analysis_lib.cohort import Study, day, make_study
from analysis_lib.errors import CohortError, ParameterError
from analysis_lib.parameters import Parameters


@dataclass(frozen=True)
class Choice:
    """One other choice: its word, how a table calls it, and the study it makes."""

    name: str
    label: str
    study: Study


@dataclass(frozen=True)
class Choices:
    """Every other choice that can be made, and why the remaining ones cannot."""

    made: tuple[Choice, ...]
    left_out: tuple[str, ...]


def other_choices(study: Study) -> Choices:
    """Non-response, missing values, population, minimum follow-up and bridging, one at a time."""
    made: list[Choice] = []
    left_out: list[str] = []
    tries = (_nonresponse, _missing, _population, _restricted, _with_bridging)
    for attempt in tries:
        one = attempt(study)
        if isinstance(one, Choice):
            made.append(one)
        else:
            left_out.append(one)
    return Choices(tuple(made), tuple(left_out))


def _same_patients(study: Study, name: str, label: str, parameters: Parameters) -> Choice:
    """A choice that the models make, so that the patients stay as they are."""
    return Choice(name, label, replace(study, parameters=parameters))


def _nonresponse(study: Study) -> Choice | str:
    if not (study.patients["response"] == "no_response").any():
        return "No assessed non-response is recorded, so it cannot be counted as an event."
    counted = study.parameters.nonresponse_is_pfs_event
    label = "Assessed non-response is no event" if counted else "Assessed non-response is an event"
    parameters = replace(study.parameters, nonresponse_is_pfs_event=not counted)
    return Choice("nonresponse", label, make_study(parameters, root=study.root))


def _missing(study: Study) -> Choice | str:
    complete = study.parameters.missing_rule == "complete_cases"
    rule = "missing_as_level" if complete else "complete_cases"
    label = "A missing category is a level" if complete else "Complete cases only"
    return _same_patients(study, "missing", label, replace(study.parameters, missing_rule=rule))


def _population(study: Study) -> Choice | str:
    if not (study.patients["cr_cri"] == "yes").any():
        return "No response to the infusion is recorded, so no model can be fitted in responders."
    other = "infused" if study.parameters.model_population == "responders" else "responders"
    parameters = replace(study.parameters, model_population=other)
    return _same_patients(study, "population", "", parameters)


def _restricted(study: Study) -> Choice | str:
    """Follow-up long enough by the calendar, whoever died or was lost before."""
    given = study.parameters
    if not given.minimum_followup_days:
        return "No minimum follow-up is asked for, so none can be asked for in another way."
    lock = dt.date.fromisoformat(given.data_lock)
    last = (lock - dt.timedelta(days=given.minimum_followup_days)).isoformat()
    end = min(given.infusion_end, last)
    if end < given.infusion_start:
        return f"Nobody was infused {given.minimum_followup_days} days before the data lock."
    parameters = replace(given, infusion_end=end, minimum_followup_days=0)
    try:
        made = make_study(parameters, root=study.root)
    except (CohortError, ParameterError) as error:  # nobody left, or not followed long enough
        return f"Restricted to infusions by {day(end)}: {error}."
    return Choice("followup", f"Infused by {day(end)}, any follow-up", made)


def _with_bridging(study: Study) -> Choice | str:
    given, name = study.parameters, "bridging_therapy"
    if study.groups.variable == name or name in given.baseline_terms:
        return ""
    if study.patients[name].nunique() < 2:
        return "Bridging therapy is the same in all patients or not recorded."
    parameters = replace(given, baseline_terms=[*given.baseline_terms, name])
    return _same_patients(study, "bridging", "Bridging therapy among the terms", parameters)
