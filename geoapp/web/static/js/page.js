// The page around the map: filters, switches, table and details follow each other.
import { currentQuery, currentStyle, failed, fetched, layersOf, remember, showDetails, withQuery } from "./layers.js";

// Of the heat map, which has several; links to it leave it out.
const USUAL_VIEW = "surface";

export function connectPage(map, { labels }) {
  const form = document.getElementById("filters");
  const layers = layersOf(map);
  L.control.scale({ imperial: false }).addTo(map);
  // On a phone the map comes first: what covers it opens on demand.
  if (matchMedia("(max-width: 760px)").matches) {
    for (const box of document.querySelectorAll("details[open]")) box.open = false;
  }
  watchSwitches(map, layers);
  watchDetails(labels);
  if (!form || !form.dataset.table) {
    for (const link of document.querySelectorAll("[data-copy]")) {
      link.addEventListener("click", (event) => {
        event.preventDefault();
        copy(link, labels);
      });
    }
  }
  for (const button of document.querySelectorAll("[data-print-page]")) button.addEventListener("click", () => window.print());
  if (form && form.dataset.table) watchForm(form, map, layers, labels);
  document.addEventListener("geoapp:failed", () => {
    document.getElementById("status").textContent = labels.failed;
  });
  document.documentElement.dataset.ready = "yes";
  // For people who look into the console, and for tests.
  window.geoapp = { map, layers };
}

function watchForm(form, map, layers, labels) {
  const refresh = follow(form, layers);
  form.addEventListener("change", () => refresh());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
  form.querySelector("#clear").addEventListener("click", (event) => {
    event.preventDefault();
    for (const field of form.elements) {
      if (!field.name || field.type === "checkbox") continue;
      const usual = field.dataset.style === undefined ? null : field.querySelector("[data-usual]");
      if (field.dataset.style === undefined) field.value = "";
      else if (usual) field.value = usual.value;
      else if (field.dataset.usual !== undefined) field.value = field.dataset.usual;
    }
    for (const chip of form.querySelectorAll(".only")) chip.remove();
    if (form.elements.measure) form.elements.measure.value = "problems";
    refresh();
  });
  watchTable(map, form, refresh, labels);
  const box = document.getElementById("follow-map");
  if (box) watchView(map, form, box, refresh);
}

/** While the box is ticked, the table holds what the map shows. */
function watchView(map, form, box, refresh) {
  const field = document.createElement("input");
  Object.assign(field, { type: "hidden", name: "bbox" });
  const narrow = () => {
    const known = form.querySelector("[name=bbox]");
    if (!known) form.append(field);
    const bounds = map.getBounds();
    const edges = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    (known || field).value = box.checked ? edges.map((edge) => edge.toFixed(6)).join(",") : "";
    refresh();
  };
  box.addEventListener("change", narrow);
  map.on("moveend", () => {
    if (box.checked) narrow();
  });
}

/** A function that brings everything on the page to the selection in the form. */
function follow(form, layers) {
  let latest = 0;
  return async function refresh(page = 1) {
    latest += 1;
    const turn = latest;
    const query = currentQuery();
    const link = linkOf(form, query, page);
    remember(link, query, USUAL_VIEW);
    document.body.classList.add("busy");
    try {
      const asked = new URLSearchParams(link);
      asked.delete("layers");
      asked.delete("measure");
      const [table, counts] = await Promise.all([
        fetched(withQuery(form.dataset.table, asked)).then((response) => response.text()),
        fetched(withQuery("/counts", query)).then((response) => response.json()),
        ...[...layers.values()].map((one) => one.select(query)),
      ]);
      if (turn !== latest) return;
      replaceTable(table);
      showCounts(counts);
      document.getElementById("status").textContent = "";
    } catch (error) {
      failed(error);
    } finally {
      if (turn === latest) document.body.classList.remove("busy");
    }
  };
}

/** The link to what the page shows now. */
function linkOf(form, query, page) {
  const link = new URLSearchParams(query);
  const { measure, sort, rows } = form.elements;
  if (measure && measure.value !== "problems") link.set("measure", measure.value);
  if (sort && sort.value) link.set("sort", sort.value);
  if (rows && rows.value) link.set("rows", rows.value);
  for (const [name, value] of currentStyle()) link.set(name, value);
  const layer = document.getElementById("table-layer");
  if (layer && layer.value !== "problems") link.set("layer", layer.value);
  const columns = [...form.querySelectorAll("[name=columns]")];
  if (columns.some((box) => box.checked !== box.defaultChecked) || new URLSearchParams(location.search).has("columns")) {
    link.set("columns", columns.filter((box) => box.checked).map((box) => box.value).join(","));
  }
  const boxes = [...document.querySelectorAll("[data-layer]")];
  if (boxes.some((box) => box.checked !== box.defaultChecked) || (boxes.length && new URLSearchParams(location.search).has("layers"))) {
    link.set("layers", boxes.filter((box) => box.checked).map((box) => box.dataset.layer).join(","));
  }
  if (page > 1) link.set("page", String(page));
  return link;
}

function replaceTable(html) {
  // The server's own markup: Jinja has escaped whatever people wrote.
  const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("table");
  document.getElementById("table").replaceWith(document.adoptNode(fresh));
}

function showCounts(counts) {
  for (const [layer, { count, without_place: nowhere }] of Object.entries(counts)) {
    const place = document.querySelector(`[data-count="${layer}"]`);
    if (place) place.textContent = count.toLocaleString(document.documentElement.lang);
    const rest = document.querySelector(`[data-nowhere="${layer}"]`);
    if (rest) {
      rest.hidden = nowhere === 0;
      rest.textContent = rest.dataset.text.replace("{count}", nowhere.toLocaleString(document.documentElement.lang));
    }
  }
}

function watchSwitches(map, layers) {
  for (const [name, entry] of layers) {
    const box = document.querySelector(`[data-layer="${name}"]`);
    if (!box) {
      map.addLayer(entry.layer);
      continue;
    }
    const set = () => (box.checked ? map.addLayer(entry.layer) : map.removeLayer(entry.layer));
    set();
    box.addEventListener("change", () => {
      set();
      const form = document.getElementById("filters");
      if (form) remember(linkOf(form, currentQuery(), 1), currentQuery(), USUAL_VIEW);
    });
  }
}

function watchTable(map, form, refresh, labels) {
  const part = document.getElementById("table-part");
  part.addEventListener("click", (event) => {
    const chosen = (selector) => event.target.closest(selector);
    const act = (action) => {
      event.preventDefault();
      action();
    };
    if (chosen("[data-page]")) return act(() => refresh(Number(chosen("[data-page]").dataset.page)));
    if (chosen("[data-sort]")) return act(() => sortBy(form, chosen("[data-sort]").dataset.sort, refresh));
    if (chosen("[data-copy]")) return act(() => copy(chosen("[data-copy]"), labels));
    if (chosen("[data-print]")) return act(() => window.print());
    if (chosen("button.place")) return act(() => goTo(map, chosen("button.place").dataset));
    // Beside the whole map a name opens the map's panel; in the lists it leads to its own page.
    const opener = document.getElementById("table-layer") && chosen("[data-details]");
    if (opener) act(() => (goTo(map, opener.dataset), showDetails(opener.dataset.details)));
    return undefined;
  });
  const layer = document.getElementById("table-layer");
  if (layer) layer.addEventListener("change", () => sortBy(form, "", refresh));
}

function sortBy(form, order, refresh) {
  form.elements.sort.value = order;
  refresh();
}

function goTo(map, { lon, lat }) {
  if (!lon) return;
  map.setView([Number(lat), Number(lon)], Math.max(map.getZoom(), 15));
  document.getElementById("map-part").scrollIntoView({ block: "nearest" });
}

/** Copy what an address answers; where the browser forbids it, show the text instead. */
async function copy(link, labels) {
  try {
    const text = await (await fetched(link.href)).text();
    await navigator.clipboard.writeText(text);
    document.getElementById("status").textContent = labels.copied;
    setTimeout(() => (document.getElementById("status").textContent = ""), 2500);
  } catch {
    location.assign(link.href);
  }
}

function watchDetails(labels) {
  const panel = document.getElementById("details");
  const body = document.getElementById("details-body");
  let opener = null;
  const close = () => {
    panel.hidden = true;
    if (opener && opener.isConnected) opener.focus();
  };
  if (!panel) return;
  const open = (title, subtitle, parts) => {
    if (panel.hidden) opener = document.activeElement;
    body.replaceChildren(element("p", subtitle, "subtitle"), element("h2", title), ...parts);
    panel.hidden = false;
    panel.focus();
  };
  panel.querySelector("button").addEventListener("click", close);
  document.addEventListener("keydown", (event) => {
    if (event.key === "Escape" && !panel.hidden) close();
  });
  document.addEventListener("geoapp:details", ({ detail }) => {
    fetched(detail.address)
      .then((response) => response.json())
      .then(({ title, subtitle, rows, notes, href }) => {
        const all = element("a", labels.everything, "all");
        all.href = href;
        open(title, subtitle, [...notes.map((note) => element("p", note, "note")), fields(rows), all]);
      })
      .catch(failed);
  });
  document.addEventListener("geoapp:items", ({ detail }) => {
    fetched(detail.address)
      .then((response) => response.json())
      .then((found) => open(labels.items.replace("{count}", found.numberMatched), detail.title, [choices(found, detail, labels)]))
      .catch(failed);
  });
}

function fields(rows) {
  const list = document.createElement("dl");
  for (const { label, value } of rows) list.append(element("dt", label), element("dd", value));
  return list;
}

function choices(found, detail, labels) {
  const list = document.createElement("ul");
  list.className = "choices";
  for (const feature of found.features) {
    const row = document.createElement("li");
    const { name, number } = feature.properties;
    const button = element("button", [number, name].filter(Boolean).join(" · "));
    button.type = "button";
    button.addEventListener("click", () => showDetails(detail.details + encodeURIComponent(feature.id)));
    row.append(button);
    list.append(row);
  }
  const rest = found.numberMatched - found.numberReturned;
  if (rest > 0) list.append(element("li", labels.more.replace("{count}", rest)));
  return list;
}

function element(name, text, className) {
  const made = document.createElement(name);
  made.textContent = text;
  if (className) made.className = className;
  return made;
}
