// Lines and activities fold, by their button or from the keyboard; remembered for this tab. Without the script everything is open.
import { base, grid } from "./rejilla-celdas.js";

const KEY = `plegado ${base}`;
const folded = new Set(JSON.parse(sessionStorage.getItem(KEY) ?? "[]"));
const isLine = (body) => body.classList.contains("r-line");
const lineOf = (body) => {
  while (body && !isLine(body)) body = body.previousElementSibling;
  return body;
};
const nameOf = (body) => (body.rows[0].querySelector(":scope > th > a, :scope > th > span") ?? body.rows[0]).textContent.trim().replace(/\s+/g, " ");

export const folding = { settle: () => {}, step: () => {} };

const button = (body) => {
  const head = body.rows[0].cells[0];
  const known = head.querySelector(".r-fold");
  if (known) return known;
  const made = Object.assign(document.createElement("button"), { type: "button", className: "r-fold" });
  made.setAttribute("aria-label", `${isLine(body) ? "Actividades de la línea" : "Tareas de"} «${nameOf(body)}»`);
  if (!isLine(body)) made.tabIndex = -1;
  (head.querySelector(":scope > span") ?? head).prepend(made);
  return made;
};

const draw = () => {
  let line = null;
  for (const body of grid.tBodies) {
    if (isLine(body)) line = body;
    else body.classList.toggle("r-away", Boolean(line) && folded.has(line.id));
    if (!body.id || body.rows[0]?.cells[0] === undefined) continue;
    const closed = folded.has(body.id);
    body.classList.toggle("r-folded", closed);
    button(body).setAttribute("aria-expanded", String(!closed));
  }
};

const put = (body, closed) => {
  if (closed) folded.add(body.id);
  else folded.delete(body.id);
  sessionStorage.setItem(KEY, JSON.stringify([...folded]));
  draw();
  folding.settle();
};

// Fold or unfold the activity of a row, or its line.
export const fold = (row, whole) => {
  const body = whole ? lineOf(row.parentElement) : row.parentElement;
  if (!body?.id) return;
  put(body, !folded.has(body.id));
  if (whole) button(body).focus();
};

// Open all that a row stands in.
export const unfold = (row) => {
  const bodies = [row.parentElement, lineOf(row.parentElement)].filter((body) => body && folded.has(body.id));
  for (const body of bodies) put(body, false);
};

// The heads in the way of the arrows: those of folded lines.
const next = (row, step) => {
  const all = [...grid.querySelectorAll(".r-line > tr, tr[data-row]")].filter((each) => each.checkVisibility());
  return all[all.indexOf(row) + step];
};

grid.addEventListener(
  "keydown",
  (event) => {
    const step = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    const row = event.target.closest("tr");
    const head = event.target.matches(".r-line .r-fold");
    if (!step || event.altKey || event.ctrlKey || event.shiftKey || !(head || event.target.matches("tr[data-row] > *"))) return;
    const there = next(row, step);
    const line = there && isLine(there.parentElement);
    if (!there || (!head && !(line && folded.has(there.parentElement.id)))) return;
    event.preventDefault();
    event.stopPropagation();
    if (line) button(there.parentElement).focus();
    else folding.step(there);
  },
  true,
);

grid.addEventListener("click", (event) => {
  const pressed = event.target.closest(".r-fold");
  if (pressed) put(pressed.closest("tbody"), pressed.getAttribute("aria-expanded") === "true");
});

draw();
new MutationObserver(draw).observe(grid, { childList: true, subtree: true });
