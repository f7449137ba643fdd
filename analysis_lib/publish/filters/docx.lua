-- Figures, tables, callouts and notes as Word knows them: paragraphs with a named style, native
-- tables, bookmarks where something is referred to. Code stays out, as in the PDF.

local CALLOUTS = {
  note = "Note", tip = "Tip", important = "Important", warning = "Warning", caution = "Caution",
}
local EM_SPACE = "\u{2003}"

local function styled(style, blocks) return pandoc.Div(blocks, { ["custom-style"] = style }) end

local function caption_of(div)
  local name = pandoc.Strong({ pandoc.Str(div.attributes.label .. ":") })
  local caption, body = pandoc.List(), pandoc.List()
  for _, block in ipairs(div.content) do
    if block.t == "Div" and block.classes:includes("cart-caption") then
      caption:extend(block.content)
    else
      body:insert(block)
    end
  end
  local inlines = pandoc.Inlines({ name, pandoc.Space() }) .. pandoc.utils.blocks_to_inlines(caption)
  return pandoc.Para(inlines), body
end

-- Word shows the alternative text of an image; as a paragraph of its own it would get a caption.
local function image(img, alt)
  local png = img.src:gsub("%.svg$", ".png")
  if alt == "" then alt = pandoc.utils.stringify(img.caption) end
  return pandoc.Image({ pandoc.Str(alt) }, png, "", { width = "100%" })
end

local function as_paragraph(block, alt)
  if block.t == "Figure" then
    local found
    block:walk({ Image = function(img) found = img end })
    return pandoc.Para({ image(found, alt) })
  end
  return block:walk({ Image = function(img) return image(img, alt) end })
end

local function float(div)
  local caption, body = caption_of(div)
  local alt = div.attributes.alt or ""
  body = body:map(function(block) return as_paragraph(block, alt) end)
  local anchor = pandoc.Attr(div.identifier)
  local blocks = pandoc.List()
  if div.attributes.kind == "tbl" then
    blocks:insert(pandoc.Div({ styled("Table Caption", { caption }) }, anchor))
    blocks:extend(body)
    blocks:insert(styled("Table Notes", { pandoc.Para({}) }))
  else
    blocks:insert(pandoc.Div({ styled("Captioned Figure", body) }, anchor))
    blocks:insert(styled("Image Caption", { caption }))
  end
  return blocks
end

local function callout(div, kind)
  local title = div.attributes.title or CALLOUTS[kind]
  local blocks = pandoc.List({ styled("Callout Title", { pandoc.Para({ pandoc.Str(title) }) }) })
  blocks:insert(styled("Callout", div.content))
  return blocks
end

local function indented(cell)
  local level = 0
  for _, class in ipairs(cell.attr.classes) do
    if class == "in-group" then level = level + 1 end
    level = level + (tonumber(class:match("^indent%-(%d)$")) or 0)
  end
  local first = cell.contents[1]
  if level > 0 and first and first.content then
    first.content:insert(1, pandoc.Str(string.rep(EM_SPACE, level)))
  end
  return cell
end

local function bold(cell)
  cell.contents = cell.contents:map(function(block)
    if block.t == "Plain" or block.t == "Para" then
      return pandoc.Plain({ pandoc.Strong(block.content) })
    end
    return block
  end)
  return cell
end

-- Word would give every column the same room: share the page by what is in them. A word is never
-- narrower than itself, and a long text wraps.
local LONG, GAP = 34, 4

local function share_width(element, rows)
  local needs = {}
  for column = 1, #element.colspecs do needs[column] = 5 end
  for _, row in ipairs(rows) do
    local column = 1
    for _, cell in ipairs(row.cells) do
      if cell.col_span == 1 and needs[column] then
        local text = pandoc.utils.stringify(cell.contents)
        needs[column] = math.max(needs[column], math.min(utf8.len(text) or 4, LONG))
      end
      column = column + cell.col_span
    end
  end
  local total = 0
  for _, need in ipairs(needs) do total = total + need + GAP end
  for column, need in ipairs(needs) do
    element.colspecs[column] = { element.colspecs[column][1], (need + GAP) / total }
  end
end

local function data_table(element)
  local all = pandoc.List()
  for _, body in ipairs(element.bodies) do
    for _, row in ipairs(body.head) do row.cells = row.cells:map(bold) end
    -- Word repeats the header of a table only; a heading between the rows is a row.
    local rows = pandoc.List(body.head)
    rows:extend(body.body)
    for _, row in ipairs(rows) do row.cells = row.cells:map(indented) end
    body.body, body.head = rows, pandoc.List()
    all:extend(rows)
  end
  share_width(element, all)
  return element
end

-- Word's tight lists have the style of table cells: these are paragraphs of the text.
local function loose(list)
  list.content = list.content:map(function(item)
    return item:map(function(block)
      return block.t == "Plain" and pandoc.Para(block.content) or block
    end)
  end)
  return list
end

local function div(element)
  if element.classes:includes("cart-code") then return {} end
  if element.classes:includes("cart-float") then return float(element) end
  if element.classes:includes("cart-notes") then return styled("Table Notes", element.content) end
  for kind in pairs(CALLOUTS) do
    if element.classes:includes("callout-" .. kind) then return callout(element, kind) end
  end
end

local function details(meta)
  local lines = pandoc.List()
  for _, name in ipairs({ "exposure", "cohort-label", "data-lock" }) do
    if meta[name] then
      local label = ({ exposure = "Exposure", ["cohort-label"] = "Cohort", ["data-lock"] = "Data lock" })[name]
      lines:insert(pandoc.Para({ pandoc.Strong({ pandoc.Str(label .. ":") }), pandoc.Space(),
        pandoc.Str(pandoc.utils.stringify(meta[name])) }))
    end
  end
  return styled("Details", lines)
end

function Pandoc(doc)
  doc = doc:walk({ Table = data_table })
  doc = doc:walk({ Div = div, BulletList = loose, OrderedList = loose })
  doc.blocks:insert(1, details(doc.meta))
  if doc.meta.label then
    doc.blocks:insert(1, styled("Synthetic Label",
      { pandoc.Para({ pandoc.Str(pandoc.utils.stringify(doc.meta.label)) }) }))
  end
  -- Anything else would become a property of the file.
  doc.meta = { title = doc.meta.title, author = doc.meta.author, lang = doc.meta.lang }
  return doc
end
