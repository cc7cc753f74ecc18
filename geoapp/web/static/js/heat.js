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
  const layer = L.tileLayer(address(currentQuery()), { pane: "heat", maxNativeZoom: 19, maxZoom: 20, alt: "" });
  layersOf(map).set("heat", { layer, select: (query) => layer.setUrl(address(query)) });
}
