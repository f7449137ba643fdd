# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Survival among patients alike {#sec-standardised}
#
# How many more would be free of the event at a time, had all patients been in one group by
# {{< var exposure >}} rather than in the other? A hazard ratio has no answer to that, and a crude
# curve answers it for patients who differ. A trial would answer it where groups can be assigned;
# standardised survival is what the records can say in its place [@robins1986; @denz2023].
#
# 1. **Standardised** (g-computation): the primary model of @sec-effect gives every patient a
#    survival curve in each group, and the curves of all patients are averaged. It is right if the
#    model of the outcome is.
# 2. **Weighted**: Kaplan-Meier curves of the groups under the weights of @sec-confounding. They are
#    right if the propensity is; overlap weights are of those who could have been in any group.
# 3. **Doubly robust**: the average of the model, corrected by what it leaves of the pseudo-values
#    of survival in those who were in the group, weighted by the inverse of their propensity
#    [@andersen2017; @wang2018]. It is right if either of the two models is, and it needs no model
#    of who was censored.
#
# None is right if something else drives exposure and endpoint. Every interval is one of a bootstrap
# in which everything is repeated, the propensity too, so that the weights are not taken as known.
# Where enough centres are recorded they are drawn whole, since patients of a centre may resemble
# each other; percentiles of few centres are too narrow and are expanded [@hesterberg2015].

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
design: str = "observational"  # how patients came to the groups compared
analysis_plan: dict = {}  # plan made before the analysis: where, date, and the hash of its parameters
primary_estimand: str | None = None  # the one primary hazard ratio, none declared where empty; all else is exploratory; None: that of the preset, "pfs_adjusted" (aldoss_2024), "" (neutral)
time_zero: str = "infusion_date"  # date from which survival is counted
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
minimum_followup_days: int | None = None  # shortest follow-up of the living, any where 0 [days]; None: that of the preset, 90 (aldoss_2024), 0 (neutral)
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
exposure_kind: str = ""  # treatment, which a trial could assign, or characteristic; by its stage where empty
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
missing_rule: str = "complete_cases"  # missing covariates in models
imputations: int = 100  # completed copies of the patients in multiple imputation
bootstrap_resamples: int = 1000  # resamples of every bootstrap
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## The trial that one could have run
#
# A comparison of records is as good as the trial that it emulates [@hernan2016; @cashin2025]. Its
# protocol is written from the parameters of this report, each component beside what the records
# allow and the gap that no analysis closes.

# %%
from analysis_lib.topics import estimands

trial = estimands.target_trial(study)

# %%
#| label: tbl-target-trial
#| tbl-cap: "The target trial of {{< var exposure_short >}}: as specified, as emulated, and the gap between the two."
estimands.table_target_trial(trial)

# %% [markdown]
# ## Standardised survival

# %%
from analysis_lib.topics import standardised

curves = [standardised.survival(study, outcome) for outcome in study.parameters.endpoints]
standardised.words(*curves)

# %%
#| label: fig-standardised
#| fig-cap: "Survival by {{< var exposure_short >}} as it is and standardised: had all patients with every covariate been in one group and then in the other. Bands are those of the bootstrap at each time."
#| fig-alt: "Two panels for each endpoint: step curves of the groups unadjusted on the left, standardised on the right, one curve per group with its band."
standardised.figure(*curves)

# %%
#| label: tbl-standardised
#| tbl-cap: "Survival by {{< var exposure_short >}} at the landmarks, unadjusted and among patients alike: difference, ratio, and number needed."
standardised.table(*curves)

# %%
#| label: tbl-standardised-means
#| tbl-cap: "Mean time free of the event up to fixed times by {{< var exposure_short >}}, unadjusted and among patients alike."
standardised.table_means(*curves)

# %% [markdown]
# ## Limits
#
# - Alike means alike in the recorded covariates of the primary model. No estimate here removes what
#   was not recorded.
# - Censoring is taken to be unrelated to the covariates within a group. Where data are locked on
#   one day that is nearly so.
# - A number needed [@altman1998] speaks of a choice that nobody made here. Where its interval runs
#   over infinity, it says no more than that the difference is unclear.
# - Overlap weights answer for other patients than the other estimates, so that they need not agree.
