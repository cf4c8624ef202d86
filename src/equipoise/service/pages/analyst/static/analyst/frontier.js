// Dragging over the picture moves the slider, and the slider asks for its point. Without this there
// are the slider, its button and links.
const point = document.getElementById("point");
const slider = point && document.getElementById(point.dataset.slider);
if (slider) {
  const shown = () => [...point.querySelectorAll(".chart svg")].find((each) => each.checkVisibility());
  const nearest = (x) => {
    const dots = [...shown().querySelectorAll(".dot.series")].map((each) => {
      const box = each.getBoundingClientRect();
      return Math.abs(box.left + box.width / 2 - x);
    });
    return 1 + dots.indexOf(Math.min(...dots));
  };
  let dragging = false;
  const move = (event) => {
    const at = String(nearest(event.clientX));
    if (at === slider.value) return;
    slider.value = at;
    slider.dispatchEvent(new Event("input", { bubbles: true }));
  };
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
