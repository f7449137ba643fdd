-- Native tables as Typst tables: rules above and below the header and at the end, a header and
-- row groups that repeat after a page break, a size at which the columns do not collide.

local WIDTH = 459                       -- points: the text and the margin left of it
local GUTTER = 9
local CHARACTER = 0.49                  -- mean width of one, in em
local WRAP_CHARACTERS = 24              -- a longer text may wrap
local COMFORTABLE = 8.5                 -- rather wrap than go below this size
local SIZES = { 9, 8.5, 8, 7.5, 7, 6.5, 6 }

local function write(blocks)
  return (pandoc.write(pandoc.Pandoc(blocks), "typst"):gsub("%s+$", ""))
end

local function characters(text) return utf8.len(text) or #text end

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do longest = math.max(longest, characters(word)) end
  return longest
end

local function each_cell(rows, occupied, visit)
  for _, row in ipairs(rows) do
    local column = 1
    for _, cell in ipairs(row.cells) do
      while (occupied[column] or 0) > 0 do
        occupied[column] = occupied[column] - 1
        column = column + 1
      end
      visit(cell, column)
      for covered = column, column + cell.col_span - 1 do
        occupied[covered] = cell.row_span - 1
      end
      column = column + cell.col_span
    end
  end
end

-- The characters of each column when nothing wraps, and when headers wrap between words and
-- long texts after WRAP_CHARACTERS; numbers never wrap.
local function column_needs(tbl)
  local natural, least = {}, {}
  local function need(column, count, shortest)
    natural[column] = math.max(natural[column] or 2, count)
    least[column] = math.max(least[column] or 2, shortest)
  end
  each_cell(tbl.head.rows, {}, function(cell, column)
    local text = pandoc.utils.stringify(cell.contents)
    if cell.col_span == 1 then need(column, characters(text), longest_word(text)) end
  end)
  for _, body in ipairs(tbl.bodies) do
    each_cell(body.body, {}, function(cell, column)
      if cell.col_span > 1 then return end
      local text = pandoc.utils.stringify(cell.contents)
      local count = characters(text)
      need(column, count, math.max(longest_word(text), math.min(count, WRAP_CHARACTERS)))
    end)
  end
  return natural, least
end

local function sum(counts, columns)
  local total = 0
  for column = 1, columns do total = total + (counts[column] or 2) end
  return total
end

-- The largest size at which the table fits; columns by content if it fits as it is, else in
-- proportion to what each needs.
local function layout(tbl)
  local columns = #tbl.colspecs
  local natural, least = column_needs(tbl)
  local room = WIDTH - GUTTER * (columns - 1)
  local function fits(counts, size) return sum(counts, columns) * CHARACTER * size <= room end
  for _, size in ipairs(SIZES) do
    if size >= COMFORTABLE and fits(natural, size) then return size, "auto" end
    if fits(least, size) then
      local widths = pandoc.List()
      for column = 1, columns do widths:insert((least[column] or 2) .. "fr") end
      return size, table.concat(widths, ", ")
    end
  end
  return SIZES[#SIZES], "auto"
end

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center" }

local function indent_of(cell)
  local indent = 0
  for _, class in ipairs(cell.attr.classes) do
    if class == "in-group" then indent = indent + 1 end
    indent = indent + tonumber(class:match("^indent%-(%d)$") or 0)
  end
  return indent
end

local function cell_code(cell, vertical)
  local arguments = pandoc.List()
  if cell.col_span > 1 then arguments:insert("colspan: " .. cell.col_span) end
  if cell.row_span > 1 then arguments:insert("rowspan: " .. cell.row_span) end
  if ALIGN[cell.alignment] then
    arguments:insert("align: " .. ALIGN[cell.alignment] .. " + " .. vertical)
  end
  local indent = indent_of(cell)
  if indent > 0 then arguments:insert("inset: (left: " .. indent * 0.9 .. "em)") end
  local content = "[" .. write(cell.contents) .. "]"
  if #arguments == 0 then return content end
  return "table.cell(" .. table.concat(arguments, ", ") .. ")" .. content
end

local function header_code(tbl)
  local lines = pandoc.List()
  local occupied = {}
  for _, row in ipairs(tbl.head.rows) do
    local cells, rules = pandoc.List(), pandoc.List()
    each_cell({ row }, occupied, function(cell, column)
      cells:insert(cell_code(cell, "bottom"))
      if cell.attr.classes:includes("spanner") then
        local last = column + cell.col_span - 1
        rules:insert("table.hline(start: " .. column - 1 .. ", end: " .. last .. ", stroke: thin)")
      end
    end)
    lines:insert(table.concat(cells, ", ") .. ",")
    if #rules > 0 then lines:insert(table.concat(rules, ", ") .. ",") end
  end
  if #lines == 0 then return "table.hline(stroke: thick)," end
  return "table.header(table.hline(stroke: thick),\n" .. table.concat(lines, "\n")
    .. "\ntable.hline(stroke: medium)),"
end

local function body_code(body, columns)
  local lines = pandoc.List()
  for _, row in ipairs(body.head) do
    local text = write(row.cells[1].contents)
    lines:insert("table.header(level: 2, table.cell(colspan: " .. columns
      .. ", inset: (top: 6pt))[#strong[" .. text .. "]]),")
  end
  for _, row in ipairs(body.body) do
    local cells = row.cells:map(function(cell) return cell_code(cell, "top") end)
    lines:insert(table.concat(cells, ", ") .. ",")
  end
  return table.concat(lines, "\n")
end

local function table_code(tbl)
    local aligns = tbl.colspecs:map(function(spec) return ALIGN[spec[1]] or "left" end)
  local size, widths = layout(tbl)
  if widths == "auto" then widths = string.rep("auto", #aligns, ", ") end
  local lines = pandoc.List({
    "#cart-table(" .. size .. "pt, (" .. widths .. ",), ("
      .. table.concat(aligns, ", ") .. ",),",
    header_code(tbl),
  })
  for _, body in ipairs(tbl.bodies) do lines:insert(body_code(body, #tbl.colspecs)) end
  lines:insert("table.hline(stroke: thick))")
  return table.concat(lines, "\n")
end

-- What citeproc wrote, not Typst's own citation.
function Cite(cite) return cite.content end

function Table(tbl) return pandoc.RawBlock("typst", table_code(tbl)) end
