// A team's day with recording: every stop's visit is kept on the phone, and given out as one file.
import { filled, made, showProgress, stopsOf } from "./day.js";
import { isDone, moment, openKeeper, resultFile } from "./recording.js";
import { stopRecorder } from "./visiting.js";

export async function startPack(zip) {
  const data = JSON.parse(document.getElementById("data").textContent);
  const root = document.getElementById("day");
  const stops = stopsOf(root);
  // Inside WeChat's own viewer a file cannot be saved: whoever records there would lose it.
  if (/MicroMessenger/i.test(navigator.userAgent)) document.getElementById("in-wechat").hidden = false;
  const keeper = await openKeeper(`geoapp-pack-${data.pack}`, () => {
    document.getElementById("not-kept").hidden = false;
  });
  const visits = new Map();
  const known = new Map(stops.map((stop) => [stop.id, stop.known]));
  const giving = givingOut(keeper, data, (stop) => known.get(stop) || [], zip);
  const recorders = new Map();
  const refresh = async () => {
    visits.clear();
    for (const visit of await keeper.visits()) visits.set(visit.stop, visit);
    for (const stop of stops) recorders.get(stop.id).show(visits.get(stop.id) || null);
    showProgress(root, stops, (stop) => isDone(visits.get(stop.id), stop.known), data.texts);
    await giving.show(Array.from(visits.values()));
  };
  for (const stop of stops) recorders.set(stop.id, stopRecorder(stop, keeper, data, refresh));
  await refresh();
  // Another tab of the same pack may have recorded meanwhile.
  document.addEventListener("visibilitychange", () => {
    if (!document.hidden) refresh();
  });
  window.addEventListener("beforeunload", (event) => {
    if (keeper.kept || !giving.waiting) return;
    event.preventDefault();
    event.returnValue = "";
  });
  document.documentElement.dataset.ready = "yes";
}

/** The part of the page that gives the results out, as often as one likes. */
function givingOut(keeper, data, known, zip) {
  const { texts } = data;
  const button = document.getElementById("give-out");
  const state = document.getElementById("give-state");
  const files = document.getElementById("given");
  let address = null;
  const part = {
    waiting: false,
    async show(visits) {
      const given = await keeper.noted("given");
      const later = visits.filter((visit) => !given || Date.parse(visit.changed_at) > Date.parse(given));
      part.waiting = later.length > 0;
      if (given) state.textContent = filled(later.length ? texts.given_and : texts.given, { time: given.slice(11, 16), count: later.length });
      else state.textContent = filled(texts.not_given, { count: later.length });
      button.classList.toggle("waiting", part.waiting);
    },
  };
  button.addEventListener("click", async () => {
    button.disabled = true;
    try {
      const began = new Date();
      const bytes = await resultFile(keeper, data, known, zip);
      const name = `results-${data.file}-${began.toTimeString().slice(0, 8).replace(/:/g, "")}.zip`;
      const blob = new Blob([bytes], { type: "application/zip" });
      if (address) URL.revokeObjectURL(address);
      address = URL.createObjectURL(blob);
      const link = made("a", { class: "day-big", href: address, download: name }, filled(texts.save, { name }));
      files.replaceChildren(link, ...sharing(blob, name, texts));
      link.click();
      // What was recorded while the file was made may not be in it: it counts as recorded since.
      await keeper.note("given", moment(began));
      await part.show(await keeper.visits());
    } catch (error) {
      files.replaceChildren(made("p", { class: "day-warning", role: "alert" }, filled(texts.failed, { reason: error.message || error.name })));
    } finally {
      button.disabled = false;
    }
  });
  return part;
}

/** A button that hands the file to another app, where this browser can. */
function sharing(blob, name, texts) {
  try {
    const file = new File([blob], name, { type: blob.type });
    if (!navigator.canShare || !navigator.canShare({ files: [file] })) return [];
    return [made("button", { type: "button", class: "day-big", onclick: () => navigator.share({ files: [file] }).catch(() => {}) }, texts.share)];
  } catch {
    return [];
  }
}
