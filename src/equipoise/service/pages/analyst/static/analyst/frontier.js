// Dragging over the picture moves the slider, and the slider asks for its point. Without this there
// are the slider, its button and links.
const point = document.getElementById("point");
const slider = point && document.getElementById(point.dataset.slider);
if (slider) {
  const shown = () => [...point.querySelectorAll(".chart svg")].find((each) => each.checkVisibility());
  // Where the pointer is along the points, which stand from left to right: 7.35 is a third of the
  // way from the seventh to the eighth.
  const along = (x) => {
    const dots = [...shown().querySelectorAll(".dot.series")].map((each) => {
      const box = each.getBoundingClientRect();
      return box.left + box.width / 2;
    });
    const right = dots.findIndex((each) => each >= x);
    if (right <= 0) return right === 0 ? 1 : dots.length;
    const width = dots[right] - dots[right - 1];
    return right + (width > 0 ? (x - dots[right - 1]) / width : 0);
  };
  let dragging = false;
  const go = (at) => {
    if (at === slider.value) return;
    slider.value = at;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
  const move = (event) => go(along(event.clientX).toFixed(2));
  // Keys go from point to point; a place between two is the pointer's.
  const steps = { ArrowRight: 1, ArrowUp: 1, ArrowLeft: -1, ArrowDown: -1 };
  slider.addEventListener("keydown", (event) => {
    const step = steps[event.key];
    if (!step || event.shiftKey || event.ctrlKey || event.altKey || event.metaKey) return;
    event.preventDefault();
    const at = Number(slider.value);
    const next = step > 0 ? Math.floor(at) + 1 : Math.ceil(at) - 1;
    go(String(Math.min(Math.max(next, Number(slider.min)), Number(slider.max))));
  });
  point.addEventListener("pointerdown", (event) => {
    const svg = event.target.closest(".chart svg");
    if (!svg || svg !== shown() || !svg.querySelector(".dot.series")) return;
    dragging = true;
    event.preventDefault();
    slider.focus({ preventScroll: true });
    move(event);
  });
  addEventListener("pointermove", (event) => { if (dragging) move(event); });
  addEventListener("pointerup", () => { dragging = false; });
}
