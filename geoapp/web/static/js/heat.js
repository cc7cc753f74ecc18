// A heat surface as pictures by the server; a changed selection asks for others.
import { currentQuery, layersOf, withQuery } from "./layers.js";

export function addHeat(map, { tiles }) {
  map.createPane("heat").style.zIndex = 300;
  const address = (query) => {
    const asked = new URLSearchParams(query);
    const form = document.getElementById("filters");
    for (const name of ["bandwidth", "weight"]) asked.set(name, form.elements[name].value);
    return withQuery(tiles, asked);
  };
  const surfaces = L.layerGroup();
  let latest = 0;
  // A new layer each time: Leaflet's setUrl asks for tiles of broken zooms where the map stands between two.
  const show = (query) => {
    latest += 1;
    const turn = latest;
    const surface = L.tileLayer(address(query), { pane: "heat", maxNativeZoom: 19, maxZoom: 20, alt: "" });
    surface.turn = turn;
    // The old surface stays until the new one is there.
    surface.once("load", () => surfaces.eachLayer((other) => other.turn < turn && surfaces.removeLayer(other)));
    if (!map.hasLayer(surfaces)) surfaces.clearLayers();
    surfaces.addLayer(surface);
  };
  show(currentQuery());
  layersOf(map).set("heat", { layer: surfaces, select: show });
}
