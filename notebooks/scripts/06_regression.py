# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Regression {#sec-regression}
#
# What remains of the difference in progression-free survival by {{< var exposure >}} when other
# differences are taken into account? Cox models [@cox1972] with Efron's handling of ties
# [@efron1977] are fitted twice: with terms fixed by parameter, by default those of the published
# analysis [@aldoss2024], and with the terms that a univariable screen lets in for this cohort.
# Either is fitted as model A, which holds the exposure, and as model B, which holds the response
# to it. Patients with
# a missing covariate are left out unless the parameter says otherwise, and each model states how
# many.

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
from analysis_lib.show.prose import describe_diagnostics
from analysis_lib.study.study import open_study
from analysis_lib.topics.regression.figure import plot_forest, plot_univariable_forest
from analysis_lib.topics.regression.numbers import (
    as_published_models,
    model_b,
    screen_candidates,
    screened_models,
)
from analysis_lib.topics.regression.response_contrast import response_contrast
from analysis_lib.topics.regression.screen_table import table_response_contrast, table_screen
from analysis_lib.topics.regression.table import (
    table_diagnostics,
    table_model,
    table_model_comparison,
)
from analysis_lib.topics.regression.words import (
    describe_model,
    describe_response_contrast,
    describe_screen,
    describe_terms,
)
from analysis_lib.topics.screening.bootstrap import screen_bootstrap
from analysis_lib.topics.screening.figure import plot_screen_coverage, plot_selection
from analysis_lib.topics.screening.numbers import (
    screen_coverage,
    screen_simulation,
    screen_stability,
)
from analysis_lib.topics.screening.penalised import penalised_models
from analysis_lib.topics.screening.table import (
    table_penalised,
    table_screen_coverage,
    table_screen_stability,
)
from analysis_lib.topics.screening.words import (
    describe_penalised,
    describe_screen_coverage,
    describe_screen_stability,
)

study = open_study(globals())
dictionary = study.dictionary

# %% [markdown]
# ## The univariable screen
#
# A candidate enters when the likelihood-ratio test of the whole factor falls below the entry P;
# factors of several levels enter whole.

# %%
screen = screen_candidates(study)
describe_screen(screen)

# %%
#| label: tbl-screen
#| tbl-cap: "Univariable Cox models of progression-free survival, one per candidate."
table_screen(screen, dictionary=dictionary)

# %%
#| label: fig-screen
#| fig-cap: "Univariable hazard ratios of progression-free survival."
#| fig-alt: "Forest plot of univariable hazard ratios with intervals on a logarithmic axis, beside columns of patients, events and P values."
plot_univariable_forest(screen, dictionary=dictionary)

# %% [markdown]
# ## Two specifications

# %%
published = as_published_models(study)
screened = screened_models(study)
describe_terms(study, published, screened)

# %%
#| label: tbl-models
#| tbl-cap: "Multivariable Cox models of progression-free survival: {{< var fixed_model >}} and the screened model."
table_model_comparison(published, screened, dictionary=dictionary)

# %% [markdown]
# ## Model A: the exposure

# %%
model_a = published.models[0]
describe_model(model_a)

# %%
#| label: fig-model-a
#| fig-cap: "Hazard ratios of progression-free survival in model A with fixed terms, by {{< var exposure >}}."
#| fig-alt: "Forest plot of adjusted hazard ratios with intervals on a logarithmic axis, beside columns of patients, events and P values."
plot_forest(model_a, dictionary=dictionary)

# %% [markdown]
# ## Model B: the response to the exposure

# %%
published_b = model_b(published)
describe_model(published_b)

# %%
#| label: fig-model-b
#| fig-cap: "Hazard ratios of progression-free survival in model B with fixed terms, by {{< var exposure >}} and the response to it."
#| fig-alt: "Forest plot of adjusted hazard ratios with intervals on a logarithmic axis, beside columns of patients, events and P values."
plot_forest(published_b, dictionary=dictionary)

# %%
unknown_as_level = model_b(published, unknown_as_level=True)
describe_model(unknown_as_level)

# %%
#| label: tbl-model-b-unknown
#| tbl-cap: "Model B with fixed terms once more, with an unknown response to the exposure as a level of its own."
table_model(unknown_as_level, dictionary=dictionary)

# %% [markdown]
# ## Refractory against responsive
#
# Model B sets each response against the never exposed. Here those who did not respond to the
# exposure are set against those who did, by the contrast of the two in the same model.
#
# Response is a marker and not a cause. Nobody assigned it: a disease that one therapy could not
# bring into remission is likely to withstand the next, so that the refractory may do worse than
# the responsive even if the exposure changed nothing [@anderson1983]. The contrast says which
# patients do worse. It does not say what the exposure did to them, nor how they would have done
# without it.
#
# What may be adjusted for depends on the order in time. What the exposure cannot have changed can
# lie behind both the response and the outcome. The state of the disease before infusion may itself
# follow from the response; adjusting for it takes away a part of what the response marks. Remission
# after infusion and consolidation, on which model B rests, come later still, and a comparison
# within them no longer sees those whom the infusion failed.

# %%
by_response = response_contrast(study)
describe_response_contrast(by_response)

# %%
#| label: tbl-response-contrast
#| tbl-cap: "Hazard ratio of the patients refractory to the exposure against the responsive, crude, adjusted, and from model B."
table_response_contrast(by_response, dictionary=dictionary)

# %% [markdown]
# ## Diagnostics
#
# Proportional hazards are tested by the score test [@grambsch1994]; collinearity is given as the
# generalised variance inflation per parameter [@fox1992]; the number of events per parameter
# tells how much the data can carry [@peduzzi1995].

# %%
describe_diagnostics(model_a, dictionary)

# %%
#| label: tbl-diagnostics
#| tbl-cap: "Diagnostics of the multivariable models, term by term."
table_diagnostics(*published.models, *screened.models, dictionary=dictionary)

# %% [markdown]
# ## The screen, honestly
#
# A screen by P values is a part of the estimation that the screened model's intervals know nothing
# of [@harrell1996; @steyerberg1999], and a confounder can fail it that a model of all covariates
# would keep [@sun1996]. Three questions say how much that matters here.
#
# **Would other patients of the same kind have given the same model?** The patients of the models
# are drawn with replacement and the screen is repeated in every resample [@sauerbrei1992;
# @heinze2018]. The exposure's hazard ratio is taken from the model that each resample gives, and
# beside it with the terms held that all patients gave: what the first varies more than the second
# comes from the selection. Patients are taken to be independent of each other.

# %%
stability = screen_stability(study, screen_bootstrap(study))
describe_screen_stability(stability)

# %%
#| label: fig-selection
#| fig-cap: "How often the screen selects each candidate in bootstrap resamples; in colour those in the screened model."
#| fig-alt: "Horizontal bars, one per candidate, of the share of bootstrap resamples in which its P falls below the entry P, sorted, coloured where the candidate is in the screened model of all patients."
plot_selection(stability)

# %%
#| label: tbl-screen-stability
#| tbl-cap: "Selection of each candidate in bootstrap resamples, and the hazard ratio by {{< var exposure >}} over them."
table_screen_stability(stability)

# %% [markdown]
# **What is the interval of a screened model worth?** Cohorts are simulated in which the exposure
# changes nothing: patients keep their groups and covariates [@franklin2014], and their times are
# drawn from a Cox model of their own without the exposure's effect. In one truth the covariates of
# the primary model of @sec-sensitivity act on the hazard, which is what that model assumes; in the
# other all candidates act as well, which is what it leaves out. In every cohort the screen is
# repeated, and the primary model's terms are fitted as they are. Bias and coverage come with their
# Monte Carlo errors [@morris2019]. Both truths are made from these data: the simulation shows what
# the procedure does, not what is true of the patients.

# %%
coverage = screen_coverage(study, screen_simulation(study))
describe_screen_coverage(coverage)

# %%
#| label: tbl-screen-coverage
#| tbl-cap: "Bias and coverage of the exposure's hazard ratio in simulated cohorts in which the exposure changes nothing, screened and with fixed terms."
table_screen_coverage(coverage)

# %%
#| label: fig-screen-coverage
#| fig-cap: "Bias and coverage of the exposure's hazard ratio in simulated cohorts in which the exposure changes nothing, with 95% Monte Carlo intervals; the screened model in colour."
#| fig-alt: "Two panels of points with Monte Carlo intervals, one row a model under each truth: the bias of the log hazard ratio beside a line at zero, and the coverage of the interval beside a line at its level."
plot_screen_coverage(coverage)

# %% [markdown]
# **And without a screen?** All candidates enter at once. Ridge [@verweij1994] shrinks their
# coefficients, in units of their standard deviations, by the penalty that best predicts patients
# left out of the fit [@verweij1993], and leaves the exposure's own alone. It trades a little
# adjustment for stability: a confounder that is shrunk confounds again. Firth's penalty
# [@firth1993; @heinze2001] takes the bias of few events out of all coefficients and keeps them
# finite where a group has no event; its interval is that of the profile penalised likelihood.

# %%
penalised = penalised_models(study)
describe_penalised(penalised)

# %%
#| label: tbl-penalised
#| tbl-cap: "The hazard ratio of progression-free survival by {{< var exposure >}} after the screen and with all candidates, shrunk and not."
table_penalised(penalised, dictionary=dictionary)

# %% [markdown]
# ## Limits
#
# - Consolidation happens after infusion. Entered as a fixed covariate it credits patients with
#   the time they had to survive to receive it [@suissa2008]; its hazard ratios here are biased
#   towards benefit, and so is whatever is adjusted for it.
# - Models fitted in responders condition on an event after infusion; a comparison within them is
#   not a comparison of the groups as infused.
# - Terms chosen by their P value in the same data have hazard ratios too far from 1 and intervals
#   too narrow; @tbl-screen-coverage is about the exposure alone, which is in every model.
# - Only progression-free survival is modelled, as in the published analysis; @sec-sensitivity
#   adjusts overall survival too, and for what was known before infusion only.
