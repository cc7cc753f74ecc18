// The stops of a team's day on a phone: which are done, which is next, how many there are.

/** The stops on the page, in their order: {id, number, element, doing, known}; known: ids of the problems open there. */
export function stopsOf(root) {
  return Array.from(root.querySelectorAll("[data-stop]"), (element) => ({
    id: element.dataset.stop,
    number: element.dataset.number,
    name: element.querySelector(".day-name").textContent,
    element,
    doing: element.querySelector(".day-doing"),
    known: Array.from(element.querySelectorAll("[data-problem]"), (one) => one.dataset.problem),
  }));
}

/** Show what is done and what is next. isDone: tells it of a stop. */
export function showProgress(root, stops, isDone, texts) {
  const ready = stops.filter(isDone);
  const next = stops.find((stop) => !isDone(stop));
  for (const stop of stops) {
    stop.element.classList.toggle("done", isDone(stop));
    stop.element.classList.toggle("next", stop === next);
    if (stop === next) stop.element.setAttribute("aria-current", "step");
    else stop.element.removeAttribute("aria-current");
  }
  root.querySelector(".day-count").textContent = filled(texts.progress, { done: ready.length, all: stops.length });
  const bar = root.querySelector("progress");
  bar.max = Math.max(stops.length, 1);
  bar.value = ready.length;
  bar.textContent = `${ready.length}/${stops.length}`;
  const link = root.querySelector(".day-next");
  link.hidden = !next && !texts.all_done;
  link.href = next ? `#stop-${next.number}` : "#give-out";
  link.textContent = next ? filled(texts.next, { number: next.number, name: next.name }) : texts.all_done;
}

/** A text with its values set in. */
export function filled(text, values) {
  return text.replace(/\{(\w+)\}/g, (whole, name) => (name in values ? String(values[name]) : whole));
}

/** An element with its text and attributes; texts are never read as HTML. */
export function made(tag, attributes = {}, ...parts) {
  const element = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) {
    if (name.startsWith("on")) element.addEventListener(name.slice(2), value);
    else if (value === true) element.setAttribute(name, "");
    else if (value !== false && value !== null && value !== undefined) element.setAttribute(name, value);
  }
  element.append(...parts.filter((part) => part !== null && part !== undefined));
  return element;
}
