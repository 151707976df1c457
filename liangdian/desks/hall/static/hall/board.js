/* The board: hears the stream, asks when it cannot, draws, sounds and speaks every call once. */
(function () {
  "use strict";

  const page = document.querySelector("[data-board]");
  if (!page) return;
  const first = JSON.parse(document.getElementById("board-state").textContent);
  const names = first.names;
  const part = (name) => page.querySelector(`[data-${name}]`);
  const ASK_EVERY = 4000, SILENT = 25000, AGAIN = 30000;
  let spoken = first.calls.length ? first.calls[0].seq : 0;
  let heard = Date.now(), lostSince = null, tag = "", ticket = page.dataset.ticket, source = null, streams = false, sound = null;

  const words = (key, values) => page.dataset[key].replace(/{(\w+)}/g, (_all, name) => values[name]);

  function row(tag, pieces, newly) {
    const line = document.createElement("li");
    for (const [kind, text] of pieces) {
      const piece = document.createElement(kind);
      piece.textContent = text;
      line.append(piece, " ");
    }
    if (newly) line.className = "is-new";
    return line;
  }

  function draw(board) {
    /* A recall sounds again and moves up; it does not make a second row. */
    const rows = board.calls.filter((call, n) => board.calls.findIndex((other) => other.ticket === call.ticket) === n);
    const calls = rows.map((call) => row("li", [["strong", call.ticket], ["span", words("go", call)]], call.seq > spoken));
    if (!calls.length) { const none = row("li", [["span", page.dataset.none]]); none.className = "hall-board-none"; calls.push(none); }
    part("calls").replaceChildren(...calls);
    part("windows").replaceChildren(...board.windows.map((line) => row("li", [
      ["span", words("go", line)],
      ["strong", line.ticket || (line.state === "paused" ? page.dataset.paused : page.dataset.free)],
    ])));
    part("waiting").replaceChildren(...board.waiting.map(([letter, count]) => row("li", [["b", letter], ["span", names[letter] || ""], ["strong", count]])));
    part("notices").textContent = board.notices.join("  ");
    announce(board.calls.filter((call) => call.seq > spoken).reverse());
  }

  /* Every call and recall by itself, in the order in which they were made. */
  function announce(calls) {
    for (const call of calls) {
      spoken = Math.max(spoken, call.seq);
      part("live").textContent = words("said", call);
      chime();
      speak(call);
    }
  }

  function chime() {
    if (!sound || sound.state !== "running") return;
    [659, 523].forEach((pitch, n) => {
      const tone = sound.createOscillator(), loud = sound.createGain(), from = sound.currentTime + n * 0.35;
      tone.frequency.value = pitch;
      loud.gain.setValueAtTime(0.4, from);
      loud.gain.exponentialRampToValueAtTime(0.001, from + 0.6);
      tone.connect(loud).connect(sound.destination);
      tone.start(from);
      tone.stop(from + 0.6);
    });
  }

  /* In Chinese, whatever the language of the screen; digit by digit, so that 012 is not "twelve". */
  function speak(call) {
    if (!window.speechSynthesis) return;
    const digits = "零一二三四五六七八九";
    const number = call.ticket.split("").map((letter) => (/\d/.test(letter) ? digits[+letter] : letter)).join(" ");
    const said = new SpeechSynthesisUtterance(`请 ${number} 号，到 ${call.window} 号窗口`);
    said.lang = "zh-CN";
    said.rate = 0.9;
    window.speechSynthesis.speak(said);
  }

  function alive() {
    heard = Date.now();
    lostSince = null;
    part("lost-line").hidden = true;
  }

  function take(board) {
    alive();
    draw(board);
  }

  function listen() {
    if (!page.dataset.stream || !window.EventSource) return;
    if (source) source.close();
    source = new EventSource(`${page.dataset.stream}?ticket=${encodeURIComponent(ticket)}`);
    source.addEventListener("board", (event) => { streams = true; take(JSON.parse(event.data)); });
    source.addEventListener("beat", () => { streams = true; alive(); });
    source.addEventListener("error", () => {
      streams = false;
      source.close();
      setTimeout(renew, AGAIN / 6);
    });
  }

  /* A ticket is good for some minutes: a new one for a new connection. */
  async function renew() {
    const board = await ask(true);
    if (board) { ticket = board.ticket; listen(); } else setTimeout(renew, AGAIN / 6);
  }

  async function ask(withTicket) {
    try {
      const answer = await fetch(page.dataset.state + (withTicket ? "?ticket" : ""), { headers: tag ? { "If-None-Match": tag } : {}, cache: "no-store" });
      if (answer.status === 404 || answer.redirected) { location.reload(); return null; }
      if (answer.status === 304) { alive(); return null; }
      if (!answer.ok) return null;
      tag = answer.headers.get("ETag") || "";
      const board = await answer.json();
      take(board);
      return board;
    } catch (_error) {
      return null;
    }
  }

  setInterval(() => { if (!streams) ask(false); }, ASK_EVERY);
  setInterval(() => {
    part("clock").textContent = new Date().toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" });
    if (Date.now() - heard < SILENT) return;
    streams = false;
    lostSince = lostSince || new Date(heard);
    part("lost-line").textContent = words("lost", { time: lostSince.toLocaleTimeString(document.documentElement.lang, { hour: "2-digit", minute: "2-digit" }) });
    part("lost-line").hidden = false;
  }, 1000);

  if (window.AudioContext) {
    sound = new AudioContext();
    const button = part("sound");
    const show = () => { button.hidden = sound.state === "running"; };
    button.addEventListener("click", () => sound.resume().then(show));
    sound.addEventListener("statechange", show);
    show();
  }
  listen();
})();
