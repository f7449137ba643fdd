-- The contents stand between the summary, which is on the first pages, and the chapters after it.
-- Every chapter ends with its limits: no reader looks for them by a line each.

local chapters = 0

local function listed(header)
  if pandoc.utils.stringify(header.content):match("Limits$") then
    header.classes:insert("unlisted")
  end
  if header.level > 1 or header.classes:includes("unnumbered") then return header end
  chapters = chapters + 1
  if chapters ~= 2 then return header end
  return { pandoc.RawBlock("typst", "#contents()\n#pagebreak(weak: true)"), header }
end

function Pandoc(doc) return doc:walk({ traverse = "topdown", Header = listed }) end
