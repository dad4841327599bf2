// The caret of the grid: the cell it stands on, the column the hand is in, and how it goes from one cell to the next.
import { cellAt, columnOf, rows } from "./rejilla-celdas.js";
import { explain } from "./rejilla-aviso.js";
import { load } from "./rejilla-esquema.js";
import { leaveNew } from "./rejilla-filas.js";

export let caret = null;
export let column = 0;

// Put the caret on a cell; `keep` leaves the column where the hand was.
export const go = (cell, keep = false) => {
  if (!cell) return;
  if (caret?.parentElement !== cell.parentElement) leaveNew(caret?.parentElement, cell.parentElement);
  if (caret && caret !== cell) caret.removeAttribute("tabindex");
  caret = cell;
  if (!keep) column = columnOf(cell);
  cell.tabIndex = 0;
  cell.focus({ preventScroll: true });
  cell.scrollIntoView({ block: "nearest", inline: "nearest" });
  explain(cell);
};

export const down = async (steps, row = caret.parentElement) => {
  const all = rows();
  const there = all.indexOf(row) + steps;
  if (there >= all.length || all[there - 1]?.parentElement.nextElementSibling?.classList.contains("r-more")) {
    const more = row.parentElement.nextElementSibling;
    if (steps > 0 && more?.classList.contains("r-more")) await load(more);
  }
  const found = rows()[Math.max(0, Math.min(there, rows().length - 1))];
  if (found) go(cellAt(found, column), true);
};

export const across = (step) => {
  const next = step > 0 ? caret.nextElementSibling : caret.previousElementSibling;
  if (next) return go(next);
  const all = rows();
  const row = all[all.indexOf(caret.parentElement) + step];
  if (row) go(row.cells[step > 0 ? 0 : row.cells.length - 1]);
};

// A caret that was folded away stands on its activity, else on the first row in sight.
export const settle = () => {
  if (!caret || rows().includes(caret.parentElement)) return;
  const head = caret.parentElement.parentElement.rows[0];
  caret.removeAttribute("tabindex");
  caret = (rows().includes(head) ? head : rows()[0])?.cells[0] ?? null;
  if (caret) caret.tabIndex = 0;
};
