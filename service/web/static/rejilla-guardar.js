// What the grid sends and what comes back: one command for each cell, in order, sent again with its own id until it is answered.
import { base, grid, keyOf, marks, paint, say, setMark, sum, tell } from "./rejilla-celdas.js";

const RETRY = 3000;
const token = JSON.parse(document.body.getAttribute("hx-headers"))["x-csrftoken"];
const command = () => [...crypto.getRandomValues(new Uint8Array(16))].map((byte) => byte.toString(16).padStart(2, "0")).join("");
const pause = (time) => new Promise((done) => setTimeout(done, time));
let last = Promise.resolve();

const once = (address, fields) =>
  fetch(base + address, {
    method: "POST",
    headers: { "HX-Request": "true", "x-csrftoken": token, "content-type": "application/x-www-form-urlencoded" },
    body: new URLSearchParams(fields),
  });

const deliver = async (address, fields) => {
  for (;;) {
    const answer = await once(address, fields).catch(() => null);
    if (answer && answer.status < 500) return answer;
    say("Sin respuesta del servicio. Lo que escribió sigue aquí y se envía de nuevo.", true);
    await pause(RETRY);
  }
};

// Send fields to an address of the plan after all that was sent before; `{ ok, errors }` with a sentence for each field, "" for all.
// `settled` is called when it was done, before the page takes over what came back.
export const send = (address, fields, settled = () => {}) => {
  const sent = { ...fields, command_id: command() };
  last = last.then(async () => {
    const answer = await deliver(address, sent);
    const text = await answer.text();
    if (answer.ok) {
      settled();
      take(text);
      return { ok: true, errors: {} };
    }
    const errors = {};
    const page = new DOMParser().parseFromString(text, "text/html");
    for (const each of page.querySelectorAll("[data-field]")) errors[each.dataset.field] = each.textContent.trim();
    const usual = answer.status === 401 ? "Su sesión terminó. Ingrese de nuevo en otra pestaña y abra esta página." : "Su cargo no permite este cambio.";
    if (!Object.keys(errors).length) errors[""] = usual;
    return { ok: false, errors };
  });
  return last;
};

const update = (here, fresh) => {
  if (here.cells.length !== fresh.cells.length) {
    here.replaceWith(fresh);
    return fresh;
  }
  [...here.cells].forEach((cell, n) => {
    const other = fresh.cells[n];
    if (cell.querySelector(".r-field")) return;
    const chosen = cell.querySelector("input")?.checked;
    if (cell.innerHTML !== other.innerHTML) cell.innerHTML = other.innerHTML;
    if (chosen) cell.querySelector("input").checked = true;
    for (const name of ["v", "doubt"])
      if (name in other.dataset) cell.dataset[name] = other.dataset[name];
      else delete cell.dataset[name];
  });
  return here;
};

// Make an activity on the page like the one that came, row by row: what somebody is typing stays.
const patch = (old, fresh) => {
  const coming = [...fresh.rows];
  const kept = new Set(coming.map((row) => row.dataset.row));
  for (const row of [...old.rows]) if (!row.classList.contains("r-new") && !kept.has(row.dataset.row)) row.remove();
  let before = null;
  for (const row of coming) {
    const here = [...old.rows].find((each) => each.dataset.row === row.dataset.row);
    const now = here ? update(here, row) : row;
    let previous = now.previousElementSibling;
    while (previous?.classList.contains("r-new")) previous = previous.previousElementSibling;
    if (!here || previous !== before) before ? before.after(now) : old.prepend(now);
    before = now;
    for (const cell of now.cells) if (cell.dataset.f && marks.has(keyOf(cell))) paint(cell);
    if ([...now.cells].some((cell) => cell.dataset.mark)) sum(now);
  }
};

// Take over what the service says: changed activities, those that are gone, and whether the page must be opened again.
export const take = (text) => {
  const table = new DOMParser().parseFromString(text, "text/html").querySelector("table");
  if (!table) return;
  const focused = document.activeElement?.closest?.("#rejilla [data-f], #rejilla td");
  const there = focused && { row: focused.parentElement.dataset.row, cell: focused.cellIndex };
  for (const number of table.dataset.gone.split(" ").filter(Boolean)) document.getElementById(`a-${number}`)?.remove();
  for (const fresh of [...table.tBodies]) {
    const here = document.getElementById(fresh.id);
    const after = document.getElementById(fresh.dataset.after);
    if (here) patch(here, fresh);
    if (after && (here ?? fresh).previousElementSibling !== after) after.after(here ?? fresh);
    if (here) here.dataset.after = fresh.dataset.after;
  }
  if ("whole" in table.dataset) {
    if (marks.size === 0) location.reload();
    else say("El plan cambió en otra parte: abra la página de nuevo cuando termine.");
  }
  const again = there?.row && grid.querySelector(`tr[data-row="${there.row}"]`)?.cells[there.cell];
  if (again && document.activeElement !== again && !again.contains(document.activeElement)) {
    again.tabIndex = 0;
    again.focus();
  }
  return table.dataset.version;
};

// Save one cell; its mark goes from pending to saved, or stays with the sentence.
export const save = async (cell, text, was) => {
  const [key, field, row] = [keyOf(cell), cell.dataset.f, cell.parentElement.dataset.row];
  const mine = { text, mark: "pendiente", say: "" };
  setMark(key, mine);
  tell();
  const settled = () => marks.get(key) === mine && marks.delete(key);
  const { ok, errors } = await send(`/${row}`, { campo: field, antes: was, [field]: text }, settled);
  if (ok ? marks.has(key) : marks.get(key) !== mine) return;
  const done = { mark: "guardado", say: "" };
  setMark(key, ok ? done : { text, mark: "error", say: errors[field] ?? errors[""] ?? Object.values(errors)[0] });
  if (ok) setTimeout(() => marks.get(key) === done && setMark(key), RETRY);
  tell();
};

// What others changed comes by itself: htmx hears of it, asks, and the answer is taken over here.
const live = document.querySelector("[data-changes]");
live?.addEventListener("htmx:configRequest", (event) => (event.detail.parameters.desde = grid.dataset.version));
live?.addEventListener("htmx:beforeSwap", (event) => {
  event.detail.shouldSwap = false;
  if (event.detail.xhr.status === 200) grid.dataset.version = take(event.detail.xhr.responseText) ?? grid.dataset.version;
});
