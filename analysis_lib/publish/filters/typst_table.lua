-- Native tables as Typst tables: rules above and below the header and at the end, a header and
-- row groups that repeat after a page break, a size at which the columns do not collide, and the
-- notes at its end. Quarto runs this too: where it does, the references in cells are still open.

local WIDTH = 459         -- points: the text and the margin left of it
local GUTTER = 9
local INDENT = 0.9        -- em for each level
local WRAP = 11           -- em from which the text of a cell may wrap
local NARROW_WRAP = 7.5   -- the same in columns of long texts, where the page is full
local SLACK = 1.04        -- kerning and accents are not in the widths below
local SMALL_TABLE = 30    -- rows up to which a table stays on one page
local SHORT, LONG = 20, 800 -- letters of a cell that may take more than a line, and a page
local KEPT = 4            -- rows at the end of a longer one that stay together
local SIZES = { 9, 8.5, 8, 7.5, 7, 6.5, 6 }
local UNWRAPPED = 8       -- below this size, wrap long texts rather than set them smaller

-- Widths of the table's font in em.
local NARROW, WIDE = "[%sijlt.,;:'|!()%[%]/%-]", "[mwMW%%@]"

-- The contents of all cells and notes in Typst, one a call, in the order in which they are set.
-- Pandoc is asked once for a whole table: a call for each cell would take most of the time of a PDF.
local MARK = "// end of cell"

local function cells_in_order(tbl, notes)
  local cells = pandoc.List()
  for _, row in ipairs(tbl.head.rows) do cells:extend(row.cells) end
  for _, body in ipairs(tbl.bodies) do
    for _, row in ipairs(body.head) do cells:insert(row.cells[1]) end
    for _, row in ipairs(body.body) do cells:extend(row.cells) end
  end
  local contents = cells:map(function(cell) return cell.contents end)
  if notes then contents:extend(notes.content:map(function(note) return note.content end)) end
  return contents
end

-- A reference that is still open: Typst numbers it, and says what it is to.
local function reference(cite)
  local id = #cite.citations == 1 and cite.citations[1].id or ""
  if not (id:match("^fig%-") or id:match("^tbl%-") or id:match("^sec%-")) then return nil end
  return pandoc.RawInline("typst", "#ref(<" .. id .. ">);")
end

local function written_cells(tbl, notes)
  local blocks = pandoc.Blocks({})
  for _, contents in ipairs(cells_in_order(tbl, notes)) do
    blocks:extend(contents)
    blocks:insert(pandoc.RawBlock("typst", MARK))
  end
  blocks = blocks:walk({ Cite = reference })
  local text = pandoc.write(pandoc.Pandoc(blocks), "typst")
  local next_code = text:gmatch("(.-)" .. MARK)
  return function() return (next_code():gsub("^%s+", ""):gsub("%s+$", "")) end
end

local function width(text)
  local total = 0
  for _, code in utf8.codes(text) do
    local character = utf8.char(code)
    if character:match(NARROW) then total = total + 0.3
    elseif character:match(WIDE) then total = total + 0.82
    elseif character:match("%u") then total = total + 0.66
    else total = total + 0.47 end
  end
  return total * SLACK
end

local function longest_word(text)
  local longest = 0
  for word in text:gmatch("%S+") do longest = math.max(longest, width(word)) end
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

local function indent_of(cell)
  local indent = 0
  for _, class in ipairs(cell.attr.classes) do
    if class == "in-group" then indent = indent + 1 end
    indent = indent + tonumber(class:match("^indent%-(%d)$") or 0)
  end
  return indent * INDENT
end

local function is_prose(cell) return cell.attr.classes:includes("prose") end

-- What each column needs, in em: with everything on one line; with headers broken between
-- words; with long texts broken as well; with columns of long texts as narrow as can be.
-- Numbers never break.
local function column_needs(tbl)
  local needs, prose = { {}, {}, {}, {} }, {}
  for _, body in ipairs(tbl.bodies) do
    each_cell(body.body, {}, function(cell, column)
      prose[column] = prose[column] or is_prose(cell)
    end)
  end
  for column = 1, #tbl.colspecs do
    for _, need in ipairs(needs) do need[column] = 1 end
  end
  local function widen(column, ...)
    for step, em in ipairs({ ... }) do
      needs[step][column] = math.max(needs[step][column], em)
    end
  end
  each_cell(tbl.head.rows, {}, function(cell, column)
    if cell.col_span > 1 then return end
    local text = pandoc.utils.stringify(cell.contents)
    local word = longest_word(text)
    widen(column, width(text), word, word, word)
  end)
  for _, body in ipairs(tbl.bodies) do
    each_cell(body.body, {}, function(cell, column)
      if cell.col_span > 1 then return end
      local text = pandoc.utils.stringify(cell.contents)
      local indent = indent_of(cell)
      local line = width(text) + indent
      local word = longest_word(text) + indent
      local wrap = prose[column] and NARROW_WRAP or WRAP
      widen(column, line, line, math.max(word, math.min(line, WRAP)),
        math.max(word, math.min(line, wrap)))
    end)
  end
  return table.unpack(needs)
end

local function sum(needs)
  local total = 0
  for _, em in ipairs(needs) do total = total + em end
  return total
end

-- The narrow widths, and what is left of the page to the columns that have to wrap.
local function filled(natural, narrow, room)
  local left, missing = room - sum(narrow), 0
  for column, em in ipairs(narrow) do missing = missing + natural[column] - em end
  local widths = {}
  for column, em in ipairs(narrow) do
    widths[column] = em + (natural[column] - em) * math.min(1, left / missing)
  end
  return widths
end

-- The largest size at which the table fits. Columns take the width of their content if all of
-- it fits on one line, else a share of the page in proportion to what each needs.
local function layout(tbl)
  local columns = #tbl.colspecs
  local natural, unwrapped, wrapped, narrow = column_needs(tbl)
  local room = WIDTH - GUTTER * (columns - 1)
  local function shares(needs)
    local list = pandoc.List()
    for _, em in ipairs(needs) do list:insert(string.format("%.2ffr", em)) end
    return table.concat(list, ", ")
  end
  for _, size in ipairs(SIZES) do
    if size < UNWRAPPED then break end
    if sum(natural) * size <= room then return size, string.rep("auto", columns, ", ") end
    if sum(unwrapped) * size <= room then return size, shares(unwrapped) end
  end
  for _, size in ipairs(SIZES) do
    local fits = size <= UNWRAPPED + 0.5 and sum(wrapped) * size <= room
    if fits or size == UNWRAPPED and sum(narrow) * size <= room then
      return size, shares(filled(natural, narrow, room / size))
    end
  end
  return SIZES[#SIZES], shares(wrapped)
end

local ALIGN = { AlignLeft = "left", AlignRight = "right", AlignCenter = "center" }

local function cell_code(cell, vertical, next_code)
  local arguments = pandoc.List()
  if cell.col_span > 1 then arguments:insert("colspan: " .. cell.col_span) end
  if cell.row_span > 1 then arguments:insert("rowspan: " .. cell.row_span) end
  if ALIGN[cell.alignment] then
    arguments:insert("align: " .. ALIGN[cell.alignment] .. " + " .. vertical)
  end
  -- A row is not parted by the end of a page, unless it may be longer than one.
  local long = #pandoc.utils.stringify(cell.contents)
  if long > SHORT and long < LONG then arguments:insert("breakable: false") end
  local indent = indent_of(cell)
  if indent > 0 then arguments:insert("inset: (left: " .. indent .. "em)") end
  local content = "[" .. next_code() .. "]"
  if #arguments == 0 then return content end
  return "table.cell(" .. table.concat(arguments, ", ") .. ")" .. content
end

local function header_code(tbl, next_code)
  local lines = pandoc.List()
  local occupied = {}
  for _, row in ipairs(tbl.head.rows) do
    local cells, rules = pandoc.List(), pandoc.List()
    each_cell({ row }, occupied, function(cell, column)
      cells:insert(cell_code(cell, "bottom", next_code))
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

local function notes_code(notes, columns, next_code)
  local lines = notes.content:map(function() return "[" .. next_code() .. "]" end)
  return "table.cell(colspan: " .. columns .. ", align: left)[#cart-notes("
    .. table.concat(lines, ", ") .. ")],"
end

local function group_code(body, columns, next_code)
  return body.head:map(function()
    return "table.cell(colspan: " .. columns .. ", inset: (top: 6pt))[#strong[" .. next_code() .. "]],"
  end)
end

-- The head of a group comes again after a page break.
local function repeated(cell) return "table.header(level: 2, " .. cell:sub(1, -2) .. ")," end

-- Where the last group stands with the notes, the head of the one before it does not come again.
local function no_head(columns)
  return "table.header(level: 2, repeat: false, table.cell(colspan: " .. columns .. ", inset: 0pt)[]),"
end

local function rows_code(body, next_code)
  return body.body:map(function(row)
    local cells = row.cells:map(function(cell) return cell_code(cell, "top", next_code) end)
    return table.concat(cells, ", ") .. ","
  end)
end

local function settings_code(tbl)
  local size, widths = layout(tbl)
  local aligns = tbl.colspecs:map(function(spec) return ALIGN[spec[1]] or "left" end)
  local rows = 0
  for _, body in ipairs(tbl.bodies) do rows = rows + #body.head + #body.body end
  return table.concat({
    size .. "pt", tostring(rows > SMALL_TABLE),
    "(" .. widths .. ",)", "(" .. table.concat(aligns, ", ") .. ",)",
  }, ", ")
end

-- The last rows and the notes stay together: no page begins with one row, or with notes alone.
local function table_code(tbl, notes)
  local columns, next_code = #tbl.colspecs, written_cells(tbl, notes)
  local lines = pandoc.List({
    "#cart-table(" .. settings_code(tbl) .. ",", header_code(tbl, next_code),
  })
  local rows, last = pandoc.List(), pandoc.List()
  for number, body in ipairs(tbl.bodies) do
    lines:extend(rows)
    local heads = group_code(body, columns, next_code)
    rows = rows_code(body, next_code)
    if number == #tbl.bodies and #rows <= KEPT then -- a short last group stays with its head
      lines:insert(no_head(columns))
      last:extend(heads)
      last:extend(rows)
      rows = pandoc.List()
    else
      lines:extend(heads:map(repeated))
    end
  end
  while #rows > 0 and #last < KEPT do last:insert(1, rows:remove()) end
  lines:extend(rows)
  lines:insert("table.footer(repeat: false,")
  lines:extend(last)
  lines:insert("table.hline(stroke: thick),")
  if notes then lines:insert(notes_code(notes, columns, next_code)) end
  lines:insert("))")
  return table.concat(lines, "\n")
end

local function is_notes(block)
  return block ~= nil and block.t == "Div" and block.classes:includes("cart-notes")
end

-- Quarto writes a table that cites works itself: they are not read yet.
local function cites_works(tbl)
  local found = false
  tbl:walk({ Cite = function(cite) found = found or not reference(cite) end })
  return found
end

function Blocks(blocks)
  local written = pandoc.Blocks({})
  for number, block in ipairs(blocks) do
    if block.t == "Table" and not cites_works(block) then
      local notes = is_notes(blocks[number + 1]) and blocks[number + 1] or nil
      written:insert(pandoc.RawBlock("typst", table_code(block, notes)))
    elseif not is_notes(block) then
      written:insert(block)
    end
  end
  return written
end

-- What citeproc wrote, not Typst's own citation.
function Cite(cite)
  if not quarto then return cite.content end
end
