# Percents and tests of three printed tables (tests/data/articles), recomputed.
# Run in this folder: Rscript published_tables.R
read <- function(name) {
  path <- file.path("..", "data", "articles", paste0(name, ".csv"))
  read.csv(path, header = FALSE, colClasses = "character", strip.white = TRUE)
}
counts_of <- function(cells) as.integer(sub("^([0-9]+) \\(.*$", "\\1", cells))
percents_of <- function(cells) as.numeric(sub("^.*\\(([0-9]+)\\)$", "\\1", cells))
shares <- function(name, column, sizes) {
  cells <- read(name)[[column]]
  cells <- cells[grepl("^[0-9]+ \\([0-9]+\\)$", cells)]
  do.call(rbind, lapply(sizes, function(n) data.frame(
    what = paste(name, column, n), count = counts_of(cells), printed = percents_of(cells),
    value = 100 * counts_of(cells) / n)))
}
# Percents of those whose value is known: the second column says how many, once a block.
of_known <- function(name) {
  table <- read(name)[-1, ]
  known <- as.integer(table[[2]]); at <- which(!is.na(known))
  known <- known[at][findInterval(seq_along(known), at)]
  rows <- grepl("%", table[[3]])
  count <- counts_of(table[[3]][rows])
  data.frame(what = paste(name, 3, known[rows]), count = count,
    printed = as.numeric(sub("^.*\\(([0-9.]+)%\\)$", "\\1", table[[3]][rows])),
    value = 100 * count / known[rows])
}
fisher <- function(sizes) {
  table <- read("car_hematotox_table_2")[3:10, ]
  a <- counts_of(table[[3]]); b <- counts_of(table[[4]])
  p <- mapply(function(a, b) fisher.test(
    matrix(c(a, sizes[1] - a, b, sizes[2] - b), 2))$p.value, a, b)
  data.frame(what = paste("fisher", sizes[1], sizes[2]), count = a, printed = b, value = p)
}
found <- rbind(
  shares("car_hematotox_table_2", 3, c(76, 74)), shares("car_hematotox_table_2", 4, c(159, 161)),
  shares("car_t_in_europe_table_1", 2, 389), of_known("car_t_by_extranodal_site_table_1"),
  fisher(c(76, 159)), fisher(c(74, 161)))
found$value <- format(found$value, digits = 15, scientific = FALSE, trim = TRUE)
write.csv(found, file.path("golden", "published_tables.csv"), row.names = FALSE, quote = FALSE)
