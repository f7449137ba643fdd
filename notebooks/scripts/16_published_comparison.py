# ---
# jupyter:
#   kernelspec:
#     display_name: Python 3
#     language: python
#     name: python3
# ---

# %% [markdown]
# # The article's numbers beside ours {#sec-published}
#
# Which numbers of the published article does this report reproduce, which does it miss, and do
# the printed numbers agree among themselves? Every number that the article prints is recorded
# with the key of the result that it corresponds to, and is set beside that result. A second
# look, the audit, uses the printed numbers alone.

# %% tags=["parameters"]
claims: str | None = None  # published numbers to compare, none where empty [file]; None: that of the preset, "data/published.csv" (aldoss_2024), "" (neutral)
small_cell: int = 0  # counts from 1 to below this are suppressed, 11 recommended for release [patients]

# %%
from analysis_lib.study.study import open_study

study = open_study(globals())

# %% [markdown]
# ## Score
#
# A number is reproduced when ours, rounded half up to the printed decimals, is the printed one,
# or keeps the printed bound. A number that is not reproduced counts as conflicting, and not as
# missed, when the audit shows that it belongs to printed numbers which no cohort can meet
# together.

# %%
from analysis_lib import article

published = article.compared(study)
article.words(published)

# %%
#| label: tbl-scorecard
#| tbl-cap: "Printed numbers by section of the article: reproduced, missed, conflicting with each other, not computable."
article.table_scores(published)

# %% [markdown]
# ## Estimates
#
# Where the article prints an estimate without an interval, ours has one all the same.

# %%
#| label: fig-published-survival
#| fig-cap: "Survival estimates of the article and of this report."
#| fig-alt: "For each group and time the printed survival estimate with its interval, and below it the estimate of this report, beside columns with the same numbers."
article.figure(published, "survival")

# %%
#| label: fig-published-ratios
#| fig-cap: "Hazard ratios of the article's multivariable models and of the same models in this report."
#| fig-alt: "For each term of the models the printed hazard ratio with its interval on a logarithmic axis, and below it the hazard ratio of this report, beside columns with the same numbers."
article.figure(published, "hazard_ratio")

# %% [markdown]
# ## What is missed
#
# Each miss is named by how far ours lies from the printed number; @tbl-published has all of them.

# %%
article.words_on_misses(published)

# %%
article.words_on_conflicts(published)

# %% [markdown]
# ## Do the printed numbers agree with each other?
#
# Percents are recomputed from counts, P values from counts under every plausible test and
# treatment of missing values, denominators from the percents, intervals from the estimates, and
# comparisons of a part of the patients over all of them. In italics stands what a finding means
# for a conclusion of the article.

# %%
article.words_on_findings(published)

# %% [markdown]
# ## What agreement means

# %%
article.words_on_agreement(published)

# %% [markdown]
# ## All numbers
#
# Each line names the number and where the article prints it, and sets ours beside it.

# %%
#| label: tbl-published
#| tbl-cap: "Every number that the article prints about its patients, and ours."
article.table(published)

# %% [markdown]
# ## Limits
#
# - Some printed numbers can be read in more than one way: which patients, which test, which
#   definition of follow-up. Each is compared under one reading, the one recorded with it.
# - A count, its percent and the percents that follow from both are several numbers in the score
#   but one piece of evidence; the score without counts is the harder one.
# - The audit finds contradictions of arithmetic. A wrong number that agrees with its neighbours
#   passes it.
