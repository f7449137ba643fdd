-- The contents stand between the summary, which is on the first pages, and the chapters after it.
-- Every chapter ends with its limits: no reader looks for them by a line each, and they stay whole.

local ABOVE = "26pt" -- of a heading in a block, whose own space before it is lost at the block's edge

local chapters = 0

local function typst(text) return pandoc.RawBlock("typst", text) end

local function is_limits(block)
  return block.t == "Header" and pandoc.utils.stringify(block.content):match("Limits$") ~= nil
end

-- Floats that may still look for their place, and about how much of a page they fill.
local FIGURE, ROW, MUCH = 0.4, 1 / 44, 0.55
local floats, filled = 0, 0

local function count_float(div)
  floats, filled = floats + 1, filled + (div.attributes.kind == "fig" and FIGURE or 0)
  div:walk({ RawBlock = function(raw)
    filled = filled + select(2, raw.text:gsub("\n", "")) * ROW
  end })
end

local function settle(text)
  floats, filled = 0, 0
  return text
end

-- What stands before a header. Chapters begin on a new page. Before a section all is shown that the
-- ones before it told of, if together it fills more than half a page: no figure drifts pages away
-- from its words. A single one comes on the next page anyway.
local function before(header)
  if header.level == 2 then
    return floats > 1 and filled > MUCH and settle("#place.flush()") or ""
  end
  if header.level > 2 or header.classes:includes("unnumbered") then return "" end
  chapters = chapters + 1
  return settle(chapters == 1 and "" or chapters == 2 and "#contents()\n#begin-chapter()" or "#begin-chapter()")
end

local function arranged(blocks)
  local written, whole = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    if whole and block.t ~= "BulletList" then
      written:insert(typst("]"))
      whole = false
    end
    if block.t == "Header" then written:insert(typst(before(block))) end
    if block.t == "Div" and block.classes:includes("cart-float") then count_float(block) end
    if is_limits(block) then
      block.classes:insert("unlisted")
      written:insert(typst("#block(above: " .. ABOVE .. ", breakable: false)["))
      whole = true
    end
    written:insert(block)
  end
  if whole then written:insert(typst("]")) end
  return written
end

function Pandoc(doc) return doc:walk({ traverse = "topdown", Blocks = arranged }) end
