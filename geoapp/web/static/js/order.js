// A plan that is being searched: how far it is, its best routes so far as straight lines, and the plan when it is there.
import { failed, fetched } from "./layers.js";

const EVERY_MS = 500;

export function addOrder(map, { order }) {
  const lines = L.layerGroup().addTo(map);
  map.createPane("ways").style.zIndex = 420;
  const said = document.getElementById("so-far");
  const share = document.getElementById("share");
  if (!said) return;
  const look = async () => {
    const now = await (await fetched(order)).json();
    said.textContent = now.text;
    share.value = now.share;
    lines.clearLayers();
    for (const { geometry, properties } of now.features) {
      const line = geometry.coordinates.map(([lon, lat]) => [lat, lon]);
      L.polyline(line, { pane: "ways", color: properties.colour, weight: 3, dashArray: "6 5", interactive: false }).addTo(lines);
      for (const place of line) L.circleMarker(place, { pane: "ways", radius: 4, weight: 1, color: "#ffffff", fillColor: properties.colour, fillOpacity: 1, interactive: false }).addTo(lines);
    }
    if (now.plan) location.replace(now.plan);
    else if (now.state === "refused") location.reload();
    else setTimeout(() => look().catch(failed), EVERY_MS);
  };
  look().catch(failed);
}
