# Writes one survival data set, KMsurv's bmt as the transplant example holds it, in seven formats:
# CSV, SAS (data set and transport), SPSS, Stata, CDISC ADaM (ADSL and ADTTE) and a raw REDCap export
# with its data dictionary. Needs R >= 4.2 and the package haven >= 2.5.
#
#     Rscript tests/reference/make_survival_formats.R [FOLDER]

library(haven)
options(lifecycle_verbosity = "quiet") # of write_sas: nothing else free writes .sas7bdat

given <- commandArgs(trailingOnly = TRUE)
folder <- if (length(given) > 0) given[1] else "tests/reference/formats/bmt"
at <- function(name) file.path(folder, name)
dir.create(folder, showWarnings = FALSE)

bmt <- read.csv("data/examples/transplant/bmt.csv")
plain <- with(bmt, data.frame(
  id = sprintf("P%03d", patient), grp = group, age = z1, sex = z3, site = z9, fab = z8,
  tdeath = t1, dead = d1, trel = t2, rel = d2
))
write.csv(plain, at("bmt.csv"), row.names = FALSE, quote = FALSE)
write_sas(plain, at("bmt.sas7bdat"))
write_xpt(plain, at("bmt.xpt"), version = 5, name = "BMT")

# SPSS and Stata keep codes with labels, which are not in the order of the alphabet.
groups <- c("ALL" = 1, "AML, low risk" = 2, "AML, high risk" = 3)
sites <- c("Ohio State" = 1, "Alfred" = 2, "St. Vincent" = 3, "Hahnemann" = 4)
coded <- transform(plain,
  grp = labelled(as.numeric(grp), groups, label = "Disease group"),
  sex = labelled(as.numeric(sex), c("Male" = 1, "Female" = 0)),
  site = labelled(as.numeric(site), sites),
  fab = labelled(as.numeric(fab), c("No" = 0, "Yes" = 1)),
  dead = labelled(as.numeric(dead), c("Alive" = 0, "Dead" = 1)),
  rel = labelled(as.numeric(rel), c("Relapse free" = 0, "Relapsed" = 1))
)
write_sav(coded, at("bmt.sav"))
write_dta(coded, at("bmt.dta"), version = 14)

adsl <- with(plain, data.frame(
  STUDYID = "BMT", USUBJID = id, SITEID = as.character(site), AGE = age,
  SEX = ifelse(sex == 1, "M", "F"), TRT01P = names(groups)[grp], FABFL = ifelse(fab == 1, "Y", "N")
))
endpoint <- function(code, days, event) {
  data.frame(
    STUDYID = "BMT", USUBJID = plain$id, PARAMCD = code, AVAL = days, AVALU = "DAYS",
    CNSR = 1 - event, EVNTDESC = ifelse(event == 1, code, "")
  )
}
adtte <- rbind(
  endpoint("OS", plain$tdeath, plain$dead), endpoint("RELAPSE", plain$trel, plain$rel)
)
write_xpt(adsl, at("adsl.xpt"), version = 5, name = "ADSL")
write_xpt(adtte[order(adtte$USUBJID), ], at("adtte.xpt"), version = 5, name = "ADTTE")

# A date of relapse is asked of those who relapsed alone, and a checkbox has a column for each box.
redcap <- with(plain, data.frame(
  record_id = id, grp, age, sex, site, fab___1 = fab, baseline_complete = 2,
  dead, tdeath, rel, trel = ifelse(rel == 1, trel, ""), outcome_complete = 2
))
write.csv(redcap, at("redcap.csv"), row.names = FALSE, quote = FALSE)
choices <- function(of) paste(of, names(of), sep = ", ", collapse = " | ")
field <- function(name, form, type, label, choices = "", validation = "", logic = "") {
  data.frame(
    field_name = name, form_name = form, field_type = type, field_label = label,
    select_choices_or_calculations = choices, text_validation_type_or_show_slider_number = validation,
    identifier = "", branching_logic = logic
  )
}
project <- rbind(
  field("record_id", "baseline", "text", "Record"),
  field("grp", "baseline", "radio", "Disease group", gsub(", (low|high)", " \\1", choices(groups))),
  field("age", "baseline", "text", "Age", validation = "integer"),
  field("sex", "baseline", "radio", "Sex", "1, Male | 0, Female"),
  field("site", "baseline", "dropdown", "Hospital", choices(sites)),
  field("fab", "baseline", "checkbox", "AML of FAB type", "1, M4 or M5"),
  field("dead", "outcome", "yesno", "Died"),
  field("tdeath", "outcome", "text", "Days to death or last contact", validation = "integer"),
  field("rel", "outcome", "yesno", "Relapsed"),
  field("trel", "outcome", "text", "Days to relapse", validation = "integer", logic = "[rel] = '1'")
)
write.csv(project, at("redcap_dictionary.csv"), row.names = FALSE)
