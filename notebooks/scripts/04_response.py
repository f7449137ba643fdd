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
# Did the response to {{< var treatment >}} differ by {{< var exposure >}}? Response is what the registry
# recorded as such, or is derived from what was measured at the assessment: complete remission
# (CR) then needs less than 5% marrow blasts, no circulating blasts, no extramedullary disease, more than
# 1000 neutrophils and more than 100 000 platelets per microlitre; with either count at or below its
# bound it is CR with incomplete haematologic recovery (CRi). Rates are given of the evaluable and of all
# patients, because who could be evaluated is itself an outcome.

# %% tags=["parameters"]
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## Remission

# %%
from analysis_lib.topics import response

rates = response.by_exposure(study)
response.words(rates)

# %%
#| label: tbl-response
#| tbl-cap: "Response to {{< var treatment >}} by {{< var exposure_short >}}, with the base of every rate."
response.table(rates)

# %% [markdown]
# ## Not evaluable

# %%
response.words_on_not_evaluable(rates)

# %% [markdown]
# ## Measurable residual disease

# %%
response.words_on_mrd(rates)

# %% [markdown]
# ## After response: consolidation and {{< var relapse >}}

# %%
response.words_after(rates)

# %%
#| label: tbl-consolidation
#| tbl-cap: "Consolidation or maintenance and {{< var relapse >}} by {{< var exposure_short >}}."
response.table_after(rates)

# %% [markdown]
# ## Limits
#
# - Patients who die before the assessment are not evaluable. A rate among the evaluable is a
#   rate among survivors of the first weeks.
# - The method of MRD assessment followed local practice and is not the same in all patients.
# - A proportion with {{< var relapse >}} ignores how long each patient was observed; @sec-survival
#   uses the time to it.
