// Every page that can be reached by links, in each language: valid, accessible, quiet. What a page weighs until its
// form can be used.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { fileURLToPath } from "node:url";
import { publicLanguages } from "../pages/languages.mjs";
import { Browser } from "./browsers.mjs";
import { accessible, nothingKept, quiet, valid } from "./checks.mjs";
import { open, shown } from "./steps.mjs";
import { KEPT } from "./stage.mjs";

const LOCALES = fileURLToPath(new URL("../../templates/locales", import.meta.url));

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

/** What comes before a form that can be written in: the same visit with the engine held back. */
async function formAlone(stage, options) {
  const b = await Browser.open({ ...options, torPort: stage.visitor(1) });
  try {
    await b.page.setRequestInterception(true);
    let requests = 0;
    b.page.on("request", (r) => {
      if (/\/assets\/engine\.|\/v1\//.test(r.url())) return r.abort();
      requests += r.url().startsWith("http") ? 1 : 0;
      return r.continue();
    });
    await b.page.goto(`${stage.origin}/`, { waitUntil: "load", timeout: 120_000 });
    await b.page.goto(`${stage.origin}/tip`, { waitUntil: "load", timeout: 120_000 });
    await shown(b.page, "#application");
    await b.page.type("#narrative", "It can be written in.");
    return { requests, down: b.relay.down, up: b.relay.up };
  } finally {
    await b.forget();
  }
}

export function register(here) {
  test("pages: every page that a link leads to", { timeout: 900_000 }, async (t) => {
    const { stage } = here;
    const b = await Browser.open({ kind: "chromium", torPort: stage.visitor(1) });
    try {
      // Typed by hand first: the page behind the exit is not linked as a page to read.
      const found = new Set(["/", "/tip", "/return", "/leave"]);
      const seen = [];
      for (const address of found) {
        const response = await b.page.goto(`${stage.origin}${address}`, { waitUntil: "load", timeout: 120_000 });
        const type = response.headers()["content-type"] ?? "";
        assert.equal(response.status(), 200, address);
        if (!type.startsWith("text/html")) continue;
        seen.push(address);
        await valid(await response.text(), address);
        await accessible(b.page, address);
        const language = await b.page.evaluate(() => document.documentElement.lang);
        if (language === "en") await b.picture(`page${address.replaceAll("/", "-")}`);
        const links = await b.page.$$eval("a[href]", (all) => all.map((a) => ({ href: a.href, saves: a.hasAttribute("download") })));
        for (const { href, saves } of links) {
          const url = new URL(href);
          assert.equal(url.origin, stage.origin, `${address} leads to another place: ${href}`);
          if (!saves && !url.pathname.startsWith("/v1/")) found.add(url.pathname);
        }
      }
      await nothingKept(b.page);
      quiet(b, stage.origin);
      for (const code of publicLanguages(LOCALES)) assert.ok(seen.includes(code === "en" ? "/" : `/${code}`), `no page in ${code}`);
      t.diagnostic(`${seen.length} pages: ${seen.join(" ")}`);
    } finally {
      await b.forget();
    }
  });

  test("weight: from a cold start to a form that can be used", { timeout: 600_000 }, async (t) => {
    const { stage } = here;
    const rows = [];
    for (const [name, options] of [
      ["firefox", { kind: "firefox" }],
      ["firefox-safer", { kind: "firefox", level: "safer", onionsAreSecure: false }],
      ["chromium", { kind: "chromium" }],
    ]) {
      const form = await formAlone(stage, options);
      const runs = [];
      for (let i = 0; i < 3; i += 1) {
        const b = await Browser.open({ ...options, torPort: stage.visitor(1) });
        try {
          const began = Date.now();
          await b.page.goto(`${stage.origin}/`, { waitUntil: "load", timeout: 120_000 });
          const landed = Date.now() - began;
          const { usable, ready } = await open(b, stage.origin, "/tip");
          const all_requests = b.requests.filter(({ method }) => method).length;
          runs.push({ landed, usable, ready, all_requests, all_down: b.relay.down, all_up: b.relay.up });
        } finally {
          await b.forget();
        }
      }
      const row = { name, runs: runs.length, ...form };
      for (const key of Object.keys(runs[0])) row[key] = median(runs.map((r) => r[key]));
      rows.push(row);
    }
    const table = {
      what: "landing page, then the form for filing, new profile, over the private Tor network; medians; milliseconds and bytes on the wire to Tor (headers too). requests and down: until one can begin to write; all_*: with the engine and what it asks for, which come behind the form",
      rows,
    };
    await writeFile(path.join(KEPT, "page-weight.json"), JSON.stringify(table, null, 2));
    for (const row of rows) t.diagnostic(JSON.stringify(row));
    for (const row of rows) assert.ok(row.requests <= 6 && row.down <= 150_000, `${row.name}: ${row.requests} requests, ${row.down} bytes to a form`);
  });
}
