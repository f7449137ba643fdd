-- Quarto runs this after a render, so that no page needs the network: for any output of HTML, as
-- every table is, Quarto loads jQuery and RequireJS from elsewhere and makes the one known to the
-- other. No page of the report has a widget that would use them. A reference from the first page,
-- which has no number, is written as from the others: Chapter 1, not its number and title.
--
-- Its menus are told apart by a name, for those who hear the page, and what scrolls where it is wider
-- than the page is reached by keyboard. A look that wants a font from elsewhere goes without it.
--
-- Nor does a page need a server. What moves the contents along with the text is a module, and a
-- page that was opened from a disk may load none: with the one that it imports it becomes a script.
local REMOTE = '<script[^>]-%ssrc="https?://[^"]*"[^>]*>%s*</script>%s*'
local REMOTE_STYLE = '<link[^>]-href="https?://[^"]*"[^>]-rel="stylesheet"[^>]*>%s*'
local FONTS = { '@import%s*"https?://[^"]*"[^;]*;', '@import%s*url%([^)]*https?://[^)]*%)[^;]*;' }
local STYLES = '<link[^>]-href="([^":]*%.css)"'
local FLOAT = '<div aria%-describedby="([ft][ib][gl]%-[^"]*)">'
local REACHED = '<div aria-labelledby="%1" role="region" tabindex="0">'
local CHAPTER = '(class="quarto%-xref"><span>)(%d+)&nbsp;[^<]*(</span>)'
local DEFINE = "<script[^>]*>%s*define%('jquery'[^<]*</script>%s*"
local LIBRARY = "/site_libs/quarto-html/"
local IMPORT = '^import %* as tabsets from "%./tabsets/tabsets%.js";'
local IMPORTED = '<script src="[^"]*/quarto%-html/tabsets/tabsets%.js" type="module"></script>%s*'
local MODULE = '(<script src="[^"]*/quarto%-html/quarto%.js") type="module"'

local MENUS = {
  Chapters = 'id="quarto%-sidebar"',
  Page = 'class="quarto%-secondary%-nav"',
  ["Next and previous chapter"] = 'class="page%-navigation"',
}

local function read(path)
  local file = io.open(path, "rb")
  if not file then return "" end
  local text = file:read("a")
  file:close()
  return text
end

local function write(path, text)
  local file = assert(io.open(path, "wb"))
  file:write(text)
  file:close()
end

local library = (os.getenv("QUARTO_PROJECT_OUTPUT_DIR") or ".") .. LIBRARY
local tabsets, exports = read(library .. "tabsets/tabsets.js"):gsub("export function init", "function init")
local rest, imports = read(library .. "quarto.js"):gsub(IMPORT, "")
if exports == 1 and imports == 1 then
  local part = "const tabsets = (() => {\n" .. tabsets .. "\nreturn { init };\n})();"
  write(library .. "quarto.js", '(() => {\n"use strict";\n' .. part .. rest .. "\n})();\n")
end
local is_script = not read(library .. "quarto.js"):find("^import")

local seen = {}

-- The stylesheets of a page, without the fonts that they would ask for.
local function keep_styles(page, text)
  for name in text:gmatch(STYLES) do
    local path = pandoc.path.join({ pandoc.path.directory(page), name })
    local style = not seen[path] and read(path) or ""
    seen[path] = true
    local kept, removed = style, 0
    for _, font in ipairs(FONTS) do
      local count
      kept, count = kept:gsub(font, "")
      removed = removed + count
    end
    if removed > 0 then
      write(path, kept)
      io.stderr:write("A font from the web is left out of " .. name .. ": no page needs the network.\n")
    end
  end
end

for page in (os.getenv("QUARTO_PROJECT_OUTPUT_FILES") or ""):gmatch("[^\n]+%.html") do
  local text = read(page):gsub(REMOTE, ""):gsub(DEFINE, ""):gsub(REMOTE_STYLE, "")
  text = text:gsub(FLOAT, REACHED):gsub(CHAPTER, "%1Chapter %2%3")
  if is_script then text = text:gsub(IMPORTED, ""):gsub(MODULE, "%1 defer") end
  for name, menu in pairs(MENUS) do
    text = text:gsub("<nav (" .. menu .. ")", '<nav aria-label="' .. name .. '" %1')
  end
  keep_styles(page, text)
  write(page, text)
end
