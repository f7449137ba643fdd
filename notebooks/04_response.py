# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Response {#sec-response}
#
# Did the response to the infusion differ by {{< var exposure >}}? Response is derived from what
# was measured at the assessment around day 28: complete remission (CR) needs less than 5% marrow
# blasts, no circulating blasts, no extramedullary disease, more than 1000 neutrophils and more
# than 100 000 platelets per microlitre; with either count at or below its bound it is CR with
# incomplete haematologic recovery (CRi). Rates are given of the evaluable and of all infused
# patients, because who could be evaluated is itself an outcome.

# %% tags=["parameters"]
cohort: str = ""

# %%
from analysis_lib.analyses import response_by_exposure
from analysis_lib.cohort import open_study
from analysis_lib.narrative import (
    describe_after_response,
    describe_mrd,
    describe_not_evaluable,
    describe_response,
)
from analysis_lib.tables import table_consolidation, table_response

study = open_study(globals())

# %% [markdown]
# ## Remission

# %%
response = response_by_exposure(study)
describe_response(response)

# %%
#| label: tbl-response
#| tbl-cap: "Response to the infusion by {{< var exposure >}}, with the base of every rate."
table_response(response)

# %% [markdown]
# ## Not evaluable

# %%
describe_not_evaluable(response)

# %% [markdown]
# ## Measurable residual disease

# %%
describe_mrd(response)

# %% [markdown]
# ## After response: consolidation and relapse

# %%
describe_after_response(response)

# %%
#| label: tbl-consolidation
#| tbl-cap: "Consolidation or maintenance and relapse by {{< var exposure >}}."
table_consolidation(response)

# %% [markdown]
# ## Limits
#
# - Patients who die before the assessment are not evaluable. A rate among the evaluable is a
#   rate among survivors of the first weeks.
# - The method of MRD assessment followed local practice and is not the same in all patients.
# - Relapse counted as a proportion ignores how long each patient was observed; @sec-survival
#   uses the time to it.
