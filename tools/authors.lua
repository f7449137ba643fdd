-- Quarto puts the names of the authors between quotation marks in its PDF: as text of Typst they would
-- show the signs that Typst escapes, or end the quotation.
function Meta(meta)
  for _, author in ipairs(meta["by-author"] or {}) do
    local name = pandoc.utils.stringify(author.name.literal):gsub('[\\"]', "\\%0")
    author.name.literal = pandoc.MetaInlines({ pandoc.RawInline("typst", name) })
  end
  return meta
end
