-- No line ends inside an interval or a P value: the spaces of "0.83 to 2.08" and "P = .03" do not
-- break, and "43–64" is one box. Tables have their own rule. Quarto runs this too.

local DASH, NO_BREAK = "\u{2013}", "\u{a0}"
local ENDS, BEGINS = "%d%%?$", "^[-+]?%.?%d"

-- What an inline is, asked of pandoc once.
local function read(inlines)
  local found = {}
  for at, inline in ipairs(inlines) do
    local kind = inline.t
    local said = kind == "Str" and inline.text or pandoc.utils.stringify(inline)
    local is_space = kind == "Space" or kind == "SoftBreak"
    -- Text in bold or of a link has words of its own.
    local holds_words = kind ~= "Str" and not is_space and inline.content and said:find("%s")
    found[at] = {
      text = said:gsub("\u{2212}", "-"),
      is_space = is_space,
      holds_words = holds_words,
      ends_word = is_space or kind == "LineBreak" or holds_words,
    }
  end
  return found
end

-- Whether a space, a word or sign that joins, and a space stand here between what it joins.
local function joins(found, at)
  local space, other = found[at], found[at + 2]
  if not (space and other and space.is_space and other.is_space) then return false end
  local function said(place) return found[place] and found[place].text or "" end
  local before, sign = said(at - 2) .. said(at - 1), said(at + 1) -- and a unit behind it
  local after = said(at + 3) .. said(at + 4) -- a sign stands before its number
  local joined = sign == "to" and before:match(ENDS) or sign:match("^[=<>]$") and before:match("P$")
  return joined and after:match(BEGINS)
end

local function boxed(word)
  if FORMAT == "typst" then
    return pandoc.Inlines({ pandoc.RawInline("typst", "#box[") }) .. word
      .. { pandoc.RawInline("typst", "]") }
  end
  return pandoc.Inlines({ pandoc.Span(word, { style = "white-space: nowrap" }) })
end

local function unbroken(inlines)
  local found, written, word, said = read(inlines), pandoc.Inlines({}), pandoc.Inlines({}), ""

  -- A run without spaces that holds an interval by a dash is one box.
  local function write_word()
    local is_interval = said:match("%d%%?" .. DASH .. "[-+]?%.?%d")
    written:extend(is_interval and boxed(word) or word)
    word, said = pandoc.Inlines({}), ""
  end

  for at, inline in ipairs(inlines) do
    local one = found[at]
    if joins(found, at) or joins(found, at - 2) then
      word:insert(pandoc.Str(NO_BREAK))
      said = said .. NO_BREAK
    elseif one.ends_word then
      if one.holds_words then inline.content = unbroken(inline.content) end
      write_word()
      written:insert(inline)
    else
      word:insert(inline)
      said = said .. one.text
    end
  end
  write_word()
  return written
end

local function paragraph(block)
  block.content = unbroken(block.content)
  return block
end

function Pandoc(doc)
  return doc:walk({
    traverse = "topdown",
    Table = function(table) return table, false end,
    Para = paragraph,
    Plain = paragraph,
  })
end
