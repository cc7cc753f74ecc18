// Standards along streets: what fails, what keeps them, and where what is wanted stands.
import { failed, fetched, layersOf } from "./layers.js";

const STYLES = {
  failing: { color: "#c4001a", weight: 7, opacity: 0.95 },
  kept: { color: "#00866a", weight: 5, opacity: 1, dashArray: "2 7" },
  unknown: { color: "#6b7a84", weight: 4, opacity: 0.9, dashArray: "7 5" },
};

export function addStretches(map, { labels }) {
  const part = document.getElementById("table-part");
  if (!part) return;
  map.createPane("stretches").style.zIndex = 440;
  const layer = L.geoJSON(null, {
    pane: "stretches",
    style: ({ properties }) => STYLES[properties.class],
    pointToLayer: (_feature, at) =>
      L.circleMarker(at, { pane: "stretches", radius: 5, color: "#fff", weight: 1.5, fillColor: "#0072b2", fillOpacity: 1 }),
    onEachFeature({ properties }, shape) {
      const text = document.createElement("span");
      text.textContent = said(properties, labels);
      shape.bindTooltip(text, { sticky: true });
    },
  });
  // It follows the numbers beside the map, which follow the question.
  layersOf(map).set("stretches", { layer, select: () => undefined });
  // Facilities and their reach have nothing to do with these standards: they can be switched on again.
  if (document.getElementById("stretches")) {
    for (const box of document.querySelectorAll(".coverage-legend [data-layer]")) box.checked = false;
  }
  let drawn = "";
  const draw = async () => {
    const place = document.getElementById("stretches");
    const address = place ? place.dataset.address : "";
    if (address === drawn) return;
    drawn = address;
    const found = address ? await (await fetched(address)).json() : { type: "FeatureCollection", features: [] };
    if (address !== drawn) return;
    layer.clearLayers();
    // What fails lies over what does not.
    found.features.sort((one, other) => (one.properties.class === "failing") - (other.properties.class === "failing"));
    layer.addData(found);
    // What is wanted stands all over the district; the streets are what is looked at.
    const lines = layer.getLayers().filter((one) => one.getBounds);
    if (lines.length) map.fitBounds(L.featureGroup(lines).getBounds(), { maxZoom: 16, padding: [24, 24] });
  };
  // The numbers beside the map are replaced whenever the question changes, and name what has to be drawn with them.
  new MutationObserver(() => draw().catch(failed)).observe(part, { childList: true });
  part.addEventListener("click", (event) => {
    const button = event.target.closest("[data-bounds]");
    if (!button) return;
    const [west, south, east, north] = button.dataset.bounds.split(",").map(Number);
    map.fitBounds([[south, west], [north, east]]);
    document.getElementById("map-part").scrollIntoView({ block: "nearest" });
  });
  draw().catch(failed);
}

function said({ class: kind, name, street, street_en: english, length_m: metres }, labels) {
  if (kind === "wanted") return name;
  const named = (labels.language === "en" && english) || street;
  const length = labels.metres.replace("{metres}", Math.round(metres).toLocaleString(document.documentElement.lang));
  return [named, length, labels[kind]].filter(Boolean).join(" · ");
}
