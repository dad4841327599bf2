// The sheet of a quarter: months add up, keys move between cells, a block from Excel is laid over them, and what could not be
// sent for want of a connection or of the service goes once when it is back: the form carries its command's id.
import { table } from "./rejilla-bloque.js";

const MONTHS = ["months-0", "months-1", "months-2"];
const COLUMNS = [...MONTHS, "executed", "evidence", "reason"];
const form = () => document.getElementById("avance-forma");
const rows = () => [...form().querySelectorAll("tr[data-row]")];
const cell = (row, name) => row.querySelector(`[data-cell="${name}"]`);

const figure = (text) => {
  const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
  return /^-?\d+(\.\d*)?$/.test(bare) ? Number(bare) : NaN;
};
const written = (value) => String(Math.round(value * 1e10) / 1e10).replace(".", ",");

const told = (field) => field.dispatchEvent(new Event("input", { bubbles: true }));

// The total is that of the months as soon as one of them is written; then it is not typed.
const add = (row) => {
  const typed = MONTHS.map((name) => cell(row, name).value.trim());
  const total = cell(row, "executed");
  total.readOnly = typed.some(Boolean);
  if (!total.readOnly) return;
  const figures = typed.filter(Boolean).map(figure);
  const sum = figures.some(Number.isNaN) ? "" : written(figures.reduce((one, other) => one + other, 0));
  if (total.value === sum) return;
  total.value = sum;
  told(total);
};

const compute = (row) => {
  const done = figure(cell(row, "executed").value);
  const known = !Number.isNaN(done);
  row.querySelector("[data-cumulative]").textContent = written(Number(row.dataset.earlier) + (known ? done : 0));
  row.querySelector("[data-difference]").textContent = known ? written(done - Number(row.dataset.target)) : "—";
};

const mine = (target) => (form()?.contains(target) ? target.closest?.("tr[data-row]") : null);

document.addEventListener("input", (event) => {
  const row = mine(event.target);
  if (!row) return;
  if (MONTHS.includes(event.target.dataset.cell)) add(row);
  compute(row);
});

document.addEventListener("keydown", (event) => {
  const row = mine(event.target);
  const step = { ArrowDown: 1, ArrowUp: -1, Enter: 1 }[event.key];
  if (!row || !event.target.dataset.cell || !step || event.ctrlKey || event.altKey) return;
  event.preventDefault();
  const all = rows();
  const next = all[all.indexOf(row) + (event.shiftKey ? -1 : step)];
  if (!next) return;
  const field = cell(next, event.target.dataset.cell);
  field.focus();
  field.select();
});

document.addEventListener("paste", (event) => {
  const row = mine(event.target);
  const text = event.clipboardData?.getData("text/plain").replace(/\r?\n$/, "") ?? "";
  if (!row || !event.target.dataset.cell || !/[\t\n]/.test(text)) return;
  event.preventDefault();
  const below = rows().slice(rows().indexOf(row));
  const beside = COLUMNS.slice(COLUMNS.indexOf(event.target.dataset.cell));
  let left = 0;
  for (const [down, line] of table(text).entries())
    for (const [right, value] of line.entries()) {
      const field = below[down] && beside[right] ? cell(below[down], beside[right]) : null;
      if (!field || field.readOnly) left += value.trim() ? 1 : 0;
      else {
        field.value = value.trim();
        told(field);
      }
    }
  if (left) say(left === 1 ? "Una celda del bloque no entró." : `${left} celdas del bloque no entraron.`);
});

const say = (text) => {
  const sentence = document.createElement("p");
  sentence.textContent = text;
  document.getElementById("aviso")?.replaceChildren(sentence);
};

// What waits is sent again by itself, at once when the browser says that the line is back, else less and less often.
const AWAY = [502, 503, 504];
const [SOONEST, LATEST] = [2000, 60000];
let wait = 0;
let timer = 0;
const rest = () => clearTimeout(timer);
const again = () => {
  rest();
  if (wait) form()?.requestSubmit();
};
const ours = (event) => event.detail.elt.matches?.("[data-avance]");
const away = (xhr) => !xhr.status || AWAY.includes(xhr.status);
document.addEventListener("htmx:beforeRequest", (event) => ours(event) && rest());
document.addEventListener("htmx:afterRequest", (event) => {
  if (!ours(event)) return;
  rest();
  wait = away(event.detail.xhr) ? Math.min(LATEST, Math.max(SOONEST, wait * 2)) : 0;
  if (!wait) return;
  timer = setTimeout(again, wait);
  const why = event.detail.xhr.status ? "El servicio no responde por ahora." : "No hay conexión.";
  setTimeout(() => say(`${why} Lo que escribió está guardado en este navegador y se enviará una vez, cuando vuelva.`));
});
addEventListener("online", again);

const prepare = () => {
  for (const row of form() ? rows() : []) add(row);
};
document.addEventListener("htmx:afterSettle", prepare);
prepare();
