"""The study: parameters, dictionary and the eligible patients with everything derived."""

from __future__ import annotations

import inspect
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pandas as pd

from analysis_lib.dictionary import Dictionary, read_dictionary
from analysis_lib.errors import CohortError
from analysis_lib.intake.extract import Extract, load_extract
from analysis_lib.marks import begin_marking
from analysis_lib.parameters.definitions import Parameters
from analysis_lib.parameters.parse import is_chosen, parse_parameters
from analysis_lib.study.content import content_of, project_root
from analysis_lib.study.derive import derive_variables
from analysis_lib.study.eligibility import PHRASES, Attrition, apply_eligibility, check_times
from analysis_lib.study.exposure import (
    Exposure,
    Grouping,
    check_names,
    compare_as_named,
    define_exposure,
    keep_compared,
)


@dataclass(frozen=True)
class FixedModel:
    """`label` heads a column, `named` is it in a sentence, `of_article` says whose it is."""

    label: str
    named: str
    of_article: bool


ARTICLES = FixedModel("As published", "the article's model", of_article=True)
OWN = FixedModel("Fixed terms", "the fixed-term model", of_article=False)


def fixed_model(parameters: Parameters) -> FixedModel:
    """The article's with its exposure and terms, or with another article's claims; else one's own.

    Another centre's choice of covariates must not be called published.
    """
    claims_of_another = bool(parameters.claims) and is_chosen(parameters, "claims")
    changed = any(is_chosen(parameters, name) for name in ("exposure", "as_published_terms"))
    return OWN if changed and not claims_of_another else ARTICLES


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
    root: Path = field(repr=False)
    intake_notes: tuple[str, ...] = field(default=(), repr=False)
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
    def time_zero_phrase(self) -> str:
        """What survival is counted from, inside a sentence: `infusion`."""
        return PHRASES[self.parameters.time_zero]

    def event_phrase(self, outcome: str) -> str:
        """What ends an endpoint, inside a sentence: `relapse or death`."""
        if outcome != "pfs":
            return "death"
        failure = self.parameters.nonresponse_is_pfs_event
        return "relapse, non-response or death" if failure else "relapse or death"

    @property
    def has_calendar(self) -> bool:
        """Whether dates are real: all patients have one date of time zero where it is nominal."""
        dates = self.patients[self.parameters.time_zero]
        return len(dates) < 2 or dates.nunique() > 1

    @property
    def fixed_model(self) -> FixedModel:
        return fixed_model(self.parameters)

    @property
    def cohort_label(self) -> str:
        kind = "synthetic patients" if self.is_synthetic else "patients"
        return f"{len(self.patients)} {kind}"


def make_study(parameters: Parameters, *, root: Path | None = None) -> Study:
    """Read the extract, apply eligibility, derive variables, and define the exposure.

    Raises
    ------
    CartReportError
        Of the layer that found the fault; nothing has been written.
    """
    root = root or project_root()
    loaded = read_extract(parameters, root)
    extract, dictionary = loaded.patients, loaded.dictionary
    check_names(parameters, dictionary)
    derived = derive_variables(extract, dictionary, parameters)
    dictionary = compare_as_named(dictionary, derived, parameters)
    patients, attrition = apply_eligibility(derived, parameters, dictionary)
    patients = keep_compared(patients, dictionary[parameters.exposure])
    check_times(patients, parameters)
    exposure = define_exposure(patients, parameters.exposure, dictionary)
    _check_model_population(patients, parameters)
    return Study(
        parameters=parameters,
        dictionary=dictionary,
        patients=patients,
        attrition=attrition,
        exposure=exposure,
        is_synthetic=bool((extract["data_origin"] == "synthetic").any()),
        infused=len(extract),
        root=root,
        intake_notes=loaded.notes,
    )


_READ: dict[str, Extract] = {}


def read_extract(parameters: Parameters, root: Path) -> Extract:
    """The typed extract; the one that was read last stays while its files are as they were.

    Raises
    ------
    CartReportError
        Dictionary, mapping or extract are refused.
    """
    names = {name: getattr(parameters, name) for name in ("cohort", "dictionary", "mapping")}
    try:
        content = content_of(Parameters(**names, claims=""), root)
    except OSError:  # whoever reads the file says what is wrong with it
        content = ""
    if not content or content not in _READ:
        _READ.clear()
        _READ[content] = load_extract(
            root / parameters.cohort,
            read_dictionary(root / parameters.dictionary),
            root / parameters.mapping if parameters.mapping else None,
        )
    return _READ[content]


def _check_model_population(patients: pd.DataFrame, parameters: Parameters) -> None:
    """Refuse models in responders where nobody is known to have responded."""
    if parameters.model_population == "responders" and not (patients["cr_cri"] == "yes").any():
        raise CohortError(
            "model_population: is 'responders', but no patient is known to have responded to the "
            "infusion; set it to infused, or supply the columns of the response assessment"
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
