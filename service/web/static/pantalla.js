// The screen of the room turns its pages by itself. What it shows next, and whether it is paused, the page itself says.
(() => {
  "use strict";

  const press = (id) => document.getElementById(id)?.click();
  let timer = null;
  let slide = "";
  let until = 0;

  // The same slide drawn again, because something changed, keeps the time it has left.
  const wind = () => {
    const screen = document.getElementById("pantalla");
    clearTimeout(timer);
    if (!screen) return;
    const pace = Number(screen.dataset.turn || 0) * 1000;
    if (!pace || screen.dataset.slide !== slide || until < Date.now()) until = Date.now() + pace;
    slide = screen.dataset.slide;
    if (pace) timer = setTimeout(() => press("siguiente"), until - Date.now());
  };

  const KEYS = { ArrowLeft: "anterior", ArrowRight: "siguiente", " ": "pausa" };

  document.addEventListener("keydown", (event) => {
    if (!KEYS[event.key] || event.altKey || event.ctrlKey || event.metaKey || event.shiftKey) return;
    if (event.target.closest("input, select, textarea, [contenteditable]")) return;
    if (event.key === " " && event.target.closest("a, button, summary")) return;
    if (event.target.closest(".q-scroll") && event.key !== " ") return;
    event.preventDefault();
    press(KEYS[event.key]);
  });
  document.addEventListener("htmx:afterSettle", wind);

  // Who asked for less motion starts the turning, if at all, with the button.
  const calm = matchMedia("(prefers-reduced-motion: reduce)").matches;
  const decided = new URLSearchParams(location.search).has("pausa");
  window.addEventListener("load", () => (calm && !decided ? press("pausa") : wind()));
})();
