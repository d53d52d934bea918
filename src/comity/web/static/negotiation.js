// The keyboard of the negotiator. Every key presses a button or link that stands on the page.
"use strict";

(() => {
  const units = [...document.querySelectorAll("[data-unit]")];
  const help = document.querySelector("#keys");
  const opener = document.querySelector("[data-keys]");
  let now = units.findIndex((unit) => unit.id === location.hash.slice(1));

  const typing = (target) => target.closest("input, textarea, select, [contenteditable], dialog[open]");
  const mark = (index) => {
    if (!units[index]) return;
    units[now]?.classList.remove("now");
    now = index;
    const unit = units[now];
    unit.classList.add("now");
    document.querySelectorAll(".outline [aria-current]").forEach((link) => link.removeAttribute("aria-current"));
    document.querySelector(`.outline a[href="#${CSS.escape(unit.id)}"]`)?.setAttribute("aria-current", "true");
    unit.focus({ preventScroll: true });
    unit.scrollIntoView({ block: "nearest" });
  };
  const press = (selector) => units[now]?.querySelector(selector)?.click();
  const open = (selector, field) => {
    const part = units[now]?.querySelector(selector);
    if (!part) return press("a[data-answer]");
    part.open = true;
    part.querySelector(field)?.focus();
  };
  const keys = {
    j: () => mark(Math.min(units.length - 1, now + 1)),
    k: () => mark(Math.max(0, now - 1)),
    a: () => (units[now]?.querySelector('button[value="accept"]') ? press('button[value="accept"]') : press("a[data-answer]")),
    c: () => open("details.counter", "textarea"),
    r: () => open("details.more", "select"),
    o: () => open("details.more", "textarea"),
    u: () => press("button[data-remove]"),
    t: () => document.querySelector("a[data-table]")?.click(),
    "?": () => help?.showModal(),
  };
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !event.target.closest("dialog")) {
      event.target.closest("[data-unit]")?.focus();  // out of a field: the keys work again
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || typing(event.target)) return;
    const act = keys[event.key];
    if (!act) return;
    event.preventDefault();
    act();
  });
  if (opener && help) {
    opener.hidden = false;
    opener.addEventListener("click", () => help.showModal());
    help.querySelector("button")?.addEventListener("click", () => help.close());
  }
  if (now >= 0) mark(now);
})();
