-- HTML tables, as Great Tables writes them, become native tables: header rows with their spans,
-- one body per row group, alignment per cell, and the notes as text below the table.

-- Pandoc reads again, at every look at a part of an element, the parts that were looked at before:
-- of a table, a row or a cell the largest is taken last.

local EM_SPACE = "\u{2003}"
local PROSE = 32 -- characters from which the text of a cell may wrap

local function has_class(attr, name)
  return attr ~= nil and attr.classes:includes(name)
end

local ALIGNMENTS = {
  gt_left = "AlignLeft", gt_right = "AlignRight", gt_center = "AlignCenter",
}

local function alignment_by(classes)
  for _, class in ipairs(classes) do
    if ALIGNMENTS[class] then return ALIGNMENTS[class] end
  end
end

-- Great Tables puts the mark of a note before a right-aligned number: move it behind.
local function marks_behind(inlines)
  local first = inlines[1]
  if first and first.t == "Span" and first.classes:includes("gt_footnote_marks") then
    inlines:remove(1)
    if inlines[1] and inlines[1].t == "Space" then inlines:remove(1) end
    inlines:insert(first)
  end
  return inlines
end

local function plain_span(span)
  if span.classes:includes("gt_footnote_marks") then
    return pandoc.Superscript(span.content)
  end
  if span.attributes.r then return nil end -- a number that names its row
  local style = span.attributes.style or ""
  if style:match("font%-weight:%s*bold") then return pandoc.Strong(span.content) end
  return span.content
end

-- All cells of a table at once: to walk through each would take most of the time of reading. In
-- the notes the mark stays before the text.
local function cleaned(tbl)
  local foot = tbl.foot
  local moved = pandoc.Blocks({ tbl }):walk({ Inlines = marks_behind })
  moved[1].foot = foot
  return moved:walk({ Span = plain_span, Div = function(div) return div.content end })[1]
end

local function styled(blocks, style)
  local wrap
  if style:match("font%-weight:%s*bold") then wrap = pandoc.Strong end
  if style:match("font%-style:%s*italic") then wrap = pandoc.Emph end
  if not wrap then return blocks end
  return blocks:map(function(block)
    if block.t == "Plain" or block.t == "Para" then
      return pandoc.Plain({ wrap(block.content) })
    end
    return block
  end)
end

-- An indent is a class of Great Tables or a run of em spaces, which would not hang when the
-- label wraps: count and remove them.
local function take_indent(classes, contents)
  local level = 0
  for _, class in ipairs(classes) do
    level = math.max(level, tonumber(class:match("^gt_indent_(%d)$") or 0))
  end
  local inlines = contents[1] and contents[1].content
  local first = inlines and inlines[1]
  if first and first.t == "Str" then
    local count = 0
    while first.text:sub(3 * count + 1, 3 * count + 3) == EM_SPACE do count = count + 1 end
    inlines[1] = pandoc.Str(first.text:sub(3 * count + 1))
    level = level + count
  end
  return level, contents
end

-- `classes_of` makes the classes of a cell of those that it has and of its text.
local function clean_cell(cell, classes_of)
  local rows, columns, alignment, attr = cell.row_span, cell.col_span, cell.alignment, cell.attr
  local given, style = attr.classes, attr.attributes.style
  local level, contents = take_indent(given, cell.contents)
  if style then contents = styled(contents, style) end
  local text = pandoc.utils.stringify(contents)
  local kept = pandoc.List(classes_of(given, text))
  if level > 0 then kept:insert("indent-" .. math.min(level, 3)) end
  if utf8.len(text) > PROSE then kept:insert("prose") end
  return pandoc.Cell(
    contents, alignment_by(given) or alignment, rows, columns, pandoc.Attr("", kept)
  )
end

local function header_classes(given, text)
  local spans = given:includes("gt_column_spanner_outer") and #text > 0
  return { spans and "spanner" or "column" }
end

local function header_row(row)
  local cells = row.cells:map(function(cell) return clean_cell(cell, header_classes) end)
  return pandoc.Row(cells, pandoc.Attr("", { "columns" }))
end

local function body_row(row, grouped)
  local function classes(given)
    if not given:includes("gt_stub") then return {} end
    return grouped and { "stub", "in-group" } or { "stub" }
  end
  return pandoc.Row(row.cells:map(function(cell) return clean_cell(cell, classes) end))
end

local function is_group_row(row)
  if has_class(row.attr, "gt_group_heading_row") then return true end
  local first = row.cells[1]
  return first and has_class(first.attr, "gt_group_heading")
end

local function group_row(row)
  local function classes() return { "group" } end
  local cells = row.cells:map(function(cell) return clean_cell(cell, classes) end)
  return pandoc.Row(cells, pandoc.Attr("", { "group" }))
end

local function new_body(head)
  return { attr = pandoc.Attr(), body = pandoc.List(), head = head, row_head_columns = 0 }
end

-- Pandoc keeps the leading header cells of a body in its head: take both lists as one.
local function split_bodies(bodies)
  local result, current = pandoc.List(), nil
  for _, body in ipairs(bodies) do
    local rows = pandoc.List(body.head)
    rows:extend(body.body)
    for _, row in ipairs(rows) do
      if is_group_row(row) then
        current = new_body(pandoc.List({ group_row(row) }))
        result:insert(current)
      else
        if not current then
          current = new_body(pandoc.List())
          result:insert(current)
        end
        current.body:insert(body_row(row, #current.head > 0))
      end
    end
  end
  return result
end

local function notes_of(foot)
  local notes = pandoc.List()
  for _, row in ipairs(foot.rows) do
    for _, cell in ipairs(row.cells) do
      if #cell.contents > 0 then
        notes:insert(pandoc.Plain(pandoc.utils.blocks_to_inlines(cell.contents)))
      end
    end
  end
  return notes
end

local function header_rows(head)
  local rows = pandoc.List()
  for _, row in ipairs(head.rows) do rows:insert(header_row(row)) end
  return rows
end

local function convert(table)
  local classes = pandoc.List({ "cart-table" })
  if has_class(table.attr, "cart-searchable") then classes:insert("cart-searchable") end
  local columns, notes, header = #table.colspecs, notes_of(table.foot), header_rows(table.head)
  local bodies = split_bodies(table.bodies)
  local first = bodies[1] and bodies[1].body[1]
  local cells = first and first.cells or {}
  local specs = pandoc.List()
  for column = 1, columns do
    local cell = cells[column]
    specs:insert({ cell and cell.alignment or "AlignDefault", nil })
  end
  local native = pandoc.Table(
    pandoc.Caption(), specs, pandoc.TableHead(header), bodies,
    pandoc.TableFoot(), pandoc.Attr("", classes)
  )
  local blocks = pandoc.List({ native })
  if #notes > 0 then
    blocks:insert(pandoc.Div(notes:map(function(note)
      return pandoc.Div({ note }, pandoc.Attr("", { "note" }))
    end), pandoc.Attr("", { "cart-notes" })))
  end
  return blocks
end

function RawBlock(raw)
  local text = raw.format == "html" and raw.text:match("<table.*</table>")
  if not text then return nil end
  local blocks = pandoc.List()
  for _, block in ipairs(pandoc.read(text, "html").blocks) do
    if block.t == "Table" then blocks:extend(convert(cleaned(block))) else blocks:insert(block) end
  end
  return blocks
end

-- A table written in Markdown has no number: its caption is a line of text above it.
function Table(table)
  if #table.caption.long == 0 then return nil end
  local blocks = pandoc.Blocks(table.caption.long)
  table.caption = pandoc.Caption()
  blocks:insert(table)
  return blocks
end
