// The two pages of a source, by the names of their parts: typed and clicked as a person would.

import { until } from "./stage.mjs";

export const text = (page, selector) => page.$eval(selector, (e) => e.textContent.trim());
const visible = (page, selector) => page.$eval(selector, (e) => e.checkVisibility?.() ?? e.offsetParent !== null).catch(() => false);
export const shown = (page, selector, seconds = 120) => until(`${selector} is shown`, () => visible(page, selector), seconds);

/**
 * Opens a page of the application; answers after how many milliseconds a person can begin to write, and after how many
 * the engine behind it is there too.
 */
export async function open(b, origin, path) {
  const began = Date.now();
  await b.page.goto(`${origin}${path}`, { waitUntil: "domcontentloaded", timeout: 180_000 });
  const come = (what, ask) =>
    until(
      `${what}, or a word about trouble`,
      async () => {
        if (await visible(b.page, "#trouble")) throw new Error(`the page says: ${await text(b.page, "#trouble")}`);
        return ask();
      },
      240,
      20,
    );
  await come("the form", () => visible(b.page, "#application"));
  const usable = Date.now() - began;
  await come("the engine", () => b.page.$eval("#loading", (e) => e.hidden));
  return { usable, ready: Date.now() - began };
}

async function type(page, selector, words) {
  await page.focus(selector);
  await page.type(selector, words);
}

/** Whether the page is at rest, with nothing under way. */
export const atRest = (page) => page.evaluate(() => !document.body.hasAttribute("aria-busy"));

/** From the first step to the files; answers the twelve words, typed back from the list that the page shows. */
export async function begin(b, story, { onWords, wrongFirst = false } = {}) {
  const { page } = b;
  await page.select("#regime", "compute-thresholds");
  await type(page, "#narrative", story);
  await page.click("#story-form button[type=submit]");
  await shown(page, "#drawn");
  const words = (await page.$$eval("#drawn li", (items) => items.map((li) => li.textContent))).join(" ");
  await onWords?.();
  await page.click("#written");
  await shown(page, "#check");
  if (wrongFirst) {
    const mistaken = words.split(" ").reverse().join(" ");
    await type(page, "#check", mistaken);
    await page.click("#check-form button[type=submit]");
    await until("the page says that the words differ", () => text(page, "#check-error"));
    await page.$eval("#check", (e) => (e.value = ""));
  }
  await type(page, "#check", words);
  await page.click("#check-form button[type=submit]");
  await shown(page, "#papers");
  return words;
}

export const choose = async (page, ...files) => (await page.$("#files")).uploadFile(...files);
export const progress = (page) => page.$eval("#files-list progress", (e) => e.value);
export const fileState = (page) => text(page, "#files-list .state");

export async function uploaded(page, seconds = 240) {
  await until("the file has arrived", async () => (await progress(page)) === 1 && !(await page.$eval("#files-list progress", (e) => e.hidden)), seconds);
}

export async function toReview(page) {
  await page.click("#to-review");
  await shown(page, "#review");
}

export async function send(page) {
  await page.click("#send");
  await until("the page is done sending", async () => (await atRest(page)) && ((await visible(page, "#done")) || (await visible(page, "#trouble"))), 240);
  return (await visible(page, "#done")) ? null : text(page, "#trouble");
}

/** Types the words; answers null when inside, or what the page says against it. */
export async function enter(page, words) {
  await page.$eval("#words-typed", (e) => (e.value = ""));
  await type(page, "#words-typed", words);
  await page.click("#enter-form button[type=submit]");
  return until(
    "the page has looked",
    async () => {
      if (!(await atRest(page))) return null;
      if (await visible(page, "#inside")) return { inside: true };
      const said = (await text(page, "#words-typed-error")) || ((await visible(page, "#trouble")) && (await text(page, "#trouble")));
      return said ? { said } : null;
    },
    240,
  );
}

/** Comes back until a message holds `words`; a reply is listed only when its epoch has closed. */
export async function comeBack(b, origin, words, reply) {
  await until(
    `the reply: ${reply}`,
    async () => {
      await open(b, origin, "/return");
      const { inside } = await enter(b.page, words);
      return inside && (await text(b.page, "#messages")).includes(reply);
    },
    300,
    500,
  );
}

export async function answer(page, words) {
  await type(page, "#reply", words);
  await page.click("#reply-form button[type=submit]");
  await until("the page has answered", async () => (await atRest(page)) && ((await visible(page, "#trouble")) || (await page.$eval("#reply", (e) => e.value === ""))), 240);
  return (await visible(page, "#trouble")) ? text(page, "#trouble") : null;
}

/** The quick exit by its keys. */
export async function leave(page) {
  await until(
    "the page is left",
    async () => {
      // Twice within a second, which a busy machine may miss.
      await page.keyboard.press("Escape");
      await page.keyboard.press("Escape");
      return page.evaluate(() => location.pathname.endsWith("/leave"));
    },
    60,
  );
}
