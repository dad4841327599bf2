// While somebody writes about an activity its page sends a heartbeat; the rows of a plan show who is writing where.
(() => {
  "use strict";

  const BEAT = 10000;
  const IDLE = 120000;
  let beating = null;
  let last = 0;

  const tell = (path, options = {}) =>
    fetch(path, {
      method: "POST",
      headers: { "hx-request": "true" },
      body: new URLSearchParams({ _csrf_token: document.querySelector("main input[name=_csrf_token]").value }),
      ...options,
    }).catch(() => null);

  const stop = (options) => {
    if (!beating) return;
    clearInterval(beating.timer);
    tell(`${beating.place}/fin`, options);
    beating = null;
  };

  const beat = () => {
    if (document.hidden || Date.now() - last > IDLE) stop();
    else tell(beating.place);
  };

  const writes = (event) => {
    const form = event.target.form?.closest("[data-presencia] form");
    if (!form || form.method !== "post" || form.closest("#conversacion")) return;
    last = Date.now();
    if (beating) return;
    beating = { place: form.closest("[data-presencia]").dataset.presencia, timer: setInterval(beat, BEAT) };
    beat();
  };

  // «data-presente» in the part that tells, «data-actividad» on the rows: each row says by whom it is being written.
  const decorate = () => {
    for (const mark of document.querySelectorAll(".q-writing")) mark.remove();
    for (const told of document.querySelectorAll("[data-presente]")) {
      for (const row of document.querySelectorAll(`[data-actividad="${told.dataset.presente}"]`)) {
        const mark = document.createElement("small");
        mark.className = "q-writing";
        mark.textContent = `✎ ${told.dataset.nombre} está editando`;
        row.append(mark);
      }
    }
  };

  document.addEventListener("focusin", writes);
  document.addEventListener("input", writes);
  document.addEventListener("submit", () => stop({ keepalive: true }));
  document.addEventListener("visibilitychange", () => document.hidden && stop({ keepalive: true }));
  addEventListener("pagehide", () => stop({ keepalive: true }));
  document.addEventListener("htmx:afterSettle", decorate);
  decorate();
})();
