-- Figures, callouts and references in Typst; code stays out of the PDF. Tables: typst_table.lua.

local CALLOUTS = {
  note = "Note", tip = "Tip", important = "Important", warning = "Warning", caution = "Caution",
}

local function typst(text) return pandoc.RawBlock("typst", text) end

local function write(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), "typst"):gsub("%s+$", ""))
end

local function quote(text) return '"' .. text:gsub("\\", "\\\\"):gsub('"', '\\"') .. '"' end

local function image(img, alt)
  if alt == "" then alt = pandoc.utils.stringify(img.caption) end
  local call = "#cart-image(" .. quote(img.src) .. ", " .. quote(alt) .. ")"
  return pandoc.RawInline("typst", call)
end

local function parts_of(div)
  local caption, body = pandoc.List(), pandoc.List()
  for _, block in ipairs(div.content) do
    if block.t == "Div" and block.classes:includes("cart-caption") then
      caption:extend(block.content)
    else
      body:insert(block)
    end
  end
  return pandoc.Plain(pandoc.utils.blocks_to_inlines(caption)), body
end

local chapter -- the identifier of the chapter that the walk is in

local function heading(header)
  if header.level == 1 then chapter = header.identifier end
end

local function float(div)
  local caption, body = parts_of(div)
  local kind = div.attributes.kind == "fig" and "image" or "table"
  body = body:map(function(block)
    return block:walk({ Image = function(img) return image(img, div.attributes.alt or "") end })
  end)
  local blocks = pandoc.List({
    typst("#cart-float(" .. kind .. ", <" .. chapter .. ">, [" .. div.attributes.label .. ":], ["
      .. write({ caption }) .. "], <" .. div.identifier .. ">)["),
  })
  blocks:extend(body)
  blocks:insert(typst("]"))
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
    typst("#callout(" .. quote(kind) .. ", " .. quote(title or CALLOUTS[kind]) .. ")["),
  })
  blocks:extend(content)
  blocks:insert(typst("]"))
  return blocks
end

local function div(element)
  if element.classes:includes("cart-code") then return {} end
  if element.classes:includes("cart-float") then return float(element), false end
  for kind in pairs(CALLOUTS) do
    if element.classes:includes("callout-" .. kind) then return callout(element, kind) end
  end
end

-- A screen reader says an equation by its source in TeX.
local function equation(math)
  local block = tostring(math.mathtype == "DisplayMath")
  local body = write({ pandoc.Plain({ pandoc.Math("InlineMath", math.text) }) })
  local call = "#math.equation(block: " .. block .. ", alt: " .. quote(math.text) .. ", " .. body .. ")"
  return pandoc.RawInline("typst", call)
end

function Pandoc(doc)
  doc = doc:walk({ Math = equation })
  doc = doc:walk({ traverse = "topdown", Header = heading, Div = div })
  return doc:walk({ Image = function(img)
    if not img.src:match("^%a+:") then return image(img, "") end
  end })
end
