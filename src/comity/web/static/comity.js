// A little comfort; every page works without it.
"use strict";

// The reader's time zone, so that the first page after the log-in shows local times.
if (!document.cookie.includes("comity_zone=")) {
  const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
  if (zone) document.cookie = `comity_zone=${zone}; path=/; max-age=31536000; samesite=lax`;
}

// A problem is read out and seen first.
document.getElementById("problem")?.focus();

// On a narrow window the ways on are one line: the place where the reader is stands in sight.
for (const here of document.querySelectorAll(".top nav [aria-current], .tabs [aria-current]")) {
  const line = here.closest("ul");
  line.scrollLeft += here.getBoundingClientRect().left + here.offsetWidth / 2 - line.getBoundingClientRect().left - line.clientWidth / 2;
}

// A form that was sent cannot be sent again by a second click; the node would take it once anyway.
document.addEventListener("submit", (event) => {
  const form = event.target;
  if (form.method !== "post" || form.dataset.again !== undefined) return;
  if (form.dataset.sent) return event.preventDefault();
  form.dataset.sent = "yes";
  const button = event.submitter;
  if (button) setTimeout(() => button.setAttribute("aria-busy", "true"), 0);
});
addEventListener("pageshow", (event) => {
  if (event.persisted) document.querySelectorAll("form[data-sent]").forEach((form) => delete form.dataset.sent);
});

// Leaving a page with typed words asks first.
const changed = new Set();
document.addEventListener("input", (event) => {
  const form = event.target.form;
  if (form && form.method === "post" && event.target.matches("textarea")) changed.add(form);
});
document.addEventListener("submit", (event) => changed.delete(event.target));
addEventListener("beforeunload", (event) => { if (changed.size) event.preventDefault(); });

// <button data-more> asks for more lines of its form: in place, so that the way back misses no page.
document.addEventListener("click", async (event) => {
  const button = event.target.closest("button[data-more]");
  if (!button) return;
  event.preventDefault();
  const form = button.form, typed = new FormData(form);
  const answer = await fetch(button.formAction, { method: "POST", body: new URLSearchParams(typed) }).then((got) => got.text(), () => "");
  const fresh = new DOMParser().parseFromString(answer, "text/html").querySelector("button[data-more]")?.form;
  if (!fresh) return form.requestSubmit(button);
  if (changed.delete(form)) changed.add(fresh);
  form.replaceWith(fresh);
  fresh.querySelector(`[name$="-${typed.get("lines")}"]:not([type="hidden"])`)?.focus();
});

// <button data-copy="#id"> copies the text of an element.
document.addEventListener("click", (event) => {
  const button = event.target.closest("[data-copy]");
  if (!button) return;
  const from = document.querySelector(button.dataset.copy);
  if (from) navigator.clipboard?.writeText(from.textContent.trim()).then(() => { button.dataset.done = "yes"; button.setAttribute("aria-live", "polite"); button.append(" ✓"); });
});
