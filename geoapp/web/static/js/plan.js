// A plan on the map: ways in the teams' colours, numbered stops, what is left out; map, timeline and lists point at each other.
import { failed, fetched, showDetails } from "./layers.js";

export function addPlan(map, { plan, details, colours, labels }) {
  const shown = L.featureGroup().addTo(map);
  const marks = new Map();
  for (const [name, order] of [["ways", 420], ["stops", 460]]) map.createPane(name).style.zIndex = order;
  const renderer = L.canvas({ pane: "ways", padding: 0.3, tolerance: 6 });

  const show = async () => {
    const { features } = await (await fetched(plan)).json();
    shown.clearLayers();
    marks.clear();
    const day = chosenDay();
    for (const feature of features) {
      if (!day || !feature.properties.date || feature.properties.date === day) draw(feature);
    }
    for (const part of document.querySelectorAll(".day[data-date]")) part.hidden = Boolean(day) && part.dataset.date !== day;
  };
  /** Show what is visited on the day that was chosen. */
  const fit = () => {
    const visited = L.featureGroup([...marks.values()].filter((mark) => mark.options.visited));
    if (visited.getLayers().length) map.fitBounds(visited.getBounds().pad(0.15));
  };
  const draw = ({ geometry, properties }) => {
    const colour = colours[properties.team] || "#6b7780";
    if (properties.role === "way") {
      const line = geometry.coordinates.map(([lon, lat]) => [lat, lon]);
      L.polyline(line, { pane: "ways", renderer, color: "#ffffff", weight: 7, opacity: 0.8, interactive: false }).addTo(shown);
      L.polyline(line, { pane: "ways", renderer, color: colour, weight: 4, opacity: 0.9 }).bindTooltip(text(properties.team)).addTo(shown);
      return;
    }
    const [lon, lat] = geometry.coordinates;
    const mark = L.marker([lat, lon], { pane: "stops", icon: icon(properties, colour), keyboard: false, riseOnHover: true, visited: properties.role === "stop" });
    mark.bindTooltip(text(told(properties, labels)), { direction: "top", offset: [0, -10] });
    if (properties.stop) {
      marks.set(properties.stop, mark);
      mark.on("click", () => choose(properties.stop, true));
    }
    mark.addTo(shown);
  };

  /** Mark a stop in the lists, in the timeline and on the map. */
  const choose = (stop, fromMap) => {
    for (const one of document.querySelectorAll("[data-stop].chosen")) one.classList.remove("chosen");
    for (const one of document.querySelectorAll(`[data-stop="${CSS.escape(stop)}"]`)) one.classList.add("chosen");
    const mark = marks.get(stop);
    for (const one of marks.values()) one.getElement()?.classList.remove("chosen");
    mark?.getElement()?.classList.add("chosen");
    if (fromMap) {
      document.querySelector(`li[data-stop="${CSS.escape(stop)}"]`)?.scrollIntoView({ block: "nearest" });
      if (!stop.startsWith("map/")) showDetails(details + stop);
    } else if (mark) {
      map.panInside(mark.getLatLng(), { padding: [60, 60] });
    }
  };

  const account = document.getElementById("account");
  account.addEventListener("click", (event) => {
    const bar = event.target.closest("svg [data-stop]");
    if (bar) {
      choose(bar.dataset.stop, false);
      document.querySelector(`li[data-stop="${CSS.escape(bar.dataset.stop)}"]`)?.scrollIntoView({ block: "nearest" });
      return;
    }
    const item = event.target.closest("li[data-stop]");
    if (item && !event.target.closest("a, button, select, input, summary")) choose(item.dataset.stop, false);
  });
  account.addEventListener("submit", (event) => {
    if (!event.target.matches("[data-edit]")) return;
    event.preventDefault();
    send(event.target, account, show).catch(failed);
  });
  document.getElementById("day")?.addEventListener("change", () => show().then(fit).catch(failed));
  watchMenus();
  watchNoon();
  show()
    .then(() => chosenDay() && fit())
    .catch(failed);
}

/** The day that is looked at, "" for all. */
function chosenDay() {
  return document.getElementById("day")?.value || "";
}

/** Send a change; what it costs is said, and lists, timeline and map are brought up to date. */
async function send(form, account, show) {
  document.body.classList.add("busy");
  const status = document.getElementById("status");
  try {
    const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
    const said = await answer.json().catch(() => ({}));
    status.textContent = said.told || said.error || answer.statusText;
    status.toggleAttribute("data-good", said.ok === true);
    if (!answer.ok) return;
    const html = await (await fetched(`${account.dataset.plan}/account`)).text();
    // The server's own markup: Jinja has escaped whatever people wrote.
    const fresh = new DOMParser().parseFromString(html, "text/html").getElementById("plan-account");
    document.getElementById("plan-account").replaceWith(document.adoptNode(fresh));
    await show();
  } finally {
    document.body.classList.remove("busy");
  }
}

/** One menu is open at a time; a click elsewhere and Escape close it. */
function watchMenus() {
  const close = (kept) => {
    for (const menu of document.querySelectorAll("details.menu[open]")) if (menu !== kept) menu.open = false;
  };
  document.addEventListener("click", ({ target }) => close(target.closest("details.menu")));
  document.addEventListener("keydown", ({ key, target }) => {
    if (key !== "Escape") return;
    const menu = target.closest("details.menu[open]");
    close(null);
    menu?.querySelector("summary").focus();
  });
}

/** In the form for the rest of a day, what the plan says is over by then is ticked. */
function watchNoon() {
  const time = document.querySelector("input[name=now]");
  if (!time) return;
  const tick = () => {
    for (const box of time.form.querySelectorAll("[data-leave]")) box.checked = box.dataset.leave <= time.value;
  };
  time.addEventListener("change", tick);
  time.form.querySelector("[data-none]").addEventListener("click", () => {
    for (const box of time.form.querySelectorAll("[data-leave]")) box.checked = false;
  });
  tick();
}

function icon(properties, colour) {
  const element = document.createElementNS("http://www.w3.org/2000/svg", "svg");
  const make = (name, attributes, content = "") => {
    const part = document.createElementNS("http://www.w3.org/2000/svg", name);
    for (const [key, value] of Object.entries(attributes)) part.setAttribute(key, value);
    part.textContent = content;
    element.append(part);
  };
  element.setAttribute("viewBox", "0 0 26 26");
  element.setAttribute("width", "26");
  element.setAttribute("height", "26");
  if (properties.role === "stop") {
    make("circle", { cx: 13, cy: 13, r: 11, fill: colour, stroke: properties.pinned ? "#ffd23f" : "#ffffff", "stroke-width": properties.pinned ? 3.5 : 2 });
    make("text", { x: 13, y: 17.2, "text-anchor": "middle", "font-size": properties.number > 99 ? 9 : 12, "font-weight": 700, fill: "#ffffff" }, String(properties.number));
  } else if (properties.role === "left_out") {
    make("circle", { cx: 13, cy: 13, r: properties.must ? 7 : 5, fill: "#ffffff", stroke: properties.must ? "#c4001a" : "#6b7780", "stroke-width": 2 });
    make("path", { d: "M10.6 10.6l4.8 4.8M15.4 10.6l-4.8 4.8", stroke: properties.must ? "#c4001a" : "#6b7780", "stroke-width": 1.6 });
  } else {
    make("rect", { x: 4, y: 4, width: 18, height: 18, rx: 3, fill: "#ffffff", stroke: colour, "stroke-width": 3 });
    make("path", { d: properties.role === "start" ? "M10 8.5v9l7-4.5z" : "M9 9h8v8H9z", fill: colour });
  }
  return L.divIcon({ html: element, className: "stop-icon", iconSize: [26, 26] });
}

function told(properties, labels) {
  if (properties.role === "stop") return `${properties.number}. ${properties.name} · ${properties.start}–${properties.leave} · ${properties.team}`;
  if (properties.role === "left_out") return `${labels.left_out}: ${properties.name}`;
  return `${labels[properties.role]}: ${properties.team}`;
}

function text(content) {
  const element = document.createElement("span");
  element.textContent = content;
  return element;
}
