// "May I send this?" with comfort: drop a file, the answer while the form is filled in, progress.
// The file goes over the wire as it is, never whole in memory; without script the form does it.
"use strict";
(() => {
  const form = document.querySelector("form[data-upload]");
  if (!form) return;
  const find = (name) => form.querySelector(name);
  const file = find("#file"), answer = find("#answer"), sending = find(".sending"), failed = find(".failed");
  const bring = find("#bring"), bar = find("#sent"), area = find("#area");
  const names = ["to", "area", "kind", "marking", "purpose", "title", "onward", "keep"];
  const described = () => {
    const all = new FormData(form);
    return new URLSearchParams(names.filter((name) => all.get(name)).map((name) => [name, all.get(name)]));
  };
  form.dataset.again = "";

  const size = (bytes) => {
    const power = bytes < 1024 ? 0 : Math.min(4, Math.floor(Math.log(bytes) / Math.log(1024)));
    const digits = power ? 1 : 0;
    const count = (bytes / 1024 ** power).toLocaleString(document.documentElement.lang,
      { minimumFractionDigits: digits, maximumFractionDigits: digits });
    return `${count} ${form.dataset.sizes.split(" ")[power]}`;
  };

  // A problem stands where it arose, and is read out.
  const say = (words) => {
    const box = document.createElement("div");
    box.className = "notice bad";
    box.setAttribute("role", "alert");
    box.tabIndex = -1;
    box.append(...(typeof words === "string" ? [words] : words));
    failed.replaceChildren(box);
    box.focus();
  };

  // Each field offers only what the chosen area knows.
  const narrow = () => {
    for (const option of form.querySelectorAll("option[data-areas]")) {
      const fits = !area.value || option.dataset.areas.split(" ").includes(area.value);
      option.hidden = option.disabled = !fits;
      if (!fits && option.selected) option.parentElement.value = "";
    }
  };

  let asked = 0;
  const ask = async () => {
    const mine = ++asked;
    try {
      const got = await fetch(`/share/answer?${described()}`);
      const page = new DOMParser().parseFromString(await got.text(), "text/html");
      if (mine === asked && got.ok) answer.replaceChildren(...[...page.body.childNodes].map((node) => document.adoptNode(node)));
    } catch { /* the button asks again */ }
  };

  const chosen = () => {
    const one = file.files[0], shown = find(".chosen");
    failed.replaceChildren();
    shown.replaceChildren();
    if (!one) return true;
    const name = document.createElement("bdi");
    name.textContent = one.name;
    shown.append(name, `, ${size(one.size)}`);
    const room = Math.min(Number(form.dataset.bytesMax), Number(form.dataset.bytesFree));
    if (one.size <= room) return true;
    say(`${form.dataset.wordLarge}${size(one.size)} > ${size(room)}`);
    return false;
  };

  const drop = find(".drop");
  for (const kind of ["dragover", "dragenter"]) form.addEventListener(kind, (event) => { event.preventDefault(); drop.classList.add("over"); });
  for (const kind of ["dragleave", "drop"]) form.addEventListener(kind, () => drop.classList.remove("over"));
  form.addEventListener("drop", (event) => {
    event.preventDefault();
    const came = [...event.dataTransfer.files];
    if (!came.length) return;
    const one = new DataTransfer();
    one.items.add(came[0]);
    file.files = one.files;
    if (chosen() && came.length > 1) say(form.dataset.wordSeveral);
  });
  file.addEventListener("change", chosen);
  form.addEventListener("change", (event) => {
    if (event.target === area) narrow();
    if (event.target !== file) ask();
  });
  narrow();

  const over = () => { sending.hidden = true; bring.disabled = false; };
  const progress = (event) => {
    const part = event.total ? event.loaded / event.total : 0;
    bar.value = Math.floor(part * 100);
    sending.querySelector(".soft").textContent = part < 1
      ? `${size(event.loaded)} / ${size(event.total)} (${bar.value} %)` : form.dataset.wordStoring;
  };

  form.addEventListener("submit", (event) => {
    if (event.submitter?.classList.contains("ask")) return;
    const one = file.files[0];
    if (!one) return;  // the node says what is missing
    event.preventDefault();
    if (!chosen()) return;
    const words = described();
    words.set("name", one.name);
    words.set("size", one.size);
    const call = new XMLHttpRequest();
    call.open("POST", `${form.dataset.upload}?${words}`);
    call.setRequestHeader("content-type", "application/octet-stream");
    call.setRequestHeader("x-csrftoken", find("[name=_csrf_token]").value);
    call.setRequestHeader("x-comity-once", find("[name=_once]").value);
    call.upload.onprogress = progress;
    call.onload = () => {
      if (call.status === 200 && call.getResponseHeader("content-type")?.startsWith("application/json")) {
        location.assign(JSON.parse(call.responseText).goto);
        return;
      }
      over();
      const page = new DOMParser().parseFromString(call.responseText, "text/html");
      const told = page.getElementById("problem");
      say(told ? [...told.childNodes].map((node) => document.adoptNode(node)) : `${call.status} ${call.statusText}`);
    };
    call.onerror = () => { over(); say(form.dataset.wordBroken); };
    call.onabort = () => { over(); say(form.dataset.wordStopped); };
    sending.querySelector(".stop").onclick = () => call.abort();
    sending.hidden = false;
    bring.disabled = true;
    bar.value = 0;
    call.send(one);
  });
})();
