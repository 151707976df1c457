/* Without a line: the next number set apart, shown at once, told to the hall as soon as it can be. */
(function () {
  "use strict";

  const page = document.querySelector("[data-kiosk]");
  const form = document.querySelector("[data-offline]");
  if (!form) return;
  const slip = document.querySelector("[data-offline-slip]");
  const read = (name) => JSON.parse(localStorage.getItem(name) || "[]");
  const today = () => new Date(Date.now() + 8 * 3600e3).toISOString().slice(0, 10); /* the hall's date */

  function take(prefix) {
    const blocks = read("kiosk-blocks");
    const block = blocks.find((each) => each.prefix === prefix && each.day === today() && each.next <= each.last);
    document.querySelector("[data-offline-empty]").hidden = Boolean(block);
    if (!block) return;
    const number = block.next;
    block.next += 1;
    localStorage.setItem("kiosk-blocks", JSON.stringify(blocks));
    const given = read("kiosk-given");
    given.push({
      key: `offline-${prefix}-${number}-${today()}-${Math.random().toString(36).slice(2)}`, prefix, number,
      at: new Date().toISOString(), reason: form.elements.reason.value, language: document.documentElement.lang.toLowerCase(),
    });
    localStorage.setItem("kiosk-given", JSON.stringify(given));
    document.querySelector("[data-offline-number]").textContent = prefix + String(number).padStart(3, "0");
    form.hidden = true;
    slip.hidden = false;
  }

  for (const button of form.querySelectorAll("[data-take]")) button.addEventListener("click", () => take(button.dataset.take));
  document.querySelector("[data-offline-done]").addEventListener("click", () => { form.reset(); form.hidden = false; slip.hidden = true; });
  /* The line is back: to the start, but not while somebody reads his number. */
  document.addEventListener("kiosk:line", () => { if (slip.hidden && location.pathname !== new URL(page.dataset.new, location).pathname + "offline/") location.href = page.dataset.new; });
})();
