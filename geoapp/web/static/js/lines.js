// Streets and roads, drawn from vector tiles onto canvas.
import { leafletLayer, LineLabelSymbolizer, LineSymbolizer } from "../vendor/vendor.js";
import { layersOf } from "./layers.js";

const PATHS = new Set(["cycleway", "footway", "path", "steps", "track"]);
const drivable = (zoom, feature) => !PATHS.has(feature.props.kind);

export function addLines(map, options) {
  if (!map.getPane("lines")) {
    map.createPane("lines").style.zIndex = 250;
    map.getPane("lines").style.pointerEvents = "none";
  }
  const names = options.language === "en" ? ["name_en", "name"] : ["name"];
  const width = (zoom) => options.width * Math.min(3, Math.max(0.6, 2 ** ((zoom - 13) / 2)));
  const layer = leafletLayer({
    url: options.tiles,
    pane: "lines",
    maxDataZoom: 16,
    noWrap: true,
    // Further out they would be a smear.
    minZoom: options.from,
    // While a zoom is under way the old tiles are stretched: drawing each step on the way would make it jerk.
    updateWhenZooming: false,
    keepBuffer: 1,
    // Layers take turns, so that no frame has to wait for all of them.
    tileDelay: options.labelled ? 30 : 80,
    attribution: "",
    paintRules: [
      {
        dataLayer: options.layer,
        minzoom: 14,
        filter: (zoom, feature) => PATHS.has(feature.props.kind),
        symbolizer: new LineSymbolizer({ color: options.colour, width: 1, dash: [3, 3] }),
      },
      { dataLayer: options.layer, filter: drivable, symbolizer: new LineSymbolizer({ color: "#ffffff", width: (zoom) => width(zoom) + 2 }) },
      { dataLayer: options.layer, filter: drivable, symbolizer: new LineSymbolizer({ color: options.colour, width }) },
    ],
    labelRules: options.labelled
      ? [
          {
            dataLayer: options.layer,
            minzoom: 14,
            symbolizer: new LineLabelSymbolizer({
              labelProps: names,
              font: '500 12px system-ui, "Noto Sans SC", "Noto Sans CJK SC", sans-serif',
              fill: "#6b5b3e",
              stroke: "#ffffff",
              width: 3,
            }),
          },
        ]
      : [],
  });
  layersOf(map).set(options.layer, { layer, select() {} });
}
