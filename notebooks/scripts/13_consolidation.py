# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # Consolidation {#sec-consolidation}
#
# Does consolidation after {{< var infusion >}} go with fewer events once the waiting for it is
# taken out? In a model of what was there at {{< var infusion >}} consolidation counts as if it were known by
# then. It is chosen weeks later, among those who are still in remission: treatment before the
# response, or on or after the day of {{< var relapse >}}, is salvage and counts as none. Whoever is
# consolidated had to live until that day without a recorded {{< var relapse >}}, and a model that counts this
# time as consolidated credits it to consolidation: immortal time [@suissa2008], long known from
# comparisons by tumour response [@anderson1983]. Three estimates differ in when a patient counts
# as consolidated.
#
# 1. **Fixed**: from {{< var infusion >}} on, whoever ever will be. This is how a model has it that holds it as a covariate.
# 2. **Time-varying**: from the day on which consolidation begins [@mantelbyar1974]; until then the
#    patient is one of those not consolidated. Responders are at risk from the response assessment.
#    It assumes that the hazard changes on that day by a constant ratio.
# 3. **Landmark**: among those in remission and followed at a day set by parameter, by what they
#    had received until then [@anderson1983]. Nobody's future is used; events before the landmark
#    are lost, and consolidation after it counts as none.
#
# Each is given crude, and adjusted for the exposure and for what steers who is consolidated, by parameter,
# where the events allow it [@vittinghoff2007]. A kind of consolidation that only a
# part of the patients could receive is compared among these, too.

# %% tags=["parameters"]
time_zero: str = "infusion_date"  # date from which survival is counted
endpoints: list = ["pfs", "os"]  # time-to-event endpoints
landmarks: list = [6, 12]  # times at which survival is tabulated [months]
rmst_months: list = [12, 18]  # times up to which the mean survival time is taken [months]
consolidation_landmarks: list = [60, 90, 120]  # days after infusion_date by which consolidation counts [days]
consolidation_grace_days: int = 90  # days from the response within which the strategy to consolidate begins [days]
consolidation_terms: list = ["response", "mrd_status", "age_decades", "ph_positive", "active_marrow", "prior_hct"]  # covariates of the comparisons by consolidation, known by the response, in the order in which its weights take them
nonresponse_is_pfs_event: bool = False  # count assessed non-response as a PFS event at its assessment
missing_rule: str = "complete_cases"  # missing covariates in models
bootstrap_resamples: int = 1000  # resamples of every bootstrap
confidence_level: float = 0.95  # level of all intervals
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]
seed: int = 20231030  # seed of every random number

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())
endpoints = study.parameters.endpoints

# %%
from analysis_lib.topics import consolidation

counts = consolidation.at_landmarks(study)
consolidation.words_on_waiting(counts)

# %%
#| label: tbl-consolidation-landmarks
#| tbl-cap: "Responders at each landmark: who has left, who is at risk, and who has been consolidated."
consolidation.table_landmarks(counts)

# %%
#| label: tbl-consolidation-triptych
#| tbl-cap: "Hazard ratios of consolidation against none, fixed at {{< var infusion >}}, time-varying and by landmarks."
effects = [consolidation.effects(study, outcome) for outcome in endpoints]
consolidation.table(*effects)

# %%
consolidation.words(*effects)

# %% [markdown]
# ## Survival before and after consolidation
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
consolidation.figure_curves(*effects)

# %% [markdown]
# ## Consolidation as a strategy
#
# None of the ratios answers what a physician asks on the day of the response: to consolidate or not
# to? A trial would assign one of two strategies then, *consolidate within the grace period while in
# remission* or *do not*. It is emulated by cloning [@cain2010; @hernan2018; @maringe2020]: every
# responder starts in both strategies and leaves one when the data show that it was not followed, at
# consolidation or at the end of the grace period. Nobody waits in a group, so that no time is
# immortal. Who stays stands for who left, weighted by the inverse of the probability to have stayed
# given what steers consolidation, by parameter and as far as recorded. Death and {{< var relapse >}} are told apart, so that one ratio does not hide a trade of the one for the other.

# %%
received = consolidation.received(study)
consolidation.words_on_receipt(received)

# %%
strategies = [consolidation.strategies(study, outcome) for outcome in endpoints]
consolidation.words_on_strategies(*strategies)

# %%
#| label: fig-strategies
#| fig-cap: "Survival from the response assessment on had all responders been consolidated within the grace period while in remission, and had nobody been; bands are those of the bootstrap at each time."
#| fig-alt: "Step curves of two strategies with their bands, one panel per endpoint."
consolidation.figure_strategies(*strategies)

# %%
#| label: tbl-strategies
#| tbl-cap: "Consolidation as a strategy against none, cloned, censored and weighted: survival, {{< var relapse >}}, death without it, and mean time."
consolidation.table_strategies(*strategies)

# %% [markdown]
# ## What each estimator makes of waiting
#
# How much of the fixed estimate is immortal time shows where the truth is known. Simulated cohorts
# resemble the responders, with times to the event, to the end of follow-up and to consolidation
# drawn from their Kaplan-Meier curves, but independently of each other: consolidation changes
# nothing and the true hazard ratio is 1. Bias is the mean error of the log hazard ratio, coverage
# how often the interval holds the truth, each with its Monte Carlo error [@morris2019]. The
# cohorts know no confounding, so that this is the bias of the waiting alone.

# %%
simulated = consolidation.simulation(study)
consolidation.words_on_simulation(simulated)

# %%
#| label: tbl-consolidation-simulation
#| tbl-cap: "Bias and coverage of each estimator in simulated cohorts in which consolidation changes nothing."
consolidation.table_simulation(simulated)

# %% [markdown]
# ## Limits
#
# - Taking the waiting out does not make the rest comparable. Who is chosen for consolidation
#   differs in fitness, donor, residual disease and the wish to go on, of which little is recorded;
#   a time-varying or a landmark estimate is free of immortal time and not of confounding.
# - The strategies are weighted by what is recorded on the day of the response; what happens between
#   it and consolidation, such as a rising MRD, is not, and steers who is consolidated all the same.
# - For overall survival, patients with a {{< var relapse >}} stay among those not consolidated in the
#   time-varying estimate, although they could no longer be consolidated in remission.
