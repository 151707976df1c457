/* Comfort only: every act works without this file. */
(function () {
  "use strict";

  function typing(target) {
    return target.closest && target.closest("input, textarea, select, [contenteditable], dialog[open]");
  }

  /* Shortcuts: "/" to the search, "n" to a new matter, Escape closes menus, arrows and Enter in tables. */
  document.addEventListener("keydown", function (event) {
    if (event.key === "Escape") {
      const open = document.querySelector("details.ld-menu[open], details.ld-drawer[open]");
      if (open) {
        open.open = false;
        open.querySelector("summary").focus();
      }
      return;
    }
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing || typing(event.target)) return;
    if (event.key === "Enter" && event.target.matches("tr[data-href]")) {
      window.location.href = event.target.dataset.href;
      return;
    }
    const goal = Array.from(document.querySelectorAll("[data-shortcut]")).find(function (element) {
      return element.dataset.shortcut === event.key && element.offsetParent !== null;
    });
    if (!goal) return;
    event.preventDefault();
    if (goal.matches("input")) {
      goal.focus();
      goal.select();
    } else {
      goal.click();
    }
  });

  /* A menu closes when the person goes elsewhere. */
  document.addEventListener("click", function (event) {
    document.querySelectorAll("details.ld-menu[open], details.ld-drawer[open]").forEach(function (menu) {
      if (!menu.contains(event.target)) menu.open = false;
    });
    const row = event.target.closest("tr[data-href]");
    if (row && !event.target.closest("a, button, input, label, select") && !String(window.getSelection())) {
      window.location.href = row.dataset.href;
    }
    const back = event.target.closest("[data-back]");
    if (back && window.history.length > 1) {
      event.preventDefault();
      window.history.back();
    }
  });

  /* Printing needs a script; without one the browser's own menu prints. */
  document.querySelectorAll("[data-paper]").forEach(function (button) {
    button.hidden = false;
    button.addEventListener("click", function () { window.print(); });
  });

  /* What cannot be undone asks first, naming the consequence (data-confirm on a form or its button). */
  const confirmed = new WeakSet();
  document.addEventListener("submit", function (event) {
    const form = event.target;
    const button = event.submitter;
    const words = (button && button.dataset.confirm) || form.dataset.confirm;
    const dialog = document.getElementById("ld-confirm");
    if (!words || confirmed.has(form) || !dialog || !dialog.showModal) return;
    event.preventDefault();
    event.stopImmediatePropagation();
    const yes = dialog.querySelector('[value="yes"]');
    document.getElementById("ld-confirm-words").textContent = words;
    yes.textContent = (button && button.dataset.confirmYes) || form.dataset.confirmYes || yes.dataset.yes;
    dialog.returnValue = "";
    dialog.addEventListener("close", function () {
      if (dialog.returnValue === "yes") {
        confirmed.add(form);
        form.requestSubmit(button || undefined);
        confirmed.delete(form);
      } else if (button) {
        button.focus();
      }
    }, { once: true });
    dialog.showModal();
  }, true);

  /* A second press while the first is under way is not sent. */
  const sending = new WeakSet();
  document.addEventListener("submit", function (event) {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.hasAttribute("hx-post")) return;
    if (sending.has(form)) {
      event.preventDefault();
      return;
    }
    sending.add(form);
    form.setAttribute("data-busy", "");
    form.querySelectorAll("button[type=submit], button:not([type])").forEach(function (button) {
      button.setAttribute("aria-disabled", "true");
    });
    leaving = true;
    window.setTimeout(function () { release(form); }, 15000);
  });

  function release(form) {
    sending.delete(form);
    leaving = false;
    form.removeAttribute("data-busy");
    form.querySelectorAll("button[aria-disabled]").forEach(function (button) {
      button.removeAttribute("aria-disabled");
    });
  }
  window.addEventListener("pageshow", function () {
    document.querySelectorAll("form[data-busy]").forEach(release);
  });

  /* A form with typed text (data-keep) warns before it is left. */
  let leaving = false;
  const touched = new WeakSet();
  document.addEventListener("input", function (event) {
    const form = event.target.form;
    if (form && form.hasAttribute("data-keep")) touched.add(form);
  });
  window.addEventListener("beforeunload", function (event) {
    if (leaving) return;
    const unsaved = Array.from(document.querySelectorAll("form[data-keep]")).some(function (form) { return touched.has(form); });
    if (unsaved) event.preventDefault();
  });

  /* Errors and changes are read first. */
  function focusFirst(root) {
    const target = root.querySelector("[data-focus]");
    if (target) target.focus();
  }
  focusFirst(document);
  document.addEventListener("htmx:afterSwap", function (event) { focusFirst(event.target); });

  /* The server did not answer: say so, keep what was typed. */
  const offline = document.getElementById("ld-offline");
  ["htmx:sendError", "htmx:timeout", "htmx:responseError"].forEach(function (name) {
    document.addEventListener(name, function (event) {
      const status = event.detail.xhr ? event.detail.xhr.status : 0;
      if (offline && (status === 0 || status >= 500)) offline.hidden = false;
    });
  });
  document.addEventListener("htmx:afterOnLoad", function () {
    if (offline) offline.hidden = true;
  });
  document.addEventListener("change", function (event) {
    /* Selection in tables: count what is ticked. */
    const table = event.target.closest("[data-selection]");
    if (!table) return;
    if (event.target.matches("[data-select-all]")) {
      table.querySelectorAll("[data-select]").forEach(function (box) { box.checked = event.target.checked; });
    }
    const count = table.querySelectorAll("[data-select]:checked").length;
    table.querySelectorAll("[data-selected-count]").forEach(function (place) { place.textContent = String(count); });
    table.querySelectorAll("[data-needs-selection]").forEach(function (button) { button.disabled = count === 0; });
  });

  /* A button that asks the security key: what it does stands in allauth's own script. */
  document.addEventListener("DOMContentLoaded", function () {
    const button = document.getElementById("key-button");
    if (!button || !window.allauth) return;
    const names = { data: "js_data", credential: button.dataset.keyField, add: button.id, authenticate: button.id };
    window.allauth.webauthn.forms[button.dataset.keyForm]({ ids: names });
  });

  /* A security key that does not answer: the sentence stands on the page, hidden until now. */
  document.addEventListener("allauth.error", function (event) {
    const sentence = document.getElementById("key-failed");
    if (!sentence) return;
    event.preventDefault();
    sentence.hidden = false;
    sentence.scrollIntoView({ block: "nearest" });
  });
})();
