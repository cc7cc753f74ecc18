// The one feature that a page is about.
export function addPlace(map, { geometry, colour }) {
  map.createPane("place").style.zIndex = 480;
  const style = { pane: "place", color: colour, weight: 4, fill: false, interactive: false };
  L.geoJSON({ type: "Feature", geometry, properties: {} }, {
    style,
    pane: "place",
    pointToLayer: (_feature, at) => L.circleMarker(at, { ...style, radius: 13, weight: 3 }),
    interactive: false,
  }).addTo(map);
}
