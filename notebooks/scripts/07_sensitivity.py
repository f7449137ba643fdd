# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Sensitivity of the exposure's effect {#sec-sensitivity}
#
# How far does the hazard ratio by {{< var exposure >}} depend on who is compared, on what it is
# adjusted for, and on choices that could have gone the other way? The terms of @sec-regression are
# fixed by parameter, by default as in the published analysis [@aldoss2024], or screened; this
# chapter sets beside them the model that we hold to be the primary one, of everyone infused and
# with covariates known before infusion only, for every endpoint. An adjusted hazard ratio remains
# an association.

# %% tags=["parameters"]
cohort: str = "data/cohort.csv"  # registry extract, one row per patient [file]
dictionary: str = "data/dictionary.csv"  # variable dictionary [file]
mapping: str = ""  # how the extract names its columns and levels, none where empty [file]
claims: str = "data/published.csv"  # published numbers to compare, none where empty [file]
title: str = ""  # title, composed from the exposure where empty
treatment: str = "CAR T-cell therapy"  # what all patients were given
time_zero: str = "infusion_date"  # date from which survival is counted
infusion_start: str = "2021-10-01"  # first eligible infusion [ISO date]
infusion_end: str = "2023-08-31"  # last eligible infusion [ISO date]
data_lock: str = "2023-10-30"  # data lock, nothing later is counted [ISO date]
minimum_age: int = 18  # youngest eligible age [years]
minimum_followup_days: int = 90  # shortest follow-up of the living [days]
product_access: list = ["standard_of_care"]  # eligible levels of product_access, any where empty
include: dict = {}  # further inclusion filters, column -> levels
exposure: str = "ino"  # exposure compared: ino, or a column of two or more levels
exposure_label: str = ""  # what the exposure is called, as in the dictionary where empty
exposure_levels: dict = {}  # levels compared and their labels, reference first, all where empty
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
hazard_cut_months: int = 6  # time before and after which hazard ratios are compared [months]
consolidation_landmarks: list = [60, 90, 120]  # days after infusion by which consolidation counts [days]
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
model_population: str = "responders"  # patients of the multivariable models
as_published_terms: list = ["prior_hct", "consolidation", "bridging_therapy", "age_decades", "race_ethnicity_collapsed", "active_marrow", "ph_positive"]  # fixed covariates of models A and B, by default the article's
baseline_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct"]  # covariates of the primary adjusted model, before infusion
before_exposure_terms: list = ["age_decades", "race_ethnicity_collapsed", "ph_positive"]  # covariates that the exposure cannot have changed
candidates: list = ["age_decades", "sex", "race_ethnicity_collapsed", "ph_positive", "active_marrow", "extramedullary_disease", "cns_involvement", "prior_lines", "prior_blinatumomab", "prior_hct", "bridging_therapy", "consolidation"]  # covariates offered to the screen
entry_p: float = 0.1  # a candidate enters when its global P is below
forced_terms: list = ["age_decades", "race_ethnicity_collapsed"]  # terms that enter whatever their P
missing_rule: str = "complete_cases"  # missing covariates in models
imputations: int = 20  # completed copies of the patients in multiple imputation
bootstrap_resamples: int = 1000  # resamples in which the screen is repeated
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.article.comparison.published import printed_exposure_ratio
from analysis_lib.article.words import describe_published_model
from analysis_lib.study.study import open_study
from analysis_lib.topics.consolidation.figure import (
    plot_consolidation_simulation,
    plot_simon_makuch,
    plot_triptych,
)
from analysis_lib.topics.consolidation.follow_up import responders_at_landmarks
from analysis_lib.topics.consolidation.numbers import consolidation_effects
from analysis_lib.topics.consolidation.simulated import consolidation_simulation
from analysis_lib.topics.consolidation.table import (
    table_consolidation_simulation,
    table_landmarks,
    table_triptych,
)
from analysis_lib.topics.consolidation.words import (
    describe_consolidation_simulation,
    describe_triptych,
    describe_waiting,
)
from analysis_lib.topics.effect.figure import plot_ladder, plot_sensitivity
from analysis_lib.topics.effect.numbers import exposure_ladder, sensitivity_to_choices
from analysis_lib.topics.effect.table import table_ladder, table_sensitivity
from analysis_lib.topics.effect.words import (
    describe_baseline_terms,
    describe_ladder,
    describe_primary_models,
    describe_sensitivity,
)
from analysis_lib.topics.estimands.figure import plot_causal_diagram
from analysis_lib.topics.estimands.numbers import study_estimands
from analysis_lib.topics.estimands.table import table_covariate_roles, table_estimands
from analysis_lib.topics.estimands.words import describe_roles, describe_selection
from analysis_lib.topics.gate.numbers import gate
from analysis_lib.topics.gate.table import table_gate
from analysis_lib.topics.gate.words import describe_gate
from analysis_lib.topics.missing.bounds import response_bounds, unknown_response
from analysis_lib.topics.missing.figure import plot_imputed
from analysis_lib.topics.missing.imputed import imputed_effects
from analysis_lib.topics.missing.table import (
    table_imputed,
    table_response_bounds,
    table_unknown_response,
)
from analysis_lib.topics.missing.words import (
    describe_imputed,
    describe_response_bounds,
    describe_unknown_response,
)
from analysis_lib.topics.over_time.figure import plot_proportionality
from analysis_lib.topics.over_time.numbers import hazard_periods, proportionality, restricted_means
from analysis_lib.topics.over_time.table import table_hazard_periods, table_restricted_means
from analysis_lib.topics.over_time.words import (
    describe_hazard_periods,
    describe_proportionality,
    describe_restricted_means,
)
from analysis_lib.topics.specifications.figure import plot_specification_curve
from analysis_lib.topics.specifications.numbers import specification_curve
from analysis_lib.topics.specifications.words import describe_specification_curve
from analysis_lib.topics.weighting.figure import (
    plot_leave_one_out,
    plot_propensity,
    plot_weighted_balance,
    plot_weighted_survival,
)
from analysis_lib.topics.weighting.numbers import exposure_propensity, weigh_groups
from analysis_lib.topics.weighting.positivity import check_positivity
from analysis_lib.topics.weighting.positivity_words import describe_positivity
from analysis_lib.topics.weighting.survival import weighted_survival
from analysis_lib.topics.weighting.table import (
    table_e_values,
    table_weighted_survival,
    table_weighting,
)
from analysis_lib.topics.weighting.unmeasured import e_values, leave_one_centre_out
from analysis_lib.topics.weighting.words import (
    describe_balance,
    describe_e_values,
    describe_leave_one_out,
    describe_propensity,
    describe_weighted_survival,
)

study = open_study(globals())
dictionary = study.dictionary

# %% [markdown]
# ## What is asked
#
# A number answers a question only where the question is fixed: of whom, from when on, of which
# event, and what is done with what happens in between [@ich2019]. For records that were kept
# without a protocol the same is asked as the trial that one would have liked to run [@hernan2016].
# @tbl-estimands sets the question of the primary analysis beside that of model A with its fixed terms.
#
# A *treatment policy* follows patients on whatever they are given; a *composite* makes the event
# in between a part of the endpoint. Transplantation and maintenance follow the infusion: they are
# a part of what happens to a patient and not a property that the patient brought along.

# %%
estimands = study_estimands(study)

# %%
#| label: tbl-estimands
#| tbl-cap: "What the primary analysis and model A ask of {{< var exposure >}}."
table_estimands(estimands)

# %%
describe_selection(estimands)

# %% [markdown]
# ### What a covariate can be
#
# A covariate confounds if it came before the exposure and bears on the endpoint; adjusted for, it
# takes the difference away that is not the exposure's. One that the exposure changed carries a
# part of what is asked for, and one that is known only after infusion belongs to no model of what
# was there at infusion [@greenland1999]. When each is known comes from the dictionary, the role
# from the order of the two times; that no arrow was forgotten in @fig-causal-diagram is an
# assumption, and no data can prove it.

# %%
#| label: fig-causal-diagram
#| fig-cap: "What may lie between {{< var exposure >}} and the endpoints, ordered in time. A star marks the terms of the primary model, the double frame what all analysed patients share, dashes what no extract records. Arrows among the covariates, and from the upper bar to the boxes below it, are left out."
#| fig-alt: "Diagram of boxes and arrows: covariates known before the exposure above, exposure left and endpoints right joined by a thick arrow, below them the state at apheresis, the infusion that selects, and what follows it, and at the bottom a dashed bar of what is not recorded with arrows to all."
plot_causal_diagram(estimands)

# %%
#| label: tbl-covariate-roles
#| tbl-cap: "When each covariate is known, what it can be to {{< var exposure >}}, and the models that hold it."
table_covariate_roles(estimands)

# %%
describe_roles(estimands)

# %% [markdown]
# ## One effect, several questions
#
# A crude and an adjusted hazard ratio can differ for two reasons: the adjustment, and the patients
# without a covariate whom it leaves out. The rungs part the two.
#
# 1. **Crude, all infused**: did the groups differ, whatever the reason?
# 2. **Crude, patients of the adjusted model**: the same in the patients with every covariate.
# 3. **Adjusted for baseline covariates**: did they differ among patients alike before infusion?
#    The primary model. Its terms are fixed by parameter and not screened in these data.
# 4. **Model A with fixed terms**, of @sec-regression: did its own patients differ who were alike in
#    its own terms? By default these are the responders, and consolidation after infusion is a term.
#
# Consolidation and response come after infusion and are never terms of the primary model.
# Bridging therapy comes before infusion and is still left out of it: it is chosen after apheresis
# for the course that the disease has taken by then, so that it may be a consequence of earlier
# therapy or, where the exposure is itself given as bridging, a part of it. Adjusting for it would
# take away a part of what is asked for; it is tried as a variant below.
#
# Beside the errors of the model stand errors that hold when patients of one centre resemble each
# other [@linwei1989]. The detectable hazard ratio [@schoenfeld1983] says what each comparison
# could have found.

# %%
ladders = [exposure_ladder(study, outcome) for outcome in study.parameters.endpoints]
describe_baseline_terms(ladders[0], dictionary)

# %%
#| label: tbl-ladder
#| tbl-cap: "The hazard ratio by {{< var exposure >}} from crude to adjusted, with what each comparison could have detected."
table_ladder(*ladders, dictionary=dictionary)

# %%
#| label: fig-ladder
#| fig-cap: "The hazard ratio by {{< var exposure >}} from crude to adjusted; the primary model in colour."
#| fig-alt: "Forest plot of the hazard ratio of the exposure for each endpoint, one row a model, with intervals on a logarithmic axis beside patients, events and P values."
plot_ladder(*ladders, dictionary=dictionary)

# %%
describe_ladder(*ladders)

# %% [markdown]
# How far the primary model can be trusted: its events per parameter, and whether its hazards are
# proportional, so that one ratio describes the whole time.

# %%
describe_primary_models(*ladders, dictionary=dictionary)

# %% [markdown]
# ### What a test that is not significant says
#
# It says how much the data could show, not how alike the groups are.

# %%
describe_published_model(study, *ladders)

# %% [markdown]
# ## When hazards are not proportional
#
# One hazard ratio describes the whole follow-up only if it is the same at all times. If it is not,
# the single ratio is an average whose weights depend on when patients were censored, and it
# answers no question of its own. Three views follow, each of everyone infused.
#
# ### Does the ratio move with time?
#
# The score test asks whether the log hazard ratio follows a trend in time, and the scaled
# residuals show its course [@grambsch1994]: each is an event, and their smooth estimates the ratio
# at that time. The time scale is that of the test, on which events are spread evenly. The test
# finds trends; a ratio that rises and falls again can pass it.

# %%
over_time = [proportionality(study, outcome) for outcome in study.parameters.endpoints]
describe_proportionality(*over_time)

# %%
#| label: fig-proportionality
#| fig-cap: "The hazard ratio by {{< var exposure >}} over time: scaled Schoenfeld residuals with their smooth and its pointwise interval, the exposure alone and in the primary model."
#| fig-alt: "Scatter plots of one residual per event against time, with a smooth curve and its band, a dashed line at the single hazard ratio, and the P value of the score test; one row of panels per endpoint."
plot_proportionality(*over_time)

# %% [markdown]
# ### Before and after a point in time
#
# Two crude models, one censored at the cut and one of those still at risk after it, hold whatever
# a change at the cut could do; hazards need to be proportional within each period only. The cut is
# fixed by parameter and not searched for. A different ratio later on is not a later effect: those
# left to compare have been selected by what happened before [@hernan2010].

# %%
periods = [hazard_periods(study, outcome) for outcome in study.parameters.endpoints]
describe_hazard_periods(*periods)

# %%
#| label: tbl-hazard-periods
#| tbl-cap: "The crude hazard ratio by {{< var exposure >}} before and after the cut, and its change."
table_hazard_periods(*periods)

# %% [markdown]
# ### Mean survival time
#
# The restricted mean is the mean time free of the event up to a time fixed in advance: the area
# under the Kaplan-Meier curve [@royston2013; @uno2014]. It needs no assumption on hazards, only
# that censoring is independent of the event, and it speaks in months. It is not adjusted for
# anything. A group that was not followed for so long has no mean up to that time, because its
# curve would have to be invented; with few still at risk the end of the curve weighs much and is
# known badly.

# %%
means = [restricted_means(study, outcome) for outcome in study.parameters.endpoints]
describe_restricted_means(*means)

# %%
#| label: tbl-restricted-means
#| tbl-cap: "Mean survival time in months up to fixed times by {{< var exposure >}}."
table_restricted_means(*means)

# %% [markdown]
# ## Choices that could change it
#
# Each row changes one choice and keeps the others. Assessed non-response may count as an event of
# progression-free survival at its assessment. Patients without a covariate may stay, with a level
# of their own. The models may be fitted in responders or in everyone infused; responders are
# selected by an event after infusion [@anderson1983]. A minimum follow-up "or death" keeps those
# who died early and drops the living who were infused late or lost; a restriction by the date of
# infusion drops both alike.

# %%
sensitivity = sensitivity_to_choices(study)
describe_sensitivity(sensitivity)

# %%
#| label: tbl-sensitivity
#| tbl-cap: "The hazard ratio by {{< var exposure >}} with one choice changed at a time."
table_sensitivity(sensitivity, dictionary=dictionary)

# %%
#| label: fig-sensitivity
#| fig-cap: "The hazard ratio by {{< var exposure >}} with one choice changed at a time; the model as specified in colour."
#| fig-alt: "Forest plot of the hazard ratio of the exposure, one group of rows a model, the model as specified first and then each other choice, with intervals on a logarithmic axis."
plot_sensitivity(sensitivity, dictionary=dictionary)

# %% [markdown]
# ## Missing and unknown
#
# What is not recorded can be left out, filled in, or assumed one way and the other. Patients who
# are missing for want of follow-up are in @tbl-sensitivity, where the rule "follow-up or death" is
# set against a restriction by the date of infusion.
#
# ### Missing covariates
#
# Complete cases are a sample of the patients by what happens to be recorded of them. Multiple
# imputation [@rubin1987] completes the table several times by chained equations [@vanbuuren2011],
# each gap drawn given all other covariates, the exposure, and every endpoint as its event and its
# cumulative hazard [@white2009], without which imputed covariates would be too weakly related to
# the outcome. The models are fitted in every copy and pooled, with degrees of freedom for small
# samples [@barnard1999]. Values are assumed to be missing at random given what is recorded; no
# analysis of these data can prove that. The information missing is the part of what complete data
# would have said of the coefficient.

# %%
imputed = imputed_effects(study)
describe_imputed(imputed, dictionary)

# %%
#| label: tbl-imputed
#| tbl-cap: "The hazard ratio by {{< var exposure >}} in complete cases and with missing covariates imputed."
table_imputed(imputed, dictionary=dictionary)

# %%
#| label: fig-imputed
#| fig-cap: "The hazard ratio by {{< var exposure >}} in complete cases and with missing covariates imputed, which stands in colour."
#| fig-alt: "Forest plot of the hazard ratio of the exposure, two rows a model, complete cases above multiple imputation, with intervals on a logarithmic axis beside patients, events and P values."
plot_imputed(imputed)

# %% [markdown]
# ### Unknown response to the exposure
#
# Model B of @sec-regression compares groups by their response to the exposure and leaves out whose
# response is unknown. Here they are assumed to be all of one group or all of the other; and, as
# extremes, split by what happened to them later, which is as hard on the comparison as an
# assumption can be and likely for nobody.

# %%
unknown = unknown_response(study)
describe_unknown_response(unknown)

# %%
#| label: tbl-unknown-response
#| tbl-cap: "Model B under assumptions on the patients whose response to the exposure is unknown."
table_unknown_response(unknown, dictionary=dictionary)

# %% [markdown]
# ### Responses that nobody assessed
#
# A response rate of the evaluable leaves out who died before the assessment. If more of one group
# did, the comparison is of survivors. Counting all of them as non-responders is the customary
# conservative rule; best and worst case enclose every possible value.

# %%
bounds = response_bounds(study)
describe_response_bounds(bounds)

# %%
#| label: tbl-response-bounds
#| tbl-cap: "CR or CRi by {{< var exposure >}} among the evaluable and under assumptions on the patients who were not."
table_response_bounds(bounds)

# %% [markdown]
# ## Confounding
#
# The Cox model adjusts by assuming how each covariate bears on the hazard. Weights need no such
# assumption; they need a model of who was exposed, the propensity [@rosenbaum1983], fitted here
# by logistic regression on the terms of the primary model. *Inverse-probability* weights make
# each group look like all patients, *overlap* weights like the patients who could have been in
# any of the groups [@li2018; @li2019]. Both assume that nothing else drives exposure and endpoint,
# and that everybody could have been in each group.
#
# ### Could everybody have been in each group?
#
# Where a kind of patient is found in one group only, nobody can be compared and a model merely
# extrapolates [@petersen2012]. A level that a group lacks, and a column that lies within another,
# are found by rule; those that chance brings about once in a thousand times or more often are not
# called structural.

# %%
propensity = exposure_propensity(study)
describe_propensity(propensity, dictionary)

# %%
#| label: fig-propensity
#| fig-cap: "The propensity by {{< var exposure >}}: how probable it was to be in a group, given what was known before infusion, in those who were in it and in those who were not. Dashed: 5% and 95%."
#| fig-alt: "Histograms of the propensity between 0 and 1, one strip for each group below one another on a common axis."
plot_propensity(propensity)

# %%
positivity = check_positivity(study)
describe_positivity(positivity, dictionary)

# %% [markdown]
# ### Are the weighted groups alike?
#
# Weighting is judged by the covariates and not by the result: by how far their means still differ
# in standard deviations [@austin2015], and by how many patients of equal weight would be as
# precise. The weighted curves [@cole2004] and hazard ratios describe the whole groups, not
# patients alike in every covariate, so that they need not agree with the adjusted ratio of
# @tbl-ladder. Their errors are robust to the weights, which are taken as known [@linwei1989].

# %%
weighting = weigh_groups(study)
weighted = [weighted_survival(study, outcome) for outcome in study.parameters.endpoints]
describe_balance(weighting)

# %%
#| label: fig-weighted-balance
#| fig-cap: "Absolute standardised differences of the covariates by {{< var exposure >}}, before and after weighting."
#| fig-alt: "Dot plot with one row a covariate and one mark for each kind of weights; a dashed line at 0.1 marks a negligible difference."
plot_weighted_balance(weighting)

# %%
#| label: tbl-weighting
#| tbl-cap: "What weighting costs and what it leaves: effective sample size, largest difference and hazard ratio by {{< var exposure >}}."
table_weighting(weighting, *weighted, dictionary=dictionary)

# %%
#| label: fig-weighted-survival
#| fig-cap: "Survival by {{< var exposure >}} under overlap weights; numbers at risk count patients, unweighted."
#| fig-alt: "Weighted step curves, one panel per endpoint and one curve per group with its interval, above a table of numbers at risk."
plot_weighted_survival(*weighted)

# %%
#| label: tbl-weighted-survival
#| tbl-cap: "Survival by {{< var exposure >}} at the landmarks, unweighted and weighted."
table_weighted_survival(*weighted)

# %%
describe_weighted_survival(*weighted)

# %% [markdown]
# ### What the unmeasured would have to be
#
# The E-value turns the question round: how strongly would something unrecorded have to go with
# the exposure and with the endpoint, beside all covariates, to make groups that do not differ look
# as they do here [@vanderweele2017]? Large values do not show that there is no such thing. A
# measured covariate of that strength would make it plausible.

# %%
explained = e_values(study)
describe_e_values(explained)

# %%
#| label: tbl-e-values
#| tbl-cap: "E-values of the hazard ratios by {{< var exposure >}}."
table_e_values(explained)

# %% [markdown]
# ### Does it rest on one centre?
#
# Centres choose therapies and patients in their own way. The primary model is fitted again and
# again, each time without one of them.

# %%
without = [leave_one_centre_out(study, outcome) for outcome in study.parameters.endpoints]
describe_leave_one_out(*without)

# %%
#| label: fig-leave-one-out
#| fig-cap: "The adjusted hazard ratio by {{< var exposure >}} without one centre at a time, sorted; dashed: that of all centres."
#| fig-alt: "Dot plot with one row a centre, sorted by the hazard ratio of the others, with intervals on a logarithmic axis, one panel per endpoint."
plot_leave_one_out(*without)

# %% [markdown]
# ## Consolidation after infusion
#
# In a model of what was there at infusion consolidation counts as if it were known by then, as in
# the published analysis [@aldoss2024]. It is chosen weeks later, among those who are still in
# remission: treatment before the response, or on or after the day of relapse, is salvage and
# counts as none. Whoever is consolidated had to live until that day without a recorded relapse, and
# a model that counts this time as consolidated credits it to consolidation: immortal time
# [@suissa2008], long known from comparisons by tumour response [@anderson1983]. Three estimates
# differ in when a patient counts as consolidated.
#
# 1. **Fixed**: from infusion on, whoever ever will be. This is how model A has it by default.
# 2. **Time-varying**: from the day on which consolidation begins [@mantelbyar1974]; until then the
#    patient is one of those not consolidated. Responders are at risk from the response assessment.
#    It assumes that the hazard changes on that day by a constant ratio.
# 3. **Landmark**: among those in remission and followed at a day fixed in advance, by what they
#    had received until then [@anderson1983]. Nobody's future is used; events before the landmark
#    are lost, and consolidation after it counts as none.
#
# Each is given crude, and adjusted for the exposure and for baseline covariates that steer who is
# consolidated where the events allow it [@vittinghoff2007]. A kind of consolidation that only a
# part of the patients could receive is compared among these, too.

# %%
landmark_counts = responders_at_landmarks(study)
describe_waiting(landmark_counts)

# %%
#| label: tbl-consolidation-landmarks
#| tbl-cap: "Responders at each landmark: who has left, who is at risk, and who has been consolidated."
table_landmarks(landmark_counts, dictionary=dictionary)

# %%
#| label: tbl-consolidation-triptych
#| tbl-cap: "Hazard ratios of consolidation against none, fixed at infusion, time-varying and by landmarks."
consolidation = [consolidation_effects(study, outcome) for outcome in study.parameters.endpoints]
table_triptych(*consolidation, dictionary=dictionary)

# %%
#| label: fig-consolidation-triptych
#| fig-cap: "Crude hazard ratios of consolidation against none by when a patient counts as consolidated; the time-varying estimate in colour."
#| fig-alt: "Forest plot of the hazard ratio of consolidation for each endpoint and kind, one row an estimator, with intervals on a logarithmic axis beside patients, events and P values."
plot_triptych(*consolidation, dictionary=dictionary)

# %%
describe_triptych(*consolidation)

# %% [markdown]
# ### Survival before and after consolidation
#
# Kaplan-Meier curves by a consolidation still to come would begin with the same immortal time. The
# curves of Simon and Makuch [@simonmakuch1984] begin at a landmark, here the first, with those in
# remission, and move a patient from one curve to the other on the day consolidation begins. They
# are curves of a state and not of a group: no patient is promised to either, and they read as
# survival only if who moves on a day resembles who does not.

# %%
#| label: fig-simon-makuch
#| fig-cap: "Survival before and after consolidation among responders from the first landmark on (Simon and Makuch), any consolidation and by kind, with numbers at risk in each state."
#| fig-alt: "Step curves of survival by state of consolidation, one panel per endpoint, above a table of the numbers at risk in each state."
plot_simon_makuch(*consolidation)

# %% [markdown]
# ### What each estimator makes of waiting
#
# How much of the fixed estimate is immortal time shows where the truth is known. Simulated cohorts
# resemble the responders, with times to the event, to the end of follow-up and to consolidation
# drawn from their Kaplan-Meier curves, but independently of each other: consolidation changes
# nothing and the true hazard ratio is 1. Bias is the mean error of the log hazard ratio, coverage
# how often the interval holds the truth, each with its Monte Carlo error [@morris2019]. The
# cohorts know no confounding, so that this is the bias of the waiting alone.

# %%
simulated_consolidation = consolidation_simulation(study)
describe_consolidation_simulation(simulated_consolidation, dictionary=dictionary)

# %%
#| label: tbl-consolidation-simulation
#| tbl-cap: "Bias and coverage of each estimator in simulated cohorts in which consolidation changes nothing."
table_consolidation_simulation(simulated_consolidation, dictionary=dictionary)

# %%
#| label: fig-consolidation-simulation
#| fig-cap: "Bias and coverage of each estimator in simulated cohorts in which consolidation changes nothing, with 95% Monte Carlo intervals; the time-varying estimate in colour."
#| fig-alt: "Two panels of points with Monte Carlo intervals, one row an estimator for each endpoint: the bias of the log hazard ratio beside a line at zero, and the coverage of the interval beside a line at its level."
plot_consolidation_simulation(simulated_consolidation, dictionary=dictionary)

# %% [markdown]
# Taking the waiting out does not make the rest comparable. Who is chosen for consolidation differs
# in fitness, donor, residual disease and the wish to go on, of which little is recorded; a
# time-varying or a landmark estimate is free of immortal time and not of confounding. For overall
# survival, patients who have relapsed stay among those not consolidated in the time-varying
# estimate, although they could no longer be consolidated in remission.

# %% [markdown]
# ## Every specification
#
# The sections above change one choice at a time. Choices also act together, and whoever reports
# one combination has passed over the others. The specification curve [@simonsohn2020] fits every
# combination that makes sense: population, covariates, missing values, estimator, endpoint and
# follow-up. It is no test, since the estimates share their patients; it shows how much of the
# answer is the analyst's. Combinations that come to the same in these patients stand once.

# %%
curve = specification_curve(study)
describe_specification_curve(curve, dictionary)

# %%
#| label: fig-specification-curve
#| fig-cap: "The hazard ratio by {{< var exposure >}} under every specification, from the smallest to the largest, above the choices that made it. The band is the published estimate with its interval, where there is one."
#| fig-alt: "Upper panels: hazard ratios with intervals, sorted, one panel per endpoint, the primary model and model A marked. Lower panels: one row per option, with a tick below every estimate that uses it."
plot_specification_curve(curve, dictionary=dictionary, printed=printed_exposure_ratio(study))

# %% [markdown]
# ## What a conclusion can rest on
#
# Before anything is concluded, the adjusted comparison has to pass checks whose bounds were set
# before the results were known: balance of the groups [@stuart2010], events per parameter
# [@peduzzi1995; @vittinghoff2007], proportional hazards, missing covariates, positivity, and
# follow-up. The words of the abstract in @sec-summary follow from the worst verdict.

# %%
checks = gate(study)
describe_gate(checks, dictionary)

# %%
#| label: tbl-gate
#| tbl-cap: "Checks that a conclusion about {{< var exposure >}} has to pass, with their bounds."
table_gate(checks, dictionary=dictionary)

# %% [markdown]
# ## Limits
#
# - Adjustment reaches what was recorded. Why a patient was given one therapy and not another is
#   only in part in these covariates, and no row here removes the rest.
# - Hazard ratios are not collapsible: adding a covariate that predicts the outcome moves them away
#   from 1 even where it confounds nothing. A step between two rungs is not the amount of
#   confounding.
# - Only infused patients are compared. Whoever was too ill to reach infusion is in no row.
# - A missing value as a level of its own keeps patients and adjusts them poorly; complete cases
#   are unbiased only if being complete does not depend on the outcome given the covariates.
# - Errors by centre rest on the number of centres, not of patients. With few centres, or most
#   patients in a few, they come out too small.
# - The detectable ratio takes the exposure to be independent of the covariates and the hazards to
#   be proportional; where either fails, less could have been found.
# - Weights make the groups alike in the covariates of the propensity and in nothing else. Their
#   errors take them as known, which is on the safe side for inverse-probability weights.
# - The order in time behind each role rests on when a variable is known, not on when what it
#   measures began.
# - Rows of a table and points of the curve share patients; their agreement is no replication. Nor
#   are the specifications equally good: how many lie on one side of 1 is no measure of evidence.
