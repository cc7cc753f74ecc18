// The search box: a combobox after the ARIA pattern, made for the keyboard first.
const input = document.getElementById("search-text");
const list = document.getElementById("search-results");
const said = document.getElementById("search-said");
let asking = null;
let chosen = -1;

function options() {
  return [...list.children];
}

function choose(place) {
  const all = options();
  chosen = all.length ? (place + all.length) % all.length : -1;
  all.forEach((option, number) => option.setAttribute("aria-selected", String(number === chosen)));
  if (chosen < 0) {
    input.removeAttribute("aria-activedescendant");
    return;
  }
  input.setAttribute("aria-activedescendant", all[chosen].id);
  all[chosen].scrollIntoView({ block: "nearest" });
}

function show(open) {
  list.hidden = !open;
  input.setAttribute("aria-expanded", String(open));
  if (!open) choose(-1), input.removeAttribute("aria-activedescendant"), (chosen = -1);
}

function option({ title, subtitle, href }, number) {
  const row = document.createElement("li");
  row.id = `search-${number}`;
  row.setAttribute("role", "option");
  row.setAttribute("aria-selected", "false");
  row.dataset.href = href;
  const name = document.createElement("b");
  name.textContent = title;
  const rest = document.createElement("small");
  rest.textContent = subtitle;
  row.append(name, " ", rest);
  // Before the field loses its focus, and with it the list.
  row.addEventListener("mousedown", (event) => {
    event.preventDefault();
    location.assign(href);
  });
  return row;
}

async function ask() {
  if (asking) asking.abort();
  asking = new AbortController();
  const text = input.value.trim();
  if (!text) {
    list.replaceChildren();
    said.textContent = "";
    show(false);
    return;
  }
  try {
    const answer = await fetch(`/search.json?q=${encodeURIComponent(text)}`, { signal: asking.signal });
    if (!answer.ok) return;
    const { results } = await answer.json();
    list.replaceChildren(...results.map(option));
    show(results.length > 0);
    said.textContent = results.length ? said.dataset.some.replace("{count}", results.length) : said.dataset.none;
  } catch (error) {
    if (error.name !== "AbortError") show(false);
  }
}

const keys = {
  ArrowDown: () => (list.hidden ? ask() : choose(chosen + 1)),
  ArrowUp: () => !list.hidden && choose(chosen < 0 ? -1 : chosen - 1),
  Escape: () => (list.hidden ? (input.value = "") : show(false)),
};

input.addEventListener("input", ask);
input.addEventListener("blur", () => show(false));
input.addEventListener("keydown", (event) => {
  if (event.isComposing) return;
  if (event.key === "Enter" && chosen >= 0) {
    event.preventDefault();
    location.assign(options()[chosen].dataset.href);
  } else if (event.key in keys) {
    event.preventDefault();
    keys[event.key]();
  }
});
document.addEventListener("keydown", (event) => {
  const typing = event.target.closest("input, select, textarea, [contenteditable]");
  if (event.key !== "/" || typing || event.ctrlKey || event.metaKey || event.altKey) return;
  event.preventDefault();
  input.focus();
});
