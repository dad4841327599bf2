// The cells of the plan's grid: what they say, how figures are read and written, what is marked on them.

export const grid = document.getElementById("rejilla");
export const base = grid.dataset.base;
export const proposes = "proposes" in grid.dataset;
export const marks = new Map(); // «tareas/7|months-3» → { text, mark, say, was }: what is not, or not yet, in the record

const GAP = "\u00a0";
const FIELDS = ["name", "unit", ...Array.from({ length: 12 }, (_, n) => `months-${n}`)];

export const fieldOf = (column) => FIELDS[column];
export const isMonth = (field) => field?.startsWith("months-");
export const keyOf = (cell) => `${cell.parentElement.dataset.row}|${cell.dataset.f}`;

// As the server reads: «1 234,5», «1.234,5», «1,234.5», «1234.5»; anything else is no figure. `decimal` settles «1,234».
export const figure = (text, decimal = "") => {
  let bare = text.replace(/[\s\u00a0\u202f]/g, "").replace("\u2212", "-");
  if (decimal) bare = bare.replaceAll(decimal === "," ? "." : ",", "");
  const [comma, point] = [bare.lastIndexOf(","), bare.lastIndexOf(".")];
  if (comma >= 0 && point >= 0) bare = bare.replaceAll(comma > point ? "." : ",", "");
  bare = bare.replace(",", ".");
  return /^\d{1,10}(\.\d{1,10})?$/.test(bare) && Number(bare) <= 1e9 ? Number(bare) : NaN;
};

// As `words.exacto`: thousands apart, a decimal comma, no idle zeros.
export const written = (number) => {
  const [whole, rest = ""] = number.toFixed(10).split(".");
  const decimals = rest.replace(/0+$/, "");
  return whole.replace(/\B(?=(\d{3})+$)/g, GAP) + (decimals ? `,${decimals}` : "");
};

// What is wrong with a text of a cell, in a sentence; empty when nothing is.
export const wrong = (field, text) => {
  if (isMonth(field)) return text === "" || !Number.isNaN(figure(text)) ? "" : "Escriba un número mayor o igual a 0 (use coma o punto decimal).";
  if (field === "area") return text.length <= 300 ? "" : "Escriba como máximo 300 caracteres.";
  if (text === "") return field === "unit" ? "Falta la unidad de medida." : "Falta el nombre.";
  return text.length <= 300 ? "" : "Escriba un texto de 1 a 300 caracteres.";
};

// The rows in sight, in their order.
export const rows = () =>
  [...grid.querySelectorAll("tr[data-row]")].filter((row) => {
    const body = row.parentElement;
    return !body.classList.contains("r-away") && (row === body.rows[0] || !body.classList.contains("r-folded"));
  });

export const recorded = (cell) => cell.dataset.v ?? (cell.querySelector(":scope > a") ?? cell).textContent.trim();
export const shown = (cell) => marks.get(keyOf(cell))?.text ?? recorded(cell);

// Where a cell stands among the columns, and the cell of a row that covers a column: an activity has wide ones.
export const columnOf = (cell) => [...cell.parentElement.cells].slice(0, cell.cellIndex).reduce((sum, each) => sum + each.colSpan, 0);
export const cellAt = (row, column) => {
  let reached = 0;
  for (const cell of row.cells) {
    reached += cell.colSpan;
    if (column < reached) return cell;
  }
  return row.cells[row.cells.length - 1];
};

const write = (cell, text) => {
  const link = cell.querySelector(":scope > a");
  if (link) link.textContent = text;
  else cell.textContent = text;
};

// The sums of a task, and of its activity where it has any, from what the cells say now.
export const sum = (row, typing = {}) => {
  const months = [...row.cells].filter((cell) => isMonth(cell.dataset.f));
  if (!months.length) return;
  const values = months.map((cell) => figure(typing[cell.dataset.f] ?? shown(cell)) || 0);
  const quarters = [0, 3, 6, 9].map((n) => values[n] + values[n + 1] + values[n + 2]);
  const fill = (cells, figures) => cells.forEach((cell, n) => (cell.textContent = written(figures[n])));
  fill([...row.querySelectorAll(".r-sum")], [...quarters, quarters.reduce((a, b) => a + b)]);
  const totals = [...row.parentElement.rows[0].querySelectorAll(".r-sum")];
  if (totals.length < 5 || row.parentElement.rows[0] === row) return;
  const tasks = [...row.parentElement.rows].slice(1).map((each) => [...each.querySelectorAll(".r-sum")].map((cell) => figure(cell.textContent) || 0));
  fill(totals, totals.map((_, n) => tasks.reduce((a, task) => a + (task[n] ?? 0), 0)));
};

const WORDS = { pendiente: "pendiente de guardar", error: "con error", guardado: "guardado", propuesto: "cambio por proponer", nueva: "fila nueva por proponer" };

// Draw what is marked on a cell: its text, a sign with its word, the sentence of an error.
export const paint = (cell) => {
  const mark = marks.get(keyOf(cell));
  cell.toggleAttribute("aria-invalid", false);
  for (const name of ["data-mark", "title", "aria-invalid", "aria-describedby"]) cell.removeAttribute(name);
  if (!mark) return;
  cell.dataset.mark = mark.mark;
  cell.title = mark.say || WORDS[mark.mark];
  if (mark.mark === "error") cell.setAttribute("aria-invalid", "true");
  if (cell.querySelector(".r-field")) return;
  if (mark.mark === "propuesto") {
    cell.dataset.v ??= recorded(cell);
    const [before, after] = [document.createElement("del"), document.createElement("ins")];
    [before.textContent, after.textContent] = [cell.dataset.v, mark.text];
    const link = cell.querySelector(":scope > a");
    (link ?? cell).replaceChildren(before, after);
  } else if (mark.mark !== "guardado") write(cell, mark.text);
};

export const find = (key) => {
  const [row, field] = key.split("|");
  return grid.querySelector(`tr[data-row="${row}"] > [data-f="${field}"]`);
};

export const setMark = (key, mark) => {
  if (mark) marks.set(key, mark);
  else marks.delete(key);
  const cell = find(key);
  if (cell) paint(cell);
};

// What the page has that the record has not.
export const unsaved = () => [...marks.values()].filter((each) => each.mark !== "guardado");
const state = document.querySelector(".r-state");
export const say = (text, bad = false) => {
  state.textContent = text;
  state.toggleAttribute("data-bad", bad);
};
export const tell = () => {
  const count = (mark) => [...marks.values()].filter((each) => each.mark === mark).length;
  const [waiting, bad] = [count("pendiente"), count("error")];
  if (bad) say(`${bad} con error${waiting ? `, ${waiting} pendientes` : ""}`, true);
  else if (waiting) say(waiting === 1 ? "1 pendiente" : `${waiting} pendientes`);
  else say(proposes ? "Lo que cambie queda marcado hasta que lo proponga." : "Guardado");
};
