// New tasks: a row that is not in the plan until it has a name and a unit of measure.
import { keyOf, marks, setMark, shown, tell } from "./rejilla-celdas.js";
import { send } from "./rejilla-guardar.js";

let made = 0;

// Begin a task below a row of its activity; the unit of measure is that of the task above, to be kept or typed over.
export const newRow = (below) => {
  const row = document.createElement("tr");
  const above = below.classList.contains("r-activity") ? null : below;
  made += 1;
  row.className = "r-new";
  row.dataset.row = `nueva/${made}`;
  const add = (name, field, text, kind) => {
    const cell = row.appendChild(document.createElement(name));
    if (field) cell.dataset.f = field;
    if (kind) cell.className = kind;
    cell.textContent = text;
    return cell;
  };
  add("th", "name", "").scope = "row";
  add("td", "unit", above ? shown(above.querySelector('[data-f="unit"]')) : "");
  for (let n = 0; n < 12; n += 1) add("td", `months-${n}`, "0", "num");
  for (let n = 0; n < 5; n += 1) add("td", "", "0", "num r-sum");
  below.after(row);
  return row;
};

const forget = (row) => {
  for (const cell of row.cells) marks.delete(keyOf(cell));
  row.remove();
  tell();
};

// The caret leaves a new row: an empty one goes, a complete one is sent, what is missing is said. True when it was sent.
export const leaveNew = (row, to) => {
  if (!row?.classList.contains("r-new") || row === to || !row.isConnected || "sent" in row.dataset) return false;
  const cells = [...row.cells].filter((cell) => cell.dataset.f);
  const values = Object.fromEntries(cells.map((cell) => [cell.dataset.f, shown(cell)]));
  if (!values.name && !cells.some((cell) => marks.get(keyOf(cell))?.text)) {
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
    return false;
  }
  deliver(row, cells, values);
  return true;
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
  const known = new Set([...row.parentElement.rows].map((each) => each.dataset.row));
  const { ok, errors } = await send(`/actividades/${activity}/tareas`, values, () => forget(row));
  if (ok) {
    const born = [...document.getElementById(`a-${activity}`).rows].find((each) => !known.has(each.dataset.row))?.dataset.row.split("/")[1];
    if (below && born) send(`/tareas/${born}/lugar`, { activity, after: above?.dataset.row.startsWith("tareas/") ? above.dataset.row.split("/")[1] : "0" });
    tell();
    return;
  }
  delete row.dataset.sent;
  for (const cell of cells) {
    const say = errors[cell.dataset.f] ?? (cell.dataset.f === "name" ? errors[""] : undefined);
    setMark(keyOf(cell), { text: values[cell.dataset.f], mark: say ? "error" : "pendiente", say: say ?? "" });
  }
  tell();
};

