/* Before an idle screen is signed out it asks whether somebody is still there (WCAG 2.2.1). */
(function () {
  "use strict";

  const dialog = document.getElementById("ld-idle");
  if (!dialog || !dialog.showModal) return;
  const SEEN = "ld-seen"; // shared by all windows of this browser: life in one is life in all
  const ends = Number(dialog.dataset.ends) * 1000;
  const warns = Number(dialog.dataset.warns) * 1000;
  const left = dialog.querySelector("[data-left]");
  const asks = dialog.querySelector("[data-asks]");
  const over = dialog.querySelector("[data-over]");
  const button = dialog.querySelector("button");
  let last = Date.now();

  function seen() {
    last = Date.now();
    try {
      window.localStorage.setItem(SEEN, String(last));
    } catch (refused) {
      return; // a browser that keeps nothing: this window counts alone
    }
  }

  function newest() {
    try {
      return Math.max(last, Number(window.localStorage.getItem(SEEN)) || 0);
    } catch (refused) {
      return last;
    }
  }

  function finish() {
    asks.hidden = true;
    over.hidden = false;
    button.textContent = button.dataset.close;
    if (!dialog.open) dialog.showModal();
    window.clearInterval(clock);
  }

  function look() {
    const rest = newest() + ends - Date.now();
    if (rest <= 0) return finish();
    if (rest > warns) {
      if (dialog.open) dialog.close();
      return undefined;
    }
    const seconds = Math.ceil(rest / 1000);
    left.textContent = Math.floor(seconds / 60) + ":" + String(seconds % 60).padStart(2, "0");
    if (!dialog.open) dialog.showModal();
    return undefined;
  }

  function stay() {
    if (asks.hidden) return dialog.close();
    return fetch(dialog.dataset.stay, { redirect: "manual", cache: "no-store" }).then(function (answer) {
      if (answer.status !== 204) return finish();
      seen();
      return dialog.close();
    });
  }

  button.addEventListener("click", stay);
  dialog.addEventListener("cancel", function (event) {
    event.preventDefault();
    stay();
  });
  seen();
  const clock = window.setInterval(look, 1000);
  document.addEventListener("visibilitychange", look);
})();
