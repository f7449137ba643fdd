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
# Did progression-free survival (PFS) and overall survival (OS) differ by {{< var exposure >}}?
# The clock starts at {{< var time_zero >}}. A PFS event is relapse
# or death, whichever is first; patients alive without relapse are censored at last contact, at
# most at the data lock, and a later transplantation does not censor. Curves are Kaplan-Meier estimates
# [@kaplan1958] with log-log intervals, compared by the unweighted log-rank test [@mantel1966].

# %% tags=["parameters"]
time_zero: str = "infusion_date"  # date from which survival is counted
data_lock: str = "2023-10-30"  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary adjusted model, before infusion
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())
endpoints = study.parameters.endpoints

# %%
from analysis_lib.topics import survival

survival.words_on_clock(study)

# %% [markdown]
# ## By exposure
#
# @fig-survival shows the curves.

# %%
by_exposure = [survival.by_exposure(study, outcome) for outcome in endpoints]
survival.words(*by_exposure)

# %%
#| label: tbl-survival-exposure
#| tbl-cap: "Survival from {{< var time_zero >}} by {{< var exposure >}}."
survival.table(*by_exposure)

# %% [markdown]
# ## Relapse and death without relapse
#
# Progression-free survival ends with whichever is first, relapse or death, and an exposure may
# work on the two in different directions. Each is shown by its cumulative incidence: the
# probability of having had it by a given time, when the other can come first. The estimate is
# Aalen and Johansen's [@aalen1978]; one minus Kaplan-Meier, with the other event censored, would
# come out too high. Gray's test [@gray1988] compares the incidence of one event between groups.
#
# Two hazard ratios answer two questions and are read together [@lau2009; @latouche2013]. The
# cause-specific one compares the rates among patients still free of both events: it is the one
# for mechanism. The subdistribution one [@finegray1999] keeps in the risk sets whom the other
# event removed: the side of 1 on which it lies says which group has the higher incidence, its
# size is no ratio of rates. Each takes its own hazards to be proportional and censoring to be
# independent, the second one independent of the covariates too. The adjusted ratios hold the
# baseline covariates of the primary model (@sec-effect) in the patients who have them all.

# %%
from analysis_lib.topics import competing

first_events = competing.relapse_and_death(study)
competing.words(first_events)

# %%
#| label: fig-relapse-death
#| fig-cap: "Cumulative incidence of relapse and of death without relapse by {{< var exposure >}}, with numbers at risk of either."
#| fig-alt: "Two panels of rising step curves, relapse and death without relapse, one curve per group with its interval band, above a table of the numbers at risk."
competing.figure(first_events)

# %%
#| label: tbl-relapse-death
#| tbl-cap: "Cumulative incidence of relapse and of death without relapse by {{< var exposure >}}."
competing.table(first_events)

# %%
#| label: tbl-cause-models
#| tbl-cap: "Hazard ratios of relapse and of death without relapse by {{< var exposure >}}."
competing.table_models(first_events)

# %%
competing.words_on_causes(first_events)

# %% [markdown]
# ## Limits
#
# - The curves are unadjusted. @sec-cohort shows how the groups differed before {{< var infusion >}}.
# - Kaplan-Meier curves of PFS and OS are estimated with different censoring. A PFS estimate
#   above the OS estimate at the same time is unusual but possible, although no patient's PFS
#   exceeds that patient's OS.
# - Which event came first is only as good as its recording: a relapse found late or not at all
#   counts as death without relapse. Adjusted for many covariates in few events, the ratios of
#   either event are unstable.
