// A work list beside a map: a click on the map, or on a suggestion, gives the chosen row its place.

export function addPicking(map, { labels }) {
  const list = document.getElementById("worklist");
  const status = document.getElementById("status");
  const marks = L.layerGroup().addTo(map);
  map.getContainer().classList.add("picking");
  // Here a click chooses a place; what lies under it is not asked for.
  document.addEventListener("geoapp:details", (event) => event.stopImmediatePropagation());
  if (!list) return;

  const chosen = () => list.querySelector("[aria-current]");
  const choose = (item) => {
    chosen()?.removeAttribute("aria-current");
    marks.clearLayers();
    if (!item) return;
    item.setAttribute("aria-current", "true");
    const offers = [...item.querySelectorAll("form[data-offer]")];
    for (const offer of offers) mark(offer);
    // Where only the township is known, all of it is shown.
    const maxZoom = offers.some((offer) => offer.elements.precision.value !== "township") ? 16 : 12.5;
    if (offers.length) map.flyToBounds(L.latLngBounds(offers.map(placeOf)).pad(0.4), { maxZoom, duration: 0.4 });
  };
  const mark = (offer) => {
    L.circleMarker(placeOf(offer), { radius: 9, color: "#c4001a", weight: 3, fillColor: "#ffffff", fillOpacity: 0.9 })
      .bindTooltip(textNode(offer.dataset.offer), { direction: "top" })
      .on("click", (event) => {
        L.DomEvent.stopPropagation(event);
        send(offer);
      })
      .addTo(marks);
  };
  const send = async (form) => {
    const item = form.closest("li");
    try {
      const answer = await fetch(form.action, { method: "POST", body: new FormData(form), headers: { Accept: "application/json" } });
      if (!answer.ok) throw new Error((await answer.json().catch(() => ({}))).error || answer.statusText);
      settle(item);
    } catch (error) {
      status.textContent = error.message || labels.failed;
    }
  };
  const settle = (item) => {
    const next = item.nextElementSibling || item.previousElementSibling;
    const place = item.nextElementSibling;
    item.remove();
    count(-1);
    choose(next);
    next?.querySelector("button")?.focus({ preventScroll: false });
    status.replaceChildren(labels.placed.replace("{name}", item.dataset.name), " ", undo(item, place));
  };
  const undo = (item, place) => {
    const button = document.createElement("button");
    button.type = "button";
    button.textContent = labels.back;
    button.addEventListener("click", async () => {
      const answer = await fetch(item.querySelector("form").action, { method: "POST", body: new FormData(), headers: { Accept: "application/json" } });
      if (!answer.ok) return;
      list.insertBefore(item, place);
      count(1);
      choose(item);
      status.replaceChildren();
    });
    return button;
  };
  const count = (step) => {
    const number = document.getElementById("left");
    number.dataset.count = Number(number.dataset.count) + step;
    number.textContent = labels.left.replace("{count}", Number(number.dataset.count).toLocaleString(labels.language));
  };

  list.addEventListener("submit", (event) => {
    event.preventDefault();
    send(event.target);
  });
  for (const kind of ["click", "focusin"]) {
    list.addEventListener(kind, (event) => {
      const item = event.target.closest("li");
      if (item && item !== chosen()) choose(item);
    });
  }
  map.on("click", ({ latlng }) => {
    const item = chosen();
    if (!item) return;
    const form = item.querySelector("form.by-hand");
    form.elements.at.value = `${latlng.lng.toFixed(6)},${latlng.lat.toFixed(6)}`;
    send(form);
  });
  choose(list.firstElementChild);
}

function placeOf(form) {
  const [lon, lat] = form.elements.at.value.split(",").map(Number);
  return [lat, lon];
}

function textNode(text) {
  const element = document.createElement("span");
  element.textContent = text;
  return element;
}
