"""Variables of the report's dictionary from fields of a REDCap project."""

from __future__ import annotations

from dataclasses import replace

from analysis_lib.dictionary import Variable
from analysis_lib.intake.redcap.codebook import CODED, Codebook, Field, slugs_of

NOT_APPLICABLE = "not_applicable"
# Derivations and eligibility read these, and an empty value of them as 'nothing there'.
STAY_EMPTY = frozenset(
    {
        "data_origin",
        "product_access",
        "race_ethnicity",
        "disease_subtype",
        "marrow_status",
        "ino_response",
        "response_circulating_blasts",
        "response_extramedullary_disease",
        "response_not_evaluable_reason",
        "mrd_status",
        "mrd_method",
        "consolidation",
        "cause_of_death",
    }
)
YES_NO = {"1": "Yes", "0": "No"}


def described_variables(codebook: Codebook) -> dict[str, Variable]:
    """By column of an export, the variable it would be; a text without a format has no type."""
    described = {}
    for field in codebook.fields:
        described[field.name] = _described(field)
        if field.type == "checkbox":
            names = slugs_of(field.choices)
            for code, label in field.choices.items():
                box = _variable(f"{field.label}: {label}", "yes_no", {"no": "No", "yes": "Yes"})
                described[field.checkbox_column(code)] = box
                described[f"{field.name}___{names[code]}"] = box
    return described


def with_not_applicable(variable: Variable) -> Variable:
    """The variable with a last level for those to whom it does not apply; never the reference."""
    if NOT_APPLICABLE in variable.levels or not variable.levels:
        return variable
    return replace(
        variable,
        type="category",  # yes and no are no longer all
        levels=(*variable.levels, NOT_APPLICABLE),
        level_labels=(*variable.level_labels, "Not applicable"),
    )


def _described(field: Field) -> Variable:
    if field.type in ("yesno", "truefalse"):
        return _variable(field.label, "yes_no", {"no": "No", "yes": "Yes"})
    if field.type in CODED:
        names = slugs_of(field.choices)
        levels = {names[code]: label for code, label in field.choices.items()}
        return _variable(field.label, "category", levels)
    if field.validation.startswith("date"):
        return _variable(field.label, "date", {})
    if field.validation == "integer":
        return _variable(field.label, "integer", {})
    if field.validation.startswith("number") or field.type in ("calc", "slider"):
        return _variable(field.label, "decimal", {})
    return _variable(field.label, "", {})


def _variable(label: str, kind: str, levels: dict[str, str]) -> Variable:
    return Variable(
        name="",
        label=label,
        type=kind,
        unit="ISO 8601 date" if kind == "date" else "",
        levels=tuple(levels),
        level_labels=tuple(levels.values()),
        reference=next(iter(levels), ""),
        required="optional",
        origin="extract",
        plausible_min="",
        plausible_max="",
        missing_is_level=False,
        definition="",
    )
