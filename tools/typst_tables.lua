-- Tables on their way into the PDF of Quarto. Given HTML, Quarto writes the styles into every cell
-- by a program of its own, and of more than 64 kB that this prints some get lost on the way: tables
-- lost rows, or were missing altogether, in silence. So Quarto is given tables in place of HTML.

local ALIGNMENTS = {
  gt_left = "AlignLeft", gt_right = "AlignRight", gt_center = "AlignCenter",
}

local function strong(contents)
  return contents:walk({
    Plain = function(plain) return pandoc.Plain({ pandoc.Strong(plain.content) }) end,
  })
end

local function plain_cell(cell, is_head)
  for _, class in ipairs(cell.attr.classes) do
    cell.alignment = ALIGNMENTS[class] or cell.alignment
    is_head = is_head or class == "gt_group_heading"
  end
  if is_head and #cell.contents > 0 then cell.contents = strong(cell.contents) end
  cell.attr = pandoc.Attr()
  return cell
end

local function plain_rows(rows, is_head)
  return rows:map(function(row)
    local cells = row.cells:map(function(cell) return plain_cell(cell, is_head) end)
    return pandoc.Row(cells)
  end)
end

-- A group heading at the start of a body is a row like those of the other groups.
local function plain_body(body)
  local rows = pandoc.List(body.head)
  rows:extend(body.body)
  return { attr = pandoc.Attr(), head = {}, body = plain_rows(rows), row_head_columns = 0 }
end

local function plain_table(table)
  return pandoc.Table(
    pandoc.Caption(), table.colspecs,
    pandoc.TableHead(plain_rows(table.head.rows, true)),
    pandoc.List(table.bodies):map(plain_body),
    pandoc.TableFoot(plain_rows(table.foot.rows))
  )
end

function RawBlock(raw)
  local text = raw.format == "html" and raw.text:match("<table.*</table>")
  if not text then return nil end
  return pandoc.read(text, "html").blocks:walk({ Table = plain_table })
end
