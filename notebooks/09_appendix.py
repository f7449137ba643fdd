# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Appendix {#sec-appendix}
#
# How was it done, where is what a reporting guideline asks for, and how can exactly this report
# be made again? The methods are written from the parameters of this report, so they describe what
# was done and not what was planned.

# %% tags=["parameters"]

# %%
from analysis_lib.appendix import (
    describe_checklist,
    describe_comparisons,
    describe_design,
    describe_endpoints,
    describe_missing,
    describe_models,
    describe_provenance,
    describe_sensitivity,
    describe_software,
    describe_survival_methods,
    table_abbreviations,
    table_checklist,
    table_inputs,
    table_parameters,
    table_variables,
)
from analysis_lib.cohort import open_study

study = open_study(globals())

# %% [markdown]
# ## Methods {#sec-methods}
#
# ### Design and patients

# %%
describe_design(study)

# %% [markdown]
# ### Endpoints

# %%
describe_endpoints(study)

# %% [markdown]
# ### Comparison of the groups

# %%
describe_comparisons(study)

# %% [markdown]
# ### Survival

# %%
describe_survival_methods(study)

# %% [markdown]
# ### Models

# %%
describe_models(study)

# %% [markdown]
# ### Missing data

# %%
describe_missing(study)

# %% [markdown]
# ### Sensitivity

# %%
describe_sensitivity(study)

# %% [markdown]
# ### Software

# %%
describe_software(study)

# %% [markdown]
# ## Reporting checklists
#
# STROBE asks what every report of a cohort study should say [@vonelm2007], RECORD what is to be
# added where the data were collected for another purpose [@benchimol2015].

# %%
describe_checklist(study)

# %%
#| label: tbl-strobe
#| tbl-cap: "STROBE items of cohort studies, and where this report answers them."
table_checklist(study, "STROBE")

# %%
#| label: tbl-record
#| tbl-cap: "RECORD items, and where this report answers them."
table_checklist(study, "RECORD")

# %% [markdown]
# ## Variables
#
# Variables of the extract and those derived from it. A level marked as the reference is the one
# that models compare with.

# %%
#| label: tbl-variables
#| tbl-cap: "The variables of this report, their values and definitions."
table_variables(study)

# %% [markdown]
# ## Abbreviations

# %%
#| label: tbl-abbreviations
#| tbl-cap: "Abbreviations."
table_abbreviations(study)

# %% [markdown]
# ## Provenance {#sec-provenance}

# %%
describe_provenance(study)

# %%
#| label: tbl-inputs
#| tbl-cap: "What was read."
table_inputs(study)

# %%
#| label: tbl-parameters
#| tbl-cap: "Every parameter of this report."
table_parameters(study)
