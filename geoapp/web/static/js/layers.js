// What the layers of one map have in common: they are switched on and off, follow the selection, and show details.

const registries = new WeakMap();

/** The layers of a map by name, each with `layer` (Leaflet) and `select(query)`. */
export function layersOf(map) {
  if (!registries.has(map)) registries.set(map, new Map());
  return registries.get(map);
}

// Fields of the form that say how the selection is looked at, not what is chosen.
const VIEW = ["measure", "sort", "rows", "columns"];

/** The query of the selection that the page shows now. */
export function currentQuery() {
  const asked = document.getElementById("question");
  if (asked) return questionIn(asked);
  const form = document.getElementById("filters");
  const query = new URLSearchParams();
  if (!form) return query;
  for (const [name, value] of new FormData(form)) {
    if (value && !VIEW.includes(name) && !form.querySelector(`[data-style][name="${name}"]`)) query.append(name, value);
  }
  return query;
}

/** What the form of a question asks beyond the usual: several values of one name by comma. */
export function questionIn(form) {
  const asked = new Map();
  for (const field of form.elements) {
    const { name, value } = field;
    const usual = field.selectedOptions && field.selectedOptions.length && field.selectedOptions[0].hasAttribute("data-usual");
    const off = field.type === "checkbox" && !field.checked;
    if (!name || !value || usual || off || field.dataset.style !== undefined || VIEW.includes(name)) continue;
    asked.set(name, [...(asked.get(name) || []), value]);
  }
  // In one order, whichever was ticked first: two equal questions have one link.
  return new URLSearchParams([...asked].map(([name, values]) => [name, values.sort().join(",")]));
}

/** How the selection is looked at: the fields of the form that are a style, but for those left as usual. */
export function currentStyle({ usual = false } = {}) {
  const style = new URLSearchParams();
  for (const field of document.querySelectorAll("#filters [data-style], #question [data-style]")) {
    const chosen = field.options && field.options[field.selectedIndex];
    const isUsual = chosen ? chosen.hasAttribute("data-usual") : field.dataset.usual === field.value;
    if (usual || !isUsual) style.set(field.name, field.value);
  }
  return style;
}

/** An address with a query appended. */
export function withQuery(address, query) {
  const text = query.toString();
  return text ? address + (address.includes("?") ? "&" : "?") + text : address;
}

/** Make a link the page's address, and bring its other views (which ask the same) and languages along. */
export function remember(link, query, usual = "") {
  history.replaceState(null, "", link.toString() ? `?${link}` : location.pathname);
  for (const other of document.querySelectorAll("[data-view]")) {
    const there = new URLSearchParams(query);
    if (other.dataset.view !== usual) there.set("view", other.dataset.view);
    other.href = there.toString() ? `?${there}` : location.pathname;
  }
  for (const other of document.querySelectorAll("[data-language]")) {
    const there = new URLSearchParams(link);
    there.set("lang", other.dataset.language);
    other.href = `?${there}`;
  }
}

/** Tell the page that a feature was chosen. */
export function showDetails(address) {
  document.dispatchEvent(new CustomEvent("geoapp:details", { detail: { address } }));
}

/** Tell the page that something could not be fetched. */
export function failed(error) {
  if (error.name !== "AbortError") document.dispatchEvent(new CustomEvent("geoapp:failed", { detail: { error } }));
}

export async function fetched(address, options) {
  const response = await fetch(address, options);
  if (!response.ok) throw new Error(`${response.status} ${address}`);
  return response;
}
