-- Quarto runs this after a render, so that no page needs the network: for any output of HTML, as
-- every table is, Quarto loads jQuery and RequireJS from elsewhere and makes the one known to the
-- other. No page of the report has a widget that would use them. A reference from the first page,
-- which has no number, is written as from the others: Chapter 1, not its number and title.
local REMOTE = '<script[^>]-%ssrc="https?://[^"]*"[^>]*>%s*</script>%s*'
local CHAPTER = '(class="quarto%-xref"><span>)(%d+)&nbsp;[^<]*(</span>)'
local DEFINE = "<script[^>]*>%s*define%('jquery'[^<]*</script>%s*"

for page in (os.getenv("QUARTO_PROJECT_OUTPUT_FILES") or ""):gmatch("[^\n]+%.html") do
  local file = assert(io.open(page, "rb"))
  local text = file:read("a")
  file:close()
  file = assert(io.open(page, "wb"))
  file:write((text:gsub(REMOTE, ""):gsub(DEFINE, ""):gsub(CHAPTER, "%1Chapter %2%3")))
  file:close()
end
