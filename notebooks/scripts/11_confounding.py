# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Confounding {#sec-confounding}
#
# How far can the groups by {{< var exposure >}} be made alike, and what could explain their difference? The Cox model adjusts by assuming how each covariate bears on the hazard. Weights need no
# such assumption; they need a model of who was exposed, the propensity [@rosenbaum1983], fitted
# here by logistic regression on the terms of the primary model of @sec-effect.
# *Inverse-probability* weights make each group look like all patients, *overlap* weights like the
# patients who could have been in any of the groups [@li2018; @li2019]. Both assume that nothing
# else drives exposure and endpoint, and that everybody could have been in each group.

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
preset: str | None = None  # where choices that are not made come from: aldoss_2024 for the embedded cohort, neutral for any other; None: decided from the cohort
design: str = "observational"  # how patients came to the groups compared
time_zero: str = "infusion_date"  # date from which survival is counted
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str | None = None  # patients of the multivariable models; None: that of the preset, "responders" (aldoss_2024), "infused" (neutral)
as_published_terms: list | None = None  # fixed covariates of models A and B, by default the article's; None: that of the preset
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary model, known by infusion_date
negative_control_exposure: str | None = None  # column with levels that cannot itself bear on the endpoints, none where empty; None: that of the preset, "prior_blinatumomab" (aldoss_2024), "" (neutral)
negative_control_outcome: str | None = None  # yes-or-no column on which the exposure cannot itself bear, none where empty; None: that of the preset, "icans" (aldoss_2024), "" (neutral)
candidates: list | None = None  # covariates offered to the screen; None: that of the preset
missing_rule: str = "complete_cases"  # missing covariates in models
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())
endpoints = study.parameters.endpoints

# %%
from analysis_lib.topics import weighting

weighting.words_on_assignment(study)

# %% [markdown]
# ## Could everybody have been in each group?
#
# Where a kind of patient is found in one group only, nobody can be compared and a model merely
# extrapolates [@petersen2012]. A level that a group lacks, and a column that lies within another,
# are found by rule; those that chance brings about once in a thousand times or more often are not
# called structural.

# %%
propensity = weighting.propensity(study)
weighting.words_on_propensity(propensity)

# %%
#| label: fig-propensity
#| fig-cap: "The propensity by {{< var exposure_short >}}: how probable it was to be in a group, given what was known by {{< var infusion >}}, in those who were in it and in those who were not. Bars count patients; dashed: 5% and 95%."
#| fig-alt: "Histograms of the propensity between 0 and 1, one strip for each group below one another on a common axis."
weighting.figure_propensity(propensity)

# %%
positivity = weighting.positivity(study)
weighting.words_on_positivity(positivity)

# %% [markdown]
# ## Are the weighted groups alike?
#
# Weighting is judged by the covariates and not by the result: by how far their means still differ
# in standard deviations [@austin2015], and by how many patients of equal weight would be as
# precise. The weighted curves [@cole2004] and hazard ratios describe the whole groups, not
# patients alike in every covariate, so that they need not agree with the adjusted ratio
# of @tbl-ladder. Their errors are robust to the weights, which are taken as known [@linwei1989];
# @sec-standardised has survival under them at the landmarks, with the weights estimated in every
# resample.

# %%
groups = weighting.groups(study)
weighted = [weighting.survival(study, outcome) for outcome in endpoints]
weighting.words(groups)

# %%
#| label: fig-weighted-balance
#| fig-cap: "Absolute standardised differences of the covariates by {{< var exposure_short >}}, before and after weighting."
#| fig-alt: "Dot plot with one row a covariate and one mark for each kind of weights; a dashed line at 0.1 marks a negligible difference."
weighting.figure(groups)

# %%
#| label: tbl-weighting
#| tbl-cap: "What weighting costs and what it leaves: effective sample size, largest difference and hazard ratio by {{< var exposure_short >}}."
weighting.table(groups, *weighted)

# %%
#| label: fig-weighted-survival
#| fig-cap: "Survival by {{< var exposure_short >}} under overlap weights; numbers at risk count patients, unweighted."
#| fig-alt: "Weighted step curves, one panel per endpoint and one curve per group with its interval, above a table of numbers at risk."
weighting.figure_survival(*weighted)

# %%
weighting.words_on_survival(*weighted)

# %% [markdown]
# ## What the unmeasured would have to be
#
# The E-value turns the question round: how strongly would something unrecorded have to go with
# the exposure and with the endpoint, beside all covariates, to make groups that do not differ look
# as they do here [@vanderweele2017]? Large values do not show that there is no such thing. A
# measured covariate of that strength would make it plausible.

# %%
explained = weighting.e_values(study)
weighting.words_on_e_values(explained)

# %%
#| label: tbl-e-values
#| tbl-cap: "E-values of the hazard ratios by {{< var exposure_short >}}."
weighting.table_e_values(explained)

# %% [markdown]
# A covariate that was recorded is a yardstick for one that was not: without it the primary ratio is
# another, and one more of its strength beside all others would move the ratio by as much again. A
# confounder can also be supposed: by its own hazard ratio and by how much more often it is found in
# one group, it leaves of the ratio what its bias does not explain [@lin1998]. No cell of the table
# says that there is such a confounder.

# %%
from analysis_lib.topics import unmeasured

measured = [unmeasured.yardstick(study, outcome) for outcome in endpoints]
unmeasured.words(*measured)

# %%
#| label: tbl-yardstick
#| tbl-cap: "The adjusted hazard ratio by {{< var exposure_short >}} without each covariate, and beside another one as strong."
unmeasured.table(*measured)

# %%
#| label: tbl-supposed
#| tbl-cap: "What would be left of the adjusted hazard ratio by {{< var exposure_short >}} beside a confounder that nobody recorded, by its own hazard ratio and prevalence."
unmeasured.table_supposed(*measured)

# %% [markdown]
# ## Negative controls
#
# An exposure that cannot bear on the endpoint, and an outcome on which the exposure cannot bear,
# should show nothing once everything that confounds is adjusted for [@lipsitch2010]. Both are named
# by parameter and adjusted as the exposure's effect is. A ratio away from 1 asks for an explanation;
# one about 1 speaks only of confounders that the control shares, and as far as its interval is
# narrow. What has an effect of its own is no negative control.

# %%
controls = unmeasured.controls(study)
unmeasured.words_on_controls(controls)

# %%
#| label: tbl-negative-controls
#| tbl-cap: "Negative controls: a control exposure and the endpoints, and {{< var exposure_short >}} and a control outcome."
unmeasured.table_controls(controls)

# %% [markdown]
# ## Does it rest on one centre?
#
# Centres choose therapies and patients in their own way. The primary model is fitted again and
# again, each time without one of them.

# %%
without = [weighting.leave_one_out(study, outcome) for outcome in endpoints]
weighting.words_on_leave_one_out(*without)

# %%
#| label: fig-leave-one-out
#| fig-cap: "The adjusted hazard ratio by {{< var exposure_short >}} without one centre at a time, sorted; dashed: that of all centres."
#| fig-alt: "Dot plot with one row a centre, sorted by the hazard ratio of the others, with intervals on a logarithmic axis, one panel per endpoint."
weighting.figure_leave_one_out(*without)

# %% [markdown]
# ## Limits

# %%
weighting.words_on_limits(study)
