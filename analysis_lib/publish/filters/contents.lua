-- The contents stand between the summary, which is on the first pages, and the chapters after it.
-- Every chapter ends with its limits: no reader looks for them by a line each, and they stay whole.

local chapters = 0

local function typst(text) return pandoc.RawBlock("typst", text) end

local function is_limits(block)
  return block.t == "Header" and pandoc.utils.stringify(block.content):match("Limits$") ~= nil
end

-- What stands before a header: chapters begin on a new page, sections after what is still to show.
local function before(header)
  if header.level == 2 then return "#settle()" end
  if header.level > 2 or header.classes:includes("unnumbered") then return "" end
  chapters = chapters + 1
  return chapters == 1 and "" or chapters == 2 and "#contents()\n#chapter()" or "#chapter()"
end

local function arranged(blocks)
  local written, whole = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    if whole and block.t ~= "BulletList" then
      written:insert(typst("]"))
      whole = false
    end
    if block.t == "Header" then written:insert(typst(before(block))) end
    if is_limits(block) then
      block.classes:insert("unlisted")
      written:insert(typst("#block(breakable: false)["))
      whole = true
    end
    written:insert(block)
  end
  if whole then written:insert(typst("]")) end
  return written
end

function Pandoc(doc) return doc:walk({ traverse = "topdown", Blocks = arranged }) end
