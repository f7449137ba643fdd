-- No line ends inside an interval or a P value: the spaces of "0.83 to 2.08" and "P = .03" do not
-- break, and "43–64" is one box. Tables have their own rule. Quarto runs this too.

local DASH, NO_BREAK = "\u{2013}", "\u{a0}"
local ENDS, BEGINS = "%d%%?$", "^[-+]?%.?%d"

local function text(inline)
  return inline and pandoc.utils.stringify(inline):gsub("\u{2212}", "-") or ""
end

local function is_space(inline) return inline and (inline.t == "Space" or inline.t == "SoftBreak") end

-- Whether a space, a word or sign that joins, and a space stand here between what it joins.
local function joins(inlines, at)
  local before, sign = text(inlines[at - 1]), text(inlines[at + 1])
  local after = text(inlines[at + 3]) .. text(inlines[at + 4]) -- a sign stands before its number
  local joined = sign == "to" and before:match(ENDS) or sign:match("^[=<>]$") and before:match("P$")
  return joined and is_space(inlines[at]) and is_space(inlines[at + 2]) and after:match(BEGINS)
end

local function boxed(word)
  if FORMAT == "typst" then
    return pandoc.Inlines({ pandoc.RawInline("typst", "#box[") }) .. word
      .. { pandoc.RawInline("typst", "]") }
  end
  return pandoc.Inlines({ pandoc.Span(word, { style = "white-space: nowrap" }) })
end

-- A run without spaces that holds an interval by a dash.
local function whole(word)
  if not text(word):match("%d%%?" .. DASH .. "[-+]?%.?%d") then return word end
  return boxed(word)
end

-- Text in bold or of a link has words of its own.
local function holds_words(inline) return inline.content and text(inline):find("%s") end

local function unbroken(inlines)
  local written, word = pandoc.Inlines({}), pandoc.Inlines({})
  for at, inline in ipairs(inlines) do
    if joins(inlines, at) or joins(inlines, at - 2) then inline = pandoc.Str(NO_BREAK) end
    if holds_words(inline) then inline.content = unbroken(inline.content) end
    if is_space(inline) or inline.t == "LineBreak" or holds_words(inline) then
      written = written .. whole(word) .. { inline }
      word = pandoc.Inlines({})
    else
      word:insert(inline)
    end
  end
  return written .. whole(word)
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
