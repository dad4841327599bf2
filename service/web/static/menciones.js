// Typing «@» in a comment offers the persons who may be mentioned; arrows, Enter and Escape work as in any list.
(() => {
  "use strict";

  const BEGUN = /(?:^|[^\w@.])@([\p{L}\d.-]{1,40})$/u;
  let area = null;
  let list = null;
  let chosen = 0;
  let asked = 0;

  const close = () => {
    list?.remove();
    area?.removeAttribute("aria-activedescendant");
    area?.removeAttribute("aria-controls");
    list = null;
  };

  const mark = (place) => {
    const all = [...list.children];
    chosen = (place + all.length) % all.length;
    all.forEach((item, n) => item.setAttribute("aria-selected", String(n === chosen)));
    area.setAttribute("aria-activedescendant", all[chosen].id);
  };

  const take = (item) => {
    const end = area.selectionStart;
    const start = end - BEGUN.exec(area.value.slice(0, end))[1].length;
    area.setRangeText(`${item.dataset.usuario} `, start, end, "end");
    area.dispatchEvent(new Event("input", { bubbles: true }));
    close();
    area.focus();
  };

  const open = (people) => {
    close();
    if (!people.length) return;
    list = document.createElement("ul");
    list.id = "menciones-lista";
    list.className = "q-mentions";
    list.setAttribute("role", "listbox");
    list.setAttribute("aria-label", "Personas");
    people.forEach((person, n) => {
      const item = document.createElement("li");
      item.id = `mencion-${n}`;
      item.setAttribute("role", "option");
      item.dataset.usuario = person.usuario;
      const more = document.createElement("small");
      more.textContent = `@${person.usuario} · ${person.cargo}`;
      item.append(person.nombre, more);
      item.addEventListener("mousedown", (event) => {
        event.preventDefault();
        take(item);
      });
      list.append(item);
    });
    area.after(list);
    area.setAttribute("aria-controls", list.id);
    mark(0);
  };

  const offer = async () => {
    const begun = BEGUN.exec(area.value.slice(0, area.selectionStart));
    const number = ++asked;
    if (!begun) return close();
    const answer = await fetch(`${area.dataset.menciones}?q=${encodeURIComponent(begun[1])}`, { headers: { "hx-request": "true" } }).catch(() => null);
    if (number === asked && answer?.ok) open(await answer.json());
  };

  document.addEventListener("input", (event) => {
    if (!event.target.matches("textarea[data-menciones]")) return;
    area = event.target;
    area.setAttribute("aria-autocomplete", "list");
    offer();
  });

  document.addEventListener("keydown", (event) => {
    if (!list || event.target !== area) return;
    const steps = { ArrowDown: 1, ArrowUp: -1 };
    if (event.key in steps) mark(chosen + steps[event.key]);
    else if (event.key === "Enter" || event.key === "Tab") take(list.children[chosen]);
    else if (event.key === "Escape") close();
    else return;
    event.preventDefault();
  });

  document.addEventListener("focusout", close);
})();
