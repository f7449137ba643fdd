"""Choices that nobody makes: the article's for the embedded cohort, neutral ones for others."""

from __future__ import annotations

from typing import Any

ARTICLE, NEUTRAL = PRESETS = ("aldoss_2024", "neutral")
AUTHORS = ["The cart-report developers"]
AS_PUBLISHED_TERMS = [
    "prior_hct",
    "consolidation",
    "bridging_therapy",
    "age_decades",
    "race_ethnicity_collapsed",
    "active_marrow",
    "ph_positive",
]
CANDIDATES = [
    "age_decades",
    "sex",
    "race_ethnicity_collapsed",
    "ph_positive",
    "active_marrow",
    "extramedullary_disease",
    "cns_involvement",
    "prior_lines",
    "prior_blinatumomab",
    "prior_hct",
    "bridging_therapy",
    "consolidation",
]
# Known before infusion. Bridging therapy is left out: it
# follows apheresis, can be a part of the exposure or its consequence, and is tried as a variant.
BASELINE_TERMS = [x for x in CANDIDATES if x not in ("sex", "bridging_therapy", "consolidation")]
# No earlier therapy can have changed them, whenever it was given.
BEFORE_EXPOSURE_TERMS = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]
# Earlier blinatumomab, in the same file; and a toxicity of the first weeks.
NEGATIVE_CONTROLS = ("prior_blinatumomab", "icans")
# Ph+ disease, burden and age: few, since every further one is a test more.
SUBGROUPS = ["ph_positive", "active_marrow", "age_group"]
# What steers who is consolidated: depth of the response and what is left of the disease, age, its
# subtype and burden, a previous transplantation.
CONSOLIDATION_TERMS = [
    "response",
    "mrd_status",
    "age_decades",
    "ph_positive",
    "active_marrow",
    "prior_hct",
]
# What the article chose, as a cohort has it for which nobody has chosen yet.
NEUTRAL_CHOICES: dict[str, Any] = {
    "authors": [],
    "claims": "",
    "negative_control_exposure": "",
    "negative_control_outcome": "",
    "primary_estimand": "",
    "infusion_start": "",
    "infusion_end": "",
    "data_lock": "",
    "minimum_age": 0,
    "minimum_followup_days": 0,
    "product_access": [],
    "model_population": "infused",
    "as_published_terms": [x for x in AS_PUBLISHED_TERMS if x != "consolidation"],
    "candidates": [x for x in CANDIDATES if x != "consolidation"],
}
# What depends on the cohort is not set in the cell of a chapter, which does not know it.
OF_PRESET = ("preset", *NEUTRAL_CHOICES)
