// A passkey is asked: the service puts the question, the device answers, the form carries the answer. Without it nothing changes.
(() => {
  "use strict";

  const able = window.isSecureContext && "PublicKeyCredential" in window;
  const bytes = (text) => Uint8Array.from(atob(text.replaceAll("-", "+").replaceAll("_", "/")), (letter) => letter.charCodeAt(0));
  const letters = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer))).replaceAll("+", "-").replaceAll("/", "_").replace(/=+$/, "");
  const named = (list) => (list ?? []).map((each) => ({ ...each, id: bytes(each.id) }));

  const say = (form, sentence) => {
    form.querySelector("[data-llave-dice]").textContent = sentence;
  };

  const make = ({ user, challenge, excludeCredentials, ...rest }) =>
    navigator.credentials.create({
      publicKey: {
        ...rest,
        challenge: bytes(challenge),
        user: { ...user, id: bytes(user.id) },
        excludeCredentials: named(excludeCredentials),
      },
    });

  const sign = ({ challenge, allowCredentials, ...rest }) =>
    navigator.credentials.get({ publicKey: { ...rest, challenge: bytes(challenge), allowCredentials: named(allowCredentials) } });

  const told = ({ id, rawId, type, response }) => {
    const parts = {};
    for (const name of ["clientDataJSON", "attestationObject", "authenticatorData", "signature"]) {
      if (response[name]) parts[name] = letters(response[name]);
    }
    return JSON.stringify({ id, rawId: letters(rawId), type, response: parts });
  };

  const ask = async (form) => {
    const answer = await fetch(form.dataset.pregunta, {
      method: "POST",
      headers: { "hx-request": "true" },
      body: new URLSearchParams(new FormData(form)),
    });
    if (!answer.ok || !answer.headers.get("content-type").includes("json")) throw new Error();
    return answer.json();
  };

  const refusals = {
    NotAllowedError: "La llave no respondió: se canceló o pasó el tiempo. No se hizo nada; puede intentar de nuevo.",
    InvalidStateError: "Este equipo ya tiene una llave suya registrada.",
    SecurityError: "Las llaves no valen en esta dirección: abra Quipu en su dirección de siempre.",
  };

  // Before htmx and before the browser send the form: first the device, then the same form with the answer.
  document.addEventListener(
    "submit",
    async (event) => {
      const form = event.target.closest("form[data-llave]");
      if (!form || form.elements.respuesta.value) return;
      event.preventDefault();
      event.stopImmediatePropagation();
      say(form, "Siga las indicaciones de su equipo…");
      try {
        const { nonce, options } = await ask(form);
        const given = await (form.dataset.llave === "crear" ? make(options) : sign(options));
        form.elements.nonce.value = nonce;
        form.elements.respuesta.value = told(given);
        say(form, "");
        form.requestSubmit();
      } catch (error) {
        say(form, refusals[error.name] ?? "No se pudo preguntar a la llave. Recargue la página e intente de nuevo.");
      }
    },
    true,
  );

  const prepare = () => {
    for (const part of document.querySelectorAll("[data-con-llave]")) part.hidden = !able;
    for (const part of document.querySelectorAll("[data-sin-llave]")) part.hidden = able;
  };

  document.addEventListener("htmx:afterSettle", prepare);
  prepare();
})();
