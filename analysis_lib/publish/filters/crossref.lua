-- Numbers of chapters, sections, figures and tables, and the references to them. The chapter
-- number is that of the notebook's file; whatever comes before the first chapter has none.

local KINDS = { fig = "Figure", tbl = "Table" }
local OTHER_KINDS = { sec = true, eq = true, lst = true, thm = true }

local targets = {}     -- label -> { name = "Figure", number = "5.2" }
local problems = pandoc.List()
local place = "index"  -- the notebook being read, for messages
local chapter = nil
local sections = { 0, 0, 0, 0, 0, 0 }
local counts = { fig = 0, tbl = 0 }

local function define(label, name, number)
  if targets[label] then problems:insert("@" .. label .. " is defined twice, again in " .. place) end
  targets[label] = { name = name, number = number }
end

local function start_chapter(div)
  chapter = div.attributes.number
  place = div.attributes.name
  sections = { 0, 0, 0, 0, 0, 0 }
  counts = { fig = 0, tbl = 0 }
end

local function section_number(level)
  if level == 1 then return chapter end
  sections[level] = sections[level] + 1
  for deeper = level + 1, 6 do sections[deeper] = 0 end
  local parts = pandoc.List({ chapter })
  for upper = 2, level do parts:insert(tostring(sections[upper])) end
  return table.concat(parts, ".")
end

local function number_header(header)
  if not chapter or header.classes:includes("unnumbered") then return header end
  local number = section_number(header.level)
  local span = pandoc.Span({ pandoc.Str(number) }, pandoc.Attr("", { "section-number" }))
  header.content = pandoc.Inlines({ span, pandoc.Str("\u{2002}") }) .. header.content
  if header.identifier:match("^sec%-") then
    define(header.identifier, header.level == 1 and "Chapter" or "Section", number)
  end
  return header
end

local function number_float(div)
  local kind = div.identifier:sub(1, 3)
  counts[kind] = counts[kind] + 1
  local number = (chapter and chapter .. "." or "") .. counts[kind]
  define(div.identifier, KINDS[kind], number)
  div.attributes.label = KINDS[kind] .. "\u{a0}" .. number
  div.attributes.kind = kind
  return div
end

local number_all = {
  traverse = "topdown",
  Header = number_header,
  Div = function(div)
    if div.classes:includes("cart-chapter") then
      start_chapter(div)
      return nil
    end
    if div.classes:includes("cart-float") then return number_float(div), false end
    -- The heading of a callout is its title, not a section.
    if div.classes:find_if(function(class) return class:match("^callout%-") end) then
      return div, false
    end
  end,
}

local function is_reference(id)
  local prefix = id:match("^(%a+)%-")
  if not prefix then return false end
  prefix = prefix:lower()
  return KINDS[prefix] ~= nil or OTHER_KINDS[prefix] ~= nil
end

local function link(citation)
  local id = citation.id
  local label = id:sub(1, 1):lower() .. id:sub(2)
  local target = targets[label]
  if not target then
    problems:insert("@" .. id .. " in " .. place .. " refers to nothing")
    return pandoc.Str("@" .. id)
  end
  local text = target.number
  if citation.mode ~= "SuppressAuthor" and #citation.prefix == 0 then
    text = target.name .. "\u{a0}" .. text
  end
  local inlines = pandoc.Inlines({})
  if #citation.prefix > 0 then inlines = citation.prefix .. { pandoc.Str("\u{a0}") } end
  inlines:insert(pandoc.Link({ pandoc.Str(text) }, "#" .. label, "", { class = "crossref" }))
  return inlines .. citation.suffix
end

-- `@tbl-cox [@cox1972]` reaches us as one citation of two works: take it apart.
local function split_cite(cite)
  local links, works = pandoc.List(), pandoc.List()
  for _, citation in ipairs(cite.citations) do
    if is_reference(citation.id) then links:insert(link(citation)) else works:insert(citation) end
  end
  if #links == 0 then return nil end
  local result = pandoc.Inlines({})
  for position, inlines in ipairs(links) do
    if position > 1 then result:extend({ pandoc.Str(","), pandoc.Space() }) end
    result:extend(pandoc.Inlines(inlines))
  end
  if #works > 0 then
    for _, work in ipairs(works) do work.mode = "NormalCitation" end
    result:extend({ pandoc.Space(), pandoc.Cite({}, works) })
  end
  return result
end

local resolve = {
  traverse = "topdown",
  Div = function(div)
    if div.classes:includes("cart-chapter") then
      place = div.attributes.name
      return {}
    end
  end,
  Cite = split_cite,
}

local function check_works(doc)
  local known = {}
  for _, work in ipairs(pandoc.utils.references(doc)) do known[work.id] = true end
  place = "index"
  doc:walk({
    traverse = "topdown",
    Div = function(div)
      if div.classes:includes("cart-chapter") then place = div.attributes.name end
    end,
    Cite = function(cite)
      for _, citation in ipairs(cite.citations) do
        if not known[citation.id] and not is_reference(citation.id) then
          problems:insert("@" .. citation.id .. " in " .. place .. " is not in the bibliography")
        end
      end
    end,
  })
end

function Pandoc(doc)
  check_works(doc)
  doc = doc:walk(number_all)
  place = "index"
  doc = doc:walk(resolve)
  if #problems > 0 then error("UNRESOLVED\n" .. table.concat(problems, "\n") .. "\nEND") end
  return doc
end
