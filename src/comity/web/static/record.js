// While something long goes on, the page is looked at again; without script there is a link.
"use strict";
const going = document.querySelector("[data-again-in]");
if (going) {
  setTimeout(() => location.reload(), 1000 * Number(going.dataset.againIn));
}
