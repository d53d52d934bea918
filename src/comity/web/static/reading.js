// Keys for the legal reading: j and k walk, c clears, h holds. The page works without.
"use strict";

{
  const units = [...document.querySelectorAll(".unit")];
  let at = Math.max(0, units.findIndex((unit) => `#${unit.id}` === location.hash));
  const go = (to) => {
    at = Math.min(units.length - 1, Math.max(0, to));
    units[at]?.focus();
    units[at]?.scrollIntoView({ block: "start" });
  };
  if (units.length && location.hash.startsWith("#u-")) go(at);
  document.addEventListener("focusin", (event) => {
    const unit = event.target.closest?.(".unit");
    if (unit) at = units.indexOf(unit);
  });
  document.addEventListener("keydown", (event) => {
    if (event.target.matches("input, textarea, select") || event.ctrlKey || event.metaKey || event.altKey) return;
    const unit = units[at];
    if (event.key === "j") go(unit && unit.contains(document.activeElement) ? at + 1 : at);
    else if (event.key === "k") go(at - 1);
    else if (event.key === "c") unit?.querySelector("button[value=clear]")?.click();
    else if (event.key === "h") {
      const words = unit?.querySelector("textarea[name^=words-]");
      if (words?.value.trim()) unit.querySelector("button[value=hold]").click();
      else words?.focus();
    } else return;
    event.preventDefault();
  });
}
