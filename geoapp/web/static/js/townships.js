// Townships as areas, shaded by a measure, with a legend.
import { currentQuery, failed, fetched, layersOf, showDetails, withQuery } from "./layers.js";

export function addTownships(map, options) {
  map.createPane("areas").style.zIndex = 200;
  // Above lines, below points.
  map.createPane("labels").style.zIndex = 450;
  let shading = null;
  const language = options.labels.language;
  const nameOf = (feature) =>
    (language === "en" && feature.properties.name_en) || feature.properties.name || feature.properties.code;
  const shadeOf = (code) => {
    if (!shading || !(code in shading.values)) return null;
    const value = shading.values[code];
    if (value === null) return options.unknownShade;
    const place = shading.breaks.findIndex((bound) => value <= bound);
    return shadesFor(shading.breaks.length, options.shades)[place < 0 ? shading.breaks.length - 1 : place];
  };
  const style = (feature) => {
    const colour = shadeOf(feature.properties.code);
    return {
      color: "#5b7083",
      weight: 1.2,
      dashArray: feature.properties.schematic ? "5 4" : null,
      fillColor: colour || "#ffffff",
      fillOpacity: colour ? 0.78 : 0.25,
    };
  };
  const layer = L.geoJSON(null, {
    pane: "areas",
    renderer: L.canvas({ pane: "areas", padding: 0.3 }),
    style,
    filter: (feature) => feature.geometry !== null,
    onEachFeature(feature, area) {
      area.bindTooltip(label(nameOf(feature), feature), { permanent: true, direction: "center", pane: "labels", className: "area-label" });
      area.on("click", () => showDetails(options.details + encodeURIComponent(feature.id)));
    },
  });

  function label(name, feature) {
    const element = document.createElement("span");
    const title = document.createElement("b");
    title.textContent = name;
    const value = document.createElement("i");
    value.dataset.code = feature.properties.code;
    element.append(title, value);
    return element;
  }

  function writeLabels() {
    layer.eachLayer((area) => {
      const element = area.getTooltip() && area.getTooltip().getElement();
      if (!element) return;
      const { code } = area.feature.properties;
      const known = shading && code in shading.values;
      element.querySelector("i").textContent = known ? written(shading.values[code], shading, options) : "";
    });
    requestAnimationFrame(showLabels);
  }

  /** The largest areas first; a label that would hide another one waits until there is room. */
  function showLabels() {
    const labelled = layer.getLayers().filter((area) => area.getTooltip() && area.getTooltip().getElement());
    const places = labelled.map((area) => ({ element: area.getTooltip().getElement(), size: size(pixelBox(area.getBounds())) }));
    places.sort((one, other) => other.size - one.size);
    // First everything is read, then everything is written: in turns, each would lay the page out anew.
    const boxes = places.map(({ element }) => element.getBoundingClientRect());
    const taken = [];
    boxes.forEach((box, place) => {
      const hidden = taken.some((other) => overlap(box, other));
      if (!hidden) taken.push(box);
      places[place].element.classList.toggle("crowded", hidden);
    });
  }

  function pixelBox(bounds) {
    return L.bounds(map.latLngToLayerPoint(bounds.getNorthWest()), map.latLngToLayerPoint(bounds.getSouthEast()));
  }

  async function reshade(query) {
    const measure = document.querySelector("[name=measure]");
    if (!measure) {
      writeLabels();
      return;
    }
    const wanted = new URLSearchParams(query);
    wanted.set("measure", measure.value);
    for (const field of document.querySelectorAll(`[data-shades="${measure.value}"]`)) wanted.set(field.name, field.value);
    shading = await (await fetched(withQuery(options.shading, wanted))).json();
    // What is measured may depend on those fields.
    if (shading.title) measure.selectedOptions[0].textContent = shading.title;
    layer.setStyle(style);
    drawLegend(shading, options, measure);
    writeLabels();
  }

  map.on("zoomend", () => requestAnimationFrame(showLabels));
  layer.on("add", writeLabels);
  const ready = fetched(options.features)
    .then((response) => response.json())
    .then((collection) => layer.addData(collection));
  layersOf(map).set("townships", {
    layer,
    select: (query) => ready.then(() => reshade(query)).catch(failed),
  });
  layersOf(map).get("townships").select(currentQuery());
}

/** The shades of n classes: the darkest ones first to go, so that few classes stay light. */
function shadesFor(count, shades) {
  return shades.slice(Math.max(0, Math.floor((shades.length - count) / 2))).slice(0, Math.max(count, 1));
}

function written(value, shading, options) {
  if (value === null) return options.labels.unknown;
  if (shading.kind === "share") return value.toLocaleString(options.labels.language, { style: "percent", maximumFractionDigits: 0 });
  const digits = shading.kind === "rate" ? 2 : 0;
  return value.toLocaleString(options.labels.language, { maximumFractionDigits: digits });
}

function drawLegend(shading, options, measure) {
  const legend = document.getElementById("legend-classes");
  if (!legend) return;
  if (measure) document.getElementById("legend-title").textContent = measure.options[measure.selectedIndex].text;
  legend.replaceChildren();
  const shades = shadesFor(shading.breaks.length, options.shades);
  const known = Object.values(shading.values).filter((value) => value !== null);
  let from = known.length ? Math.min(...known) : 0;
  shading.breaks.forEach((bound, place) => {
    const text = from < bound ? `${written(from, shading, options)} – ${written(bound, shading, options)}` : written(bound, shading, options);
    legend.append(swatch(shades[place], text));
    // Only what is counted goes on with the next whole number.
    from = ["count", "people"].includes(shading.kind) ? bound + 1 : bound;
  });
  if (Object.values(shading.values).some((value) => value === null)) {
    legend.append(swatch(options.unknownShade, options.labels.unknown));
  }
}

function swatch(colour, text) {
  const row = document.createElement("li");
  const box = document.createElement("span");
  box.className = "swatch";
  box.style.backgroundColor = colour;
  row.append(box, document.createTextNode(text));
  return row;
}

function size(box) {
  const { x, y } = box.getSize();
  return x * y;
}

function overlap(one, other) {
  return one.left < other.right && other.left < one.right && one.top < other.bottom && other.top < one.bottom;
}
