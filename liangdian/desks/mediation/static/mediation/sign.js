// Lines drawn in the box go into the form as numbers; without this script a paper is signed and scanned.
(() => {
  const box = document.querySelector("[data-sign]");
  if (!box) return;
  const field = box.closest("form").elements.strokes;
  const path = box.querySelector("path");
  let strokes = [];
  let line = null;
  const spot = (event) => {
    const frame = box.querySelector("svg").getBoundingClientRect();
    const x = Math.round(((event.clientX - frame.left) / frame.width) * 600);
    const y = Math.round(((event.clientY - frame.top) / frame.height) * 200);
    return [Math.min(Math.max(x, 0), 600), Math.min(Math.max(y, 0), 200)];
  };
  const draw = () => {
    path.setAttribute("d", strokes.map((s) => "M" + s.map((p) => p.join(" ")).join("L")).join(""));
    field.value = JSON.stringify(strokes);
  };
  const area = box.querySelector("svg");
  area.addEventListener("pointerdown", (event) => {
    area.setPointerCapture(event.pointerId);
    line = [spot(event)];
    strokes.push(line);
    event.preventDefault();
  });
  area.addEventListener("pointermove", (event) => {
    if (!line) return;
    const next = spot(event);
    const last = line[line.length - 1];
    if (Math.abs(next[0] - last[0]) + Math.abs(next[1] - last[1]) < 3) return;
    line.push(next);
    draw();
  });
  for (const name of ["pointerup", "pointercancel"]) {
    area.addEventListener(name, () => {
      line = null;
      draw();
    });
  }
  box.querySelector("[data-sign-clear]").addEventListener("click", () => {
    strokes = [];
    draw();
  });
  box.hidden = false;
})();
