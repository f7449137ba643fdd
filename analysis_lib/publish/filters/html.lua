-- Figures, tables, callouts and folded code as HTML elements; images travel inside the page.

local CALLOUTS = {
  note = "Note", tip = "Tip", important = "Important", warning = "Warning", caution = "Caution",
}
local MIME = { svg = "image/svg+xml", png = "image/png", jpg = "image/jpeg" }

local label = ""

local function escape(text)
  local entities = { ["&"] = "&amp;", ["<"] = "&lt;", [">"] = "&gt;", ['"'] = "&quot;" }
  return (text:gsub('[&<>"]', entities))
end

local function html(text) return pandoc.RawBlock("html", text) end

local function image(img, alt)
  local file = assert(io.open(img.src, "rb"), "missing image " .. img.src)
  local content = file:read("a")
  file:close()
  local uri = pandoc.mediabag.make_data_uri(MIME[img.src:match("%.(%w+)$")], content)
  if alt == "" then alt = pandoc.utils.stringify(img.caption) end
  return pandoc.RawInline("html", '<img src="' .. uri .. '" alt="' .. escape(alt) .. '">')
end

local function is_local(img) return not img.src:match("^%a+:") end

local function caption_of(div)
  local name = pandoc.Strong({ pandoc.Str(div.attributes.label .. ":") })
  local blocks, rest = pandoc.List(), pandoc.List()
  for _, block in ipairs(div.content) do
    if block.t == "Div" and block.classes:includes("cart-caption") then
      blocks:extend(block.content)
    else
      rest:insert(block)
    end
  end
  local inlines = pandoc.utils.blocks_to_inlines(blocks)
  local caption = pandoc.Plain(pandoc.Inlines({ name, pandoc.Space() }) .. inlines)
  return { html("<figcaption>"), caption, html("</figcaption>") }, rest
end

local function scrolled(class, name)  -- reached by keyboard, where it is wider than the page
  return '<div class="' .. class .. '" role="region" tabindex="0" aria-label="' .. name .. '">'
end

local function float(div)
  local kind = div.attributes.kind
  local caption, body = caption_of(div)
  local inside = {
    Image = function(img) return image(img, div.attributes.alt or "") end,
    RawBlock = function(raw)  -- the region of a table is named as its caption is
      raw.text = raw.text:gsub(' aria%-label="[^"]*"', ' aria-label="' .. div.attributes.label .. '"')
      return raw
    end,
  }
  body = pandoc.Blocks(body):walk(inside)
  local open = '<figure id="' .. div.identifier .. '" class="cart-' .. kind .. '">'
  local blocks = pandoc.List({ html(open) })
  if kind == "tbl" then blocks:extend(caption) end
  if kind == "fig" then blocks:insert(html(scrolled("figure-scroll", div.attributes.label))) end
  blocks:extend(body)
  if kind == "fig" then blocks:insert(html("</div>")) end
  if kind == "fig" then blocks:extend(caption) end
  blocks:insert(html("</figure>"))
  return blocks
end

local function callout(div, kind)
  local title = div.attributes.title
  local content = div.content
  if content[1] and content[1].t == "Header" then
    title = title or pandoc.utils.stringify(content[1])
    content:remove(1)
  end
  local blocks = pandoc.List({
    html('<aside class="callout callout-' .. kind .. '">'),
    html('<p class="callout-title">' .. escape(title or CALLOUTS[kind]) .. "</p>"),
  })
  blocks:extend(content)
  blocks:insert(html("</aside>"))
  return blocks
end

local function code(div)
  local blocks = pandoc.List({ html('<details class="code"><summary>Code</summary>') })
  blocks:extend(div.content)
  blocks:insert(html("</details>"))
  return blocks
end

-- Below a heading of two rows at the end a row ends before the last column, as its numbers do.
local function mark_inner(rows)
  local last = rows[1] and rows[1].cells[#rows[1].cells]
  if not last or last.row_span < 2 then return end
  for number = 2, last.row_span do
    local cells = rows[number].cells
    if #cells > 0 then cells[#cells].attr.classes:insert("inner") end
  end
end

-- What each heading of a table is a heading of, for those who hear the table.
local function with_scopes(table)
  mark_inner(table.head.rows)
  for _, row in ipairs(table.head.rows) do
    for _, cell in ipairs(row.cells) do
      cell.attr.attributes.scope = cell.col_span > 1 and "colgroup" or "col"
    end
  end
  for _, body in ipairs(table.bodies) do
    body.row_head_columns = 1
    for _, row in ipairs(body.head) do
      for _, cell in ipairs(row.cells) do cell.attr.attributes.scope = "rowgroup" end
    end
    for _, row in ipairs(body.body) do
      if row.cells[1] then row.cells[1].attr.attributes.scope = "row" end
    end
  end
  return table
end

local unnumbered = 0

local function scrolling(table)
  unnumbered = unnumbered + 1
  local name = "Unnumbered table " .. unnumbered
  return { html(scrolled("table-scroll", name)), with_scopes(table), html("</div>") }
end

local function chapter_head(header)
  if header.level ~= 1 or label == "" then return nil end
  return { header, html('<p class="label">' .. escape(label) .. "</p>") }
end

local function div(element)
  if element.classes:includes("cart-float") then return float(element) end
  if element.classes:includes("cart-code") then return code(element) end
  for kind in pairs(CALLOUTS) do
    if element.classes:includes("callout-" .. kind) then return callout(element, kind) end
  end
end

function Pandoc(doc)
  label = doc.meta.label and pandoc.utils.stringify(doc.meta.label) or ""
  doc = doc:walk({ Table = scrolling })
  doc = doc:walk({ Div = div })
  doc = doc:walk({ Header = chapter_head })
  return doc:walk({ Image = function(img)
    if is_local(img) then return image(img, "") end
  end })
end
