# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The effect over time {#sec-over-time}
#
# Is the hazard ratio by {{< var exposure >}} the same at all times? If it is not, a single ratio is an
# average whose weights depend on when patients were censored, and answers no question of its own.
# Three views follow, each of all patients.

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
time_zero: str = "infusion_date"  # date from which survival is counted
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
hazard_cut_months: int = 6  # time before and after which hazard ratios are compared [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())
endpoints = study.parameters.endpoints

# %% [markdown]
# ## Does the ratio move with time?
#
# The score test asks whether the log hazard ratio follows a trend in time, and the scaled residuals
# show its course [@grambsch1994]: each is an event, and their smooth estimates the ratio at that
# time. The time scale is that of the test, on which events are spread evenly. The test finds
# trends; a ratio that rises and falls again can pass it.

# %%
from analysis_lib.topics import over_time

checks = [over_time.hazards(study, outcome) for outcome in endpoints]
over_time.words(*checks)

# %%
#| label: fig-proportionality
#| fig-cap: "The hazard ratio by {{< var exposure_short >}} over time: scaled Schoenfeld residuals with their smooth and its pointwise interval, the exposure alone and in the primary model."
#| fig-alt: "Scatter plots of one residual per event against time, with a smooth curve and its band, a dashed line at the single hazard ratio, and the P value of the score test; one row of panels per endpoint."
over_time.figure(*checks)

# %% [markdown]
# ## Before and after a point in time
#
# One crude model is censored at the cut, the other is of patients still at risk after it; hazards need
# to be proportional only within each period. The cut is fixed by parameter, not searched for. A
# different ratio later on is no later effect: those left to compare were selected by what happened
# before [@hernan2010].

# %%
periods = [over_time.periods(study, outcome) for outcome in endpoints]
over_time.words_on_periods(*periods)

# %%
#| label: tbl-hazard-periods
#| tbl-cap: "The crude hazard ratio by {{< var exposure_short >}} before and after the cut, and its change."
over_time.table_periods(*periods)

# %% [markdown]
# ## Mean survival time
#
# The restricted mean is the mean time free of the event up to a time, here set by parameter: the area
# under the Kaplan-Meier curve [@royston2013; @uno2014]. It speaks in months and assumes
# nothing of the hazards, only that censoring is independent of the event. It is not adjusted. A group
# that was not followed for so long has no such mean; with few still at risk the end of the curve
# weighs much and is known badly.

# %%
means = [over_time.means(study, outcome) for outcome in endpoints]
over_time.words_on_means(*means)

# %%
#| label: tbl-restricted-means
#| tbl-cap: "Mean survival time in months up to fixed times by {{< var exposure_short >}}."
over_time.table_means(*means)

# %% [markdown]
# ## Limits
#
# - Periods and means are crude: groups that differed before {{< var infusion >}} differ afterwards, early
#   or late.
# - Where late events are few, a change of the ratio may go unseen.
