/* Reading a page aloud with the voices of the reader's own computer: nothing is sent anywhere. */
(function () {
  "use strict";

  const button = document.querySelector("[data-aloud]");
  const voice = window.speechSynthesis;
  if (!button || !voice || !window.SpeechSynthesisUtterance) return;

  const LANGUAGES = { "zh-hans": ["zh-CN", "zh"], "zh-hant": ["zh-TW", "zh-HK", "zh"], en: ["en-GB", "en-US", "en"] };
  const wanted = LANGUAGES[document.documentElement.lang.toLowerCase()] || [document.documentElement.lang];
  const BLOCKS = "h1, h2, h3, p, li, dt, dd, th, td, legend, label, caption, summary, .ld-words";
  const LONGEST = 160; /* longer pieces are cut off by some browsers */
  let run = 0;
  let shown = null;

  button.hidden = false;
  button.addEventListener("click", function () { button.getAttribute("aria-pressed") === "true" ? stop() : start(); });
  document.addEventListener("keydown", function (event) { if (event.key === "Escape") stop(); });
  window.addEventListener("pagehide", stop);

  function start() {
    stop();
    const mine = ++run;
    const pieces = collect();
    if (!pieces.length) return;
    say(true);
    next(mine, pieces, 0);
  }

  function stop() {
    run++;
    voice.cancel();
    mark(null);
    say(false);
  }

  function say(reading) {
    button.setAttribute("aria-pressed", String(reading));
    button.querySelector("span").textContent = reading ? button.dataset.stop : button.dataset.start;
  }

  function mark(element) {
    if (shown) shown.classList.remove("ld-aloud-now");
    shown = element;
    if (shown) {
      shown.classList.add("ld-aloud-now");
      shown.scrollIntoView({ block: "nearest" });
    }
  }

  /* The texts of the page in order, each read once: blocks that hold no other block, cut into sentences. */
  function collect() {
    const pieces = [];
    document.querySelectorAll("#main :is(" + BLOCKS + ")").forEach(function (element) {
      if (element.querySelector(BLOCKS) || element.closest("[aria-hidden=true]") || !element.getClientRects().length) return;
      const text = words(element);
      (text.match(/[^。！？；.!?;]+[。！？；.!?;]*/g) || []).forEach(function (sentence) {
        for (let i = 0; i < sentence.length; i += LONGEST) {
          const piece = sentence.slice(i, i + LONGEST).trim();
          if (piece) pieces.push([element, piece]);
        }
      });
    });
    return pieces;
  }

  function words(element) {
    const copy = element.cloneNode(true);
    copy.querySelectorAll("[aria-hidden=true], input, select, textarea, script").forEach(function (part) { part.remove(); });
    return copy.textContent.replace(/\s+/g, " ").trim();
  }

  function next(mine, pieces, number) {
    if (mine !== run) return;
    if (number >= pieces.length) {
      stop();
      return;
    }
    mark(pieces[number][0]);
    const utterance = new window.SpeechSynthesisUtterance(pieces[number][1]);
    utterance.lang = wanted[0];
    utterance.rate = 0.9;
    const fitting = chosen();
    if (fitting) utterance.voice = fitting;
    utterance.onend = function () { next(mine, pieces, number + 1); };
    utterance.onerror = function () { if (mine === run) stop(); };
    voice.speak(utterance);
  }

  function chosen() {
    const voices = voice.getVoices();
    for (const language of wanted) {
      const found = voices.find(function (one) { return one.lang.replace("_", "-").toLowerCase().startsWith(language.toLowerCase()); });
      if (found) return found;
    }
    return null;
  }
})();
