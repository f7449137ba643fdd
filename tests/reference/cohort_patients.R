# The patients with what the dictionary derives from their records, and the bases of the numbers.
# Read by cohort.R.

lock <- as.Date("2023-10-30")
days_per_month <- 30.4375

# ---- patients ----------------------------------------------------------------------------
patients <- read.csv("../../data/cohort.csv", na.strings = "", colClasses = "character")
dates <- grep("_date$", names(patients), value = TRUE)
patients[dates] <- lapply(patients[dates], as.Date)
numbers <- c(
  "age_years", "marrow_blasts_percent", "prior_lines", "ino_doses_preapheresis",
  "ino_doses_bridging", "crs_grade", "icans_grade", "hospital_days",
  "response_marrow_blasts_percent", "response_anc_per_ul", "response_platelets_per_ul"
)
patients[numbers] <- lapply(patients[numbers], as.numeric)

yes_no <- function(x) factor(ifelse(x, "yes", "no"), levels = c("no", "yes"))
days_between <- function(from, to) as.numeric(to - from)

# Eligibility: adults infused in the window, commercially, followed for 90 days or until death. The
# last rule is applied below, when those whom it leaves out have their endpoints too.
patients <- patients[
  patients$age_years >= 18 & patients$product_access == "standard_of_care" &
    patients$infusion_date >= as.Date("2021-10-01") &
    patients$infusion_date <= as.Date("2023-08-31"),
]
followed_90_days <- with(patients, {
  died <- !is.na(death_date) & death_date <= lock
  days_between(infusion_date, pmin(last_contact_date, lock)) >= 90 | died
})

patients <- within(patients, {
  exposed <- ino_doses_preapheresis + ino_doses_bridging > 0
  ino <- factor(ifelse(exposed, "exposed", "naive"), levels = c("naive", "exposed"))
  ino_timing <- factor(
    ifelse(!exposed, NA, ifelse(ino_doses_bridging > 0, "bridging", "preapheresis_only")),
    levels = c("preapheresis_only", "bridging")
  )
  ino_exposure_response <- factor(
    ifelse(exposed, ino_response, "naive"),
    levels = c("naive", "responder", "refractory", "not_reported")
  )
  ino_response <- factor(ifelse(exposed, ino_response, NA), levels = c("responder", "refractory"))
})

# ---- baseline ----------------------------------------------------------------------------
patients <- within(patients, {
  age_group <- cut(age_years, c(-Inf, 40, 60, Inf), c("lt_40", "40_to_59", "ge_60"), right = FALSE)
  age_group_as_published <- ifelse(
    age_years >= 18 & age_years <= 39, "18_to_39",
    ifelse(age_years >= 40 & age_years <= 59, "40_to_59", ifelse(age_years >= 60, "ge_60", NA))
  )
  age_decades <- age_years / 10
  marrow_blasts_group <- cut(
    marrow_blasts_percent, c(-Inf, 25, 75, Inf), c("lt_25", "25_to_74", "ge_75"), right = FALSE
  )
  active_marrow <- yes_no(marrow_status == "active")
  ph_positive <- yes_no(disease_subtype == "ph_positive")
  race_ethnicity_collapsed <- factor(
    ifelse(race_ethnicity %in% c("black", "asian", "other"), "other", race_ethnicity),
    levels = c("non_hispanic_white", "hispanic", "other")
  )
  sex <- factor(sex, levels = c("male", "female"))
  consolidation <- factor(consolidation, levels = c("none", "allo_hct", "tki", "other"))
})
plain_yes_no <- c(
  "extramedullary_disease", "cns_involvement", "prior_blinatumomab", "prior_hct",
  "bridging_therapy", "tocilizumab", "steroids", "anakinra"
)
patients[plain_yes_no] <- lapply(patients[plain_yes_no], factor, levels = c("no", "yes"))

# ---- endpoints ---------------------------------------------------------------------------
known_by_lock <- function(date) !is.na(date) & date <= lock
patients <- within(patients, {
  dead <- known_by_lock(death_date)
  relapsed <- known_by_lock(relapse_date)
  last_seen <- pmin(last_contact_date, lock)
  failure_date <- pmin(death_date, relapse_date, na.rm = TRUE)
  os_event <- dead
  os_months <- days_between(
    infusion_date, as.Date(ifelse(dead, death_date, last_seen), "1970-01-01")
  ) / days_per_month
  pfs_event <- dead | relapsed
  pfs_months <- days_between(
    infusion_date, as.Date(ifelse(pfs_event, failure_date, last_seen), "1970-01-01")
  ) / days_per_month

  crs <- yes_no(crs_grade >= 1)
  icans <- yes_no(icans_grade >= 1)
  crs_onset_days <- ifelse(crs_grade >= 1, days_between(infusion_date, crs_onset_date), NA)
  icans_onset_days <- ifelse(icans_grade >= 1, days_between(infusion_date, icans_onset_date), NA)
  death_30d <- yes_no(dead & days_between(infusion_date, death_date) <= 30)
  sos_death <- yes_no(dead & cause_of_death %in% "sos")

  evaluable <- !is.na(response_marrow_blasts_percent) & !is.na(response_circulating_blasts) &
    !is.na(response_extramedullary_disease) & !is.na(response_anc_per_ul) &
    !is.na(response_platelets_per_ul)
  remission <- evaluable & response_marrow_blasts_percent < 5 &
    response_circulating_blasts == "no" & response_extramedullary_disease == "no"
  recovered <- response_anc_per_ul > 1000 & response_platelets_per_ul > 100000
  response <- ifelse(!evaluable, NA, ifelse(!remission, "no_response",
    ifelse(recovered, "cr", "cri")
  ))
  cr_cri <- yes_no(remission)
  response_not_evaluable <- yes_no(!evaluable)
  mrd_negative <- yes_no(remission & mrd_status %in% "negative")
  consolidation_any <- yes_no(consolidation != "none")
  relapse <- yes_no(relapsed)
})
stopifnot(
  patients$pfs_months >= 0, patients$pfs_months <= patients$os_months,
  patients$pfs_event[patients$os_event]
)

grade_group <- function(grade) {
  cut(grade, c(-Inf, 0, 2, 4, 5), c("none", "grade_1_2", "grade_3_4", "grade_5"))
}
patients$crs_grade_group <- grade_group(patients$crs_grade)
patients$icans_grade_group <- grade_group(patients$icans_grade)

infused_in_window <- patients
patients <- patients[followed_90_days, ]

bases <- list(
  infused = rep(TRUE, nrow(patients)),
  crs_evaluable = !is.na(patients$crs_grade),
  crs_affected = patients$crs %in% "yes",
  icans_evaluable = !is.na(patients$icans_grade),
  icans_affected = patients$icans %in% "yes",
  response_evaluable = patients$evaluable,
  responders = patients$remission,
  mrd_tested_responders = patients$remission & patients$mrd_status %in% c("negative", "positive")
)
base_of <- function(name) patients[bases[[name]], ]
