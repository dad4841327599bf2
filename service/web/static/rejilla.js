// The plan like a spreadsheet: a caret that moves with the keys, cells that become inputs. Without it each row is a form.
import { cellAt, columnOf, grid, isMonth, keyOf, marks, paint, proposes, rows, say, setMark, shown, sum, tell, unsaved, wrong } from "./rejilla-celdas.js";
import { save, send } from "./rejilla-guardar.js";
import { forget, leaveNew, newActivity, newRow } from "./rejilla-filas.js";
import { basket } from "./rejilla-cesta.js";
import { choose, clear, copy, paste } from "./rejilla-pegar.js";
import { jump, outline } from "./rejilla-esquema.js";
import { bubble, explain } from "./rejilla-aviso.js";
import { across, caret, column, down, go, settle } from "./rejilla-cursor.js";
import { fold, folding, unfold } from "./rejilla-plegar.js";
const PRINTS = /^[^\s]$/u;

// Record what a cell was given to say: at once in a draft, in the basket of an approved plan.
const commit = (cell, text) => {
  const was = marks.get(keyOf(cell))?.was ?? shown(cell);
  const row = cell.parentElement;
  const sentence = wrong(cell.dataset.f, text);
  if (sentence) setMark(keyOf(cell), { text, mark: "error", say: sentence, was });
  else if (row.classList.contains("r-new")) setMark(keyOf(cell), { text, mark: "pendiente", say: "" });
  else if (proposes) basket.put(cell, text);
  else if (text !== shown(cell) || marks.get(keyOf(cell))?.mark === "error") save(cell, text, was);
  if (sentence) tell();
  paint(cell);
  sum(row);
  explain(cell);
};

// Turn a cell into an input; `text` replaces what it says, as typing does.
export const edit = (cell, text) => {
  if (!cell?.dataset.f || cell.querySelector(".r-field")) return;
  const field = document.createElement("input");
  field.className = "r-field";
  field.value = text ?? shown(cell);
  field.setAttribute("aria-label", `${grid.tHead.rows[0].cells[columnOf(cell)].textContent}: ${shown(cell.parentElement.cells[0])}`);
  if (cell.dataset.f === "unit") field.setAttribute("list", "unidades");
  if (cell.dataset.f === "area") field.setAttribute("list", "areas");
  if (isMonth(cell.dataset.f)) field.inputMode = "decimal";
  const before = shown(cell);
  let open = true;
  const close = (keep) => {
    if (!open) return;
    open = false;
    const typed = field.value.trim();
    field.remove();
    if (keep && (typed !== before || marks.get(keyOf(cell))?.mark === "error")) commit(cell, typed);
    else paint(cell);
    sum(cell.parentElement);
  };
  const leave = (keep, move) => {
    close(keep);
    cell.tabIndex = 0;
    cell.focus({ preventScroll: true });
    move?.();
  };
  field.addEventListener("blur", () => close(true));
  field.addEventListener("input", () => {
    sum(cell.parentElement, { [cell.dataset.f]: field.value });
    field.setAttribute("aria-invalid", String(Boolean(wrong(cell.dataset.f, field.value.trim()))));
  });
  field.addEventListener("keydown", (event) => {
    const typing = text !== undefined;
    const moves = { Enter: () => enter(cell), Tab: () => across(event.shiftKey ? -1 : 1), ArrowDown: () => down(1), ArrowUp: () => down(-1) };
    const sideways = { ArrowLeft: () => across(-1), ArrowRight: () => across(1) };
    const move = event.ctrlKey || event.altKey ? undefined : (moves[event.key] ?? (typing ? sideways[event.key] : undefined));
    event.stopPropagation();
    if (event.key === "Escape") leave(false);
    else if (event.key === "Enter" && event.ctrlKey) leave(true, () => add());
    else if (move && !(field.list && event.key.startsWith("Arrow"))) leave(true, move);
    else return;
    event.preventDefault();
  });
  cell.append(field);
  field.focus();
  if (text === undefined) field.select();
};

const enter = (cell) => {
  const row = cell.parentElement;
  if (!row.classList.contains("r-new")) return down(1, row);
  if (leaveNew(row, null)) add(row);
};

const add = (row = caret?.parentElement, begin = newRow) => {
  if (!row) return;
  const made = begin(row);
  unfold(made);
  go(made.cells[0]);
  edit(made.cells[0], "");
};

const lineOf = (row) => row.parentElement.rows[0].dataset.line;
const after = (items, at, step) => (step < 0 ? (items[at - 2] ?? "0") : items[at + 1]);

// Move a task among those of its activity, or an activity among those of its line.
const move = (step) => {
  if (proposes) return basket.move(caret.parentElement, step) ?? go(caret, true);
  const [kind, number] = caret.parentElement.dataset.row.split("/");
  const siblings =
    kind === "tareas"
      ? [...caret.parentElement.parentElement.rows].slice(1).map((row) => row.dataset.row?.split("/")[1])
      : [...grid.querySelectorAll("tr.r-activity")].filter((row) => row.dataset.line === lineOf(caret.parentElement)).map((row) => row.dataset.row.split("/")[1]);
  const at = siblings.indexOf(number);
  if (at + step < 0 || at + step >= siblings.length) return;
  const where = kind === "tareas" ? { activity: caret.closest("tbody").id.slice(2) } : { line: lineOf(caret.parentElement) };
  act(`/${kind}/${number}/lugar`, { ...where, after: after(siblings, at, step) }, "Movida");
};

// Do something with the whole plan or the row of the caret, and say how it went.
const act = async (address, fields, done) => {
  say("Un momento…");
  const { ok, errors } = await send(address, fields);
  say(ok ? done : Object.values(errors)[0], !ok);
  if (ok && !caret?.isConnected) go(rows()[0]?.cells[0]);
};

// Mark a row of an approved plan to be retired, or no longer; a new one is given up.
const leave = () => {
  const row = caret.parentElement;
  if (!row.classList.contains("r-new")) return basket.leave(row);
  const next = row.previousElementSibling ?? row.parentElement.previousElementSibling?.rows[0];
  forget(row);
  go(next?.dataset.row ? next.cells[0] : rows()[0]?.cells[0]);
};

const DO = {
  add: () => add(),
  activity: () => add(caret.parentElement, newActivity),
  leave: () => leave(),
  up: () => move(-1),
  down: () => move(1),
  copy: () => act(`/actividades/${caret.closest("tbody").id.slice(2)}/copia`, {}, "Actividad copiada"),
};
const undo = () => act("/deshecho", {}, "Deshecho");
const redo = () => act("/rehecho", {}, "Rehecho");

const KEYS = {
  ArrowUp: () => down(-1),
  ArrowDown: () => down(1),
  ArrowLeft: () => across(-1),
  ArrowRight: () => across(1),
  PageUp: () => down(-15),
  PageDown: () => down(15),
  Home: () => go(caret.parentElement.cells[0]),
  End: () => go(caret.parentElement.cells[caret.parentElement.cells.length - 1]),
  Enter: () => (caret.dataset.f ? edit(caret) : down(1)),
  F2: () => edit(caret),
  Delete: () => isMonth(caret.dataset.f) && commit(caret, "0"),
  " ": () => caret.parentElement.querySelector("input[type=checkbox]")?.click(),
  Escape: () => clear(),
};

grid.addEventListener("keydown", (event) => {
  if (!caret || event.target.matches("a, input, button") || event.isComposing) return;
  const control = event.ctrlKey || event.metaKey;
  if (event.key === "Tab") {
    const edge = event.shiftKey ? caret.cellIndex === 0 : caret.cellIndex === caret.parentElement.cells.length - 1;
    if (edge && (event.shiftKey ? rows()[0] : rows().at(-1)) === caret.parentElement) return;
    across(event.shiftKey ? -1 : 1);
  } else if (event.altKey && !control && (event.key === "ArrowUp" || event.key === "ArrowDown")) move(event.key === "ArrowUp" ? -1 : 1);
  else if (control && event.key === "Enter") add();
  else if (event.altKey && event.key === "Enter") fold(caret.parentElement, event.shiftKey);
  else if (control && event.key === "Delete" && proposes) leave();
  else if (control && event.key.toLowerCase() === "z" && !event.shiftKey && !proposes) undo();
  else if (control && (event.key.toLowerCase() === "y" || event.key.toLowerCase() === "z") && !proposes) redo();
  else if (control && event.key === "Home") go(rows()[0]?.cells[0]);
  else if (control && event.key === "End") go(rows().at(-1)?.cells[0]);
  else if (event.shiftKey && event.key.startsWith("Arrow")) choose(caret, event.key);
  else if (control || event.altKey) return;
  else if (KEYS[event.key]) {
    if (event.key !== "Escape") clear();
    KEYS[event.key]();
  } else if (PRINTS.test(event.key)) edit(caret, event.key);
  else return;
  event.preventDefault();
});

grid.addEventListener("click", (event) => {
  if (event.target.matches("input[type=checkbox], .r-field, .r-about a, .r-fold") || event.ctrlKey || event.metaKey) return;
  const cell = event.target.closest("tr[data-row] > *");
  if (!cell) return;
  event.preventDefault();
  clear();
  go(cell);
});
grid.addEventListener("dblclick", (event) => edit(event.target.closest("[data-f]")));
grid.addEventListener("focusin", (event) => event.target.matches("tr[data-row] > *") && event.target !== caret && go(event.target));
grid.addEventListener("focusout", () => (bubble.hidden = true));
grid.addEventListener("change", () => {
  const count = grid.querySelectorAll("input[type=checkbox]:checked").length;
  document.querySelector("[data-chosen]").textContent = count ? `(${count})` : "";
});

document.querySelector("[data-caret]")?.addEventListener("click", (event) => {
  const name = event.target.dataset.do;
  if (name && caret?.isConnected) {
    caret.focus();
    DO[name]();
  } else if (name) say("Elija antes una fila de la cuadrícula.", true);
});
for (const [name, run] of [["undo", undo], ["redo", redo]])
  document.querySelector(`[data-${name}]`)?.addEventListener("click", (event) => {
    event.preventDefault();
    run();
  });
document.addEventListener("copy", (event) => caret?.isConnected && document.activeElement === caret && copy(event, caret));
document.addEventListener("paste", (event) => caret?.isConnected && document.activeElement === caret && paste(event, caret));
document.addEventListener("keydown", (event) => {
  if (event.key !== "F6") return;
  event.preventDefault();
  if (document.activeElement?.closest("#rejilla")) outline.focus();
  else go(caret?.isConnected ? caret : rows()[0]?.cells[0], true);
});
addEventListener("beforeunload", (event) => unsaved().length && event.preventDefault());

outline.onjump = async (link) => {
  const row = await jump(link);
  if (row) unfold(row);
  go(row?.cells[0]);
};
folding.settle = settle;
folding.step = (row) => go(cellAt(row, column), true);
for (const hidden of document.querySelectorAll("[data-caret], [data-help]")) hidden.hidden = false;
for (const plain of document.querySelectorAll("[data-plain]")) plain.classList.add("r-scripted");
grid.setAttribute("role", "grid");
grid.closest(".r-scroll").removeAttribute("tabindex");
const first = rows()[0]?.cells[0];
if (first) first.tabIndex = 0;
