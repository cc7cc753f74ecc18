// How one item looks: a bubble with its count, or a shape on canvas.

const SHAPES = {
  square: (context, point, radius) => context.rect(point.x - radius, point.y - radius, radius * 2, radius * 2),
  diamond(context, point, radius) {
    const reach = radius * 1.35;
    context.moveTo(point.x, point.y - reach);
    context.lineTo(point.x + reach, point.y);
    context.lineTo(point.x, point.y + reach);
    context.lineTo(point.x - reach, point.y);
    context.closePath();
  },
};

L.Canvas.include({
  _updateShape(layer) {
    if (!this._drawing || layer._empty()) return;
    this._ctx.beginPath();
    SHAPES[layer.options.shape](this._ctx, layer._point, layer._radius);
    this._fillStroke(this._ctx, layer);
  },
});

const Shape = L.CircleMarker.extend({
  _updatePath() {
    if (this.options.shape in SHAPES) this._renderer._updateShape(this);
    else this._renderer._updateCircle(this);
  },
});

export function mark(item, options) {
  return item.count > 1 ? bubble(item, options) : single(item, options);
}

function single(item, options) {
  const colour = options.colourBy ? options.colours[item.tags[options.colourBy]] || options.colour : options.colour;
  const ring = options.shape === "ring";
  return new Shape([item.lat, item.lng], {
    shape: options.shape,
    radius: ring ? 4 : 6,
    weight: item.tags.overdue ? 3 : 1.5,
    color: item.tags.overdue ? "#c4001a" : ring ? colour : "#ffffff",
    fillColor: colour,
    fillOpacity: ring ? 0.15 : 0.95,
    bubblingMouseEvents: false,
  });
}

function bubble(item, options) {
  const language = options.labels.language;
  const exact = item.count.toLocaleString(language);
  const said = options.labels.cluster.replace("{layer}", options.labels.layer).replace("{count}", exact);
  const size = Math.round(26 + 7 * Math.min(4.2, Math.log10(item.count)));
  const element = document.createElement("span");
  element.textContent = abbreviated(item.count, language);
  element.style.backgroundColor = options.colour;
  const icon = L.divIcon({ html: element, className: `bubble bubble-${options.shape}`, iconSize: [size, size] });
  // Bubbles lie as close as their points do, too close to be steps of the keyboard: for that there is the table.
  return L.marker([item.lat, item.lng], { icon, title: said, riseOnHover: true, keyboard: false });
}

function abbreviated(count, language) {
  if (count < 1000) return String(count);
  if (language === "zh") return count < 10000 ? String(count) : `${short(count / 10000)}万`;
  return count < 1e6 ? `${short(count / 1000)}k` : `${short(count / 1e6)}M`;
}

function short(number) {
  return number < 10 ? String(Math.floor(number * 10) / 10) : String(Math.floor(number));
}
