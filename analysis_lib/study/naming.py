"""What a cohort calls its day of treatment and its endpoints, in every label and definition."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

import pandas as pd

from analysis_lib.dictionary import INFUSION, RELAPSE, Dictionary, Variable
from analysis_lib.intake.rules.combinations import RECORDED
from analysis_lib.parameters.definitions import Parameters

_PHRASES = {"lymphodepletion_date": "lymphodepletion", "apheresis_date": "apheresis"}
_OWN = ("infusion_date", "relapse")  # of which the labels are the nouns


def time_zero_phrase(dictionary: Dictionary, time_zero: str) -> str:
    """What survival is counted from, inside a sentence: `infusion`."""
    return _PHRASES.get(time_zero, dictionary.infusion)


def with_own_noun(dictionary: Dictionary, shipped: Dictionary) -> Dictionary:
    """The cohort's own nouns in every text that its mapping left as it was."""
    if (dictionary.infusion, dictionary.relapse) == (INFUSION, RELAPSE):
        return dictionary
    own = dictionary.own_words
    return dictionary.with_variables(
        replace(v, label=own(v.label), definition=own(v.definition))
        for v in dictionary.variables
        if v.name not in _OWN and v.name in shipped and v.definition == shipped[v.name].definition
    )


def with_named_endpoints(dictionary: Dictionary, parameters: Parameters) -> Dictionary:
    """Endpoints counted from the time zero of the study, each under the name of what ends it."""
    changed = [v for v in dictionary.variables if v.type == "time_to_event"]
    event_free = _event_free(dictionary.relapse, parameters)
    for change in (_from_time_zero(dictionary, parameters), event_free):
        changed = [change(v) for v in changed]
    return dictionary.with_variables(changed)


def with_censoring_as_it_is(
    dictionary: Dictionary, patients: pd.DataFrame, time_zero: str
) -> Dictionary:
    """Endpoints without a lock where dates are nominal, and without transplantation where none."""
    left_out = []
    if patients[time_zero].nunique() == 1 and len(patients) > 1:
        left_out += [", at most the data lock", " or data lock"]
    if not (patients["consolidation"] == "allo_hct").any():
        left_out.append("; transplantation does not censor")

    def plain(variable: Variable) -> Variable:
        definition = variable.definition
        for words in left_out:
            definition = definition.replace(words, "")
        return replace(variable, definition=definition)

    ends = [v for v in dictionary.variables if v.type == "time_to_event" or v.name == "relapse"]
    return dictionary.with_variables(plain(v) for v in ends)


def with_response_as_given(dictionary: Dictionary, patients: pd.DataFrame) -> Dictionary:
    """The definition of response says whose it is where the registry recorded one itself."""
    recorded, response = patients[RECORDED].notna(), dictionary["response"]
    if not recorded.any():
        return dictionary
    own = "As the registry recorded it, by its own criteria"
    derived = bool((patients["response"].notna() & ~recorded).any())
    definition = f"{own}; where it did not, {response.definition}" if derived else f"{own}."
    evaluable = replace(
        dictionary["response_evaluable"],
        definition="Response recorded, or all measurements of the assessment.",
    )
    return dictionary.with_variables([replace(response, definition=definition), evaluable])


Change = Callable[[Variable], Variable]


def _from_time_zero(dictionary: Dictionary, parameters: Parameters) -> Change:
    own, zero = dictionary.infusion, time_zero_phrase(dictionary, parameters.time_zero)

    def change(variable: Variable) -> Variable:
        start = f"{own[0].upper()}{own[1:]} to "
        if own == zero or not variable.definition.startswith(start):
            return variable
        rest = variable.definition.removeprefix(start)
        return replace(variable, definition=f"{zero.capitalize()} to {rest}")

    return change


def _event_free(relapse: str, parameters: Parameters) -> Change:
    """Progression-free survival in which non-response is an event has a name of its own."""

    def change(variable: Variable) -> Variable:
        if variable.name != "pfs" or not parameters.nonresponse_is_pfs_event:
            return variable
        definition = variable.definition.replace(
            f"{relapse} or death", f"{relapse}, assessed non-response or death"
        ).replace(f"alive without {relapse}", f"alive without {relapse} or non-response")
        return replace(variable, label="Event-free survival", definition=definition)

    return change
