# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Choices that could change it {#sec-choices}
#
# How far does the hazard ratio by {{< var exposure >}} depend on choices that could have gone the
# other way? They are changed one at a time, and then all together. Does it differ between subgroups?

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
infusion_start: str | None = None  # first eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2021-10-01" (aldoss_2024), "" (neutral)
infusion_end: str | None = None  # last eligible infusion_date, any where empty [ISO date]; None: that of the preset, "2023-08-31" (aldoss_2024), "" (neutral)
data_lock: str | None = None  # data lock, nothing later is counted; the last date of the extract where empty [ISO date]; None: that of the preset, "2023-10-30" (aldoss_2024), "" (neutral)
minimum_followup_days: int | None = None  # shortest follow-up of the living, any where 0 [days]; None: that of the preset, 90 (aldoss_2024), 0 (neutral)
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
subgroup_terms: list = ["ph_positive", "active_marrow", "age_group"]  # columns by whose levels the exposure's effect is compared
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## One choice at a time
#
# Each row changes one choice and keeps the others. Assessed non-response may count as an event of
# progression-free survival at its assessment. Patients without a covariate may stay, with a level
# of their own. The models may be fitted in responders or in all patients; responders are
# selected by an event after {{< var infusion >}} [@anderson1983]. A minimum follow-up "or death" keeps those
# who died early and drops the living who were treated late or lost; a restriction by the date of
# {{< var infusion >}} drops both alike.

# %%
from analysis_lib.topics import effect

choices = effect.choices(study)
effect.words_on_choices(choices)

# %%
#| label: fig-sensitivity
#| fig-cap: "The hazard ratio by {{< var exposure_short >}} with one choice changed at a time; the model as specified in colour."
#| fig-alt: "Forest plot of the hazard ratio of the exposure, one group of rows a model, the model as specified first and then each other choice, with intervals on a logarithmic axis."
effect.figure_choices(choices)

# %% [markdown]
# ## Every specification
#
# @fig-sensitivity changes one choice at a time. Choices also act together, and whoever reports
# one combination has passed over the others. The specification curve [@simonsohn2020] fits every
# combination that makes sense: population, covariates, missing values, estimator, endpoint and
# follow-up. It is no test, since the estimates share their patients; it shows how much of the
# answer is the analyst's. Combinations that come to the same in these patients stand once.

# %%
from analysis_lib.topics import specifications

curve = specifications.curve(study)
specifications.words(curve)

# %%
#| label: fig-specification-curve
#| fig-cap: "The hazard ratio by {{< var exposure_short >}} under every specification, from the smallest to the largest, above the choices that made it. The band is the published estimate with its interval, where there is one."
#| fig-alt: "Upper panels: hazard ratios with intervals, sorted, one panel per endpoint, the primary model and model A marked. Lower panels: one row per option, with a tick below every estimate that uses it."
from analysis_lib import article

specifications.figure(curve, printed=article.printed_ratio(study))

# %% [markdown]
# ## Subgroups
#
# Does the effect differ between kinds of patients? One model a variable adds its product with the
# exposure to the primary one; the likelihood ratio tests whether the ratios differ. Such tests find
# little: what factor between two ratios they could have found is said below [@wang2007].

# %%
from analysis_lib.topics import subgroups

by_subgroup = [subgroups.interactions(study, outcome) for outcome in study.parameters.endpoints]
subgroups.words(*by_subgroup)

# %%
#| label: fig-subgroups
#| fig-cap: "Adjusted hazard ratios by {{< var exposure_short >}} in subgroups, with P for interaction."
#| fig-alt: "Forest plot: a block per endpoint and variable, a row per subgroup with patients, events, hazard ratio and interval, and P for interaction above."
subgroups.figure(*by_subgroup)

# %% [markdown]
# ## Limits
#
# - Rows of a forest and points of the curve share patients; their agreement is no replication.
# - The specifications are not equally good: how many lie on one side of 1 is no measure of
#   evidence.
