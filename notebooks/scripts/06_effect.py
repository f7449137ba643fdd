# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The exposure's effect {#sec-effect}
#
# How far does the hazard ratio by {{< var exposure >}} depend on who is compared and on what it is
# adjusted for, and what can be concluded from it? The primary model is of all patients, adjusts for
# covariates known by {{< var infusion >}}, and is fitted for every endpoint; the models of
# @sec-regression stand beside it.

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
design: str = "observational"  # how patients came to the groups compared
analysis_plan: dict = {}  # plan made before the analysis: where, date, and the hash of its parameters
primary_estimand: str | None = None  # the one primary hazard ratio, none declared where empty; all else is exploratory; None: that of the preset, "pfs_adjusted" (aldoss_2024), "" (neutral)
time_zero: str = "infusion_date"  # date from which survival is counted
infusion_start: str | None = None  # first eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2021-10-01" (aldoss_2024), "" (neutral)
infusion_end: str | None = None  # last eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2023-08-31" (aldoss_2024), "" (neutral)
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
minimum_followup_days: int | None = None  # shortest follow-up of the living, any where 0 [days]; None: that of the preset, 90 (aldoss_2024), 0 (neutral)
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
never_treated: dict = {}  # of each level of the exposure, who were meant to be treated and never were, as after apheresis; not known where empty [patients]
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
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
# ## What is asked
#
# A number answers a question only if the question is fixed: who is compared, from when on, for which
# event, and what is made of events in between [@ich2019]. Records kept without a protocol can be asked
# the same as the trial that one would have liked to run [@hernan2016]. @tbl-estimands sets the
# question of the primary analysis beside that of model A with its fixed terms.
#
# A *treatment policy* follows patients on whatever they are given; a *composite* makes the event
# in between a part of the endpoint. What is given after {{< var infusion >}} happens to a patient; it is
# no property that the patient brought along.

# %%
from analysis_lib.topics import estimands

asked = estimands.of_study(study)

# %%
#| label: tbl-estimands
#| tbl-cap: "What the adjusted analysis and model A ask of {{< var exposure_short >}}."
estimands.table(asked)

# %%
estimands.words_on_selection(asked)

# %% [markdown]
# ## What a covariate can be
#
# A covariate confounds if it came before the exposure and bears on the endpoint; adjusting for it
# removes a difference that is not the exposure's. A covariate that the exposure changed carries a part
# of its effect, and one known only after {{< var infusion >}} has no place in a model of what was there at
# {{< var infusion >}} [@greenland1999]. The dictionary says when each is known, and the order in time gives its
# role (@tbl-covariate-roles). That @fig-causal-diagram lacks no arrow is an assumption; no data can prove it.

# %%
#| label: fig-causal-diagram
#| fig-cap: "What may lie between {{< var exposure_short >}} and the endpoints, ordered in time. A star marks the terms of the primary model, the double frame what all analysed patients share, dashes what no extract records. Arrows among the covariates, and from the upper bar to the boxes below it, are left out."
#| fig-alt: "Diagram of boxes and arrows: covariates known before the exposure above, exposure left and endpoints right joined by a thick arrow, below them the state at apheresis, the {{< var infusion >}} that selects, and what follows it, and at the bottom a dashed bar of what is not recorded with arrows to all."
estimands.figure(asked)

# %%
#| label: tbl-covariate-roles
#| tbl-cap: "When each covariate is known, what it can be to {{< var exposure_short >}}, and the models that hold it."
estimands.table_roles(asked)

# %%
estimands.words(asked)

# %% [markdown]
# ## One effect, several questions
#
# A crude and an adjusted hazard ratio differ for two reasons: the adjustment, and the loss of patients
# without a covariate. The rungs of @tbl-ladder separate them.
#
# 1. **Crude, {{< var all_infused >}}**: did the groups differ, whatever the reason?
# 2. **Crude, patients of the adjusted model**: the same in the patients with every covariate.
# 3. **Adjusted for baseline covariates**: did they differ among patients alike before {{< var infusion >}}?
#    The primary model of an endpoint. Its terms are fixed by parameter and not screened in these
#    data.
# 4. **Model A with fixed terms**, of @sec-regression: did its own patients differ who were alike in
#    its own terms? Its terms and patients are in @tbl-estimands and @tbl-covariate-roles.

# %%
estimands.words_on_later(study)

# %% [markdown]
# @fig-effect adds what weights and imputation make of the ratio, and the difference of survival at the
# last landmark: crude, of the curves [@klein2007]; else standardised (@sec-standardised).

# %%
from analysis_lib.topics import effect

ladders = [effect.ladder(study, outcome) for outcome in study.parameters.endpoints]
effect.words_on_errors(*ladders)

# %%
effect.words_on_terms(ladders[0])

# %%
#| label: tbl-ladder
#| tbl-cap: "The hazard ratio by {{< var exposure_short >}} from crude to adjusted, with what each comparison could have detected."
effect.table(*ladders)

# %%
effect.words(*ladders)

# %%
#| label: fig-effect
#| fig-cap: "The effect of {{< var exposure_short >}} as a hazard ratio (of cumulative hazards where doubly robust) and as a difference of survival; a declared primary estimand stands in colour."
#| fig-alt: "Two forest plots that share their rows, one row an estimate under each endpoint: the hazard ratio with its interval on a logarithmic axis on the left, the difference in percentage points on the right."
from analysis_lib.topics import summary

summary.figure(*(summary.answer(study, outcome) for outcome in study.parameters.endpoints))

# %% [markdown]
# Two things decide how far the primary model can be trusted: its events per parameter, and whether its
# hazards are proportional, so that one ratio describes the whole time.

# %%
effect.words_on_models(*ladders)

# %% [markdown]
# ## What a conclusion can rest on
#
# Before anything is concluded, the adjusted comparison has to pass the checks of @tbl-gate, whose bounds
# are the same for every cohort: balance of the weighted groups and of what the model does not hold [@stuart2010],
# patients and events for its parameters [@riley2019; @vansmeden2016; @vittinghoff2007], who never
# reached {{< var time_zero >}}, proportional hazards, missing covariates and
# the rule for them, positivity, follow-up, and the number of centres [@cameronmiller2015], as far as
# the design and the extract allow. The worst verdict decides the words of the abstract in @sec-summary.

# %%
from analysis_lib.topics import gate

checks = gate.checks(study)
gate.words(checks)

# %%
#| label: tbl-gate
#| tbl-cap: "Checks that a conclusion about {{< var exposure_short >}} has to pass, with their bounds."
gate.table(checks)

# %% [markdown]
# ## Limits

# %%
effect.words_on_limits(study, *ladders)
