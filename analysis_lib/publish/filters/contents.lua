-- The contents stand between the summary, which is on the first pages, and the chapters after it.
-- Every chapter ends with its limits, after all that it shows: no reader looks for them by a line
-- each, and they stay whole.

local ABOVE = "26pt" -- of a heading in a block, whose own space before it is lost at the block's edge

local chapters = 0

local function typst(text) return pandoc.RawBlock("typst", text) end

local function is_limits(block)
  return block.t == "Header" and pandoc.utils.stringify(block.content):match("Limits$") ~= nil
end

-- The list of limits, or the cell that computes it; its code is not printed.
local function belongs(block)
  local is_cell = block.t == "Div" and (block.classes:includes("cell") or block.classes:includes("cart-code"))
  return block.t == "BulletList" or is_cell
end

-- About how much of a page the floats fill that still look for their place: each adds its height,
-- but the first of a chapter, which stands at the foot of its page; and text takes from it, since what
-- waits stands at the head of the pages that the text goes on to.
local PAGE, FIGURE, ROW, LETTER, FOOT, MUCH = 683, 0.4, 1 / 60, 1 / 3600, 0.6, 1.2
local waiting, is_first = 0, false

local function image_height(image)
  local file = io.open(image.src)
  local points = file and file:read(2000):match('height="([%d.]+)pt"')
  if file then file:close() end
  return points and points / PAGE or FIGURE
end

local function count_float(div)
  local height = 0
  div:walk({
    Image = function(image) height = height + image_height(image) end,
    RawBlock = function(raw) height = height + select(2, raw.text:gsub("\n", "")) * ROW end,
  })
  if not is_first or height > FOOT then waiting = waiting + math.min(height, 1) end
  is_first = false
end

local function count_text(block)
  waiting = math.max(0, waiting - #pandoc.utils.stringify(block) * LETTER)
end

local function settle(text)
  waiting = 0
  return text
end

-- What stands before a header. Chapters begin on a new page. Before a section all is shown that the
-- ones before it told of, where too much of it waits: no figure drifts pages away from its words.
local function before(header)
  if header.level == 2 then return waiting > MUCH and settle("#place.flush()") or "" end
  if header.level > 2 or header.classes:includes("unnumbered") then return "" end
  chapters, is_first = chapters + 1, true
  return settle(chapters == 1 and "" or chapters == 2 and "#contents()\n#begin-chapter()" or "#begin-chapter()")
end

local function arranged(blocks)
  local written, whole = pandoc.Blocks({}), false
  for _, block in ipairs(blocks) do
    if whole and not belongs(block) then
      written:insert(typst("]"))
      whole = false
    end
    if block.t == "Header" then written:insert(typst(before(block))) end
    local is_float = block.t == "Div" and block.classes:includes("cart-float")
    if is_float then count_float(block) else count_text(block) end
    if is_limits(block) then
      block.classes:insert("unlisted")
      written:insert(typst("#place.flush()\n#block(above: " .. ABOVE .. ", breakable: false)["))
      whole = true
    end
    written:insert(block)
  end
  if whole then written:insert(typst("]")) end
  return written
end

function Pandoc(doc) return doc:walk({ traverse = "topdown", Blocks = arranged }) end
