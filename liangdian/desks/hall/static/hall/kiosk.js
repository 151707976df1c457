/* The kiosk: goes back to the start by itself, keeps numbers for a broken line, tells later what it gave out. */
(function () {
  "use strict";

  const page = document.querySelector("[data-kiosk]");
  if (!page) return;

  /* Whoever walks away leaves nothing behind. */
  const idle = Number(page.dataset.idle) * 1000;
  let last = Date.now();
  for (const kind of ["pointerdown", "keydown", "scroll"]) document.addEventListener(kind, () => { last = Date.now(); }, { passive: true });
  if (idle) setInterval(() => { if (Date.now() - last > idle && navigator.onLine) location.href = page.dataset.new; }, 1000);

  /* The keys of a code, on the screen: no keyboard stands here. */
  const keys = document.querySelector("[data-keys]");
  if (keys) {
    const field = document.getElementById(keys.dataset.keys);
    const key = (words, act) => {
      const button = document.createElement("button");
      button.type = "button";
      button.className = "btn";
      button.textContent = words;
      button.addEventListener("click", act);
      keys.append(button);
    };
    for (const letter of "ABCDEFGHIJKLMNOPQRSTUVWXYZ234567") key(letter, () => { field.value += letter; });
    key(keys.dataset.remove, () => { field.value = field.value.slice(0, -1); });
    keys.hidden = false;
  }

  const read = (name) => JSON.parse(localStorage.getItem(name) || "[]");
  const write = (name, value) => localStorage.setItem(name, JSON.stringify(value));

  /* What was given out without a line is told first; then the numbers set apart are fetched anew. */
  async function talk() {
    try {
      const answer = await fetch(page.dataset.blocks, { cache: "no-store" });
      if (!answer.ok) return;
      const { blocks, csrf } = await answer.json();
      const given = read("kiosk-given");
      if (given.length) {
        const told = await fetch(page.dataset.upload, { method: "POST", headers: { "Content-Type": "application/json", "X-CSRFToken": csrf }, body: JSON.stringify(given) });
        if (!told.ok) return;
        const done = new Set((await told.json()).taken.map((each) => each.key));
        write("kiosk-given", read("kiosk-given").filter((each) => !done.has(each.key)));
      }
      /* Never back behind a number that was given out here. */
      const before = read("kiosk-blocks");
      write("kiosk-blocks", blocks.map((block) => {
        const same = before.find((old) => old.day === block.day && old.prefix === block.prefix && old.last === block.last);
        return same ? { ...block, next: Math.max(block.next, same.next) } : block;
      }));
      document.dispatchEvent(new Event("kiosk:line"));
    } catch (_error) {
      document.dispatchEvent(new Event("kiosk:no-line"));
    }
  }

  talk();
  setInterval(talk, 15000);
  window.addEventListener("online", talk);
  if ("serviceWorker" in navigator) navigator.serviceWorker.register(page.dataset.worker);
})();
