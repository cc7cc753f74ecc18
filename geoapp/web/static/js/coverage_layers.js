// What the map of coverage draws: catchments, where people live, facilities and what is only supposed.
import { currentQuery, failed, fetched, layersOf, showDetails, withQuery } from "./layers.js";

export function addCoverageLayers(map, { addresses, colours, labels }, supposed) {
  const layers = layersOf(map);
  for (const [pane, level] of [["catchments", 220], ["living", 380], ["drawn", 390]]) map.createPane(pane).style.zIndex = level;
  // Nothing to click in it, and what lies below it wants to be clicked.
  map.getPane("catchments").style.pointerEvents = "none";
  layers.set("catchments", following(map, catchmentLayer(colours), addresses.catchments, (layer, found) => {
    layer.clearLayers();
    layer.addData(found);
  }));
  layers.set("places", following(map, L.layerGroup(), addresses.places, drawPlaces(colours, labels)));
  layers.set("facilities", following(map, L.layerGroup(), addresses.facilities, drawFacilities(labels, supposed)));
  const drawn = L.layerGroup();
  layers.set("drawn", { layer: drawn, select() {} });
  return {
    drawn: () => drawOwn(drawn),
    show: ({ lon, lat }) => {
      map.setView([Number(lat), Number(lon)], Math.max(map.getZoom(), 13));
      document.getElementById("map-part").scrollIntoView({ block: "nearest" });
    },
  };
}

/** A layer that holds the answer to the question, asked for only while it is on the map. */
function following(map, layer, address, draw) {
  let wanted = currentQuery().toString();
  let shown = null;
  const update = async () => {
    if (!map.hasLayer(layer) || wanted === shown) return;
    const asked = wanted;
    const found = await (await fetched(withQuery(address, asked))).json();
    if (asked !== wanted) return;
    draw(layer, found);
    shown = asked;
  };
  layer.on("add", () => update().catch(failed));
  return {
    layer,
    select(query) {
      wanted = query.toString();
      return update().catch(failed);
    },
  };
}

function catchmentLayer(colours) {
  return L.geoJSON(null, {
    pane: "catchments",
    renderer: L.canvas({ pane: "catchments", padding: 0.3 }),
    interactive: false,
    style: { color: colours.catchment, weight: 1, opacity: 0.7, fillColor: colours.catchment, fillOpacity: 0.22 },
  });
}

/** Dots by whether something is near, larger where more people are known to live. */
function drawPlaces(colours, labels) {
  const renderer = L.canvas({ pane: "living", padding: 0.3, tolerance: 4 });
  const STATES = ["near", "far", "off", "none"];
  return (layer, { lon, lat, name, people, state, minutes, nearest, facilities, left_out: leftOut }) => {
    layer.clearLayers();
    const note = document.getElementById("places-left-out");
    if (note) note.textContent = leftOut ? labels.places_left_out.replace("{count}", leftOut.toLocaleString(labels.language)) : "";
    const most = Math.max(1, ...people.filter((number) => number !== null));
    lon.forEach((lng, place) => {
      const known = STATES[state[place]];
      const hollow = known === "off" || known === "none";
      L.circleMarker([lat[place], lng], {
        pane: "living", renderer, bubblingMouseEvents: true, weight: hollow ? 2 : 1,
        radius: people[place] === null ? 4 : 3.5 + 4.5 * Math.sqrt(people[place] / most),
        color: hollow ? colours[known] : "#ffffff", fillColor: hollow ? "#ffffff" : colours[known], fillOpacity: 0.9,
      })
        .bindTooltip(() => {
          const way = minutes[place] === null ? labels[known] : labels.minutes.replace("{minutes}", minutes[place].toLocaleString(labels.language)).replace("{name}", facilities[nearest[place]]);
          return lines(name[place], way);
        })
        .addTo(layer);
    });
  };
}

function drawFacilities(labels, supposed) {
  return (layer, { features }) => {
    layer.clearLayers();
    for (const { id, geometry, properties } of features) {
      const [lng, lat] = geometry.coordinates;
      const kind = properties.state;
      const size = kind === "pin" ? 28 : 16;
      const icon = L.divIcon({ className: `facility-mark ${kind}`, iconSize: [size, size], iconAnchor: [size / 2, kind === "pin" ? size : size / 2] });
      // Marks lie as close as facilities do, too close to be steps of the keyboard: for that there is the list.
      const marker = L.marker([lat, lng], { icon, title: properties.name, riseOnHover: true, keyboard: false, draggable: kind === "pin", zIndexOffset: kind === "pin" ? 500 : 0 });
      marker.bindPopup(() => popup(id, properties, labels, supposed, () => marker.closePopup()), { offset: [0, kind === "pin" ? -20 : -4] });
      marker.on("dragend", () => {
        const there = marker.getLatLng();
        supposed.move(properties.pin, there.lng, there.lat);
      });
      layer.addLayer(marker);
    }
  };
}

function popup(id, { name, kind, state, pin, details }, labels, supposed, close) {
  const box = lines(name, state === "closed" ? `${kind} · ${labels.closed}` : kind);
  const button = (text, act) => {
    const made = document.createElement("button");
    made.type = "button";
    made.className = "chip";
    made.textContent = text;
    made.addEventListener("click", () => {
      close();
      act();
    });
    box.append(made);
  };
  if (state === "pin") button(labels.remove, () => supposed.remove(pin));
  else {
    button(state === "closed" ? labels.reopen : labels.close, () => supposed.toggle(id));
    button(labels.everything, () => showDetails(details));
  }
  return box;
}

/** What the view itself draws: GeoJSON at the addresses that its part of the page names, each feature with its look. */
async function drawOwn(layer) {
  const addresses = [...document.querySelectorAll("#table [data-drawn]")].map((one) => one.dataset.drawn);
  const asked = addresses.join("\n");
  layer.asked = asked;
  try {
    const found = await Promise.all(addresses.map(async (address) => (await fetched(address)).json()));
    if (layer.asked !== asked) return;
    layer.clearLayers();
    for (const one of found) layer.addLayer(L.geoJSON(one, { pane: "drawn", style: lookOf, pointToLayer: dot, onEachFeature: named }));
  } catch (error) {
    failed(error);
  }
}

function lookOf({ properties: { colour = "#c4001a", width = 2, dash = null, opacity = 1, fill = 0 } }) {
  return { pane: "drawn", color: colour, weight: width, dashArray: dash, opacity, fillColor: colour, fillOpacity: fill };
}

function dot(feature, at) {
  return L.circleMarker(at, { ...lookOf(feature), radius: feature.properties.radius || 6 });
}

function named({ properties: { name, said } }, shape) {
  if (name || said) shape.bindTooltip(lines(name || "", said || ""), { sticky: true });
}

function lines(title, text) {
  const box = document.createElement("div");
  const head = document.createElement("b");
  head.textContent = title;
  const rest = document.createElement("p");
  rest.textContent = text;
  box.className = "mark-said";
  box.append(head, rest);
  return box;
}
