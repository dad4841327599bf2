// The outline beside the grid: its own keys, and the way from a name to its row, which may still have to be asked for.
import { grid } from "./rejilla-celdas.js";

const list = document.getElementById("esquema");
const items = () => [...list.querySelectorAll("summary, li > a")].filter((each) => each.checkVisibility());
const wide = () => grid.checkVisibility();

// Ask for the next rows of a line, at least up to an activity.
export const load = async (more, activity = "") => {
  const answer = await fetch(more.dataset.href + (activity ? `&con=${activity}` : ""), { headers: { "HX-Request": "true" } });
  if (!answer.ok || !more.isConnected) return;
  const page = new DOMParser().parseFromString(`<table>${await answer.text()}</table>`, "text/html");
  const found = [...page.querySelectorAll("tbody")];
  more.replaceWith(...found);
  for (const each of found) window.htmx?.process(each);
};

// The row a name of the outline stands for, on the page when this is done.
export const jump = async (link) => {
  const { go, line } = link.dataset;
  const activity = link.dataset.with ?? go.slice(2);
  if (!document.getElementById(go)) {
    const more = [...grid.querySelectorAll(".r-more")].find((each) => each.dataset.line === line);
    if (more) await load(more, activity);
  }
  const there = document.getElementById(go);
  for (const each of list.querySelectorAll("[aria-current]")) each.removeAttribute("aria-current");
  link.setAttribute("aria-current", "true");
  const row = there?.tagName === "TBODY" ? there.rows[0] : there;
  row?.scrollIntoView({ block: "center" });
  return row;
};

export const outline = {
  onjump: () => {},
  focus: () => (list.querySelector("[aria-current]") ?? items()[0])?.focus(),
};

list.addEventListener("click", (event) => {
  const link = event.target.closest("a[data-go]");
  if (!link || event.ctrlKey || event.metaKey || !wide()) return;
  event.preventDefault();
  outline.onjump(link);
});

list.addEventListener("keydown", (event) => {
  const here = event.target.closest("summary, a");
  if (!here) return;
  const all = items();
  const step = { ArrowDown: 1, ArrowUp: -1 }[event.key];
  const fold = here.closest("summary")?.parentElement;
  if (step) all[all.indexOf(here.closest("summary") ?? here) + step]?.focus();
  else if (event.key === "Home") all[0]?.focus();
  else if (event.key === "End") all.at(-1)?.focus();
  else if (event.key === "ArrowRight" && fold) fold.open = true;
  else if (event.key === "ArrowLeft") {
    if (fold?.open) fold.open = false;
    else here.closest("ul")?.closest("details")?.querySelector("summary").focus();
  } else return;
  event.preventDefault();
});
