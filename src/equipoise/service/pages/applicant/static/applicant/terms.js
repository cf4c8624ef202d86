// Each slider and its box say the same. Without this there are boxes alone.
for (const slider of document.querySelectorAll("input[type=range][data-box]")) {
  const box = document.getElementById(slider.dataset.box);
  const number = () => Number(box.value.replace(/[^0-9.]/g, ""));
  slider.value = number();
  slider.hidden = false;
  slider.addEventListener("input", () => { box.value = slider.value; });
  box.addEventListener("change", () => { slider.value = number(); });
}
