// The basket of an approved plan: changed cells stay marked, the old figure beside the new one, until they are proposed together.
import { find, keyOf, marks, paint, proposes, recorded, say, setMark, sum } from "./rejilla-celdas.js";
import { send } from "./rejilla-guardar.js";

const form = document.querySelector("[data-basket]");
const count = () => [...marks.values()].filter((each) => each.mark === "propuesto").length;

const show = () => {
  form.hidden = count() === 0;
  form.querySelector("[data-count]").textContent = count() === 1 ? "1 celda cambiada" : `${count()} celdas cambiadas`;
};

const empty = () => {
  for (const [key, mark] of [...marks]) {
    if (mark.mark !== "propuesto" && mark.mark !== "error") continue;
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
  put(cell, text) {
    cell.dataset.v ??= recorded(cell);
    if (text === cell.dataset.v) {
      setMark(keyOf(cell));
      (cell.querySelector(":scope > a") ?? cell).textContent = text;
    } else setMark(keyOf(cell), { text, mark: "propuesto", say: `Antes: ${cell.dataset.v}` });
    show();
  },
};

const NAMES = { tareas: "tarea", actividades: "actividad" };

if (proposes && form) {
  form.addEventListener("submit", async (event) => {
    event.preventDefault();
    const fields = { reason: form.elements.reason.value };
    for (const [key, mark] of marks) {
      const [row, field] = key.split("|");
      const [kind, number] = row.split("/");
      if (mark.mark === "propuesto" || mark.mark === "error") fields[`${NAMES[kind]}-${number}-${field}`] = mark.text;
    }
    const { ok, errors } = await send("/bloque", fields, empty);
    if (ok) {
      form.elements.reason.value = "";
      say("La modificación quedó propuesta: espera la aprobación de la DRE.");
      return;
    }
    for (const [name, sentence] of Object.entries(errors)) {
      const [kind, number, ...field] = name.split("-");
      const row = Object.keys(NAMES).find((each) => NAMES[each] === kind);
      const key = `${row}/${number}|${field.join("-")}`;
      if (row && marks.has(key)) setMark(key, { ...marks.get(key), mark: "error", say: sentence });
    }
    say(Object.values(errors)[0], true);
  });
  form.querySelector("[data-discard]").addEventListener("click", empty);
}

