// The other side of the page: the real server, and officers with their real program.
import { execFile, spawn } from "node:child_process";
import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync } from "node:fs";
import path from "node:path";
import readline from "node:readline";
import { fileURLToPath } from "node:url";

const PROJECT = path.resolve(path.dirname(fileURLToPath(import.meta.url)), "../../..");
export const TARGET = path.resolve(PROJECT, process.env.CARGO_TARGET_DIR ?? "target");
/** Where pictures are kept. */
export const PICTURES = path.join(TARGET, "web-pictures");
mkdirSync(PICTURES, { recursive: true });

export const sha256 = (bytes) => createHash("sha256").update(bytes).digest("hex");

/**
 * Asks until the answer is true. A busy machine takes its time: only what never comes waits as long as the patience
 * that is given.
 */
export async function until(what, ask, seconds = 300) {
  const end = Date.now() + seconds * 1000;
  for (let last; ; ) {
    try {
      const got = await ask();
      if (got) return got;
    } catch (error) {
      last = error;
    }
    if (Date.now() > end) throw new Error(`not within ${seconds} s: ${what}`, { cause: last });
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

export class Stage {
  static async open() {
    const stage = new Stage();
    stage.child = spawn(path.join(TARGET, "debug/loopback"), [], { stdio: ["pipe", "pipe", "inherit"] });
    const lines = readline.createInterface({ input: stage.child.stdout })[Symbol.asyncIterator]();
    const { value, done } = await lines.next();
    if (done) throw new Error("the programme did not start");
    return Object.assign(stage, JSON.parse(value));
  }

  subrosa(...words) {
    const env = {
      ...process.env,
      SUBROSA_SERVER: this.url,
      SUBROSA_ROOT: this.root,
      SUBROSA_PASSWORD_FILE: path.join(this.folder, "password"),
    };
    delete env.SUBROSA_PROXY;
    return new Promise((resolve, reject) => {
      execFile(path.join(this.programs, "subrosa"), ["--json", ...words], { env, maxBuffer: 1 << 26 }, (error, out, said) => {
        if (error) reject(new Error(`subrosa ${words.join(" ")}: ${said || error.message}`));
        else resolve(JSON.parse(out));
      });
    });
  }

  officer(person, command, ...words) {
    return this.subrosa("officer", command, "--keystore", path.join(this.folder, `${person}.key`), ...words);
  }

  /** The number of the case in which `story` stands, as an officer's program shows it. */
  caseOf(person, story) {
    return until(`the tip in ${person}'s inbox`, async () => {
      const { cases } = await this.officer(person, "inbox");
      for (const { case: id } of cases) {
        if (JSON.stringify(await this.officer(person, "show", id)).includes(story)) return id;
      }
      return null;
    });
  }

  /** Digests of a case's files, by name, as an officer saves them. */
  async filesOf(person, id) {
    const out = mkdtempSync(path.join(this.folder, "saved-"));
    await this.officer(person, "files", id, "--out", out);
    return Object.fromEntries(readdirSync(out).map((name) => [name, sha256(readFileSync(path.join(out, name)))]));
  }

  async close() {
    this.child.stdin.end();
    await new Promise((resolve) => (this.child.exitCode === null ? this.child.once("exit", resolve) : resolve()));
  }
}
