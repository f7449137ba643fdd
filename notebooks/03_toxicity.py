# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Toxicity {#sec-toxicity}
#
# Did toxicity after infusion differ by {{< var exposure >}}? Cytokine release syndrome (CRS) and
# immune effector cell-associated neurotoxicity syndrome (ICANS) are graded by the consensus of
# the American Society for Transplantation and Cellular Therapy [@lee2019]. Proportions have
# exact intervals [@clopper1934], differences of proportions Newcombe's [@newcombe1998]; every
# count names the patients that it is taken of.

# %% tags=["parameters"]
cohort: str = ""

# %%
from analysis_lib.analyses import toxicity_by_exposure
from analysis_lib.cohort import open_study
from analysis_lib.figures import plot_toxicity_grades
from analysis_lib.narrative import describe_early_deaths, describe_toxicity
from analysis_lib.tables import table_toxicity

study = open_study(globals())

# %% [markdown]
# ## CRS and ICANS

# %%
toxicity = toxicity_by_exposure(study)
describe_toxicity(toxicity)

# %%
#| label: fig-toxicity
#| fig-cap: "Highest grade of CRS and of ICANS among the evaluable patients, by {{< var exposure >}}."
#| fig-alt: "Stacked horizontal bars, one per group and syndrome, split into no toxicity and grade groups."
plot_toxicity_grades(toxicity)

# %%
#| label: tbl-toxicity
#| tbl-cap: "Toxicity, its management, hospital stay and early deaths by {{< var exposure >}}."
table_toxicity(toxicity, dictionary=study.dictionary)

# %% [markdown]
# ## Early deaths

# %%
describe_early_deaths(toxicity)

# %% [markdown]
# ## Limits
#
# - Grades among the affected and grades among the evaluable answer different questions; the
#   first conditions on having the syndrome at all.
# - Patients who died before a grade could be recorded count as not evaluable, not as free of
#   toxicity.
# - Days to onset are described among the affected only; death before onset is a competing event
#   that a median does not show.
