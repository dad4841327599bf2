// What is typed in a form is saved at each pause as a private draft, field by field, and put back on the next visit.
// What could not be saved yet waits in this browser under the person's id, and is taken away when the person signs out.
(() => {
  "use strict";

  const who = document.body.dataset.persona ?? "";
  const PREFIX = "quipu-borrador:";
  const PAUSE = 800;
  const LONGEST = 60000;
  const ALONG = ["command_id", "base"];
  const [MOST_FIELDS, MOST_LETTERS] = [200, 100000]; // the service takes 400 fields and twice as many letters at a time
  const WORDS = {
    guardado: ["✓", "Guardado"],
    pendiente: ["…", "Pendiente"],
    error: ["!", "Error: no se guardó"],
  };
  const known = new Map(); // form's address → what the service keeps of it, or null
  const drafts = new WeakMap(); // form element → its draft

  const shelf = {
    all: () => {
      try {
        return Object.keys(localStorage).filter((key) => key.startsWith(PREFIX));
      } catch {
        return [];
      }
    },
    left: (key) => {
      try {
        return JSON.parse(localStorage.getItem(`${PREFIX}${who}:${key}`)) ?? {};
      } catch {
        return {};
      }
    },
    put: (key, fields) => {
      try {
        if (Object.keys(fields).length) localStorage.setItem(`${PREFIX}${who}:${key}`, JSON.stringify(fields));
        else localStorage.removeItem(`${PREFIX}${who}:${key}`);
      } catch {
        // A full or forbidden storage only means that nothing waits here.
      }
    },
    clear: (mine) => {
      for (const key of shelf.all()) if (!mine || !key.startsWith(`${PREFIX}${who}:`)) localStorage.removeItem(key);
    },
  };

  const hidden = (form, name) => form.querySelector(`input[type=hidden][name="${name}"]`);
  const typable = (field) => field.name && !field.disabled && !["hidden", "password", "file", "submit", "button", "reset"].includes(field.type);
  const fieldsOf = (form, name) => [...form.elements].filter((field) => field.name === name && typable(field));
  const namesOf = (form) => [...new Set([...form.elements].filter(typable).map((field) => field.name))];
  const valuesOf = (form, name) =>
    fieldsOf(form, name)
      .filter((field) => !["checkbox", "radio"].includes(field.type) || field.checked)
      .map((field) => field.value);
  const same = (one, other) => JSON.stringify(one) === JSON.stringify(other);

  const eligible = (form) =>
    form.method === "post" && hidden(form, "command_id") && !("sinBorrador" in form.dataset) && form.closest("main") && namesOf(form).length > 0;

  const keyOf = (form) => {
    const which = hidden(form, "_borrador")?.value;
    return new URL(form.getAttribute("action"), location.href).pathname + (which ? `#${which}` : "");
  };

  const ask = (path, body, options = {}) =>
    fetch(path, { method: "POST", headers: { "hx-request": "true" }, body: new URLSearchParams(body), ...options });

  const show = (field, state, more = "") => {
    const place = field.closest(".q-field") ?? field.closest("td, th, p, div");
    let said = place.querySelector(":scope > .q-draft");
    if (!said) {
      said = document.createElement("p");
      said.className = "q-draft";
      said.setAttribute("aria-live", "polite");
      place.append(said);
    }
    const [icon, text] = WORDS[state];
    said.dataset.state = state;
    const mark = document.createElement("span");
    mark.setAttribute("aria-hidden", "true");
    mark.textContent = icon;
    said.replaceChildren(mark, ` ${text}${more}`);
  };

  // As many of the fields, from the first on, as go in one request.
  const slice = (entries) => {
    let [count, letters] = [0, 0];
    return entries.filter(([, values]) => {
      letters += values.join("").length;
      return count++ === 0 || (count <= MOST_FIELDS && letters <= MOST_LETTERS);
    });
  };

  class Draft {
    constructor(form) {
      this.form = form;
      this.key = keyOf(form);
      this.pending = new Map();
      this.wait = PAUSE;
      this.original = new Map(namesOf(form).map((name) => [name, valuesOf(form, name)]));
      this.hidden = Object.fromEntries(ALONG.map((name) => [name, hidden(form, name)?.value]));
    }

    tell(names, state, more) {
      for (const name of names) for (const field of fieldsOf(this.form, name).slice(0, 1)) show(field, state, more);
    }

    typed(name) {
      this.pending.set(name, valuesOf(this.form, name));
      shelf.put(this.key, this.fields());
      this.tell([name], "pendiente");
      this.wait = PAUSE;
      this.later();
    }

    fields(some = this.pending) {
      if (!some.size) return {};
      const along = ALONG.filter((name) => hidden(this.form, name)).map((name) => [name, [hidden(this.form, name).value]]);
      return Object.fromEntries([...some, ...along]);
    }

    later() {
      clearTimeout(this.timer);
      this.timer = setTimeout(() => this.save(), this.wait);
    }

    async save(options = {}) {
      clearTimeout(this.timer);
      if (!this.pending.size || this.sent) return;
      if (this.asking) return this.later();
      const saving = new Map(slice([...this.pending]));
      const fields = this.fields(saving);
      this.asking = new AbortController();
      try {
        const answer = await ask(
          "/borradores",
          { _csrf_token: hidden(this.form, "_csrf_token").value, forma: this.key, campos: JSON.stringify(fields) },
          { signal: this.asking.signal, ...options },
        );
        if (answer.ok) {
          known.set(this.key, { campos: { ...known.get(this.key)?.campos, ...fields } });
          for (const [name, values] of saving) if (same(this.pending.get(name), values)) this.pending.delete(name);
          this.wait = PAUSE;
          this.tell([...saving.keys()].filter((name) => !this.pending.has(name)), "guardado");
          if (this.pending.size) this.later();
          shelf.put(this.key, this.fields());
        } else if (answer.status === 401) {
          this.tell(saving.keys(), "pendiente", ": su sesión terminó; ingrese de nuevo");
          this.again();
        } else if (answer.status === 429 || answer.status >= 500) {
          this.tell(saving.keys(), "pendiente");
          this.again();
        } else {
          this.tell(saving.keys(), "error", answer.status === 403 ? "; vuelva a abrir la página" : "");
        }
      } catch {
        if (!this.sent) {
          this.tell(saving.keys(), "pendiente", ": sin conexión");
          this.again();
        }
      } finally {
        this.asking = null;
      }
    }

    again() {
      this.wait = Math.min(LONGEST, Math.max(4000, this.wait * 2));
      this.later();
    }

    // The form is on its way: what was typed and not saved stays on the shelf until the next page asks what became of it.
    send() {
      this.sent = true;
      clearTimeout(this.timer);
      this.asking?.abort();
      known.delete(this.key);
    }

    put(values, others) {
      for (const [name, wanted] of values) {
        for (const field of fieldsOf(this.form, name)) {
          if (["checkbox", "radio"].includes(field.type)) field.checked = wanted.includes(field.value);
          else field.value = wanted[0] ?? "";
          this.putting = true;
          field.dispatchEvent(new Event("input", { bubbles: true }));
          this.putting = false;
        }
      }
      for (const [name, value] of Object.entries(others)) if (value !== undefined && hidden(this.form, name)) hidden(this.form, name).value = value;
    }

    restore({ cuando, campos: kept } = {}, left = {}) {
      const campos = { ...kept, ...left };
      const values = Object.entries(campos).filter(([name, wanted]) => this.original.has(name) && !same(wanted, this.original.get(name)));
      if (!values.length) return this.forget();
      const [command, base] = [campos.command_id?.[0], campos.base?.[0]];
      const stale = base !== undefined && this.hidden.base !== undefined && base !== this.hidden.base;
      this.put(values, { command_id: command, base });
      this.tell(values.map(([name]) => name), "guardado");
      this.pending = new Map(values.filter(([name]) => name in left));
      this.tell(this.pending.keys(), "pendiente");
      if (this.pending.size) this.later();
      for (let folded = this.form.closest("details"); folded; folded = folded.parentElement.closest("details")) folded.open = true;
      this.note = document.createElement("div");
      this.note.className = "q-note q-info q-draft-note";
      this.note.setAttribute("role", "status");
      const text = document.createElement("p");
      text.textContent = `Tiene un borrador${cuando ? ` ${cuando}` : ""}.${stale ? " El dato cambió después: si ambos tocaron lo mismo, verá las dos versiones al enviar." : ""}`;
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-sm btn-outline-secondary";
      button.textContent = "Descartar borrador";
      button.addEventListener("click", () => this.discard());
      this.note.append(text, button);
      this.form.prepend(this.note);
    }

    forget() {
      known.set(this.key, null);
      shelf.put(this.key, {});
      return ask("/borradores/descarte", { _csrf_token: hidden(this.form, "_csrf_token").value, forma: this.key }).catch(() => null);
    }

    async discard() {
      clearTimeout(this.timer);
      this.pending.clear();
      await this.forget();
      this.put(this.original, this.hidden);
      for (const said of this.form.querySelectorAll(".q-draft")) said.remove();
      this.note.remove();
      this.form.querySelector("input:not([type=hidden]), textarea, select")?.focus();
    }
  }

  // What an earlier page left unsaved: the service keeps it now, or says that its form was carried out; refused it stays here,
  // is put back into its form all the same, and tried again.
  const settle = async (token) => {
    for (const place of shelf.all()) {
      const key = place.slice(PREFIX.length + who.length + 1);
      const entries = Object.entries(JSON.parse(localStorage.getItem(place)));
      const along = entries.filter(([name]) => ALONG.includes(name));
      let left = entries.filter(([name]) => !ALONG.includes(name));
      while (left.length) {
        const part = slice(left);
        const campos = JSON.stringify(Object.fromEntries([...part, ...along]));
        const answer = await ask("/borradores", { _csrf_token: token, forma: key, campos });
        if (!answer.ok) break;
        left = left.slice(part.length);
      }
      if (!left.length) localStorage.removeItem(place);
    }
  };

  const prepare = async (root, answered = "", first = false) => {
    const forms = [...root.querySelectorAll("form")].filter((form) => eligible(form) && !drafts.has(form));
    for (const form of forms) drafts.set(form, new Draft(form));
    const waiting = forms.map((form) => drafts.get(form)).filter((draft) => new URL(draft.form.action, location.href).pathname !== answered);
    const asked = [...new Set(waiting.map((draft) => draft.key))].filter((key) => !known.has(key));
    try {
      const token = first && document.querySelector("main input[name=_csrf_token], .q-person input[name=_csrf_token]")?.value;
      if (token) await settle(token);
      if (asked.length) {
        const answer = await fetch(`/borradores?${new URLSearchParams(asked.map((key) => ["forma", key]))}`, { headers: { "hx-request": "true" } });
        const found = answer.ok ? await answer.json() : {};
        for (const key of asked) known.set(key, found[key] ?? null);
      }
    } catch {
      // Without a connection a form has what the page shows and what waits here.
    }
    for (const draft of waiting.filter((each) => !each.pending.size && !each.sent)) {
      const left = first ? shelf.left(draft.key) : {}; // later it may be what was just sent
      if (known.get(draft.key) || Object.keys(left).length) draft.restore(known.get(draft.key) ?? {}, left);
    }
  };

  document.addEventListener("submit", (event) => {
    if (new URL(event.target.action, location.href).pathname === "/salir") shelf.clear(false);
    else drafts.get(event.target)?.send();
  });
  if (!who) return;
  shelf.clear(true);

  const heard = (event) => {
    const draft = event.target.form && drafts.get(event.target.form);
    if (draft && !draft.putting && typable(event.target)) draft.typed(event.target.name);
  };
  document.addEventListener("input", heard);
  document.addEventListener("change", heard);
  const saveAll = (options) => {
    for (const form of document.forms) drafts.get(form)?.save(options);
  };
  addEventListener("online", () => saveAll());
  addEventListener("pagehide", () => saveAll({ keepalive: true }));
  document.addEventListener("htmx:afterSettle", (event) => {
    const sent = event.detail.requestConfig?.verb === "post" ? event.detail.requestConfig.path : "";
    prepare(document, event.detail.xhr?.status >= 400 ? sent : "");
  });
  // A page drawn as the answer to a form lies at the form's own address: what was typed there is newer than any draft.
  prepare(document, location.pathname, true);
})();
