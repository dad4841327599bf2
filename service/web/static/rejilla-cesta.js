// The basket of an approved plan: changed cells, new rows, other places and rows to retire wait, marked, until they are proposed together.
import { find, grid, keyOf, marks, paint, proposes, recorded, say, setMark, sum } from "./rejilla-celdas.js";
import { send } from "./rejilla-guardar.js";

const form = document.querySelector("[data-basket]");
const back = []; // how each moved row goes where it was, the last one last
const [MOVED, LEAVES] = ["lugar", "retiro"]; // what is marked of a row beside its cells
const TOLD = { [MOVED]: "Cambia de lugar", [LEAVES]: "Por retirar" };
const NAMES = { tareas: "tarea", actividades: "actividad" };

const fresh = (row) => row.classList.contains("r-new");
const isActivity = (row) => row.classList.contains("r-activity");
const numberOf = (row) => row.dataset.row.split("/")[1];
const waiting = (mark) => mark.mark === "propuesto" || mark.mark === "error";
const kept = () => [...grid.querySelectorAll("tr.r-new[data-kept]")];

const show = () => {
  const keys = [...marks].filter(([key, mark]) => waiting(mark) && NAMES[key.split("/")[0]]).map(([key]) => key.split("|")[1]);
  const counted = [
    [keys.filter((each) => !TOLD[each]).length, "celda cambiada", "celdas cambiadas"],
    [kept().filter(isActivity).length, "actividad nueva", "actividades nuevas"],
    [kept().filter((row) => !isActivity(row)).length, "tarea nueva", "tareas nuevas"],
    [keys.filter((each) => each === MOVED).length, "fila cambia de lugar", "filas cambian de lugar"],
    [keys.filter((each) => each === LEAVES).length, "fila por retirar", "filas por retirar"],
  ].filter(([count]) => count);
  form.hidden = counted.length === 0;
  form.querySelector("[data-served]").hidden = !kept().some(isActivity);
  form.querySelector("[data-count]").textContent = counted.map(([count, one, many]) => `${count} ${count === 1 ? one : many}`).join(", ");
};

// Mark a row as moved or to be retired, with its word; or take the mark away.
const tag = (row, kind, on) => {
  const key = `${row.dataset.row}|${kind}`;
  row.toggleAttribute(`data-${kind}`, on);
  row.querySelector(`.r-told[data-told="${kind}"]`)?.remove();
  if (!on) return marks.delete(key);
  marks.set(key, { text: "", mark: "propuesto", say: "" });
  const word = Object.assign(document.createElement("span"), { className: "r-told", textContent: TOLD[kind] });
  word.dataset.told = kind;
  row.cells[0].append(word);
};

const empty = () => {
  for (const row of grid.querySelectorAll("tr.r-new")) {
    for (const cell of row.cells) marks.delete(keyOf(cell));
    row.remove();
  }
  for (const each of grid.querySelectorAll("tbody.r-new")) each.remove();
  while (back.length) back.pop()();
  for (const kind of [MOVED, LEAVES]) for (const row of grid.querySelectorAll(`tr[data-${kind}]`)) tag(row, kind, false);
  for (const [key, mark] of [...marks]) {
    if (!waiting(mark)) continue;
    marks.delete(key);
    const cell = find(key);
    if (!cell) continue;
    (cell.querySelector(":scope > a") ?? cell).textContent = cell.dataset.v ?? recorded(cell);
    paint(cell);
    sum(cell.parentElement);
  }
  show();
};

export const basket = {
  show,
  put(cell, text) {
    cell.dataset.v ??= recorded(cell);
    if (text === cell.dataset.v) {
      setMark(keyOf(cell));
      (cell.querySelector(":scope > a") ?? cell).textContent = text;
    } else setMark(keyOf(cell), { text, mark: "propuesto", say: `Antes: ${cell.dataset.v}` });
    show();
  },
  // Put a row one place up or down among its siblings.
  move(row, step) {
    const item = isActivity(row) ? row.parentElement : row;
    const other = step < 0 ? item.previousElementSibling : item.nextElementSibling;
    const among = isActivity(row) ? other?.classList.contains("r-block") : other && !isActivity(other);
    if (!among || fresh(row)) return;
    const [parent, next] = [item.parentElement, item.nextElementSibling];
    back.push(() => (!next || next.isConnected) && parent.insertBefore(item, next));
    if (step < 0) other.before(item);
    else other.after(item);
    tag(row, MOVED, true);
    show();
  },
  leave(row) {
    tag(row, LEAVES, !row.hasAttribute(`data-${LEAVES}`));
    show();
  },
};

// The row of the plan that stands above another one among its siblings; "0" where there is none.
const above = (row) => {
  const step = (item) => (isActivity(row) ? item.previousElementSibling?.closest(".r-block")?.rows[0] : item.previousElementSibling);
  let found = step(isActivity(row) ? row.parentElement : row);
  while (found && fresh(found)) found = step(isActivity(row) ? found.parentElement : found);
  return found && isActivity(found) === isActivity(row) ? numberOf(found) : "0";
};

const texts = (row) => [...row.cells].filter((cell) => cell.dataset.f).map((cell) => [cell.dataset.f, marks.get(keyOf(cell))?.text ?? cell.textContent.trim(), keyOf(cell)]);

// All that waits as the inputs of one form, and which cell each input stands for. New rows between others are sent from
// below, each right after the same row of the plan; those at the end as they stand.
const inputs = () => {
  const [fields, cells] = [{ reason: form.elements.reason.value, objectives: form.elements.objectives.value }, new Map()];
  const put = (name, text, key) => {
    fields[name] = text;
    if (key) cells.set(name, key);
  };
  for (const [key, mark] of marks) {
    const [row, field] = key.split("|");
    const [kind, number] = row.split("/");
    if (waiting(mark) && NAMES[kind] && !TOLD[field]) put(`${NAMES[kind]}-${number}-${field}`, mark.text, key);
  }
  for (const row of grid.querySelectorAll(`tr[data-${MOVED}]`)) {
    const name = `lugar-${NAMES[row.dataset.row.split("/")[0]]}-${numberOf(row)}`;
    if (isActivity(row)) put(`${name}-line`, row.dataset.line);
    else put(`${name}-activity`, numberOf(row.parentElement.rows[0]));
    put(`${name}-after`, above(row));
  }
  for (const body of grid.querySelectorAll(".r-block")) {
    const all = [...body.rows];
    const last = all.findLastIndex((row) => !fresh(row));
    const mine = all.filter((row) => "kept" in row.dataset && !isActivity(row));
    const [inside, end] = [mine.filter((row) => all.indexOf(row) < last), mine.filter((row) => all.indexOf(row) > last)];
    if (fresh(all[0])) {
      if (!("kept" in all[0].dataset)) continue;
      const name = `alta-${numberOf(all[0])}`;
      put(`${name}-line`, all[0].dataset.line);
      for (const [field, text, key] of texts(all[0])) put(`${name}-${field}`, text, key);
      mine.forEach((row, n) => texts(row).forEach(([field, text, key]) => put(`${name}-tasks-${n}-${field}`, text, key)));
    } else
      for (const row of [...inside.reverse(), ...end]) {
        const name = `nueva-${numberOf(row)}`;
        put(`${name}-activity`, numberOf(all[0]));
        if (all.indexOf(row) < last) put(`${name}-after`, above(row));
        for (const [field, text, key] of texts(row)) put(`${name}-${field}`, text, key);
      }
  }
  for (const row of grid.querySelectorAll(`tr[data-${LEAVES}]`)) put(`retiro-${NAMES[row.dataset.row.split("/")[0]]}-${numberOf(row)}-si`, "1");
  return { fields, cells };
};

if (proposes && form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const { fields, cells } = inputs();
    const { ok, errors } = await send("/bloque", fields, empty);
    if (ok) {
      form.elements.reason.value = form.elements.objectives.value = "";
      say("La modificación quedó propuesta: espera la aprobación de la DRE.");
      return;
    }
    for (const [name, sentence] of Object.entries(errors)) {
      const key = cells.get(name);
      if (key) setMark(key, { text: fields[name], mark: "error", say: sentence });
    }
    say(Object.values(errors)[0], true);
  });
  form.querySelector("[data-discard]").addEventListener("click", empty);
}
