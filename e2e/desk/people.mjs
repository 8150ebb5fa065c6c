// Officers at their consoles, and a source at its program: what a person does, one function each.
import { execFile, spawn } from "node:child_process";
import { mkdirSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import { join, resolve } from "node:path";
import { promisify } from "node:util";
import { chromium } from "playwright-core";

const target = resolve(process.env.CARGO_TARGET_DIR ?? "../../target");
export const pictures = join(target, "e2e", "desk");
const axe = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

export function check(what, holds) {
  if (!holds) throw new Error(`not so: ${what}`);
  console.log(`ok: ${what}`);
}

/** What a busy machine may need for one step of a person: only what never comes waits as long. Milliseconds. */
const PATIENCE = 240_000;
const program = promisify(execFile);
const pause = (milliseconds) => new Promise((then) => setTimeout(then, milliseconds));

/** Asks until the answer is true. */
async function until(what, ask, every = 150) {
  for (const end = Date.now() + PATIENCE; ; await pause(every)) {
    const got = await ask();
    if (got) return got;
    if (Date.now() > end) throw new Error(`not within ${PATIENCE / 1000} s: ${what}`);
  }
}

/** Founds a programme with three officers, starts the server and the consoles. */
export async function stage() {
  rmSync(pictures, { recursive: true, force: true });
  mkdirSync(pictures, { recursive: true });
  const folder = join(target, "e2e", "desk-stage");
  const child = spawn(join(target, "debug", "desk-demo"), ["--json", "--folder", folder], { stdio: ["pipe", "pipe", "inherit"] });
  let said = "";
  const place = await new Promise((done, failed) => {
    child.stdout.on("data", (data) => {
      said += data;
      if (said.includes("\n")) done(JSON.parse(said));
    });
    child.on("exit", (code) => failed(new Error(`the stage ended with ${code}: ${said}`)));
  });
  return { ...place, listed: () => listed(place.server), end: () => child.stdin.end() };
}

/** Waits until whatever was deposited before the call is listed: the epoch that is open now has closed. */
async function listed(server) {
  // A connection of its own for each question: none is kept that the server might close just then.
  const epochs = async () => (await fetch(`${server}/v1/params`, { headers: { connection: "close" } })).json();
  const { epoch } = await epochs();
  await until("the epoch closes", async () => ((await epochs()).last_published ?? -1) >= epoch, 50);
}

/** The source: the program, and nothing else. */
export class Source {
  constructor(place, name) {
    this.place = place;
    this.words = join(place.folder, `${name}.words`);
  }

  run(args) {
    const env = { ...process.env, SUBROSA_SERVER: this.place.server, SUBROSA_ROOT: this.place.root, SUBROSA_PASSPHRASE_FILE: this.words };
    delete env.SUBROSA_PROXY;
    const visit = async () => {
      // Meanwhile this process listens to the browser, whose connections would otherwise be found closed.
      const running = program(this.place.subrosa, ["--json", "tip", ...args], { env, maxBuffer: 1 << 26 });
      running.child.stdin.end();
      try {
        return JSON.parse((await running).stdout);
      } catch (e) {
        // A visit right after the one before it: its state is listed when the epoch closes.
        if (!String(e.stderr).includes("not listed yet")) throw new Error(`subrosa tip ${args[0]}: ${e.stderr}`, { cause: e });
        return null;
      }
    };
    return until(`subrosa tip ${args[0]}: the source's own state is listed`, visit, 500);
  }

  file(args) {
    return this.run(["new", "--passphrase-out", this.words, ...args]);
  }
}

export const PASSWORD = "correct horse battery staple";

/** An officer in a browser of their own. */
export class Officer {
  static async arrive(browser, name, address, { language = "en", width = 1280, javaScriptEnabled = true } = {}) {
    const context = await browser.newContext({ viewport: { width, height: 900 }, javaScriptEnabled });
    const page = await context.newPage();
    const officer = new Officer(name, page, context, language, javaScriptEnabled);
    const foreign = new URL(address).origin;
    page.on("request", (r) => {
      if (!r.url().startsWith(foreign) && !r.url().startsWith("data:")) officer.strange.push(r.url());
    });
    page.setDefaultTimeout(PATIENCE);
    page.on("console", (m) => {
      if (m.type() === "error") officer.strange.push(m.text());
    });
    page.on("pageerror", (e) => officer.strange.push(String(e)));
    // Whatever language the address speaks, the officer's own.
    const [, before, token] = address.match(/^(.*)\/[^/]+(\/enter\/.*)$/);
    officer.base = `${before}/${language}`;
    await page.goto(officer.base + token);
    return officer;
  }

  constructor(name, page, context, language, scripts) {
    Object.assign(this, { name, page, context, language, scripts, strange: [], faults: [], shots: 0 });
  }

  async open() {
    await this.page.fill("#password", PASSWORD);
    await this.send("main button");
  }

  /** Goes to a page of the desk; a page that follows a fetch may be loading itself anew just then. */
  async visit(path) {
    for (let tries = 0; ; tries += 1) {
      try {
        return await this.page.goto(`${this.base}${path}`);
      } catch (e) {
        if (tries === 5 || !/interrupted by another navigation|ERR_ABORTED/.test(String(e))) throw e;
        // On a busy machine the load that was cut off may arrive yet, and would cut off the next one in its turn.
        await new Promise((then) => setTimeout(then, 250 * 2 ** tries));
        await this.page.waitForLoadState();
      }
    }
  }

  /** Waits until no fetch is under way. */
  quiet() {
    return until(`${this.name}'s fetch ends`, async () => {
      // Asked again if the connection is lost: reading may be done twice.
      const answer = await this.context.request.get(`${this.base}/state`, { maxRetries: 3 });
      if (answer.status() !== 200) throw new Error(`${this.name}'s desk answers ${answer.status()} for its state: ${await answer.text()}`);
      return !(await answer.json()).running;
    });
  }

  /** Keeps a picture, and asks axe about the page. */
  async look(title, { full = true } = {}) {
    this.shots += 1;
    const name = `${this.name}-${this.language}-${String(this.shots).padStart(2, "0")}-${title}`;
    const own = this.page.viewportSize();
    await this.inspect(`${name}-${own.width}`, full);
    if (own.width === 400 || !full) return;
    await this.page.setViewportSize({ width: 400, height: 800 });
    await this.inspect(`${name}-400`, full);
    await this.page.setViewportSize(own);
  }

  async inspect(title, full) {
    await this.page.screenshot({ path: join(pictures, `${title}.png`), fullPage: full });
    const wide = await this.page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth);
    if (wide > 1) throw new Error(`${title}: the page is ${wide} pixels wider than the window`);
    const missing = await this.page.evaluate(() => document.body.innerText.includes("[missing text]"));
    if (missing) throw new Error(`${title}: a text is missing`);
    // axe needs timers, which a browser without scripts does not have: the same pages are asked in the others'
    // browsers.
    if (!this.scripts) return;
    // Over the debugger, outside the page's own policy, which forbids scripts that are not the console's.
    const session = await this.context.newCDPSession(this.page);
    const run = async (expression, awaitPromise) => {
      const { result, exceptionDetails } = await session.send("Runtime.evaluate", { expression, awaitPromise, returnByValue: true });
      if (exceptionDetails) throw new Error(JSON.stringify(exceptionDetails));
      return result.value;
    };
    await run(axe, false);
    const faults = await run(`axe.run(document, { runOnly: ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"] }).then((r) => r.violations.map((v) => v.id + ": " + v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")))`, true);
    await session.detach();
    if (faults.length) this.faults.push(`${title}: ${faults.join(" ;; ")}`);
  }

  /** Fetches from the server what is there now: a fetch that began before does not count. */
  async fetch() {
    await this.quiet();
    await this.visit("/");
    await this.send("#fetch button");
    await this.quiet();
    await this.visit("/");
  }

  async case_(id, room = "") {
    const answer = await this.visit(`/case/${id}${room}`);
    return answer.status();
  }

  /** Fills in and sends an act; answers the last page's status. Signs where it is asked to. */
  async act(id, step, values = {}, { look, leak = false } = {}) {
    await this.visit(`/case/${id}/act/${step}`);
    for (const [name, value] of Object.entries(values)) {
      const radio = this.page.locator(`input[type=radio][name="${name}"][value="${value}"]`);
      if (await radio.count()) await radio.check();
      else if (await this.page.locator(`select[name="${name}"]`).count()) await this.page.selectOption(`select[name="${name}"]`, value);
      else await this.page.fill(`[name="${name}"]`, value);
    }
    if (look) await this.look(`${step}-form`);
    let status = await this.send("main form.card .buttons button");
    if (status === 200 && (await this.page.locator(".signer").count())) {
      if (look) await this.look(`${step}-confirm`);
      if (leak) await this.page.check("#f-leak");
      status = await this.send("main form.card .buttons button");
    }
    return status;
  }

  async send(button) {
    const answer = await this.follow(this.page.locator(button).first());
    return answer.status();
  }

  /** Presses a button or a link, and answers the page that it leads to. */
  async follow(element) {
    const [answer] = await Promise.all([this.page.waitForNavigation(), element.click()]);
    return answer;
  }

  /** Signs second under the first decision that this officer can sign. */
  async confirm(id, { look } = {}) {
    await this.case_(id);
    const link = this.page.locator(".proposals a.primary").first();
    if (!(await link.count())) return 0;
    await this.follow(link);
    if (look) await this.look("second-signature");
    return this.send("main form.card .buttons button");
  }

  /** An administrator's deed: the first that the first page offers. */
  async deed(name, values = {}, { look } = {}) {
    await this.visit("/");
    const link = this.page.locator(`main a[href*="/treasury/${name}/"]`).first();
    if (!(await link.count())) return 0;
    await this.follow(link);
    for (const [field, value] of Object.entries(values)) await this.page.fill(`[name="${field}"]`, value);
    await this.send("main form.card .buttons button");
    if (look) await this.look(`${name}-confirm`);
    return this.send("main form.card .buttons button");
  }

  async state(id) {
    await this.case_(id);
    return (await this.page.locator(".case-head .chip").first().textContent()).trim();
  }

  /** The rule's name in the refusal on the page: it stands in the page's source, people read the sentence. */
  async rule() {
    const refused = await this.page.locator("main .notice.bad[data-rule]").all();
    const codes = await Promise.all(refused.map((notice) => notice.getAttribute("data-rule")));
    return codes.join(" ");
  }
}

export function browser() {
  return chromium.launch({ executablePath: process.env.CHROMIUM ?? "/usr/bin/chromium", args: ["--no-sandbox", "--disable-gpu", "--lang=en"], timeout: PATIENCE });
}
