// What the pages need of npm's libraries, bundled into one module by `make assets`.
export { VectorTile } from "@mapbox/vector-tile";
export { PbfReader } from "pbf";
export { leafletLayer, LineSymbolizer, LineLabelSymbolizer } from "protomaps-leaflet";
