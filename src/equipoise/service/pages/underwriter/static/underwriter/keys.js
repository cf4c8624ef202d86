// Keys of a form: one presses what says it as `data-key`. Only while the focus is in that form, so
// that no key does anything to somebody who reads or dictates elsewhere.
document.querySelectorAll("form").forEach((form) => {
  if (!form.querySelector("[data-key]")) return;
  form.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || event.isComposing) return;
    const wanted = Array.from(form.querySelectorAll("[data-key]")).find(
      (each) => each.dataset.key === event.key.toLowerCase(),
    );
    if (!wanted) return;
    event.preventDefault();
    wanted.focus();
    wanted.click();
  });
});
