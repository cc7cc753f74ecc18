// The phone page of a team's day: stops are ticked off on this phone, and nowhere else.
import { filled, made, showProgress, stopsOf } from "./day.js";

export function startPhone(data) {
  const root = document.getElementById("day");
  const stops = stopsOf(root);
  const ticks = openTicks(`geoapp-day-${data.pack}`, () => {
    document.getElementById("not-kept").hidden = false;
  });
  const show = () => showProgress(root, stops, (stop) => ticks.has(stop.id), data.texts);
  for (const stop of stops) {
    const label = () => (ticks.has(stop.id) ? data.texts.ticked : data.texts.tick);
    const button = made("button", { type: "button", class: "day-big tick", "aria-pressed": String(ticks.has(stop.id)),
                                    onclick: () => {
      ticks.turn(stop.id);
      button.setAttribute("aria-pressed", String(ticks.has(stop.id)));
      button.textContent = label();
      show();
    } }, label());
    stop.doing.append(button);
  }
  show();
  watchPlace(stops, data.texts);
  document.documentElement.dataset.ready = "yes";
}

/** The ids of what is ticked off, kept in the browser where it lets us. */
function openTicks(name, onLost) {
  let known = new Set();
  try {
    known = new Set(JSON.parse(localStorage.getItem(name) || "[]"));
    localStorage.setItem(name, JSON.stringify(Array.from(known)));
  } catch {
    onLost();
  }
  return {
    has: (id) => known.has(id),
    turn(id) {
      if (!known.delete(id)) known.add(id);
      try {
        localStorage.setItem(name, JSON.stringify(Array.from(known)));
      } catch {
        onLost();
      }
    },
  };
}

/** How far each stop is from here, once somebody asks; browsers tell the place to pages over HTTPS only. */
function watchPlace(stops, texts) {
  const button = document.getElementById("how-far");
  if (!window.isSecureContext || !navigator.geolocation) {
    document.getElementById("no-place").hidden = false;
    return;
  }
  button.hidden = false;
  button.addEventListener("click", () => {
    button.disabled = true;
    navigator.geolocation.watchPosition((found) => {
      for (const stop of stops) {
        const metres = distance(found.coords, stop.element.dataset);
        const far = metres < 1000 ? `${Math.round(metres / 10) * 10} m` : `${(metres / 1000).toFixed(1)} km`;
        stop.element.querySelector(".day-far").textContent = filled(texts.far, { far });
      }
    }, () => {
      button.disabled = false;
      document.getElementById("place-refused").hidden = false;
    }, { enableHighAccuracy: true, maximumAge: 15000, timeout: 30000 });
  });
}

const EARTH_M = 6371008.8;

/** Metres along the great circle, by the haversine formula. */
function distance(here, there) {
  const rad = (degrees) => (Number(degrees) * Math.PI) / 180;
  const dLat = rad(there.lat) - rad(here.latitude);
  const dLon = rad(there.lon) - rad(here.longitude);
  const half = Math.sin(dLat / 2) ** 2 + Math.cos(rad(here.latitude)) * Math.cos(rad(there.lat)) * Math.sin(dLon / 2) ** 2;
  return 2 * EARTH_M * Math.asin(Math.sqrt(Math.min(1, half)));
}
