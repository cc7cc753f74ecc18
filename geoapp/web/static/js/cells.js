// Cells or streets in the colours of their classes; a click tells why one has its class.
import { currentQuery, currentStyle, failed, fetched, layersOf, showDetails, withQuery } from "./layers.js";

export function addCells(map, { cells, details, colours, labels }) {
  map.createPane("cells").style.zIndex = 300;
  const renderer = L.canvas({ pane: "cells", padding: 0.3, tolerance: 4 });
  const asked = (query) => new URLSearchParams([...query, ...currentStyle({ usual: true })]);
  const style = ({ properties, geometry }) => {
    const colour = colours[properties.class] || colours[""];
    if (geometry.type.endsWith("LineString")) {
      return { color: colour, weight: properties.class ? 6 : 3, opacity: properties.uncertain ? 0.55 : 0.95, dashArray: properties.uncertain ? "7 5" : null };
    }
    // What borrows most of its rate from the whole is drawn faintly, with a broken border.
    const fill = properties.class ? (properties.uncertain ? 0.3 : 0.75) : 0.12;
    return { color: properties.class ? colour : "#8a979f", weight: properties.class ? 1.2 : 0.6, dashArray: properties.uncertain ? "4 3" : null, fillColor: colour, fillOpacity: fill };
  };
  let latest = 0;
  const layer = L.geoJSON(null, {
    pane: "cells",
    renderer,
    style,
    onEachFeature(feature, shape) {
      shape.on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        const why = asked(currentQuery());
        why.set("id", feature.id);
        showDetails(withQuery(details, why));
      });
    },
  });
  const show = async (query) => {
    latest += 1;
    const turn = latest;
    const found = await (await fetched(withQuery(cells, asked(query)))).json();
    if (turn !== latest) return;
    layer.clearLayers();
    layer.addData(found);
  };
  show(currentQuery()).catch(failed);
  layersOf(map).set("cells", { layer, select: (query) => show(query).catch(failed) });
  map.getContainer().setAttribute("aria-description", labels.cells || "");
}
