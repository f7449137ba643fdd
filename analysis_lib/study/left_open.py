"""Choices that nobody has made for a cohort, each with what holds meanwhile."""

from __future__ import annotations

from analysis_lib.dictionary import INFUSION
from analysis_lib.parameters.definitions import definitions
from analysis_lib.parameters.parse import NEGATIVE_CONTROLS
from analysis_lib.parameters.presets import NEUTRAL, NEUTRAL_CHOICES
from analysis_lib.study.eligibility import day
from analysis_lib.study.study import Study

# What holds where a choice is left open, as a part of a sentence.
_MEANWHILE = {
    "minimum_age": "patients of any age",
    "minimum_followup_days": "no minimum follow-up",
    "product_access": "any access to the product",
    "primary_estimand": "no primary estimand, so that all is exploratory",
    "model_population": "the fixed-term model in all patients",
    "as_published_terms": "the fixed terms of the program",
    "candidates": "the candidates of the program",
}


def choices_left_open(study: Study) -> tuple[str, ...]:
    """Each as `name: what holds meanwhile`; none where the article's choices are taken."""
    given = study.parameters
    if given.preset != NEUTRAL:
        return ()
    open_ = [x for x in definitions() if _is_open(study, x)]
    if study.patients["product_access"].isna().all():
        open_ = [x for x in open_ if x != "product_access"]
    if not study.has_calendar:
        open_ = [x for x in open_ if x not in _OF_THE_CALENDAR]
    said = [f"{name}: {_meanwhile(study, name)}" for name in open_]
    if not study.is_randomised and not study.exposure_kind:
        said.append("exposure_kind: no trial is emulated, as of a characteristic")
    if study.dictionary.infusion == INFUSION and given.treatment != _CAR_T:
        said.append(f"label of infusion_date in the mapping: it is called {INFUSION}")
    return tuple(said)


_OF_THE_CALENDAR = ("infusion_start", "infusion_end", "data_lock")
_CAR_T = "CAR T-cell therapy"


def _is_open(study: Study, name: str) -> bool:
    return (
        name in NEUTRAL_CHOICES
        and name not in ("authors", "claims", *NEGATIVE_CONTROLS)
        and (getattr(study.parameters, name) == NEUTRAL_CHOICES[name])
    )


def _meanwhile(study: Study, name: str) -> str:
    if name == "data_lock":
        return f"the last date of the extract, {day(study.data_lock)}"
    zero = study.dictionary.infusion
    ends = {"infusion_start": f"no first day of {zero}", "infusion_end": f"no last day of {zero}"}
    return ends.get(name) or _MEANWHILE[name]
