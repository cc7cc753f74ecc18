// The page around the map: filters, switches, table and details follow each other.
import { currentQuery, failed, fetched, layersOf, showDetails, withQuery } from "./layers.js";

export function connectPage(map, { labels }) {
  const form = document.getElementById("filters");
  const layers = layersOf(map);
  // On a phone the map comes first: what covers it opens on demand.
  if (matchMedia("(max-width: 760px)").matches) {
    for (const box of document.querySelectorAll("details[open]")) box.open = false;
  }
  watchSwitches(map, layers);
  const refresh = follow(form, layers);
  form.addEventListener("change", () => refresh());
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
  form.querySelector("#clear").addEventListener("click", (event) => {
    event.preventDefault();
    for (const field of form.elements) if (field.name) field.value = "";
    form.elements.measure.value = "problems";
    refresh();
  });
  watchTable(map, refresh);
  watchDetails(labels);
  document.addEventListener("geoapp:failed", () => {
    document.getElementById("status").textContent = labels.failed;
  });
  document.documentElement.dataset.ready = "yes";
  // For people who look into the console, and for tests.
  window.geoapp = { map, layers };
}

/** A function that brings everything on the page to the selection in the form. */
function follow(form, layers) {
  let latest = 0;
  return async function refresh(page = 1) {
    latest += 1;
    const turn = latest;
    const query = currentQuery();
    remember(query, page);
    document.body.classList.add("busy");
    try {
      const asked = new URLSearchParams(query);
      asked.set("layer", tableLayer());
      asked.set("page", String(page));
      const [table, counts] = await Promise.all([
        fetched(withQuery("/table", asked)).then((response) => response.text()),
        fetched(withQuery("/counts", query)).then((response) => response.json()),
        ...[...layers.values()].map((one) => one.select(query)),
      ]);
      if (turn !== latest) return;
      replaceTable(table);
      const measure = form.elements.measure;
      document.getElementById("legend-title").textContent = measure.options[measure.selectedIndex].text;
      showCounts(counts);
      document.getElementById("status").textContent = "";
    } catch (error) {
      failed(error);
    } finally {
      if (turn === latest) document.body.classList.remove("busy");
    }
  };
}

function tableLayer() {
  return document.getElementById("table-layer").value;
}

/** Keep the link of the page to what the page shows. */
function remember(query, page) {
  const link = new URLSearchParams(query);
  const measure = document.querySelector("[name=measure]").value;
  if (measure !== "problems") link.set("measure", measure);
  if (tableLayer() !== "problems") link.set("layer", tableLayer());
  const boxes = [...document.querySelectorAll("[data-layer]")];
  if (boxes.some((box) => box.checked !== box.defaultChecked) || new URLSearchParams(location.search).has("layers")) {
    link.set("layers", boxes.filter((box) => box.checked).map((box) => box.dataset.layer).join(","));
  }
  if (page > 1) link.set("page", String(page));
  history.replaceState(null, "", link.toString() ? `?${link}` : location.pathname);
  for (const other of document.querySelectorAll("[data-language]")) {
    const there = new URLSearchParams(link);
    there.set("lang", other.dataset.language);
    other.href = `?${there}`;
  }
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
  for (const box of document.querySelectorAll("[data-layer]")) {
    const entry = layers.get(box.dataset.layer);
    if (!entry) continue;
    const set = () => (box.checked ? map.addLayer(entry.layer) : map.removeLayer(entry.layer));
    set();
    box.addEventListener("change", () => {
      set();
      remember(currentQuery(), 1);
    });
  }
}

function watchTable(map, refresh) {
  document.getElementById("table-part").addEventListener("click", (event) => {
    const pager = event.target.closest("[data-page]");
    if (pager) {
      event.preventDefault();
      refresh(Number(pager.dataset.page));
      return;
    }
    const opener = event.target.closest("[data-details]");
    if (!opener) return;
    event.preventDefault();
    const { lon, lat, details } = opener.dataset;
    if (lon) {
      map.setView([Number(lat), Number(lon)], Math.max(map.getZoom(), 15));
      document.getElementById("map-part").scrollIntoView({ block: "nearest" });
    }
    showDetails(details);
  });
  document.getElementById("table-layer").addEventListener("change", () => refresh());
}

function watchDetails(labels) {
  const panel = document.getElementById("details");
  const body = document.getElementById("details-body");
  let opener = null;
  const close = () => {
    panel.hidden = true;
    if (opener && opener.isConnected) opener.focus();
  };
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
      .then(({ title, subtitle, rows, notes }) => open(title, subtitle, [...notes.map((note) => element("p", note, "note")), fields(rows)]))
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
