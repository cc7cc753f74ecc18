// Coverage: the question in the form, its answer beside the map, and what is only supposed.
import { addCoverageLayers } from "./coverage_layers.js";
import { currentQuery, currentStyle, failed, layersOf, remember, withQuery } from "./layers.js";

const PLACE = /^\s*(-?\d{1,3}(?:\.\d+)?)[\s,，]+(-?\d{1,2}(?:\.\d+)?)\s*$/;

export function addCoverage(map, options) {
  const form = document.getElementById("question");
  const { addresses, labels } = options;
  const layers = layersOf(map);
  const supposed = supposing(form, () => refresh());
  const drawing = addCoverageLayers(map, options, supposed);
  const refresh = follow(form, layers, addresses, drawing);
  watchForm(form, refresh);
  watchAccount(form, supposed, refresh, drawing);
  addPointing(map, labels, supposed);
  watchMeasure(layers);
  watchPrinting(map);
  drawing.drawn();
}

/** What is supposed, as hidden fields of the form, so that a link, the form without scripts and the map agree. */
function supposing(form, changed) {
  const fields = document.getElementById("supposed-fields");
  const all = (name) => [...fields.querySelectorAll(`[name="${name}"]`)].map((field) => field.value);
  const set = (name, values) => {
    for (const field of fields.querySelectorAll(`[name="${name}"]`)) field.remove();
    for (const value of new Set(values)) {
      const field = document.createElement("input");
      Object.assign(field, { type: "hidden", name, value });
      fields.append(field);
    }
    changed();
  };
  const written = (lng, lat) => `${Number(lng.toFixed(6))} ${Number(lat.toFixed(6))}`;
  return {
    pins: () => all("pin"),
    closed: () => all("closed"),
    add: (lng, lat) => set("pin", [...all("pin"), written(lng, lat)]),
    move: (pin, lng, lat) => set("pin", all("pin").map((one) => (one === pin ? written(lng, lat) : one))),
    remove: (pin) => set("pin", all("pin").filter((one) => one !== pin)),
    toggle: (id) => set("closed", all("closed").includes(id) ? all("closed").filter((one) => one !== id) : [...all("closed"), id]),
    clear: () => {
      for (const field of [...fields.children]) field.remove();
      changed();
    },
  };
}

/** A function that brings everything on the page to the question in the form. */
function follow(form, layers, addresses, drawing) {
  let latest = 0;
  return async function refresh() {
    latest += 1;
    const turn = latest;
    const query = currentQuery();
    const link = linkOf(query);
    remember(link, query);
    document.body.classList.add("busy");
    const status = document.getElementById("status");
    try {
      const [account] = await Promise.all([
        answered(withQuery(addresses.account, link)),
        ...[...layers.values()].map((one) => one.select(query)),
      ]);
      if (turn !== latest) return;
      replaceAccount(account);
      drawing.drawn();
      status.textContent = "";
    } catch (error) {
      if (turn === latest && error.sentence) status.textContent = error.sentence;
      else failed(error);
    } finally {
      if (turn === latest) document.body.classList.remove("busy");
    }
  };
}

async function answered(address) {
  const response = await fetch(address, { headers: { Accept: "application/json" } });
  if (response.ok) return response.text();
  const { error } = await response.json().catch(() => ({}));
  throw Object.assign(new Error(`${response.status} ${address}`), { sentence: error });
}

/** The link to what the page shows: the question, and how it is looked at. */
function linkOf(query) {
  const link = new URLSearchParams([...query, ...currentStyle()]);
  const measure = document.querySelector("[name=measure]");
  if (measure && !measure.selectedOptions[0].hasAttribute("data-usual")) link.set("measure", measure.value);
  return link;
}

/** Put the new account in the old one's place: what was unfolded stays so, and the keyboard stays where it was. */
function replaceAccount(html) {
  const old = document.getElementById("table");
  // The server's own markup: Jinja has escaped whatever people wrote.
  const fresh = document.adoptNode(new DOMParser().parseFromString(html, "text/html").getElementById("table"));
  for (const box of old.querySelectorAll("details[id]")) {
    const same = fresh.querySelector(`details#${CSS.escape(box.id)}`);
    if (same) same.open = box.open;
  }
  const held = old.contains(document.activeElement) ? document.activeElement : null;
  const scrolled = [...old.querySelectorAll(".scroll")].map((one) => one.scrollTop);
  old.replaceWith(fresh);
  fresh.querySelectorAll(".scroll").forEach((one, place) => {
    one.scrollTop = scrolled[place] || 0;
  });
  if (held) {
    const key = held.dataset.key;
    (key && fresh.querySelector(`[data-key="${CSS.escape(key)}"]`) || document.getElementById("table-part")).focus({ preventScroll: true });
  }
  const line = fresh.querySelector("#supposed-line");
  document.getElementById("supposed-said").textContent = line ? line.textContent.trim() : "";
}

function watchForm(form, refresh) {
  const kinds = document.getElementById("kinds-said");
  const said = () => {
    const ticked = [...form.querySelectorAll("[name=kind]:checked")];
    if (!ticked.length) kinds.textContent = kinds.dataset.all;
    else kinds.textContent = ticked.length > 1 ? kinds.dataset.some.replace("{count}", ticked.length) : ticked[0].parentElement.textContent.trim();
  };
  form.addEventListener("change", ({ target }) => {
    if (!form.reportValidity()) return;
    if (target.name === "kind") said();
    form.elements.page.value = "";
    refresh();
  });
  form.addEventListener("submit", (event) => {
    event.preventDefault();
    refresh();
  });
  // What unfolds over the page folds again when one goes on.
  document.addEventListener("click", ({ target }) => {
    for (const box of form.querySelectorAll(".several[open]")) if (!box.contains(target)) box.open = false;
  });
  document.addEventListener("keydown", ({ key, target }) => {
    const box = key === "Escape" && target.closest && target.closest(".several[open]");
    if (!box) return;
    box.open = false;
    box.querySelector("summary").focus();
  });
}

/** Buttons and links of the account; each is a link that works without scripts too. */
function watchAccount(form, supposed, refresh, drawing) {
  const part = document.getElementById("table-part");
  part.addEventListener("click", (event) => {
    const chosen = (selector) => event.target.closest(selector);
    const act = (action) => {
      event.preventDefault();
      action();
    };
    const turn = (name, value) => {
      form.elements[name].value = value;
      refresh();
    };
    if (chosen("[data-closing]")) return act(() => supposed.toggle(chosen("[data-closing]").dataset.closing));
    if (chosen("[data-unpin]")) return act(() => supposed.remove(chosen("[data-unpin]").dataset.unpin));
    if (chosen("[data-suppose]")) return act(() => supposed.add(...chosen("[data-suppose]").dataset.suppose.split(" ").map(Number)));
    if (chosen("[data-today]")) return act(() => supposed.clear());
    if (chosen("[data-sort]")) return act(() => turn("sort", chosen("[data-sort]").dataset.sort));
    if (chosen("[data-page]")) return act(() => turn("page", chosen("[data-page]").dataset.page));
    if (chosen("[data-print]")) return act(() => window.print());
    if (chosen("[data-lon]")) return act(() => drawing.show(chosen("[data-lon]").dataset));
    return undefined;
  });
  // A village or a pair of numbers, by keyboard.
  part.addEventListener("change", ({ target }) => {
    if (target.name !== "pin" || target.tagName !== "SELECT" || !target.value) return;
    supposed.add(...target.value.split(" ").map(Number));
  });
  const typed = (field) => {
    const found = PLACE.exec(field.value);
    field.setCustomValidity(found ? "" : field.title);
    if (found) supposed.add(Number(found[1]), Number(found[2]));
    else field.reportValidity();
  };
  part.addEventListener("input", ({ target }) => target.setCustomValidity && target.setCustomValidity(""));
  part.addEventListener("keydown", (event) => {
    if (event.key !== "Enter" || !event.target.matches("input[name=pin]")) return;
    event.preventDefault();
    typed(event.target);
  });
  part.addEventListener("click", (event) => {
    if (!event.target.closest("[data-typed]")) return;
    event.preventDefault();
    typed(part.querySelector("input[name=pin]"));
  });
}

/** A button on the map: the next click says where a facility is supposed to stand. */
function addPointing(map, labels, supposed) {
  const status = document.getElementById("status");
  const container = map.getContainer();
  const button = document.createElement("button");
  button.type = "button";
  button.className = "suppose";
  button.textContent = labels.suppose;
  button.setAttribute("aria-pressed", "false");
  const pointing = (wanted) => {
    button.setAttribute("aria-pressed", String(wanted));
    container.classList.toggle("picking", wanted);
    status.textContent = wanted ? labels.suppose_hint : "";
    status.classList.toggle("hint", wanted);
  };
  const on = () => button.getAttribute("aria-pressed") === "true";
  button.addEventListener("click", () => pointing(!on()));
  const control = L.control({ position: "topright" });
  control.onAdd = () => {
    L.DomEvent.disableClickPropagation(button);
    return button;
  };
  control.addTo(map);
  // On canvas a click on a mark is the mark's own: while one points, it means the place.
  map.on("click", ({ latlng }) => {
    if (!on()) return;
    pointing(false);
    supposed.add(latlng.lng, latlng.lat);
  });
  document.addEventListener("keydown", ({ key }) => {
    if (key === "Escape" && on()) pointing(false);
  });
  document.addEventListener("geoapp:details", (event) => on() && event.stopImmediatePropagation(), { capture: true });
}

function watchMeasure(layers) {
  const measure = document.querySelector("[name=measure]");
  if (!measure) return;
  measure.addEventListener("change", (event) => {
    // It belongs to the form for links without scripts; here only the shading changes.
    event.stopPropagation();
    remember(linkOf(currentQuery()), currentQuery());
    layers.get("townships").select(currentQuery());
  });
}

/** On paper the map is what it is on the screen, drawn as wide as the sheet. */
function watchPrinting(map) {
  const WIDTH_PX = 690;
  const container = map.getContainer();
  const style = { width: "", height: "", transform: "", transformOrigin: "", flex: "", marginBottom: "" };
  window.addEventListener("beforeprint", () => {
    const { x: width, y: height } = map.getSize();
    const scale = WIDTH_PX / width;
    Object.assign(container.style, { width: `${width}px`, height: `${height}px`, transform: `scale(${scale})`, transformOrigin: "0 0", flex: "none", marginBottom: `${height * (scale - 1)}px` });
    container.parentElement.style.height = "auto";
  });
  window.addEventListener("afterprint", () => {
    Object.assign(container.style, style);
    container.parentElement.style.height = "";
  });
}
