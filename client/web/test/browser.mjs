// Chromium without a head, watched: what it asks for, what it complains of, what it leaves behind.
import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createRequire } from "node:module";
import os from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";
import { PICTURES, until } from "./stage.mjs";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** What a busy machine may need for one step: only what never comes waits as long. Milliseconds. */
export const PATIENCE = 240_000;

export class Browser {
  /** `form`: "wasm", or "script" for a browser with WebAssembly switched off. Each has a new profile. */
  static async open(origin, form = "wasm", options = {}) {
    const b = new Browser();
    Object.assign(b, { origin, form, requests: [], troubles: [] });
    b.profile = mkdtempSync(path.join(os.tmpdir(), "subrosa-chromium-"));
    b.browser = await puppeteer.launch({
      executablePath: "/usr/bin/chromium",
      userDataDir: b.profile,
      defaultViewport: { width: 900, height: 1000 },
      protocolTimeout: 2 * PATIENCE,
      timeout: PATIENCE,
      ...options,
      args: [
        "--no-sandbox",
        "--disable-dev-shm-usage",
        "--disable-background-networking",
        "--disable-component-update",
      ],
    });
    return b;
  }

  async page(address) {
    const page = await this.browser.newPage();
    page.setDefaultTimeout(PATIENCE);
    page.setDefaultNavigationTimeout(PATIENCE);
    // As in a browser in which it is switched off: the name is not there when the page's first script begins.
    if (this.form === "script") await page.evaluateOnNewDocument(() => delete globalThis.WebAssembly);
    page.on("request", (request) => this.requests.push(request.url()));
    page.on("console", (message) => ["error", "warn"].includes(message.type()) && this.troubles.push(message.text()));
    page.on("pageerror", (error) => this.troubles.push(String(error)));
    page.on("dialog", (dialog) => dialog.accept());
    await page.goto(`${this.origin}${address}`, { waitUntil: "load" });
    await usable(page);
    return page;
  }

  /** Requests that left the origin. */
  get strangers() {
    return this.requests.filter((url) => !url.startsWith(`${this.origin}/`) && !url.startsWith("blob:") && url !== "about:blank");
  }

  /** Keeps a picture of the page as it is now, and asks axe-core about it. */
  async picture(page, name) {
    await page.screenshot({ path: path.join(PICTURES, `${name}-${this.form}.png`), fullPage: true });
    await page.evaluate(AXE);
    const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
    const said = violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.html.slice(0, 160)).join(" | ")}`);
    assert.deepEqual(said, [], `axe-core on ${name}`);
  }

  async close() {
    await this.browser.close();
    rmSync(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}

/** The form is there, and the engine behind it. */
export async function usable(page) {
  await page.waitForSelector("#application:not([hidden])");
  await page.waitForSelector("#loading[hidden]");
}

/** Waits until the page is at rest: nothing is under way, and its buttons can be pressed. */
export const atRest = (page) => page.waitForFunction(() => !document.body.hasAttribute("aria-busy"));

/**
 * Presses a button once it can be pressed, by keyboard: a click right after the scroll that brings a button into view
 * can land where the button was.
 */
export async function press(page, selector) {
  await atRest(page);
  const button = await page.waitForSelector(`${selector}:enabled`, { visible: true });
  await button.focus();
  await page.keyboard.press("Enter");
}

/** Says yes to the page's own question. */
export const sayYes = (page) => press(page, "dialog button:last-of-type");

export const text = (page, selector) => page.$eval(selector, (element) => element.textContent.trim());
export const shown = (page, selector) => page.waitForSelector(selector, { visible: true });
export const fill = (page, selector, value) =>
  page.$eval(
    selector,
    (element, v) => {
      element.value = v;
      element.dispatchEvent(new Event("input", { bubbles: true }));
      element.dispatchEvent(new Event("change", { bubbles: true }));
    },
    value,
  );

/** From the first step to the files; answers the twelve words. */
export async function begin(page, { regime = "compute-thresholds", story }) {
  await page.select("#regime", regime);
  await fill(page, "#narrative", story);
  await press(page, "#story-form button[type=submit]");
  await shown(page, "#drawn");
  const words = await page.$$eval("#drawn li", (items) => items.map((li) => li.textContent).join(" "));
  await press(page, "#written");
  await fill(page, "#check", words);
  await press(page, "#check-form button[type=submit]");
  await shown(page, "#papers");
  return words;
}

/** From the files to the receipt. */
export async function finish(page) {
  await press(page, "#to-review");
  await shown(page, "#review");
  await press(page, "#send");
  await shown(page, "#done");
}

/** Comes back with words; the state may need an epoch to be listed. */
export async function comeBack(page, words) {
  await until("the tip is found by its words", async () => {
    if (await page.$eval("#inside", (e) => !e.hidden)) return true;
    await fill(page, "#words-typed", words);
    await press(page, "#enter-form button[type=submit]");
    await atRest(page);
    return page.$eval("#inside", (e) => !e.hidden);
  });
}
