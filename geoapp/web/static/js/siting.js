// Where the next facilities could stand: proposals on the map, and those who would go there.
import { failed, fetched } from "./layers.js";

const COLOUR = "#b8420a";

export function addSiting(map, { labels }) {
  map.createPane("gains").style.zIndex = 380;
  map.createPane("proposals").style.zIndex = 640;
  const renderer = L.canvas({ pane: "gains" });
  const drawn = L.layerGroup().addTo(map);
  const part = document.getElementById("table-part");
  const form = document.getElementById("question");
  const state = { drawn: "", asked: "" };
  const look = () => {
    fetchLater(part, state).catch(failed);
    const place = part.querySelector("[data-proposal-map]");
    const address = place ? place.dataset.proposalMap : "";
    if (address === state.drawn) return;
    state.drawn = address;
    drawn.clearLayers();
    if (address) draw(address, drawn, renderer, labels, () => state.drawn === address).catch(failed);
  };
  // The account is replaced as a whole whenever the question changes.
  new MutationObserver(look).observe(part, { childList: true, subtree: true });
  showFields(form);
  form.addEventListener("change", () => showFields(form));
  look();
}

/** What takes long comes apart from the page: ask for it, and put it in its place if it is still asked for. */
async function fetchLater(part, state) {
  const place = part.querySelector("[data-proposal]");
  if (!place || state.asked === place.dataset.proposal) return;
  const address = place.dataset.proposal;
  state.asked = address;
  try {
    const text = await (await fetched(address)).text();
    const now = part.querySelector("[data-proposal]");
    if (!now || now.dataset.proposal !== address) return;
    // The server's own markup: Jinja has escaped whatever people wrote.
    const fresh = new DOMParser().parseFromString(text, "text/html").querySelector("section.proposal");
    now.replaceWith(document.adoptNode(fresh));
  } finally {
    if (state.asked === address) state.asked = "";
  }
}

async function draw(address, drawn, renderer, labels, wanted) {
  const { features } = await (await fetched(address)).json();
  if (!wanted()) return;
  for (const { geometry, properties } of features) {
    if (properties.what === "gain") drawn.addLayer(line(geometry, properties, renderer));
  }
  for (const { geometry, properties } of features) {
    if (properties.what === "proposal") drawn.addLayer(mark(geometry, properties, labels));
  }
}

function line({ coordinates }, { newly_near: newly }, renderer) {
  const places = coordinates.map(([lon, lat]) => [lat, lon]);
  const style = { color: COLOUR, weight: newly ? 2 : 1, opacity: newly ? 0.9 : 0.5, dashArray: newly ? null : "4 4" };
  return L.polyline(places, { ...style, renderer, pane: "gains", interactive: false });
}

function mark({ coordinates: [lon, lat] }, { rank, name }, labels) {
  const sign = document.createElement("span");
  sign.className = "proposal-mark";
  sign.textContent = String(rank);
  const icon = L.divIcon({ html: sign, className: "proposal-icon", iconSize: [30, 30] });
  const title = (labels.proposal || "{rank}").replace("{rank}", rank).replace("{name}", name);
  // Marks lie as close as proposals do, too close to be steps of the keyboard: for that there is the list.
  const made = L.marker([lat, lon], { icon, pane: "proposals", title, alt: title, keyboard: false });
  const open = () => {
    const box = document.getElementById(`gains-${rank}`);
    if (!box) return;
    box.open = true;
    box.scrollIntoView({ block: "nearest" });
    box.querySelector("summary").focus();
  };
  made.on("click", open);
  return made;
}

/** Fields that belong to one choice of where facilities could stand. */
function showFields(form) {
  const among = form.elements.among;
  if (!among) return;
  for (const field of form.querySelectorAll("[data-among]")) field.hidden = field.dataset.among !== among.value;
}
