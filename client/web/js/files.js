// Files on their way up: one after the other, a slice at a time, so that even a large one needs little memory.
import { at, explain, flag, make, read, tell } from "./page.js";
import { say, size } from "./words.js";

const SLICE = 1 << 20;
/** Troubles that pass by themselves: the step is tried again after a while. */
const PASSING = new Set(["unreachable", "busy", "unavailable", "work"]);

/** After so many blobs the browser is asked to clear away. */
const SWEEP = 32;

/**
 * What a request has sent stays in memory until the browser clears away, and it does so by how much memory scripts have
 * asked for: what the network holds does not count with it. So some is asked for, never touched, and dropped.
 */
function sweep() {
  new ArrayBuffer(64 << 20);
}

/**
 * A file read from front to back into one buffer: a piece for itself each time would pile up until the browser clears
 * away.
 */
class Reading {
  constructor(file) {
    this.file = file;
    this.buffer = new Uint8Array(0);
    this.reader = null;
    this.at = 0;
    this.left = new Uint8Array(0);
  }

  /** The bytes from `from` on; good until the next call. */
  async take(from, length) {
    if (!this.reader || from !== this.at) {
      this.close();
      this.reader = (from ? this.file.slice(from) : this.file).stream().getReader();
      this.at = from;
    }
    if (this.buffer.length < length) this.buffer = new Uint8Array(length);
    let filled = 0;
    while (filled < length) {
      if (this.left.length === 0) {
        const { done, value } = await this.reader.read();
        if (done) throw { code: "file-vanished" };
        this.left = value;
      }
      const some = this.left.subarray(0, length - filled);
      this.buffer.set(some, filled);
      filled += some.length;
      this.left = this.left.subarray(some.length);
    }
    this.at = from + length;
    return this.buffer.subarray(0, length);
  }

  /** Stops reading. */
  close() {
    this.reader?.cancel().catch(() => {
      // A stream that has failed cannot be cancelled, and need not be.
    });
    this.reader = null;
    this.left = new Uint8Array(0);
  }
}

const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** The list of files on a page. `resumed`: an earlier page may have sent parts of them. */
export class Files {
  constructor() {
    this.resumed = false;
    this.rows = [];
    this.next = 0;
    this.running = false;
    const input = at("files");
    input.addEventListener("change", () => {
      this.add(input.files);
      input.value = "";
    });
    const drop = at("drop");
    drop.addEventListener("dragover", (event) => {
      event.preventDefault();
      drop.classList.add("over");
    });
    drop.addEventListener("dragleave", () => drop.classList.remove("over"));
    drop.addEventListener("drop", (event) => {
      event.preventDefault();
      drop.classList.remove("over");
      this.add(event.dataTransfer.files);
    });
  }

  /** From now on files can be sent. */
  arrived(engine, client) {
    this.engine = engine;
    this.client = client;
  }

  add(files) {
    flag("files", null);
    for (const file of files) this.rows.push(this.row(file));
    this.show();
    this.run();
  }

  row(file) {
    const number = this.next++;
    const item = make("li");
    const status = make("span", say("file-queued"), { class: "state" });
    const bar = make("progress", "", { max: "1", value: "0", "aria-label": say("progress", { name: file.name }) });
    const pause = make("button", say("pause"), { type: "button", class: "always" });
    const remove = make("button", say("remove"), { type: "button", class: "always" });
    const label = { "aria-describedby": `file-${number}` };
    for (const button of [pause, remove]) for (const [k, v] of Object.entries(label)) button.setAttribute(k, v);
    item.append(make("span", `${file.name} (${size(file.size)})`, { class: "name", id: `file-${number}` }), bar, status);
    const buttons = make("span", "", { class: "buttons" });
    buttons.append(pause, remove);
    item.append(buttons);
    at("files-list").append(item);
    const row = { number, file, item, status, bar, pause, remove, state: "queued", upload: null };
    pause.addEventListener("click", () => this.toggle(row));
    remove.addEventListener("click", () => this.drop(row));
    return row;
  }

  show() {
    const any = this.rows.length > 0;
    at("files-list").hidden = !any;
    at("files-list-title").hidden = !any;
  }

  toggle(row) {
    if (row.state === "paused" || row.state === "stopped") {
      row.state = "queued";
      row.pause.textContent = say("pause");
      this.run();
    } else if (row.state !== "done") {
      row.state = "paused";
      row.pause.textContent = say("resume");
      row.status.textContent = say("file-paused", this.counts(row));
    }
  }

  drop(row) {
    row.state = "dropped";
    this.client.detach(row.number);
    row.item.remove();
    this.rows = this.rows.filter((other) => other !== row);
    this.show();
    at("files").focus();
  }

  counts(row) {
    return { done: row.upload?.sent() ?? 0, all: row.upload?.blobs() ?? "?" };
  }

  /** Whether every file has arrived. */
  get settled() {
    return this.rows.every((row) => row.state === "done");
  }

  get names() {
    return this.rows.filter((row) => row.state === "done").map((row) => `${row.file.name} (${size(row.file.size)})`);
  }

  /** After the message that carries them was sent. */
  clear() {
    for (const row of this.rows) row.item.remove();
    this.rows = [];
    this.resumed = false;
    this.show();
  }

  async run() {
    if (this.running) return;
    this.running = true;
    try {
      const next = () => this.rows.find((r) => r.state === "queued");
      for (let row = next(); row; row = next()) {
        row.state = "going";
        try {
          await this.send(row);
        } catch (error) {
          this.fail(row, error);
        }
      }
    } finally {
      this.running = false;
    }
  }

  fail(row, error) {
    if (row.state === "dropped") return;
    const said = error instanceof DOMException ? { code: "file-vanished", facts: {} } : read(error);
    row.state = "stopped";
    row.pause.textContent = say("resume");
    const full = said.code === "full";
    row.status.textContent = full ? say("file-full") : explain(said);
    tell(`${row.file.name}: ${row.status.textContent}`);
    // A file that changed is begun anew, from its first byte.
    if (!full) row.upload = null;
  }

  /** Repeats a step while its trouble is a passing one. */
  async patient(row, step) {
    for (let wait = 2000; ; wait = Math.min(wait * 2, 30_000)) {
      try {
        return await step();
      } catch (error) {
        if (!PASSING.has(read(error).code) || row.state !== "going") throw error;
        row.status.textContent = say("file-waiting");
        if (wait === 2000) tell(`${row.file.name}: ${say("file-waiting")}`);
        await sleep(wait);
        if (row.state !== "going") return undefined;
      }
    }
  }

  async send(row) {
    const reading = new Reading(row.file);
    try {
      await this.carry(row, reading);
    } finally {
      reading.close();
    }
  }

  async carry(row, reading) {
    if (!row.upload) {
      await this.patient(row, () => this.client.prepare_upload());
      if (row.state !== "going") return;
      row.status.textContent = say("file-reading");
      const fingerprinting = new this.engine.Fingerprinting();
      for (let from = 0; from < row.file.size && row.state === "going"; from += SLICE) {
        fingerprinting.push(await reading.take(from, Math.min(SLICE, row.file.size - from)));
        row.bar.value = (0.1 * from) / row.file.size;
      }
      if (row.state !== "going") return fingerprinting.free();
      const type = row.file.type || "application/octet-stream";
      row.upload = new this.engine.Upload(this.client, fingerprinting, row.file.name, type);
      if (this.resumed) await this.patient(row, () => row.upload.look(this.client));
    }
    const { upload } = row;
    const all = upload.blobs();
    let quarter = 0;
    while (upload.sent() < all) {
      if (row.state !== "going") return;
      const [offset, length] = upload.wants();
      if (length) upload.feed(await reading.take(offset, length));
      await this.patient(row, () => upload.step(this.client));
      if (row.state !== "going") return;
      const done = upload.sent();
      if (done % SWEEP === 0) sweep();
      row.bar.value = 0.1 + (0.9 * done) / all;
      row.status.textContent = say("file-sending", { done, all });
      if (Math.floor((4 * done) / all) > quarter) {
        quarter = Math.floor((4 * done) / all);
        tell(`${row.file.name}: ${row.status.textContent}`);
      }
      // Lets the page breathe between blobs.
      await sleep(0);
    }
    this.client.attach(row.number, upload);
    row.state = "done";
    row.bar.value = 1;
    row.pause.hidden = true;
    row.status.textContent = say("file-done", { all });
    tell(`${row.file.name}: ${row.status.textContent}`);
  }
}
