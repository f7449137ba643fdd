# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Summary {#sec-summary}
#
# What was asked: do outcomes after CAR T-cell therapy differ by {{< var exposure >}}, and what
# can be said about the reason if they do? This chapter answers in one page; each number in it
# stands in the results table and is explained in the chapter that it comes from.

# %% tags=["parameters"]
cohort: str = ""

# %%
from analysis_lib.analyses import (
    as_published_models,
    patient_flow,
    response_by_exposure,
    survival_by_exposure,
)
from analysis_lib.cohort import open_study
from analysis_lib.figures import plot_kaplan_meier
from analysis_lib.narrative import (
    abstract_background,
    abstract_conclusion,
    abstract_methods,
    abstract_results,
)
from analysis_lib.tables import table_survival

study = open_study(globals())

# %%
flow = patient_flow(study)
response = response_by_exposure(study)
survival = [survival_by_exposure(study, outcome) for outcome in study.parameters.endpoints]
published = as_published_models(study)

# %% [markdown]
# ## Abstract

# %%
abstract_background(study)

# %%
abstract_methods(study)

# %%
abstract_results(flow, response, published, *survival)

# %%
abstract_conclusion(study, published, *survival)

# %% [markdown]
# ## At a glance

# %%
#| label: fig-summary-survival
#| fig-cap: "Survival from infusion by {{< var exposure >}}, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint, one curve per group with its interval band, above a table of the numbers at risk."
plot_kaplan_meier(*survival)

# %%
#| label: tbl-summary-survival
#| tbl-cap: "Survival from infusion by {{< var exposure >}}."
table_survival(*survival)

# %% [markdown]
# ## How to read this report
#
# @sec-cohort shows who was studied, @sec-toxicity and @sec-response what happened in the first
# weeks, @sec-survival how long patients lived without relapse, and @sec-regression what changes
# when other differences between the groups are taken into account. A difference whose interval
# includes no difference is called unclear, never absent, and the sentence says what else the
# interval is compatible with.
