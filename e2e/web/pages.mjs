// Every page that can be reached by links, in each language: valid, accessible, quiet. What a page weighs until its form can be used.

import assert from "node:assert/strict";
import { writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { Browser } from "./browsers.mjs";
import { accessible, nothingKept, quiet, valid } from "./checks.mjs";
import { open } from "./door.mjs";
import { KEPT } from "./stage.mjs";

const median = (numbers) => [...numbers].sort((a, b) => a - b)[Math.floor(numbers.length / 2)];

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
        if (!/^\/(de|fr|es)\b/.test(address)) await b.picture(`page${address.replaceAll("/", "-")}`);
        const links = await b.page.$$eval("a[href]", (all) => all.map((a) => ({ href: a.href, saves: a.hasAttribute("download") })));
        for (const { href, saves } of links) {
          const url = new URL(href);
          assert.equal(url.origin, stage.origin, `${address} leads to another place: ${href}`);
          if (!saves && !url.pathname.startsWith("/v1/")) found.add(url.pathname);
        }
      }
      await nothingKept(b.page);
      quiet(b, stage.origin);
      for (const language of ["", "/de", "/fr", "/es"]) assert.ok(seen.includes(language || "/"), `no page in ${language || "English"}`);
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
      const runs = [];
      for (let i = 0; i < 3; i += 1) {
        const b = await Browser.open({ ...options, torPort: stage.visitor(1) });
        try {
          const landing = Date.now();
          await b.page.goto(`${stage.origin}/`, { waitUntil: "load", timeout: 120_000 });
          const landed = Date.now() - landing;
          const usable = await open(b, stage.origin, "/tip");
          const asked = b.requests.filter(({ method }) => method);
          const calls = asked.filter(({ url }) => url.includes("/v1/")).length;
          runs.push({ landed, usable, requests: asked.length - calls, calls, down: b.relay.down, up: b.relay.up });
        } finally {
          await b.forget();
        }
      }
      const row = { name, runs: runs.length };
      for (const key of Object.keys(runs[0])) row[key] = median(runs.map((r) => r[key]));
      rows.push(row);
    }
    const table = {
      what: "landing page, then the form for filing, new profile, over the private Tor network; medians; milliseconds and bytes on the wire to Tor (headers too)",
      rows,
    };
    await writeFile(path.join(KEPT, "page-weight.json"), JSON.stringify(table, null, 2));
    for (const row of rows) t.diagnostic(JSON.stringify(row));
    // The engine as plain JavaScript is larger; it is loaded only where WebAssembly is off.
    for (const row of rows) assert.ok(row.requests <= 6, `${row.name}: ${row.requests} requests`);
  });
}
