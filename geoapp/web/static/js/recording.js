// What is recorded at stops: kept on the phone, and made into a result file. Knows no page and no server, so that a
// file without a server and a page of one can both use it. Nothing here is newer than Chromium 86.

/** An id that no other phone makes; crypto.randomUUID is absent in older browsers and over plain HTTP. */
export function uuid() {
  const bytes = crypto.getRandomValues(new Uint8Array(16));
  bytes[6] = (bytes[6] & 0x0f) | 0x40;
  bytes[8] = (bytes[8] & 0x3f) | 0x80;
  const hex = Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join("-");
}

/** A time as RFC 3339 with this phone's offset. */
export function moment(date = new Date()) {
  const two = (number) => String(Math.floor(Math.abs(number))).padStart(2, "0");
  const east = -date.getTimezoneOffset();
  const local = new Date(date.getTime() + east * 60000).toISOString().slice(0, 23);
  return `${local}${east < 0 ? "-" : "+"}${two(east / 60)}:${two(east % 60)}`;
}

const VISITS = "visits";
const PHOTOS = "photos";
const NOTES = "notes";

/**
 * Where the records of one pack are kept: in the browser's own database, else in memory alone.
 * onLost is told when anything is in memory only, so that the page can warn.
 */
export async function openKeeper(name, onLost) {
  const keeper = new Keeper(onLost);
  try {
    keeper.database = await opened(name);
    await keeper.note("opened", moment());
  } catch (error) {
    keeper.lose(error);
  }
  return keeper;
}

class Keeper {
  constructor(onLost) {
    this.database = null;
    this.kept = true;
    this.onLost = onLost;
    this.memory = { [VISITS]: new Map(), [PHOTOS]: new Map(), [NOTES]: new Map() };
  }

  /** All visits, in no promised order. */
  async visits() {
    const found = new Map();
    try {
      const asked = this.database && this.database.transaction(VISITS).objectStore(VISITS).getAll();
      for (const visit of asked ? await answered(asked) : []) found.set(visit.stop, visit);
    } catch (error) {
      this.lose(error);
    }
    // What could not be written is newer than what stands in the database.
    for (const [stop, visit] of this.memory[VISITS]) found.set(stop, visit);
    return Array.from(found.values());
  }

  /**
   * Change the visit of a stop; `alter` is given it as it stands, new if there is none, and changes it.
   * Read and written in one transaction, so that two tabs of one pack do not undo each other's records.
   */
  async change(stop, alter) {
    let changed = null;
    const applied = (before) => {
      changed = before ? JSON.parse(JSON.stringify(before)) : fresh(stop);
      alter(changed);
      const now = moment();
      changed.changed_at = changed.changed_at && Date.parse(changed.changed_at) > Date.parse(now) ? changed.changed_at : now;
      return changed;
    };
    if (this.database && !this.memory[VISITS].has(stop)) {
      try {
        await rewritten(this.database, stop, applied);
        return changed;
      } catch (error) {
        this.lose(error);
      }
    }
    const known = this.memory[VISITS].get(stop) || changed || (await this.visits()).find((visit) => visit.stop === stop);
    // Where writing failed it was applied already, and nothing is applied twice.
    if (!changed) applied(known);
    this.memory[VISITS].set(stop, changed);
    return changed;
  }

  /** Keep a photo's bytes, and give the id under which they are kept. */
  async addPhoto(bytes) {
    const id = uuid();
    await this.put(PHOTOS, id, { id, bytes });
    return id;
  }

  /** A photo's bytes. */
  async photo(id) {
    const found = await this.get(PHOTOS, id);
    return found ? found.bytes : null;
  }

  /** Keep a note about the pack itself. */
  async note(id, text) {
    await this.put(NOTES, id, { id, text });
  }

  async noted(id) {
    const found = await this.get(NOTES, id);
    return found ? found.text : null;
  }

  async get(store, id) {
    if (this.memory[store].has(id) || !this.database) return this.memory[store].get(id);
    try {
      return await answered(this.database.transaction(store).objectStore(store).get(id));
    } catch (error) {
      this.lose(error);
      return undefined;
    }
  }

  async put(store, id, value) {
    if (this.database) {
      try {
        await done(this.database, store, (objects) => objects.put(value));
        return;
      } catch (error) {
        this.lose(error);
      }
    }
    this.memory[store].set(id, value);
  }

  lose(error) {
    this.kept = false;
    this.onLost(error);
  }
}

function fresh(stop) {
  return { stop, id: uuid(), arrived_at: null, changed_at: null, outcome: null, reason: null, words: null,
           put_right: [], still_there: [], problems: [] };
}

function opened(name) {
  return new Promise((resolve, reject) => {
    // A page without an origin of its own has no database: asking for it throws, or gives null.
    const request = indexedDB.open(name, 1);
    request.onupgradeneeded = () => {
      request.result.createObjectStore(VISITS, { keyPath: "stop" });
      request.result.createObjectStore(PHOTOS, { keyPath: "id" });
      request.result.createObjectStore(NOTES, { keyPath: "id" });
    };
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
    request.onblocked = () => reject(new Error("blocked"));
  });
}

function answered(request) {
  return new Promise((resolve, reject) => {
    request.onsuccess = () => resolve(request.result);
    request.onerror = () => reject(request.error);
  });
}

/** Resolves when what `work` asks of a store is durable. */
function done(database, store, work) {
  return new Promise((resolve, reject) => {
    const transaction = database.transaction(store, "readwrite");
    transaction.oncomplete = () => resolve();
    transaction.onabort = transaction.onerror = () => reject(transaction.error);
    work(transaction.objectStore(store), reject);
  });
}

function rewritten(database, stop, applied) {
  return done(database, VISITS, (visits, fail) => {
    const asked = visits.get(stop);
    asked.onsuccess = () => {
      try {
        visits.put(applied(asked.result));
      } catch (error) {
        fail(error);
      }
    };
  });
}

/** Whether a visit says what came of it. known: ids of the problems that were open there. */
export function isDone(visit, known) {
  if (!visit) return false;
  const answered = visit.put_right.length + visit.still_there.length;
  return Boolean(visit.outcome) || visit.problems.length > 0 || (known.length > 0 && answered >= known.length);
}

/** Whether anything at all stands in a visit. */
export function isEmpty(visit) {
  return !visit.arrived_at && !visit.outcome && !visit.problems.length && !visit.put_right.length && !visit.still_there.length;
}

/**
 * The result file as bytes. known: tells of a stop's id the ids of the problems that were open there. zip: makes an
 * archive of {name: bytes}.
 */
export async function resultFile(keeper, pack, known, zip) {
  const files = {};
  const visits = [];
  for (const visit of (await keeper.visits()).filter((one) => !isEmpty(one))) {
    const problems = [];
    for (const problem of visit.problems) problems.push({ ...problem, photos: await packedPhotos(keeper, problem, files) });
    visits.push({ ...visit, problems, outcome: outcomeOf(visit, known(visit.stop)) });
  }
  const about = { format: "geoapp-results", version: 1, pack: pack.pack, plan: pack.plan, team: pack.team, date: pack.date };
  const told = JSON.stringify({ ...about, given_out_at: moment(), visits }, null, 1);
  return zip({ "results.json": new TextEncoder().encode(told), ...files }, { level: 0 });
}

/** Put a problem's photos among the files, and give their names; one that the browser has lost is left out. */
async function packedPhotos(keeper, problem, files) {
  const names = [];
  for (const id of problem.photos) {
    const bytes = await keeper.photo(id);
    if (!bytes) continue;
    const name = `photos/${Object.keys(files).length + 1}.jpg`;
    files[name] = new Uint8Array(bytes);
    names.push(name);
  }
  return names;
}

/** What came of a visit, also where only what is known of earlier was answered; null while it is not finished. */
function outcomeOf(visit, known) {
  if (!isDone(visit, known)) return null;
  if (visit.problems.length || visit.still_there.length) return "findings";
  return visit.outcome || "clean";
}

const LONGEST_PX = 1600;

/** A photo as JPEG bytes of at most 1,600 pixels; drawn anew, so that nothing the camera wrote beside it is kept. */
export async function shrunk(file) {
  const address = URL.createObjectURL(file);
  try {
    const image = new Image();
    image.src = address;
    await image.decode();
    const scale = Math.min(1, LONGEST_PX / Math.max(image.naturalWidth, image.naturalHeight));
    const canvas = document.createElement("canvas");
    canvas.width = Math.max(1, Math.round(image.naturalWidth * scale));
    canvas.height = Math.max(1, Math.round(image.naturalHeight * scale));
    canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
    const blob = await new Promise((resolve) => canvas.toBlob(resolve, "image/jpeg", 0.85));
    if (!blob) throw new Error("no picture");
    return await blob.arrayBuffer();
  } finally {
    URL.revokeObjectURL(address);
  }
}
