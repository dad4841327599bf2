// New rows: a task is not in the plan until it has a name and a unit of measure, an activity until it has a name.
import { keyOf, marks, proposes, setMark, shown, tell } from "./rejilla-celdas.js";
import { basket } from "./rejilla-cesta.js";
import { send } from "./rejilla-guardar.js";

let made = 0;

const begin = (kind, classes) => {
  const row = document.createElement("tr");
  made += 1;
  row.className = classes;
  row.dataset.row = `${kind}/${made}`;
  return row;
};
const add = (row, name, field, text, kind, span = 1) => {
  const cell = row.appendChild(document.createElement(name));
  if (field) cell.dataset.f = field;
  if (kind) cell.className = kind;
  cell.colSpan = span;
  cell.textContent = text;
  return cell;
};

// Begin a task below a row of its activity; the unit of measure is that of the task above, to be kept or typed over.
export const newRow = (below) => {
  const row = begin("nueva", "r-new");
  const above = below.classList.contains("r-activity") ? null : below;
  add(row, "th", "name", "").scope = "row";
  add(row, "td", "unit", above ? shown(above.querySelector('[data-f="unit"]')) : "");
  for (let n = 0; n < 12; n += 1) add(row, "td", `months-${n}`, "0", "num");
  for (let n = 0; n < 5; n += 1) add(row, "td", "", "0", "num r-sum");
  below.after(row);
  return row;
};

// Begin an activity at the end of the line of a block, for the basket.
export const newActivity = (below) => {
  const row = begin("alta", "r-activity r-new");
  const block = below.parentElement;
  let last = block;
  while (last.nextElementSibling?.classList.contains("r-block")) last = last.nextElementSibling;
  row.dataset.line = block.rows[0].dataset.line;
  add(row, "th", "name", "").scope = "row";
  add(row, "td", "area", "");
  add(row, "td", "", "Actividad nueva: agregue sus tareas con Ctrl + Entrar.", "r-about", 12);
  add(row, "td", "", "", "r-sum", 5);
  const body = document.createElement("tbody");
  body.className = "r-block r-new";
  body.append(row);
  last.after(body);
  return row;
};

// Give a new row up; with a new activity go its tasks.
export const forget = (row) => {
  const gone = row.classList.contains("r-activity") ? [...row.parentElement.rows] : [row];
  for (const each of gone) for (const cell of each.cells) marks.delete(keyOf(cell));
  (gone.length > 1 || row.classList.contains("r-activity") ? row.parentElement : row).remove();
  tell();
  if (proposes) basket.show();
};

// The caret leaves a new row: an empty one goes, a complete one is sent or kept in the basket, what is missing is said.
// True when it was sent or kept.
export const leaveNew = (row, to) => {
  if (!row?.classList.contains("r-new") || row === to || !row.isConnected || "sent" in row.dataset) return false;
  const cells = [...row.cells].filter((cell) => cell.dataset.f);
  const values = Object.fromEntries(cells.map((cell) => [cell.dataset.f, shown(cell)]));
  const alone = row.parentElement.rows.length === 1 || !row.classList.contains("r-activity");
  if (alone && !values.name && !cells.some((cell) => marks.get(keyOf(cell))?.text)) {
    forget(row);
    return false;
  }
  const missing = cells.filter((cell) => ["name", "unit"].includes(cell.dataset.f) && !values[cell.dataset.f]);
  for (const cell of missing) {
    const say = cell.dataset.f === "unit" ? "Falta la unidad de medida." : "Falta el nombre.";
    setMark(keyOf(cell), { text: "", mark: "error", say });
  }
  if (missing.length || cells.some((cell) => marks.get(keyOf(cell))?.mark === "error")) {
    tell();
    delete row.dataset.kept;
    if (proposes) basket.show();
    return false;
  }
  if (proposes) keep(row, cells);
  else deliver(row, cells, values);
  return true;
};

const keep = (row, cells) => {
  row.dataset.kept = "";
  for (const cell of cells) setMark(keyOf(cell), { text: shown(cell), mark: "nueva", say: "" });
  tell();
  basket.show();
};

const deliver = async (row, cells, values) => {
  const activity = row.closest("tbody").id.slice(2);
  let above = row.previousElementSibling;
  while (above?.classList.contains("r-new")) above = above.previousElementSibling;
  let below = row.nextElementSibling;
  while (below?.classList.contains("r-new")) below = below.nextElementSibling;
  row.dataset.sent = "";
  for (const cell of cells) setMark(keyOf(cell), { text: shown(cell), mark: "pendiente", say: "" });
  tell();
  const place = below ? { after: above?.dataset.row.startsWith("tareas/") ? above.dataset.row.split("/")[1] : "0" } : {};
  const { ok, errors } = await send(`/actividades/${activity}/tareas`, { ...values, ...place }, () => forget(row));
  if (ok) return tell();
  delete row.dataset.sent;
  for (const cell of cells) {
    const say = errors[cell.dataset.f] ?? (cell.dataset.f === "name" ? errors[""] : undefined);
    setMark(keyOf(cell), { text: values[cell.dataset.f], mark: say ? "error" : "pendiente", say: say ?? "" });
  }
  tell();
};

