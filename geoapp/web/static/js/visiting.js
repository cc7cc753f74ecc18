// What can be recorded at one stop, as buttons and forms: arrived, nothing found, a problem, could not check.
import { filled, made } from "./day.js";
import { moment, shrunk, uuid } from "./recording.js";

/** Puts the recorder of a stop on the page; its `show` draws a visit (null: none yet). onChange: after each change. */
export function stopRecorder(stop, keeper, data, onChange) {
  const { texts } = data;
  const outcomes = made("div", { class: "day-buttons", role: "group", "aria-label": texts.outcome });
  const form = made("div", { class: "day-form" });
  const list = made("ul", { class: "day-recorded" });
  stop.doing.append(outcomes, form, list);

  const change = async (alter) => {
    await keeper.change(stop.id, (visit) => {
      visit.arrived_at = visit.arrived_at || moment();
      alter(visit);
    });
    await onChange();
  };
  const open = (...parts) => {
    form.replaceChildren(...parts);
    const field = form.querySelector("select, textarea, input");
    if (field) field.focus();
  };
  const close = () => form.replaceChildren();
  const actions = {
    arrived: (visit) => {
      if (!visit || !visit.arrived_at) return change(() => {});
      // Tapped by mistake: the arrival goes as long as nothing else stands on it.
      return onlyArrived(visit) ? keeper.change(stop.id, (one) => Object.assign(one, { arrived_at: null })).then(onChange) : null;
    },
    clean: () => change((visit) => {
      visit.outcome = visit.outcome === "clean" ? null : "clean";
      visit.reason = null;
    }),
    findings: () => open(problemForm(data, keeper, async (problem) => {
      close();
      await change((visit) => {
        visit.problems.push(problem);
        visit.outcome = "findings";
        visit.reason = null;
      });
    }, close)),
    not_checked: (visit) => (visit && visit.outcome === "not_checked" ? change((one) => {
      Object.assign(one, { outcome: null, reason: null, words: null });
    }) : open(reasonForm(data, async (reason, words) => {
      close();
      await change((one) => Object.assign(one, { outcome: "not_checked", reason, words }));
    }, close))),
  };
  watchKnown(stop, change, texts);
  return { show: (visit) => draw(visit) };

  function draw(visit) {
    const found = Boolean(visit && visit.problems.length);
    outcomes.replaceChildren(
      choice("arrived", Boolean(visit && visit.arrived_at), false),
      choice("clean", Boolean(visit && visit.outcome === "clean"), found),
      choice("findings", found, false),
      choice("not_checked", Boolean(visit && visit.outcome === "not_checked"), found),
    );
    showKnown(stop, visit);
    list.replaceChildren(...(visit ? recordedOf(visit) : []));

    function choice(name, pressed, disabled) {
      let text = texts[name];
      if (name === "arrived" && pressed) text = filled(texts.arrived_at, { time: visit.arrived_at.slice(11, 16) });
      return made("button", { type: "button", class: "day-big", "data-do": name, "aria-pressed": String(pressed), disabled,
                              onclick: () => actions[name](visit) }, text);
    }
  }

  function recordedOf(visit) {
    const rows = visit.problems.map((problem) => recordedProblem(problem));
    if (visit.outcome === "not_checked") rows.unshift(made("li", {}, made("b", {}, [visit.reason, visit.words].filter(Boolean).join(": "))));
    return rows;
  }

  function recordedProblem(problem) {
    const what = data.categories.flatMap((one) => [one, ...one.subs]).find((one) => one.code === (problem.subcategory || problem.category));
    const row = made("li", {},
      made("b", {}, what ? what.name : texts.unclassified), " ",
      made("span", {}, problem.words || ""),
      made("span", { class: "day-photos" }),
      made("button", { type: "button", class: "day-small", onclick: () => {
        if (!window.confirm(texts.remove_sure)) return;
        change((visit) => {
          visit.problems = visit.problems.filter((one) => one.id !== problem.id);
          if (!visit.problems.length) visit.outcome = null;
        });
      } }, texts.remove));
    showPhotos(row.querySelector(".day-photos"), problem.photos, keeper, texts);
    return row;
  }
}

function onlyArrived(visit) {
  return !visit.outcome && !visit.problems.length && !visit.put_right.length && !visit.still_there.length;
}

/** Beside each problem that is open at a stop: whether it was put right or is still there. */
function watchKnown(stop, change, texts) {
  for (const element of stop.element.querySelectorAll("[data-problem]")) {
    const id = element.dataset.problem;
    const turn = (field, other) => () => change((visit) => {
      visit[other] = visit[other].filter((one) => one !== id);
      visit[field] = visit[field].includes(id) ? visit[field].filter((one) => one !== id) : [...visit[field], id];
    });
    element.append(made("div", { class: "day-buttons" },
      made("button", { type: "button", class: "day-big", "data-known": "put_right", "aria-pressed": "false", onclick: turn("put_right", "still_there") }, texts.put_right),
      made("button", { type: "button", class: "day-big", "data-known": "still_there", "aria-pressed": "false", onclick: turn("still_there", "put_right") }, texts.still_there)));
  }
}

function showKnown(stop, visit) {
  for (const button of stop.element.querySelectorAll("[data-known]")) {
    const id = button.closest("[data-problem]").dataset.problem;
    button.setAttribute("aria-pressed", String(Boolean(visit && visit[button.dataset.known].includes(id))));
  }
}

function problemForm(data, keeper, onSave, onCancel) {
  const { texts } = data;
  const photos = [];
  const category = made("select", { name: "category" }, made("option", { value: "" }, texts.choose),
    ...data.categories.map((one) => made("optgroup", { label: one.name },
      ...[...one.subs, { code: one.code, name: filled(texts.other_of, { name: one.name }) }].map((sub) => made("option", { value: sub.code }, sub.name)))));
  const severity = made("select", { name: "severity" }, ...data.severities.map((one) => made("option", { value: one.code }, one.name)));
  const words = made("textarea", { name: "words", rows: "3", maxlength: "2000" });
  const shown = made("span", { class: "day-photos" });
  const trouble = made("p", { class: "day-warning", role: "alert", hidden: true });
  const save = made("button", { type: "submit", class: "day-big strong" }, texts.keep);
  const file = made("input", { type: "file", name: "photo", accept: "image/*", multiple: true, onchange: async () => {
    save.disabled = true;
    trouble.hidden = true;
    for (const one of Array.from(file.files)) {
      try {
        photos.push(await keeper.addPhoto(await shrunk(one)));
      } catch {
        trouble.textContent = filled(texts.bad_photo, { name: one.name });
        trouble.hidden = false;
      }
    }
    file.value = "";
    await showPhotos(shown, photos, keeper, texts);
    save.disabled = false;
  } });
  const form = made("form", { onsubmit: (event) => {
    event.preventDefault();
    if (!category.value && !words.value.trim() && !photos.length) {
      trouble.textContent = texts.say_something;
      trouble.hidden = false;
      return;
    }
    save.disabled = true;
    const code = category.value;
    onSave({ id: uuid(), found_at: moment(), category: code.slice(0, 2) || null, subcategory: code.length === 4 ? code : null,
             severity: severity.value, words: words.value.trim() || null, photos });
  } },
  made("label", {}, texts.category, category), made("label", {}, texts.severity, severity), made("label", {}, texts.words, words),
  made("label", {}, texts.photo, file), shown, trouble,
  made("div", { class: "day-buttons" }, save, made("button", { type: "button", class: "day-big", onclick: onCancel }, texts.cancel)));
  return form;
}

function reasonForm(data, onSave, onCancel) {
  const { texts } = data;
  const reason = made("select", { name: "reason" }, ...data.reasons.map((text) => made("option", { value: text }, text)));
  const words = made("textarea", { name: "words", rows: "2", maxlength: "2000" });
  return made("form", { onsubmit: (event) => {
    event.preventDefault();
    onSave(reason.value, words.value.trim() || null);
  } },
  made("label", {}, texts.reason, reason), made("label", {}, texts.more_words, words),
  made("div", { class: "day-buttons" }, made("button", { type: "submit", class: "day-big strong" }, texts.keep),
    made("button", { type: "button", class: "day-big", onclick: onCancel }, texts.cancel)));
}

const addresses = new Map();

async function showPhotos(place, ids, keeper, texts) {
  const pictures = [];
  for (const id of ids) {
    if (!addresses.has(id)) {
      const bytes = await keeper.photo(id);
      if (!bytes) continue;
      addresses.set(id, URL.createObjectURL(new Blob([bytes], { type: "image/jpeg" })));
    }
    pictures.push(made("img", { src: addresses.get(id), alt: texts.photo, width: "72", height: "72" }));
  }
  place.replaceChildren(...pictures);
}
