# Writes files of SAS, SPSS and Stata that hold the first patients of data/cohort.csv, and small
# ones of what CSV has no word for: missing values of several kinds, labels out of alphabetical
# order. Needs R >= 4.2 and the package haven >= 2.5.
#
#     Rscript tests/reference/make_formats.R [PATIENTS] [FOLDER]

library(haven)
options(lifecycle_verbosity = "quiet") # of write_sas: nothing else free writes .sas7bdat

given <- commandArgs(trailingOnly = TRUE)
patients <- if (length(given) > 0) as.integer(given[1]) else 40
folder <- if (length(given) > 1) given[2] else "tests/reference/formats"
at <- function(name) file.path(folder, name)

text <- read.csv("data/cohort.csv", colClasses = "character", na.strings = "")
text <- head(text, patients)
dictionary <- read.csv("data/dictionary.csv", colClasses = "character", na.strings = NULL)

typed <- function(name) {
  kind <- dictionary$type[dictionary$name == name]
  value <- text[[name]]
  if (kind == "date") return(as.Date(value))
  if (kind %in% c("integer", "decimal")) return(as.numeric(value))
  value
}
plain <- as.data.frame(lapply(setNames(names(text), names(text)), typed))

# Codes 1, 2, ... with the levels as value labels, in the dictionary's order, not the alphabet's.
coded <- plain
for (name in names(coded)) {
  row <- dictionary[dictionary$name == name, ]
  if (row$type %in% c("category", "yes_no")) {
    levels <- sub("=.*", "", strsplit(row$levels, "|", fixed = TRUE)[[1]])
    codes <- setNames(as.numeric(seq_along(levels)), levels)
    coded[[name]] <- labelled(as.numeric(match(plain[[name]], levels)), codes, label = row$label)
  }
}

write_sav(coded, at("cohort.sav"))
write_dta(coded, at("cohort.dta"), version = 14)
write_sas(plain, at("cohort.sas7bdat"))
write_xpt(plain, at("cohort_8.xpt"), version = 8, name = "COHORT")
short <- plain
names(short) <- sprintf("V%02d", seq_along(short)) # a name has eight letters in version 5
write_xpt(short, at("cohort_5.xpt"), version = 5, name = "COHORT")

# Missing values of several kinds, and a factor of the centre's own whose codes have an order.
id <- sprintf("P%d", 1:8)
risk <- c(3, 1, 2, 3, 1, 2, 1, 2)
lines <- c(1, 2, tagged_na("a"), 3, tagged_na("z"), NA, 2, 4)
marked <- data.frame(
  id = id,
  risk = labelled(risk, c("very high" = 3, standard = 1, intermediate = 2), label = "Risk by our score"),
  lines = labelled(lines, c("not asked" = tagged_na("a"), "refused" = tagged_na("z")))
)
write_dta(marked, at("marked.dta"), version = 14)
lines <- c(1, 2, tagged_na("A"), 3, tagged_na("Z"), NA, 2, 4) # SAS writes them in capitals
write_sas(data.frame(id = id, lines = lines), at("marked.sas7bdat"))
write_xpt(data.frame(id = id, lines = lines), at("marked.xpt"), version = 8, name = "MARKED")
codes <- c(1, 2, 98, 3, 99, NA, -7, 4)
marked$lines <- labelled_spss(
  codes, c("not asked" = 98), na_values = -7, na_range = c(90, 99), label = "Lines"
)
marked$lost <- labelled_spss(
  c("no", "yes", "?", "no", NA, "no", "yes", "no"), c("unknown" = "?"), na_values = "?"
)
write_sav(marked, at("marked.sav"))
