// The other side: the private Tor network, the server, and officers with their real program, all started by
// `onion-demo --json`.

import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdir, readFile, rm } from "node:fs/promises";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

const PROJECT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../..");
export const TARGET = path.resolve(PROJECT, process.env.CARGO_TARGET_DIR ?? "target");
/** Where pictures and measurements are kept. */
export const KEPT = path.join(TARGET, "e2e");

/** Waits until `ask` answers something true, asking again and again; the error says what did not come. */
export async function until(what, ask, seconds = 60, pause = 100) {
  const end = Date.now() + seconds * 1000;
  let last;
  for (;;) {
    try {
      const got = await ask();
      if (got) return got;
    } catch (e) {
      last = e;
    }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`, { cause: last });
    await new Promise((r) => setTimeout(r, pause));
  }
}

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

export class Stage {
  static async open() {
    const stage = new Stage();
    await mkdir(KEPT, { recursive: true });
    stage.child = spawn(path.join(TARGET, "debug/onion-demo"), ["--json"], {
      cwd: PROJECT,
      env: { ...process.env, CARGO_TARGET_DIR: TARGET },
      stdio: ["pipe", "pipe", "inherit"],
    });
    stage.child.on("error", (e) => (stage.lost = e));
    stage.answers = readline.createInterface({ input: stage.child.stdout })[Symbol.asyncIterator]();
    stage.queue = Promise.resolve();
    const { ready } = await stage.answer();
    Object.assign(stage, ready);
    stage.origin = `http://${ready.intake}`;
    return stage;
  }

  async answer() {
    const { value, done } = await this.answers.next();
    if (done) throw new Error("the demo has ended", { cause: this.lost });
    const answer = JSON.parse(value);
    if (answer.error) throw new Error(answer.error);
    return answer;
  }

  /** `tor kill client1`, `server stop`, …: carried out when this resolves. Orders are answered in their order. */
  order(line) {
    const done = this.queue.then(() => {
      this.child.stdin.write(`${line}\n`);
      return this.answer();
    });
    this.queue = done.catch(() => {
      // Whoever gave the order is told; the next one goes out all the same.
    });
    return done;
  }

  /** The SOCKS port of the n-th visitor's Tor: number 0 holds the staff's key, the others are strangers. */
  visitor(n = 1) {
    return this.clients[n].socks;
  }

  /** `subrosa`, over the staff's onion service and with an officer's keystore. */
  officer(person, ...words) {
    return this.program(
      ["--server", `http://${this.staff}`, "--proxy", `127.0.0.1:${this.clients[0].socks}`, "officer", ...words],
      ["--keystore", path.join(this.folder, `${person}.key`), "--password-file", path.join(this.folder, "password")],
    );
  }

  program(words, rest = []) {
    return new Promise((resolve, reject) => {
      const env = { ...process.env, SUBROSA_ROOT: this.root };
      const args = ["--json", ...words.slice(0, 6), ...rest, ...words.slice(6)];
      execFile(path.join(this.programs, "subrosa"), args, { env, maxBuffer: 1 << 26 }, (error, stdout, stderr) => {
        if (error) reject(new Error(`subrosa ${words.join(" ")}: ${stderr || error.message}`));
        else resolve(JSON.parse(stdout));
      });
    });
  }

  /** Waits until the officer's inbox has the case in which `story` stands; answers its id. */
  caseOf(person, story) {
    return until(
      `the tip in ${person}'s inbox`,
      async () => {
        const { cases } = await this.officer(person, "inbox");
        for (const c of cases) {
          const shown = await this.officer(person, "show", c.case);
          if (JSON.stringify(shown).includes(JSON.stringify(story).slice(1, -1))) return c.case;
        }
        return null;
      },
      120,
      500,
    );
  }

  /** Saves a case's files and answers the digests of what lies on the disk, by name. */
  async filesOf(person, id) {
    const out = path.join(this.folder, `files-${id}-${Date.now()}`);
    await mkdir(out);
    const { files } = await this.officer(person, "files", id, "--out", out);
    const digests = {};
    for (const { path: file } of files) digests[path.basename(file)] = sha256(await readFile(file));
    await rm(out, { recursive: true });
    return digests;
  }

  async close() {
    this.child.stdin.end();
    await new Promise((resolve) => (this.child.exitCode === null ? this.child.once("exit", resolve) : resolve()));
  }
}
