// A heat surface as pictures by the server; a changed selection, or another week, asks for others.
import { currentQuery, currentStyle, layersOf, withQuery } from "./layers.js";

const STEP_MS = 1_200;

export function addHeat(map, { tiles }) {
  map.createPane("heat").style.zIndex = 300;
  const surfaces = L.layerGroup();
  let latest = 0;
  // A new layer each time: Leaflet's setUrl asks for tiles of broken zooms where the map stands between two.
  const show = (query, week = {}) => {
    latest += 1;
    const turn = latest;
    const asked = new URLSearchParams(query);
    for (const [name, value] of currentStyle({ usual: true })) asked.set(name, value);
    asked.delete("view");
    for (const [name, value] of Object.entries(week)) asked.set(name, value);
    const surface = L.tileLayer(withQuery(tiles, asked), { pane: "heat", maxNativeZoom: 19, maxZoom: 20, alt: "" });
    surface.turn = turn;
    // The old surface stays until the new one is there.
    surface.once("load", () => surfaces.eachLayer((other) => other.turn < turn && surfaces.removeLayer(other)));
    if (!map.hasLayer(surfaces)) surfaces.clearLayers();
    surfaces.addLayer(surface);
  };
  show(currentQuery());
  watchWeeks((week) => show(currentQuery(), week));
  layersOf(map).set("heat", { layer: surfaces, select: (query) => show(query) });
}

/** The slider through the weeks and its button; both are replaced with the page's account, so the page listens. */
function watchWeeks(show) {
  let playing = null;
  const stop = () => {
    clearInterval(playing);
    playing = null;
    const button = document.querySelector("[data-play]");
    if (button) button.textContent = button.dataset.play;
  };
  const move = (slider) => {
    const { from, to, text } = JSON.parse(slider.dataset.weeks)[Number(slider.value)] || {};
    document.getElementById("week").textContent = text || slider.dataset.all;
    slider.setAttribute("aria-valuetext", text || slider.dataset.all);
    show(from ? { from, to, top: slider.dataset.top } : {});
  };
  document.addEventListener("input", ({ target }) => {
    if (target.id !== "weeks") return;
    stop();
    move(target);
  });
  document.addEventListener("click", ({ target }) => {
    const button = target.closest("[data-play]");
    if (!button) return;
    if (playing) {
      stop();
      return;
    }
    button.textContent = button.dataset.pause;
    const step = () => {
      const slider = document.getElementById("weeks");
      if (!slider) {
        stop();
        return;
      }
      slider.value = String((Number(slider.value) + 1) % (Number(slider.max) + 1));
      move(slider);
    };
    step();
    playing = setInterval(step, STEP_MS);
  });
}
