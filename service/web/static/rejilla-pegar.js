// Blocks: choosing one, copying it for Excel, pasting one from Excel. Nothing that does not fit is dropped without being shown.
import { table } from "./rejilla-bloque.js";
import { cellAt, columnOf, fieldOf, figure, grid, isMonth, keyOf, proposes, rows, say, setMark, shown, sum, wrong, written } from "./rejilla-celdas.js";
import { basket } from "./rejilla-cesta.js";
import { leaveNew, newRow } from "./rejilla-filas.js";
import { send } from "./rejilla-guardar.js";

const LAST = 13; // the column of December
const dialog = document.getElementById("pegado");
let range = null; // { from, to }: two corners, as cells
let waiting = null;

const box = () => {
  const all = rows();
  const [a, b] = [range.from, range.to].map((cell) => all.indexOf(cell.parentElement));
  const [c, d] = [range.from, range.to].map(columnOf);
  return { rows: all.slice(Math.min(a, b), Math.max(a, b) + 1), first: Math.min(c, d), last: Math.max(c, d) };
};
const draw = () => {
  for (const cell of grid.querySelectorAll(".r-chosen")) {
    cell.classList.remove("r-chosen");
    cell.removeAttribute("aria-selected");
  }
  if (!range) return;
  const { rows: chosen, first, last } = box();
  for (const row of chosen)
    for (let column = first; column <= last; column += 1) {
      cellAt(row, column).classList.add("r-chosen");
      cellAt(row, column).setAttribute("aria-selected", "true");
    }
};

export const clear = () => {
  range = null;
  draw();
};

// Stretch the chosen block by one row or column from the caret.
export const choose = (caret, key) => {
  range ??= { from: caret, to: caret };
  const all = rows();
  const [row, column] = [all.indexOf(range.to.parentElement), columnOf(range.to)];
  const [down, right] = { ArrowUp: [-1, 0], ArrowDown: [1, 0], ArrowLeft: [0, -1], ArrowRight: [0, 1] }[key];
  const there = all[Math.max(0, Math.min(row + down, all.length - 1))];
  range.to = cellAt(there, Math.max(0, Math.min(column + right, 18)));
  range.to.scrollIntoView({ block: "nearest", inline: "nearest" });
  draw();
};

// What Excel reads: figures without spaces, a decimal comma.
const plain = (cell) => {
  const text = shown(cell).replace(/[\t\n]/g, " ");
  return cell.classList.contains("num") ? text.replace(/\u00a0/g, "") : text;
};

export const copy = (event, caret) => {
  range ??= { from: caret, to: caret };
  const { rows: chosen, first, last } = box();
  const lines = chosen.map((row) => {
    const cells = new Set();
    for (let column = first; column <= last; column += 1) cells.add(cellAt(row, column));
    return [...cells].map(plain).join("\t");
  });
  event.clipboardData.setData("text/plain", lines.join("\n"));
  event.preventDefault();
  say(lines.length === 1 ? "Copiado" : `${lines.length} filas copiadas`);
};

// «1,234» may be a thousand or a bit more than one: the other figures of the block tell, or the person does.
const UNSURE = /^\d{1,3}[.,]\d{3}$/;
export const decimal = (texts) => {
  const figures = texts.filter((text) => /\d/.test(text) && !Number.isNaN(figure(text)));
  const comma = figures.some((text) => /,\d{1,2}$|,\d{4,}$|\.\d{3},/.test(text) || /\.\d{3}\.\d{3}/.test(text));
  const point = figures.some((text) => /\.\d{1,2}$|\.\d{4,}$|,\d{3}\./.test(text) || /,\d{3},\d{3}/.test(text));
  return comma === point ? "" : comma ? "," : ".";
};

// What a block would do from a cell on: for each of its cells the place and the text, or the sentence why not.
const plan = (block, caret, sign) => {
  const start = columnOf(caret);
  const all = rows().filter((row) => !row.classList.contains("r-activity"));
  const own = caret.parentElement.parentElement;
  const here = caret.parentElement.classList.contains("r-activity") ? null : caret.parentElement;
  let targets = here && !here.classList.contains("r-new") ? all.slice(all.indexOf(here)) : [];
  if (start === 0) targets = targets.filter((row) => row.parentElement === own);
  targets = targets.filter((row) => !row.classList.contains("r-new"));
  return block.map((line, n) => {
    const row = targets[n];
    const fresh = !row && start === 0;
    const cells = line.map((text, offset) => {
      const field = fieldOf(start + offset);
      if (!field || start + offset > LAST) return { text, say: "Sobra esta columna: después de diciembre se calcula." };
      if (!row && !fresh) return { text, say: "No hay más tareas debajo: pegue desde el nombre para agregarlas." };
      const value = isMonth(field) ? (text === "" ? 0 : figure(text, sign)) : text;
      const clear = isMonth(field) && !Number.isNaN(value) ? written(value) : text;
      return { text, field, value: clear, say: wrong(field, clear) };
    });
    if (fresh && !cells.some((cell) => cell.field === "unit")) cells.push({ text: "", say: "Falta la unidad de medida." });
    return { row, fresh, own, cells };
  });
};

// A new row with what was pasted into it, for the basket.
const fill = (row, cells) => {
  for (const cell of cells) setMark(keyOf(row.querySelector(`[data-f="${cell.field}"]`)), { text: cell.value, mark: "pendiente", say: "" });
  sum(row);
  leaveNew(row, null);
};

const accept = async (lines) => {
  const fields = {};
  let count = 0;
  lines.forEach((line, n) => {
    if (line.fresh && line.cells.some((cell) => cell.say)) return;
    const place = line.fresh ? `nueva-${n}` : line.row && `tarea-${line.row.dataset.row.split("/")[1]}`;
    const good = line.cells.filter((cell) => cell.field && !cell.say);
    if (line.fresh && good.length) fields[`${place}-activity`] = line.own.id.slice(2);
    count += good.length;
    if (proposes && line.fresh) return fill(newRow(line.own.rows[line.own.rows.length - 1]), good);
    for (const cell of good) {
      if (proposes) basket.put(line.row.querySelector(`[data-f="${cell.field}"]`), cell.value);
      else fields[`${place}-${cell.field}`] = cell.value;
    }
  });
  if (proposes || !count) return say(count ? `${count} celdas por proponer` : "Nada se pegó", !count);
  say("Pegando…");
  const { ok, errors } = await send("/bloque", fields);
  say(ok ? `${count} celdas pegadas` : Object.values(errors)[0], !ok);
};

const preview = (lines, unsure, redraw) => {
  const bad = lines.flatMap((line) => line.cells).filter((cell) => cell.say).length;
  dialog.querySelector("[data-summary]").textContent = bad
    ? `${bad === 1 ? "1 celda no se entiende o no tiene lugar" : `${bad} celdas no se entienden o no tienen lugar`}: lo que está mal se marca abajo y no se pega.`
    : "Revise cómo se leen las cifras.";
  const shownTable = document.createElement("table");
  for (const line of lines) {
    const row = shownTable.insertRow();
    row.insertCell().textContent = line.fresh ? "Nueva" : line.row ? `Tarea ${line.row.dataset.row.split("/")[1]}` : "—";
    for (const cell of line.cells) {
      const drawn = row.insertCell();
      drawn.textContent = cell.say ? `${cell.text || "(vacío)"} ▸ ${cell.say}` : cell.value;
      drawn.classList.toggle("r-wrong", Boolean(cell.say));
    }
  }
  const parts = [shownTable];
  if (unsure) {
    const ask = document.createElement("p");
    ask.textContent = `¿Qué es «${unsure}»? `;
    for (const [sign, text] of [[",", "La coma separa decimales"], [".", "El punto separa decimales"]]) {
      const button = Object.assign(document.createElement("button"), { type: "button", className: "btn btn-outline-secondary me-2", textContent: text });
      button.addEventListener("click", () => redraw(sign));
      ask.append(button);
    }
    parts.unshift(ask);
  }
  dialog.querySelector(".r-preview").replaceChildren(...parts);
  waiting = lines;
  if (!dialog.open) dialog.showModal();
};

export const paste = (event, caret) => {
  const block = table(event.clipboardData.getData("text/plain"));
  event.preventDefault();
  if (!block.length) return;
  const months = block.flatMap((line) => line.filter((_, offset) => isMonth(fieldOf(columnOf(caret) + offset))));
  const sign = decimal(months);
  const unsure = sign ? undefined : months.find((text) => UNSURE.test(text.replace(/\s/g, "")));
  const read = (chosen) => {
    const lines = plan(block, caret, chosen);
    if (unsure && !chosen) preview(lines, unsure, read);
    else if (lines.some((line) => line.cells.some((cell) => cell.say)) || dialog.open) preview(lines, undefined, read);
    else accept(lines);
  };
  read(sign);
};

dialog.querySelector("[data-accept]").addEventListener("click", () => {
  dialog.close();
  accept(waiting);
});
dialog.querySelector("[data-cancel]").addEventListener("click", () => dialog.close());
