"""Every knob of the report, defined once: type, default, unit, range, help.

The notebooks' `parameters` cells, the command line, YAML files and the documentation are all made
from these definitions.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

from analysis_lib.parameters.presets import (
    ARTICLE,
    AS_PUBLISHED_TERMS,
    AUTHORS,
    BASELINE_TERMS,
    BEFORE_EXPOSURE_TERMS,
    CANDIDATES,
    CONSOLIDATION_TERMS,
    NEGATIVE_CONTROLS,
    NEUTRAL_CHOICES,
    PRESETS,
    SUBGROUPS,
)
from analysis_lib.parameters.values import Definition, knob, one_of

TIME_ZEROS = ("infusion_date", "lymphodepletion_date", "apheresis_date")


@dataclass(frozen=True)
class Parameters:
    """One typed set of parameters; the field order is the order of the notebooks' cell."""

    cohort: str = knob(
        "data/cohort.csv",
        "text",
        "file",
        "registry extract, one row per patient",
        may_be_empty=False,
    )
    dictionary: str = knob(
        "data/dictionary.csv", "text", "file", "variable dictionary", may_be_empty=False
    )
    mapping: str = knob(
        "", "text", "file", "how the extract names its columns and levels, none where empty"
    )
    claims: str = knob(
        "data/published.csv", "text", "file", "published numbers to compare, none where empty"
    )
    preset: str = one_of(
        ARTICLE,
        "where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral "
        "for any other",
        PRESETS,
    )
    design: str = one_of(
        "observational",
        "how patients came to the groups compared",
        ("observational", "randomised"),
    )
    analysis_plan: dict[str, str] = knob(
        {},
        "names",
        "",
        "plan made before the analysis: where, date, and the hash of its parameters",
    )
    primary_estimand: str = knob(
        "pfs_adjusted",
        "text",
        "",
        "the one primary hazard ratio, none declared where empty; all else is exploratory",
        choices=("pfs_adjusted", "pfs_crude", "os_adjusted", "os_crude"),
    )
    title: str = knob("", "text", "", "title, composed from the exposure where empty")
    authors: list[str] = knob(
        AUTHORS, "texts", "", "who answers for the report, said not to be stated where empty"
    )
    treatment: str = knob(
        "CAR T-cell therapy", "text", "", "what all patients were given", may_be_empty=False
    )
    time_zero: str = one_of("infusion_date", "date from which survival is counted", TIME_ZEROS)
    infusion_start: str = knob(
        "2021-10-01", "date", "ISO date", "first eligible infusion_date, any where empty"
    )
    infusion_end: str = knob(
        "2023-08-31", "date", "ISO date", "last eligible infusion_date, any where empty"
    )
    data_lock: str = knob(
        "2023-10-30",
        "date",
        "ISO date",
        "data lock, nothing later is counted; the last date of the extract where empty",
    )
    minimum_age: float = knob(
        18, "number", "years", "youngest eligible age, any where 0", minimum=0, maximum=110
    )
    minimum_followup_days: int = knob(
        90,
        "integer",
        "days",
        "shortest follow-up of the living, any where 0",
        minimum=0,
        maximum=3650,
    )
    product_access: list[str] = knob(
        ["standard_of_care"], "texts", "", "eligible levels of product_access, any where empty"
    )
    include: dict[str, list[str]] = knob(
        {}, "filters", "", "further inclusion filters, column -> levels"
    )
    exposure: str = knob(
        "ino",
        "text",
        "",
        "exposure compared: ino, or a column of two or more levels",
        may_be_empty=False,
    )
    exposure_kind: str = knob(
        "",
        "text",
        "",
        "treatment, which a trial could assign, or characteristic; by its stage where empty",
        choices=("treatment", "characteristic"),
    )
    exposure_label: str = knob(
        "", "text", "", "what the exposure is called, as in the dictionary where empty"
    )
    exposure_levels: dict[str, str] = knob(
        {}, "names", "", "levels compared and their labels, reference first, all where empty"
    )
    exposure_doses: str = knob(
        "", "text", "", "column of the doses of the exposure, of ino its own where empty"
    )
    exposure_last_dose: list[str] = knob(
        [],
        "texts",
        "",
        "columns of the day of the last dose, the latest counts, of ino its own where empty",
    )
    many_doses: float = knob(
        3, "number", "doses", "doses from which on an exposed patient had many", minimum=0
    )
    subgroup_terms: list[str] = knob(
        SUBGROUPS, "texts", "", "columns by whose levels the exposure's effect is compared"
    )
    never_treated: dict[str, str] = knob(
        {},
        "names",
        "patients",
        "of each level of the exposure, who were meant to be treated and never were, as after "
        "apheresis; not known where empty",
    )
    endpoints: list[str] = knob(
        ["pfs", "os"],
        "texts",
        "",
        "time-to-event endpoints",
        choices=("pfs", "os"),
        may_be_empty=False,
    )
    landmarks: list[float] = knob(
        [6, 12],
        "numbers",
        "months",
        "times at which survival is tabulated",
        minimum=0,
        maximum=240,
        may_be_empty=False,
    )
    rmst_months: list[float] = knob(
        [12, 18],
        "numbers",
        "months",
        "times up to which the mean survival time is taken",
        minimum=1,
        maximum=240,
        may_be_empty=False,
    )
    hazard_cut_months: float = knob(
        6,
        "number",
        "months",
        "time before and after which hazard ratios are compared",
        minimum=0.5,
        maximum=240,
    )
    consolidation_landmarks: list[float] = knob(
        [60, 90, 120],
        "numbers",
        "days",
        "days after infusion_date by which consolidation counts",
        minimum=1,
        maximum=3650,
        may_be_empty=False,
    )
    consolidation_grace_days: float = knob(
        90,
        "number",
        "days",
        "days from the response within which the strategy to consolidate begins",
        minimum=1,
        maximum=3650,
    )
    consolidation_terms: list[str] = knob(
        CONSOLIDATION_TERMS,
        "texts",
        "",
        "covariates of the comparisons by consolidation, known by the response, in the order in "
        "which its weights take them",
    )
    nonresponse_is_pfs_event: bool = knob(
        False, "flag", "", "count assessed non-response as a PFS event at its assessment"
    )
    model_population: str = one_of(
        "responders", "patients of the multivariable models", ("responders", "infused")
    )
    as_published_terms: list[str] = knob(
        AS_PUBLISHED_TERMS,
        "texts",
        "",
        "fixed covariates of models A and B, by default the article's",
    )
    baseline_terms: list[str] = knob(
        BASELINE_TERMS,
        "texts",
        "",
        "covariates of the primary model, known by infusion_date",
    )
    before_exposure_terms: list[str] = knob(
        BEFORE_EXPOSURE_TERMS, "texts", "", "covariates that the exposure cannot have changed"
    )
    negative_control_exposure: str = knob(
        NEGATIVE_CONTROLS[0],
        "text",
        "",
        "column with levels that cannot itself bear on the endpoints, none where empty",
    )
    negative_control_outcome: str = knob(
        NEGATIVE_CONTROLS[1],
        "text",
        "",
        "yes-or-no column on which the exposure cannot itself bear, none where empty",
    )
    candidates: list[str] = knob(CANDIDATES, "texts", "", "covariates offered to the screen")
    entry_p: float = knob(
        0.1, "number", "", "a candidate enters when its global P is below", minimum=0, maximum=1
    )
    forced_terms: list[str] = knob(
        ["age_decades", "race_ethnicity_collapsed"],
        "texts",
        "",
        "terms that enter whatever their P",
    )
    missing_rule: str = one_of(
        "complete_cases", "missing covariates in models", ("complete_cases", "missing_as_level")
    )
    imputations: int = knob(
        100,
        "integer",
        "",
        "completed copies of the patients in multiple imputation",
        minimum=2,
        maximum=1000,
    )
    bootstrap_resamples: int = knob(
        1000,
        "integer",
        "",
        "resamples of every bootstrap",
        minimum=10,
        maximum=100000,
    )
    confidence_level: float = knob(
        0.95, "number", "", "level of all intervals", minimum=0.5, maximum=0.999
    )
    small_cell: int = knob(
        0,
        "integer",
        "patients",
        "counts from 1 to below this are suppressed, 11 recommended for release",
        minimum=0,
        maximum=1000,
    )
    seed: int = knob(20231030, "integer", "", "seed of every random number", minimum=0)


def definitions() -> dict[str, Definition]:
    """The definition of every parameter, by name, in order."""
    return {f.name: f.metadata["definition"] for f in fields(Parameters)}


def defaults(preset: str = ARTICLE) -> dict[str, Any]:
    """What every parameter is where it is not set, by name, in order."""
    default = Parameters()
    values = {name: getattr(default, name) for name in definitions()}
    return values if preset == ARTICLE else {**values, "preset": preset, **NEUTRAL_CHOICES}
