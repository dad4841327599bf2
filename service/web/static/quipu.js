// What the pages gain with scripts; every page works without this file.
(() => {
  "use strict";

  const say = (text, bad = false) => {
    const place = document.getElementById("aviso");
    if (!place) return;
    const sentence = document.createElement("p");
    sentence.textContent = text;
    place.classList.toggle("q-toast-bad", bad);
    place.replaceChildren(sentence);
  };

  // «1 234,5» and «1234.5» are the same figure; anything else is not one.
  const figure = (text) => {
    const bare = text.replace(/[\s\u00a0\u202f]/g, "").replace(",", ".");
    return /^\d+(\.\d*)?$/.test(bare) ? Number(bare) : NaN;
  };

  // As `words.porciento`: two decimals, half up, never above 100.
  const share = (done, target) => {
    if (Number.isNaN(done) || !(target > 0)) return "—";
    const rounded = Math.min(100, Math.round((done / target) * 10000 + 1e-7) / 100);
    return `${rounded.toFixed(2).replace(".", ",")}\u00a0%`;
  };

  const recompute = (input) => {
    for (const output of document.querySelectorAll("output[data-target]")) {
      if (output.htmlFor.contains(input.id)) output.textContent = share(figure(input.value), figure(output.dataset.target));
    }
  };

  const prepare = (root) => {
    for (const hidden of root.querySelectorAll("[data-copy], [data-print], [data-close]")) hidden.hidden = false;
    root.querySelector("[data-focus]")?.focus();
    // The part that shows a moment says where the slider stands now: <… data-slider="id" data-value="214" data-text="Hecho 214 de 980: …">.
    for (const moment of root.querySelectorAll("[data-slider]")) {
      const slider = document.getElementById(moment.dataset.slider);
      if (!slider) continue;
      if (document.activeElement !== slider) slider.value = moment.dataset.value;
      slider.setAttribute("aria-valuetext", moment.dataset.text);
    }
  };

  const copy = async (button) => {
    const address = new URL(button.dataset.copy || location.href, location.href).href;
    try {
      await navigator.clipboard.writeText(address);
      say("Enlace copiado.");
    } catch {
      say(`Copie este enlace: ${address}`);
    }
  };

  const close = (details) => {
    details.open = false;
    details.querySelector("summary").focus();
  };

  document.addEventListener("input", (event) => recompute(event.target));

  document.addEventListener("click", (event) => {
    const button = event.target.closest("[data-copy], [data-print], [data-close]");
    if (!button) return;
    if ("copy" in button.dataset) copy(button);
    else if ("print" in button.dataset) window.print();
    else close(button.closest("details"));
  });

  document.addEventListener("keydown", (event) => {
    const open = event.key === "Escape" && event.target.closest("details.q-confirm[open]");
    if (open) close(open);
  });

  // A live update waits while somebody is writing in the part: nothing typed is ever taken away.
  const writing = (part) =>
    part.querySelector("details.q-confirm[open]") ||
    [...part.querySelectorAll("input, textarea")].some((field) => field.type !== "hidden" && field.value !== field.defaultValue);

  // Two facts in quick succession: what a part fetched for the first may miss the second, and the request that the second asked
  // for ends with the part that was replaced. So each request remembers what its parts had heard when it set out, and a part
  // that heard more until it was replaced is fetched once more. (Parts settle at once: in between a new one would hear nothing.)
  const heard = new Map();

  const again = (part) => {
    const cause = part?.getAttribute("hx-trigger")?.match(/sse:[\w-]+/);
    if (cause) htmx.trigger(part, cause[0]);
  };

  // A press is a pointer, or the space bar, that goes down and up on one button: were the button replaced in between, it would do nothing.
  // So what a message brings meanwhile, or while the form of the press is on its way, is not shown but fetched again afterwards.
  let pressed = null;
  let over = 0;
  const kept = new Set();
  const busy = (part) => part.contains(pressed) || part.querySelector("form.htmx-request");
  const show = (part) => kept.delete(part?.id) && again(part);

  const press = (event) => {
    clearTimeout(over);
    pressed = event.target;
  };

  // A finger's click comes some time after it was lifted.
  const release = () => {
    over = setTimeout(() => {
      const part = pressed?.closest("[hx-trigger^='sse:']");
      pressed = null;
      if (part && !busy(part)) show(part);
    }, 200);
  };

  document.addEventListener("pointerdown", press);
  document.addEventListener("keydown", (event) => event.key === " " && press(event));
  for (const end of ["pointerup", "pointercancel", "keyup"]) document.addEventListener(end, release);

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { requestConfig, target } = event.detail;
    const cause = requestConfig?.triggeringEvent?.type ?? "";
    if (!cause.startsWith("sse:") || !(busy(target) || writing(target))) return;
    event.detail.shouldSwap = false;
    if (busy(target)) kept.add(target.id);
  });

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { elt, requestConfig } = event.detail;
    const cause = requestConfig.triggeringEvent;
    if (cause?.type.startsWith("sse:")) heard.set(elt.id, cause.detail);
    requestConfig.heard = new Map(heard);
  });

  document.addEventListener("htmx:sseMessage", (event) => heard.set(event.target.id, event.detail));

  document.addEventListener("htmx:afterSettle", (event) => {
    const { elt, requestConfig } = event.detail;
    prepare(elt);
    kept.delete(elt.id);
    if (elt.id && heard.get(elt.id) !== requestConfig?.heard.get(elt.id)) again(document.getElementById(elt.id));
  });

  document.addEventListener("htmx:afterRequest", (event) => event.detail.successful || show(event.detail.target));

  document.addEventListener("htmx:sendError", () => say("No hay conexión. Lo que escribió sigue en la pantalla: intente de nuevo en un momento.", true));

  document.addEventListener("htmx:responseError", (event) => {
    const sentences = {
      401: "Su sesión terminó. Ingrese de nuevo en otra pestaña y repita la acción.",
      403: "Su cargo no permite esta acción.",
      404: "Eso ya no está en esta dirección.",
      413: "El archivo es demasiado grande.",
      503: "El servicio no responde por ahora. Sus datos no se han perdido: intente de nuevo en un momento.",
    };
    say(sentences[event.detail.xhr.status] ?? "No se pudo completar la acción. Intente de nuevo.", true);
  });

  prepare(document);
})();
