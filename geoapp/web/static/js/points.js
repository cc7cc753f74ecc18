// Points from vector tiles: bubbles with exact counts where there are many, single marks where there are few.
import { PbfReader, VectorTile } from "../vendor/vendor.js";
import { currentQuery, failed, fetched, layersOf, showDetails, withQuery } from "./layers.js";
import { mark } from "./marks.js";

const TILE = 256;
const KEPT_TILES = 600;
// Beyond this zoom tiles are not asked for: single points are drawn from here on anyway.
const DEEPEST = 18;

export function addPoints(map, options) {
  const layer = new PointLayer(options);
  layersOf(map).set(options.layer, { layer, select: (query) => layer.select(query) });
}

const PointLayer = L.Layer.extend({
  initialize(options) {
    L.setOptions(this, options);
    this._marks = new Map();
    this._tiles = new Map();
    this._query = currentQuery();
    this._group = L.layerGroup();
  },

  onAdd(map) {
    this._map = map;
    this._group.addTo(map);
    map.on("moveend", this._update, this);
    this._update();
  },

  onRemove(map) {
    map.off("moveend", this._update, this);
    this._abort();
    this._group.clearLayers();
    this._marks.clear();
    this._group.remove();
  },

  select(query) {
    this._query = query;
    if (this._map && this._map.hasLayer(this)) return this._update();
    return undefined;
  },

  _abort() {
    if (this._fetching) this._fetching.abort();
    this._fetching = new AbortController();
  },

  async _update() {
    this._abort();
    const { signal } = this._fetching;
    try {
      const tiles = await Promise.all(this._inView().map((place) => this._tile(place, signal)));
      if (!signal.aborted) this._show(tiles.flat());
    } catch (error) {
      failed(error);
    }
  },

  /** The tiles that cover the view, a little more than it. */
  _inView() {
    const zoom = Math.min(Math.round(this._map.getZoom()), DEEPEST);
    const bounds = this._map.getBounds().pad(0.05);
    const first = this._map.project(bounds.getNorthWest(), zoom).divideBy(TILE).floor();
    const last = this._map.project(bounds.getSouthEast(), zoom).divideBy(TILE).floor();
    const places = [];
    const edge = 2 ** zoom - 1;
    for (let x = Math.max(first.x, 0); x <= Math.min(last.x, edge); x += 1) {
      for (let y = Math.max(first.y, 0); y <= Math.min(last.y, edge); y += 1) places.push({ z: zoom, x, y });
    }
    return places;
  },

  _tile(place, signal) {
    const address = withQuery(L.Util.template(this.options.tiles, place), this._query);
    if (!this._tiles.has(address)) {
      if (this._tiles.size > KEPT_TILES) this._tiles.clear();
      const asked = fetched(address, { signal })
        .then((response) => response.arrayBuffer())
        .then((bytes) => decoded(bytes, place, this.options.layer));
      asked.catch(() => this._tiles.delete(address));
      this._tiles.set(address, asked);
    }
    return this._tiles.get(address);
  },

  /** Put new marks on the map and take away those that are gone; those that stay are not touched. */
  _show(items) {
    const wanted = new Map(items.map((item) => [item.key, item]));
    for (const [key, shown] of this._marks) {
      if (!wanted.has(key)) {
        this._group.removeLayer(shown);
        this._marks.delete(key);
      }
    }
    for (const [key, item] of wanted) {
      if (this._marks.has(key)) continue;
      const shown = mark(item, this.options);
      shown.on("click", () => this._chosen(item));
      this._group.addLayer(shown);
      this._marks.set(key, shown);
    }
    this._count = items.reduce((sum, item) => sum + item.count, 0);
    document.dispatchEvent(new CustomEvent("geoapp:shown", { detail: { layer: this.options.layer, count: this._count } }));
  },

  _chosen(item) {
    if (item.count === 1) {
      showDetails(this.options.details + encodeURIComponent(item.id));
    } else if (this._map.getZoom() < DEEPEST) {
      this._map.setView([item.lat, item.lng], Math.min(this._map.getZoom() + 2, DEEPEST));
    } else {
      this._list(item);
    }
  },

  /** Points that stand on the same spot can only be told apart in a list. */
  _list(item) {
    const query = new URLSearchParams(this._query);
    const step = 360 / 2 ** (item.place.z + 2);
    const half = step / 2;
    query.set("bbox", [item.lng - half, item.lat - half, item.lng + half, item.lat + half].map((n) => n.toFixed(7)).join(","));
    query.set("limit", "100");
    const detail = { address: withQuery(this.options.items, query), details: this.options.details, title: this.options.labels.layer };
    document.dispatchEvent(new CustomEvent("geoapp:items", { detail }));
  },
});

function decoded(bytes, place, name) {
  const layer = new VectorTile(new PbfReader(new Uint8Array(bytes))).layers[name];
  if (!layer) return [];
  const size = layer.extent * 2 ** place.z;
  const items = [];
  for (let n = 0; n < layer.length; n += 1) {
    const feature = layer.feature(n);
    const [[point]] = feature.loadGeometry();
    const x = (place.x * layer.extent + point.x + 0.5) / size;
    const y = (place.y * layer.extent + point.y + 0.5) / size;
    const { count = 1, id } = feature.properties;
    const key = count > 1 ? `${place.z}/${point.x}/${point.y}/${place.x}/${place.y}/${count}` : `${id}/${JSON.stringify(feature.properties)}`;
    items.push({
      key,
      id,
      count,
      place,
      tags: feature.properties,
      lng: x * 360 - 180,
      lat: (Math.atan(Math.sinh(Math.PI * (1 - 2 * y))) * 180) / Math.PI,
    });
  }
  return items;
}
