# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Survival {#sec-survival}
#
# How did survival differ by {{< var exposure >}}? Curves are Kaplan-Meier estimates [@kaplan1958] with
# log-log intervals, compared by the unweighted log-rank test [@mantel1966].

# %% tags=["parameters"]
design: str = "observational"  # how patients came to the groups compared
time_zero: str = "infusion_date"  # date from which survival is counted
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())
endpoints = study.parameters.endpoints

# %%
from analysis_lib.topics import survival

survival.words_on_events(study)

# %%
survival.words_on_clock(study)

# %% [markdown]
# ## By exposure

# %%
by_exposure = [survival.by_exposure(study, outcome) for outcome in endpoints]
survival.words(*by_exposure)

# %%
#| label: fig-survival
#| fig-cap: "Survival from {{< var time_zero >}} by {{< var exposure_short >}}, unadjusted, with numbers at risk."
#| fig-alt: "Kaplan-Meier curves for each survival endpoint, one curve per group with its interval band, above a table of the numbers at risk."
survival.figure(*by_exposure)

# %%
#| label: tbl-survival-exposure
#| tbl-cap: "Survival from {{< var time_zero >}} by {{< var exposure_short >}}."
survival.table(*by_exposure)

# %% [markdown]
# ## Which event came first
#
# Progression-free survival ends with {{< var relapse >}} or with death, whichever is first, and an exposure may
# move the two in different directions. Cumulative incidence is the probability of each by a given
# time, when the other may come first (@fig-relapse-death), estimated after Aalen and Johansen
# [@aalen1978]; one minus Kaplan-Meier, with the other event censored, would be too high. Gray's test [@gray1988] compares the incidence of one event between groups.
#
# Two hazard ratios answer two questions and are read together [@lau2009; @latouche2013]. The
# cause-specific ratio compares rates among patients still free of both events and speaks of
# mechanism. The subdistribution ratio [@finegray1999] keeps patients whom the other event removed in
# the risk sets: its side of 1 says which group has the higher incidence, but its size is no ratio of
# rates. Each assumes that its own hazards are proportional and censoring is independent, the second
# also of the covariates.

# %%
from analysis_lib.topics import competing

first_events = competing.relapse_and_death(study)
competing.words(first_events)

# %%
#| label: fig-relapse-death
#| fig-cap: "Cumulative incidence of {{< var relapse >}} and of death without {{< var relapse >}} by {{< var exposure_short >}}, with numbers at risk of either."
#| fig-alt: "Two panels of rising step curves, {{< var relapse >}} and death without it, one curve per group with its interval band, above a table of the numbers at risk."
competing.figure(first_events)

# %%
#| label: tbl-relapse-death
#| tbl-cap: "Cumulative incidence of {{< var relapse >}} and of death without {{< var relapse >}} by {{< var exposure_short >}}."
competing.table(first_events)

# %%
#| label: tbl-cause-models
#| tbl-cap: "Hazard ratios of {{< var relapse >}} and of death without {{< var relapse >}} by {{< var exposure_short >}}."
competing.table_models(first_events)

# %%
competing.words_on_causes(first_events)

# %% [markdown]
# ## Limits

# %%
survival.words_on_limits(study)
