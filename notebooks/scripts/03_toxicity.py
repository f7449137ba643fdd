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
# Did toxicity after {{< var infusion >}} differ by {{< var exposure >}}? Cytokine release syndrome (CRS) and
# immune effector cell-associated neurotoxicity syndrome (ICANS) are graded by the consensus of
# the American Society for Transplantation and Cellular Therapy [@lee2019]. Proportions have
# exact intervals [@clopper1934], differences of proportions Newcombe's [@newcombe1998]; every
# count is given with its denominator.

# %% tags=["parameters"]
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## CRS and ICANS

# %%
from analysis_lib.topics import toxicity

grades = toxicity.by_exposure(study)
toxicity.words(grades)

# %%
#| label: fig-toxicity
#| fig-cap: "Highest grade of CRS and of ICANS among the evaluable patients, by {{< var exposure_short >}}."
#| fig-alt: "Stacked horizontal bars, one per group and syndrome, split into no toxicity and grade groups."
toxicity.figure(grades)

# %%
#| label: tbl-toxicity
#| tbl-cap: "Toxicity, its management, hospital stay and early deaths by {{< var exposure_short >}}."
toxicity.table(grades)

# %% [markdown]
# ## When toxicity begins
#
# Days to onset describe only the patients who were affected. Cumulative incidence
# [@aalen1978] counts everyone evaluable from {{< var infusion >}} on: it is the probability that the
# syndrome has begun by a given day, when death may come first. Gray's test [@gray1988] compares the groups
# over the first 30 days. Censoring is assumed to be independent of the onset.

# %%
from analysis_lib.topics import competing

onset = competing.onset(study)
competing.words_on_onset(onset)

# %%
#| label: fig-toxicity-onset
#| fig-cap: "Cumulative incidence of CRS and of ICANS from {{< var infusion >}} by {{< var exposure_short >}}, death before onset as competing event, with numbers at risk."
#| fig-alt: "Two panels of rising step curves, CRS and ICANS, one curve per group with its interval band over 30 days, above a table of the numbers at risk."
competing.figure_onset(onset)

# %%
#| label: tbl-toxicity-onset
#| tbl-cap: "Cumulative incidence of CRS and of ICANS by day after {{< var infusion >}} and by {{< var exposure_short >}}."
competing.table_onset(onset)

# %% [markdown]
# ## Early deaths

# %%
toxicity.words_on_early_deaths(grades)

# %% [markdown]
# ## Limits
#
# - Grades among the affected answer another question than grades among the evaluable: how severe the
#   syndrome is once it has begun.
# - Patients who died before a grade could be recorded count as not evaluable, not as free of
#   toxicity.
# - Days to onset in @tbl-toxicity are those of the affected; their median is not the group's time to
#   onset.
# - Onset is dated by day. Most days have several, and an onset on the day of a death counts first.
