"""The study: parameters, dictionary and the eligible patients with everything derived."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field, fields, replace
from pathlib import Path
from typing import Any

import pandas as pd

from analysis_lib.dictionary import Dictionary
from analysis_lib.errors import CohortError
from analysis_lib.format import in_thousands, of_parameter
from analysis_lib.marks import begin_marking
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import parse_parameters
from analysis_lib.parameters.plan import AnalysisPlan, plan_of
from analysis_lib.parameters.presets import ARTICLE, OF_PRESET
from analysis_lib.study.choices import (
    TREATMENT,
    FixedModel,
    PrimaryEstimand,
    exposure_kind,
    fixed_model,
    never_treated,
    primary_of,
)
from analysis_lib.study.content import content_of, project_root
from analysis_lib.study.derive import derive_variables
from analysis_lib.study.eligibility import Attrition, apply_eligibility, check_times, last_day
from analysis_lib.study.endpoints import ENTRY
from analysis_lib.study.exposure import (
    Exposure,
    Grouping,
    compare_as_named,
    define_exposure,
    keep_compared,
)
from analysis_lib.study.known import check_known, with_known_stages
from analysis_lib.study.naming import (
    time_zero_phrase,
    with_censoring_as_it_is,
    with_named_endpoints,
    with_response_as_given,
)
from analysis_lib.study.reading import check_names, read_extract, unmeasured, without

SYNTHETIC_LABEL = "SYNTHETIC DATA – NOT PATIENTS"
_IPYTHON_NAMES = ("In", "Out")


@dataclass(frozen=True)
class Study:
    """Everything an analysis needs; `patients` has one row per eligible patient."""

    parameters: Parameters
    dictionary: Dictionary
    patients: pd.DataFrame = field(repr=False)
    attrition: Attrition
    exposure: Exposure
    is_synthetic: bool
    infused: int
    data_lock: str
    root: Path = field(repr=False)
    intake_notes: tuple[str, ...] = field(default=(), repr=False)
    # Columns that the mapping sets to one value: treated as not recorded.
    constants: tuple[str, ...] = ()
    # What has been computed of this study: `results.once` looks here before it computes.
    computed: dict[tuple[object, ...], object] = field(
        default_factory=dict, init=False, repr=False, compare=False
    )

    @property
    def groups(self) -> Grouping:
        return self.exposure.groups

    @property
    def confidence_level(self) -> float:
        """The level of all intervals."""
        return self.parameters.confidence_level

    @property
    def label(self) -> str:
        """The label that every page and figure of a synthetic cohort carries; else empty."""
        return SYNTHETIC_LABEL if self.is_synthetic else ""

    @property
    def title(self) -> str:
        return self.parameters.title or (
            f"Outcomes after {self.parameters.treatment} by {self.exposure.phrase}"
        )

    @property
    def question(self) -> str:
        """What the report asks, as a sentence."""
        differ = f"Do outcomes after {self.parameters.treatment} differ by {self.exposure.phrase}"
        if self.is_randomised:
            return f"{differ}, to whose groups patients were assigned at random?"
        other = "led to" if self.exposure_kind == TREATMENT else "goes with"
        return f"{differ}, and is a difference due to it or to what {other} it?"

    @property
    def time_zero_phrase(self) -> str:
        """What survival is counted from, inside a sentence: `infusion`."""
        return time_zero_phrase(self.dictionary, self.parameters.time_zero)

    @property
    def enters_late(self) -> bool:
        """Whether survival is counted from a day before the one that made patients enter."""
        return ENTRY in self.patients

    def only_from_start(self, what: str) -> str:
        """Why something is left out that takes everyone at risk from time zero; else empty."""
        if not self.enters_late:
            return ""
        own, zero = self.dictionary.infusion, self.time_zero_phrase
        return (
            f"Patients enter at {own}, later than {zero}, from which survival is counted; {what} "
            "would need everyone from the start and is left out."
        )

    @property
    def is_randomised(self) -> bool:
        """Whether chance alone decided who is in which group."""
        return self.parameters.design == "randomised"

    @property
    def exposure_kind(self) -> str:
        """`treatment` or `characteristic`; empty where nobody says which."""
        return exposure_kind(self.parameters, self.dictionary[self.groups.variable])

    @property
    def plan(self) -> AnalysisPlan | None:
        """The plan that the parameters are those of, if one was declared."""
        return plan_of(self.parameters)

    @property
    def model_outcome(self) -> str:
        """The endpoint of the fixed-term and the screened models: the article's, if asked for."""
        endpoints = self.parameters.endpoints
        return "pfs" if "pfs" in endpoints else endpoints[0]

    def event_phrase(self, outcome: str) -> str:
        """What ends an endpoint, inside a sentence: `relapse or death`."""
        if outcome != "pfs":
            return "death"
        failure = self.parameters.nonresponse_is_pfs_event
        relapse = self.dictionary.relapse
        return f"{relapse}, non-response or death" if failure else f"{relapse} or death"

    @property
    def primary(self) -> PrimaryEstimand | None:
        """The estimand that was declared primary, if one was."""
        return primary_of(self.parameters)

    @property
    def has_calendar(self) -> bool:
        """Whether dates are real: all patients have one date of time zero where it is nominal."""
        dates = self.patients[self.parameters.time_zero]
        return len(dates) < 2 or dates.nunique() > 1

    def asks_for(self, name: str) -> bool:
        """Whether to say that an extract lacks it: of the article's cohort, or where a term asks.

        Another disease lacks nothing where it has no such variable.
        """
        given = self.parameters
        terms = {
            *given.baseline_terms,
            *given.before_exposure_terms,
            *given.as_published_terms,
            *given.candidates,
        }
        return given.preset == ARTICLE or name in {
            name for term in terms for name in (term, self.dictionary.characteristic(term))
        }

    @property
    def fixed_model(self) -> FixedModel:
        return fixed_model(self.parameters)

    @property
    def cohort_label(self) -> str:
        kind = "synthetic patients" if self.is_synthetic else "patients"
        return f"{in_thousands(len(self.patients))} {kind}"


def make_study(parameters: Parameters, *, root: Path | None = None) -> Study:
    """Read the extract, apply eligibility, derive variables, and define the exposure.

    Raises
    ------
    CartReportError
        Of the layer that found the fault; nothing has been written.
    """
    root = root or project_root()
    loaded = read_extract(parameters, root)
    dictionary = with_named_endpoints(loaded.dictionary, parameters)
    check_names(parameters, dictionary)
    constants = unmeasured(loaded.constants, dictionary, parameters)
    extract = without(loaded.patients, constants)
    lock = parameters.data_lock or last_day(extract)
    derived = derive_variables(extract, dictionary, parameters, data_lock=lock)
    dictionary = compare_as_named(dictionary, derived, parameters)
    patients, attrition = apply_eligibility(derived, parameters, dictionary, data_lock=lock)
    patients = keep_compared(patients, dictionary[parameters.exposure])
    check_times(patients, parameters, dictionary)
    dictionary = with_response_as_given(dictionary, patients)
    dictionary = with_censoring_as_it_is(dictionary, patients, parameters.time_zero)
    dictionary = with_known_stages(dictionary, patients, parameters.time_zero)
    check_known(parameters, dictionary, patients)
    exposure = define_exposure(patients, parameters.exposure, dictionary)
    _check_model_population(patients, parameters)
    never_treated(parameters, exposure.groups)
    return Study(
        parameters=_placed(parameters),
        dictionary=dictionary,
        patients=patients,
        attrition=attrition,
        exposure=exposure,
        is_synthetic=bool((extract["data_origin"] == "synthetic").any()),
        infused=len(extract),
        data_lock=lock,
        root=root,
        intake_notes=loaded.notes,
        constants=constants,
    )


def _placed(parameters: Parameters) -> Parameters:
    """The parameters, of which each number that is written down says which one it is."""
    names = (one.name for one in fields(parameters))
    return replace(parameters, **{x: of_parameter(x, getattr(parameters, x)) for x in names})


def _check_model_population(patients: pd.DataFrame, parameters: Parameters) -> None:
    """Refuse models in responders where nobody is known to have responded."""
    if parameters.model_population == "responders" and not (patients["cr_cri"] == "yes").any():
        raise CohortError(
            "model_population: is 'responders', but no patient is known to have responded to the "
            "treatment; set it to infused, or supply response_recorded or the columns of the "
            "response assessment"
        )


_OPENED: dict[str, Study] = {}


def keep_open(study: Study) -> None:
    """Let `open_study` give this study, and what is computed of it, for the same content.

    Raises
    ------
    OSError
        One of its files cannot be read.
    """
    _OPENED[content_of(study.parameters, study.root)] = study


def open_study(namespace: Mapping[str, Any]) -> Study:
    """The study described by a notebook's `globals()`: its parameters, typed and checked.

    What the preset decides and is None was not set: it is decided from the cohort.
    From then on the numbers of a notebook know where they stand in a text. A kernel that was forked
    from a process which has the study open takes it from there.

    Raises
    ------
    ParameterError
        A public name is neither a parameter, a module, a callable nor an object of this library.
    """
    given = {
        name: value
        for name, value in namespace.items()
        if not name.startswith("_") and name not in _IPYTHON_NAMES and not _is_ours(value)
        if value is not None or name not in OF_PRESET
    }
    parameters, root = parse_parameters(given), project_root()
    if "get_ipython" in namespace:
        begin_marking()
    opened = _OPENED.get(content_of(parameters, root)) if _OPENED else None
    return opened or make_study(parameters, root=root)


def _is_ours(value: object) -> bool:
    """Imports and the results of earlier cells, which a notebook may hold beside parameters."""
    return (
        inspect.ismodule(value)
        or callable(value)
        or type(value).__module__.partition(".")[0] == "analysis_lib"
    )
