// Passkeys: asks the node what is to be signed, lets the browser's authenticator answer, and sends
// the answer with the form. Forms that need this stay hidden without it. Source: WebAuthn Level 3.
"use strict";

(() => {
  const bytes = (text) =>
    Uint8Array.from(atob(text.replace(/-/g, "+").replace(/_/g, "/")), (one) => one.charCodeAt(0));
  const text = (buffer) =>
    btoa(String.fromCharCode(...new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");

  function read(options) {
    const list = (found) => (found || []).map((one) => ({ ...one, id: bytes(one.id) }));
    const made = { ...options, challenge: bytes(options.challenge) };
    if (options.user) made.user = { ...options.user, id: bytes(options.user.id) };
    if (options.excludeCredentials) made.excludeCredentials = list(options.excludeCredentials);
    if (options.allowCredentials) made.allowCredentials = list(options.allowCredentials);
    return made;
  }

  function written(credential) {
    const response = { clientDataJSON: text(credential.response.clientDataJSON) };
    for (const part of ["attestationObject", "authenticatorData", "signature", "userHandle"]) {
      if (credential.response[part]) response[part] = text(credential.response[part]);
    }
    return { id: credential.id, rawId: text(credential.rawId), type: credential.type, response };
  }

  async function answer(form) {
    const body = new URLSearchParams({ _csrf_token: form.elements._csrf_token.value });
    const asked = await fetch(form.dataset.ask, { method: "POST", body, redirect: "error" });
    if (!asked.ok) throw new Error(form.dataset.refused || "");
    const publicKey = read(await asked.json());
    const made = await navigator.credentials[form.dataset.passkey]({ publicKey });
    form.elements.credential.value = JSON.stringify(written(made));
    form.submit();
  }

  if (!window.PublicKeyCredential) return;
  for (const form of document.querySelectorAll("form[data-passkey]")) {
    form.hidden = false;
    for (const without of document.querySelectorAll(".without-passkey")) without.hidden = true;
    form.addEventListener("submit", (event) => {
      if (form.elements.credential.value) return;
      event.preventDefault();
      const problem = form.querySelector(".passkey-problem");
      problem.textContent = "";
      answer(form).catch((error) => {
        problem.textContent = form.dataset.problem || error.message;
      });
    });
  }
})();
