// Keys in the list of cases: j and k move, x chooses, Enter opens, n takes the next. Without this the
// list is walked with Tab.
const rows = [...document.querySelectorAll("[data-queue] [data-row]")];
const reachable = (row) => row.querySelector("[data-open], button") || row.querySelector("input");
const at = () => rows.findIndex((row) => row.contains(document.activeElement));
const move = (step) => {
  const next = rows[Math.min(Math.max(at() + step, 0), rows.length - 1)];
  const target = next && reachable(next);
  if (target) target.focus();
};
const keys = {
  j: () => move(1),
  k: () => move(-1),
  x: () => {
    const box = rows[at()]?.querySelector("input[type=checkbox]");
    if (box) box.checked = !box.checked;
  },
  n: () => document.querySelector("[data-next]")?.click(),
};
document.addEventListener("keydown", (event) => {
  const typing = event.target.matches("textarea, select, input:not([type=checkbox])");
  if (typing || event.ctrlKey || event.metaKey || event.altKey || !(event.key in keys)) return;
  event.preventDefault();
  keys[event.key]();
});
