// What could be visited: stops by what they are worth; an area or further stops are drawn, teams are added, starts picked.
import { currentQuery, currentStyle, failed, fetched, layersOf, showDetails, withQuery } from "./layers.js";

export function addStops(map, { stops, details, labels }) {
  map.createPane("stops").style.zIndex = 450;
  const renderer = L.canvas({ pane: "stops", padding: 0.3, tolerance: 6 });
  const layer = L.layerGroup();
  let latest = 0;
  const show = async (query) => {
    latest += 1;
    const turn = latest;
    const asked = new URLSearchParams([...query, ...currentStyle()]);
    const { features } = await (await fetched(withQuery(stops, asked))).json();
    if (turn !== latest) return;
    layer.clearLayers();
    const most = Math.max(1, ...features.map(({ properties }) => properties.value));
    for (const { id, geometry, properties } of features) {
      const [lon, lat] = geometry.coordinates;
      L.circleMarker([lat, lon], {
        pane: "stops", renderer, radius: 4 + 8 * Math.sqrt(properties.value / most), weight: properties.must ? 3 : 1,
        color: properties.must ? "#c4001a" : "#ffffff", fillColor: "#0072b2", fillOpacity: 0.75,
      })
        .bindTooltip(text(`${properties.name} · ${properties.value}`))
        .on("click", (event) => {
          if (map.getContainer().classList.contains("picking")) return;
          L.DomEvent.stopPropagation(event);
          if (!id.startsWith("map/")) showDetails(details + id);
        })
        .addTo(layer);
    }
  };
  show(currentQuery()).catch(failed);
  layersOf(map).set("stops", { layer, select: (query) => show(query).catch(failed) });
  const pointing = drawing(map, labels);
  watchTeams(pointing);
  watchOrder();
}

/** Buttons on the map to draw an area or further stops; the form holds what was drawn, as the link does. */
function drawing(map, labels) {
  const form = document.getElementById("filters");
  const status = document.getElementById("status");
  const drawn = L.layerGroup().addTo(map);
  let mode = null;
  let corners = [];
  const field = (name) => form.elements[name];
  const redraw = () => {
    drawn.clearLayers();
    const style = { color: "#c4001a", weight: 2, dashArray: "5 4", fillOpacity: 0.06, interactive: false };
    const area = mode === "area" ? corners : read(field("area").value);
    if (area.length > 2) L.polygon(area, style).addTo(drawn);
    else if (area.length) L.polyline(area, style).addTo(drawn);
    for (const place of mode === "points" ? corners : []) L.circleMarker(place, { ...style, radius: 7, fillOpacity: 0.5 }).addTo(drawn);
  };
  const begin = (name, hint) => {
    mode = mode === name ? null : name;
    corners = mode === "points" ? read(field("points").value) : [];
    status.textContent = mode ? hint : "";
    map.getContainer().classList.toggle("picking", mode !== null);
    for (const button of bar.querySelectorAll("button")) button.setAttribute("aria-pressed", String(button.dataset.mode === mode));
    redraw();
  };
  const finish = (name, value) => {
    field(name).value = value;
    begin(null, "");
    form.dispatchEvent(new Event("change", { bubbles: true }));
  };
  const bar = L.DomUtil.create("div", "draw-bar");
  const button = (label, act, name = "") => {
    const made = L.DomUtil.create("button", "", bar);
    made.type = "button";
    made.textContent = label;
    made.dataset.mode = name;
    made.addEventListener("click", act);
  };
  button(labels.draw, () => begin("area", labels.hint), "area");
  button(labels.add, () => begin("points", labels.hint_add), "points");
  button(labels.finish, () => {
    if (mode === "area" && corners.length > 2) finish("area", write(corners));
    else if (mode === "points") finish("points", write(corners));
    else begin(null, "");
  });
  button(labels.undraw, () => {
    field("area").value = "";
    finish("points", "");
  });
  const control = L.control({ position: "topleft" });
  control.onAdd = () => bar;
  control.addTo(map);
  L.DomEvent.disableClickPropagation(bar);

  let target = null;
  map.on("click", ({ latlng }) => {
    if (target) {
      target.value = `${latlng.lng.toFixed(6)},${latlng.lat.toFixed(6)}`;
      // What one team has, those without a start have too.
      for (const other of document.querySelectorAll("[name=team-start]")) if (!other.value) other.value = target.value;
      target.focus();
      target = null;
      status.textContent = "";
      map.getContainer().classList.remove("picking");
    } else if (mode) {
      corners.push([latlng.lat, latlng.lng]);
      redraw();
    }
  });
  // While something is drawn or picked, a click chooses a place; what lies under it is not asked for.
  document.addEventListener("geoapp:details", (event) => (mode || target) && event.stopImmediatePropagation(), { capture: true });
  redraw();
  return (input, hint) => {
    target = input;
    status.textContent = hint;
    map.getContainer().classList.add("picking");
    document.getElementById("map-part").scrollIntoView({ block: "nearest" });
  };
}

/** Rows of teams: added as copies of the last one, taken away, and their starts picked on the map. */
function watchTeams(pick) {
  const rows = document.getElementById("teams");
  document.getElementById("add-team").addEventListener("click", () => {
    const row = rows.lastElementChild.cloneNode(true);
    const last = rows.lastElementChild;
    for (const one of row.querySelectorAll("select")) one.value = last.querySelector(`[name="${one.name}"]`).value;
    const name = row.querySelector("[name=team-team]");
    name.value = /^[A-Y]$/.test(name.value)
      ? String.fromCharCode(name.value.charCodeAt(0) + 1)
      : name.value.replace(/\d+(?!.*\d)/, (number) => String(Number(number) + 1));
    rows.append(row);
    name.focus();
  });
  rows.addEventListener("click", ({ target }) => {
    if (target.closest("[data-remove]") && rows.children.length > 1) target.closest("tr").remove();
    const button = target.closest("[data-pick]");
    if (button) pick(button.parentElement.querySelector("input"), button.title);
  });
}

/** The order carries the selection that the page shows now. */
function watchOrder() {
  const form = document.getElementById("order");
  const fit = () => {
    for (const field of form.querySelectorAll("[data-only]")) field.hidden = field.dataset.only !== form.elements.mode.value;
    for (const row of [...document.querySelectorAll("#teams tr")].slice(1)) row.hidden = form.elements.mode.value === "all";
    document.getElementById("add-team").hidden = form.elements.mode.value === "all";
  };
  form.elements.mode.addEventListener("change", fit);
  fit();
  form.addEventListener("submit", () => {
    form.elements.query.value = document.getElementById("stops-query").value;
  });
}

const read = (value) => value.split(";").filter(Boolean).map((one) => one.split(",").map(Number).reverse());
const write = (places) => places.map(([lat, lon]) => `${lon.toFixed(6)},${lat.toFixed(6)}`).join(";");

function text(content) {
  const element = document.createElement("span");
  element.textContent = content;
  return element;
}
