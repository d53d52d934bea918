// What is still going on is looked at again every second; without script a link does it.
"use strict";
const look = async () => {
  const now = document.getElementById("live");
  if (!now || now.dataset.live !== "on") return;
  try {
    const answer = await fetch(location.href, { headers: { accept: "text/html" } });
    const page = new DOMParser().parseFromString(await answer.text(), "text/html");
    const next = answer.ok && page.getElementById("live");
    if (next && next.innerHTML !== now.innerHTML) {
      // Where what can be done has changed too, the whole page is looked at anew, unless someone writes.
      const moved = next.dataset.stands !== now.dataset.stands;
      if (moved && !document.querySelector("textarea:focus")) return location.reload();
      if (next.dataset.live !== "on") next.setAttribute("role", "status");
      now.replaceWith(document.adoptNode(next));
    }
  } catch { /* the node is away for a moment: look again */ }
  setTimeout(look, 1000);
};
setTimeout(look, 1000);
