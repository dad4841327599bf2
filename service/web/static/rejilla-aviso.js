// The sentence under the caret: why its cell is wrong, or what to look at.
import { keyOf, marks } from "./rejilla-celdas.js";

export const bubble = Object.assign(document.createElement("p"), { className: "r-say", id: "r-say", hidden: true });
document.body.append(bubble);

export const explain = (cell) => {
  const mark = marks.get(keyOf(cell));
  const wrong = mark?.mark === "error";
  const doubt = mark && mark.mark !== "guardado" ? "" : cell.dataset.doubt;
  bubble.hidden = !wrong && !doubt;
  if (bubble.hidden) return;
  bubble.classList.toggle("r-look", !wrong);
  bubble.setAttribute("role", wrong ? "alert" : "status");
  const box = cell.getBoundingClientRect();
  bubble.textContent = wrong ? mark.say : doubt;
  Object.assign(bubble.style, { left: `${Math.min(box.left, innerWidth - 330)}px`, top: `${box.bottom + 4}px` });
  (cell.querySelector(".r-field") ?? cell).setAttribute("aria-describedby", "r-say");
};
