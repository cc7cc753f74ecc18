// The functions that a rendered map calls, one for each thing it shows.
export { addCells } from "./cells.js";
export { addCoverage } from "./coverage.js";
export { addHeat } from "./heat.js";
export { addLines } from "./lines.js";
export { addOrder } from "./order.js";
export { addPicking } from "./picking.js";
export { addPlace } from "./place.js";
export { addPlan } from "./plan.js";
export { addPoints } from "./points.js";
export { addSiting } from "./siting.js";
export { addStops } from "./stops.js";
export { addStretches } from "./stretches.js";
export { addTownships } from "./townships.js";
export { connectPage } from "./page.js";
