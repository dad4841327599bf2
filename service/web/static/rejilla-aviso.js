// The sentence under the caret: why its cell is wrong, or what to look at.
import { keyOf, marks } from "./rejilla-celdas.js";

export const bubble = Object.assign(document.createElement("p"), { className: "r-say", id: "r-say", hidden: true });
bubble.setAttribute("role", "alert");
document.body.append(bubble);

export const explain = (cell) => {
  const mark = marks.get(keyOf(cell));
  bubble.hidden = mark?.mark !== "error";
  if (bubble.hidden) return;
  const box = cell.getBoundingClientRect();
  bubble.textContent = mark.say;
  Object.assign(bubble.style, { left: `${Math.min(box.left, innerWidth - 330)}px`, top: `${box.bottom + 4}px` });
  (cell.querySelector(".r-field") ?? cell).setAttribute("aria-describedby", "r-say");
};
