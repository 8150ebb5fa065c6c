// What must hold on every page: accessible, valid, quiet, and nothing left behind.

import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { HtmlValidate } from "html-validate";

const AXE = readFileSync(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");

/** Runs axe-core in the page as it is now: WCAG 2.2 A and AA, and its best practices. */
export async function accessible(page, where) {
  await page.evaluate(AXE);
  const { violations } = await page.evaluate(() => globalThis.axe.run(document, { resultTypes: ["violations"] }));
  const said = violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(" ")).join(", ")}`);
  assert.deepEqual(said, [], `axe-core on ${where}`);
}

/** The HTML standard, not anybody's taste. */
export async function valid(html, where) {
  const report = await new HtmlValidate({ extends: ["html-validate:standard"] }).validateString(html);
  const said = report.results.flatMap((r) => r.messages.map((m) => `${m.line}:${m.column} ${m.ruleId}: ${m.message}`));
  assert.deepEqual(said, [], `HTML of ${where}`);
}

/**
 * Chromium's own word about a header, not about the page: it heeds COOP in secure contexts alone, which it never takes
 * an http onion for.
 */
const ABOUT_HEADERS = [/^console error: The Cross-Origin-Opener-Policy header has been ignored, because the URL's origin was untrustworthy\./];

/**
 * Where stock Chromium asks on its own account, whatever page is open: for updates, sign-in and form hints of its
 * maker. Tor Browser is built on Firefox, where nothing is excused.
 */
const MAKERS_OWN = /^([a-z0-9-]+\.)*(google|googleapis|gstatic|gvt1)\.com:(80|443)$/;

/** No word on the console, no page error, no request to another place, by the browser's account and by the relay's. */
export function quiet(b, origin, { alsoTrouble = [] } = {}) {
  const known = b.kind === "chromium" ? [...ABOUT_HEADERS, ...alsoTrouble] : alsoTrouble;
  const unexpected = b.troubles.filter((t) => !known.some((k) => k.test(t)));
  assert.deepEqual(unexpected, [], "words on the console");
  const own = (url) => url.startsWith(`${origin}/`) || url.startsWith("blob:") || url.startsWith("data:") || url === "about:blank";
  assert.deepEqual(b.requests.filter(({ url }) => !own(url)).map(({ url }) => url), [], "requests to another place");
  const { host } = new URL(origin);
  const excused = (d) => b.kind === "chromium" && MAKERS_OWN.test(d);
  assert.deepEqual(b.destinations().filter((d) => d !== `${host}:80` && !excused(d)), [], "places that the browser wanted to reach");
}

/** Nothing in any place where a page can keep something. */
export async function nothingKept(page) {
  const kept = await page.evaluate(async () => {
    // A private window may refuse a store altogether: then there is nothing in it.
    const count = async (list) => {
      try {
        return (await list()).length;
      } catch (e) {
        if (e.name === "SecurityError") return 0;
        throw e;
      }
    };
    return {
      local: await count(() => Object.keys(localStorage)),
      session: await count(() => Object.keys(sessionStorage)),
      cookies: document.cookie,
      // Without a secure context some of these do not even exist.
      databases: globalThis.indexedDB?.databases ? await count(() => indexedDB.databases()) : 0,
      caches: globalThis.caches ? await count(() => caches.keys()) : 0,
      workers: navigator.serviceWorker ? await count(() => navigator.serviceWorker.getRegistrations()) : 0,
    };
  });
  assert.deepEqual(kept, { local: 0, session: 0, cookies: "", databases: 0, caches: 0, workers: 0 });
}
