// Draws the charts, folds, filters and copies tables. Without it the tables still say everything.
const specs = JSON.parse(document.getElementById("specs").textContent);
const thin = "\u202f";
const options = {
  mode: "vega-lite",
  renderer: "svg",
  actions: false,
  ast: true, // no eval: the page's policy forbids it
  defaultStyle: false,
  tooltip: { disableDefaultStyle: true },
  formatLocale: { decimal: ".", thousands: thin, grouping: [3], currency: ["", ""], minus: "\u2212" },
};

async function draw(id) {
  const place = document.getElementById(id);
  const spec = specs[id];
  if (place.clientWidth < 460) {
    spec.config.axis.labelLimit = Math.round(place.clientWidth * 0.45);
    spec.config.axis.labelFontSize = 11;
  }
  try {
    await window.vegaEmbed(place, spec, options);
  } catch (fault) {
    place.textContent = "This chart could not be drawn; its figures are in the tables.";
    console.error(id, fault);
  }
  place.style.minHeight = "";
  // The figure's own label says what the chart says; its marks would be read out one by one.
  place.querySelector("svg")?.setAttribute("aria-hidden", "true");
}

document.documentElement.dataset.charts = "drawing";
await Promise.all(Object.keys(specs).map(draw));
document.documentElement.dataset.charts = "drawn";

// On paper everything is unfolded.
let folded = [];
addEventListener("beforeprint", () => {
  folded = [...document.querySelectorAll("details:not([open])")];
  for (const part of folded) part.open = true;
});
addEventListener("afterprint", () => {
  for (const part of folded) part.open = false;
});

function asText(table) {
  return [...table.rows].map((row) => [...row.cells].map((cell) => cell.innerText.trim()).join("\t")).join("\n");
}

for (const button of document.querySelectorAll("button.copy")) {
  button.hidden = false;
  button.addEventListener("click", async () => {
    const text = asText(document.getElementById(button.dataset.table));
    let said = "Copied";
    try {
      await navigator.clipboard.writeText(text);
    } catch {
      said = "Select the table to copy it";
    }
    const before = button.textContent;
    button.textContent = said;
    setTimeout(() => (button.textContent = before), 1600);
  });
}

for (const filter of document.querySelectorAll(".filter")) {
  const rows = [...document.querySelectorAll(`#${filter.dataset.table} tbody tr`)];
  const search = filter.querySelector("input[type=search]");
  const show = () => {
    const kinds = new Set([...filter.querySelectorAll("input:checked")].map((box) => box.value));
    const word = search.value.trim().toLowerCase();
    let shown = 0;
    for (const row of rows) {
      row.hidden = !kinds.has(row.dataset.provenance) || !row.textContent.toLowerCase().includes(word);
      if (!row.hidden) shown += 1;
    }
    filter.querySelector("output").textContent = `${shown} of ${rows.length}`;
  };
  filter.hidden = false;
  filter.addEventListener("input", show);
  show();
}
