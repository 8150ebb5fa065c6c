// What is left on the server of two visits by one source, and what somebody does who has switched all scripts off.

import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { Browser } from "./browsers.mjs";
import { accessible, quiet, valid } from "./checks.mjs";
import { answer, begin, choose, comeBack, open, send, toReview, uploaded } from "./steps.mjs";
import { bytesBelow, evidence } from "./journeys.mjs";
import { until } from "./stage.mjs";

const WINDOW = 16;

/** Submits the page's form by keyboard: without scripts a click after a scroll can miss. */
async function sent(page) {
  await page.focus("form button[type=submit]");
  await Promise.all([page.waitForNavigation({ timeout: 120_000 }), page.keyboard.press("Enter")]);
}

/**
 * Every run of 16 bytes in what a visit said to the server, as text keys; heads of requests are the same for everybody
 * and are left out by the control.
 */
function windows(said) {
  const out = new Set();
  const bytes = Buffer.concat(said);
  for (let i = 0; i + WINDOW <= bytes.length; i += 1) out.add(bytes.toString("latin1", i, i + WINDOW));
  return out;
}

export function register(here) {
  test("traces: two visits of one source share nothing that the server keeps", { timeout: 900_000 }, async (t) => {
    const { stage } = here;
    const visits = {};
    for (const who of ["source", "control"]) {
      const story = `Visited twice (${who} ${Date.now()}).`;
      const papers = await evidence(stage, `twice-${who}.bin`, 30_000);
      const first = await Browser.open({ kind: "chromium", torPort: stage.visitor(1) });
      first.relay.listening = true;
      let words;
      try {
        await open(first, stage.origin, "/tip");
        words = await begin(first, story);
        await choose(first.page, papers.file);
        await uploaded(first.page);
        await toReview(first.page);
        assert.equal(await send(first.page), null);
      } finally {
        await first.forget();
      }
      const id = await stage.caseOf("anna", story);
      const question = `Which one (${who})?`;
      await stage.officer("anna", "reply", id, question, "--kind", "question", "--leak-checked");
      const second = await Browser.open({ kind: "chromium", torPort: stage.visitor(1) });
      try {
        await comeBack(second, stage.origin, words, question);
        // Only the visit that finds the reply counts: from here on a source would really send.
        second.relay.listening = true;
        assert.equal(await answer(second.page, `This one (${who}).`), null);
      } finally {
        await second.forget();
      }
      await stage.caseOf("anna", `This one (${who}).`);
      visits[who] = { first: windows(first.relay.said), second: windows(second.relay.said), words, story, name: `twice-${who}.bin` };
    }
    const { source, control } = visits;
    const everybody = (w) => control.first.has(w) || control.second.has(w);
    const linking = [...source.first].filter((w) => source.second.has(w) && !everybody(w));
    const kept = await bytesBelow(path.join(stage.folder, "server"));
    kept.push({ file: "server.log", bytes: await readFile(path.join(stage.folder, "server.log")) });
    const found = [];
    for (const w of linking) {
      const needle = Buffer.from(w, "latin1");
      for (const { file, bytes } of kept) if (bytes.includes(needle)) found.push(`${path.basename(file)}: ${needle.toString("hex")}`);
    }
    t.diagnostic(`${linking.length} runs of bytes were said in both visits by this source alone; ${found.length} of them are kept`);
    assert.deepEqual(found, []);
    // And what must never be anywhere: the words, the story, the file's name, an address, a browser.
    for (const { file, bytes } of kept) {
      for (const secret of [source.words, source.story, source.name, stage.intake, "Mozilla/", "127.0.0.1:"]) {
        if (file === "server.log" && secret === "127.0.0.1:") continue;
        assert.ok(!bytes.includes(secret), `${file} holds: ${secret}`);
      }
    }
    const log = kept.at(-1).bytes.toString();
    assert.doesNotMatch(log, /\d\d:\d\d:\d\d|\/v1\/|GET|POST/, "the log tells of a request or a time");
  });

  for (const kind of ["firefox", "chromium"]) {
    test(`safest ${kind}: without scripts the page says so, and age does the rest`, { timeout: 600_000 }, async () => {
      const { stage } = here;
      const b = await Browser.open({ kind, level: kind === "firefox" ? "safest" : "standard", onionsAreSecure: false, torPort: stage.visitor(1) });
      const story = `Sent without any script (${kind} ${Date.now()}).`;
      try {
        if (kind === "chromium") await b.page.setJavaScriptEnabled(false);
        const go = (address) => b.page.goto(`${stage.origin}${address}`, { waitUntil: "load", timeout: 120_000 });
        await go("/tip");
        await b.picture(`safest-${kind}-1-tip`);
        if (kind === "chromium") {
          const said = await b.page.$eval("#noscript-title", (e) => e.parentElement.innerText);
          assert.match(said, /script/i);
          assert.equal(await b.page.$eval("#application", (e) => e.checkVisibility()), false);
        }
        const page = await go("/sealed");
        await valid(await page.text(), "/sealed");
        await b.picture(`safest-${kind}-2-sealed`);
        // The recipients, by the onion address, as a person would save them.
        const list = await go("/sealed/recipients.txt").then((r) => r.text());
        const recipients = path.join(stage.folder, `recipients-${kind}.txt`);
        await writeFile(recipients, list);
        const report = path.join(stage.folder, `report-${kind}.txt`);
        const sealed = path.join(stage.folder, `sealed-${kind}.age`);
        await writeFile(report, story);
        execFileSync("age", ["-a", "-R", recipients, "-o", sealed, report]);
        const armour = await readFile(sealed, "utf8");
        await go("/sealed");
        if (kind === "chromium") {
          // Pasted.
          await b.page.$eval("#text", (e, v) => (e.value = v), armour);
          await sent(b.page);
          await b.page.setJavaScriptEnabled(true);
            await accessible(b.page, "received");
          await b.picture(`safest-${kind}-3-received`);
        } else {
          // Chosen as a file, by keyboard and picker.
          await (await b.page.$("#file")).uploadFile(sealed);
          await sent(b.page);
          await b.picture(`safest-${kind}-3-received`);
        }
        // A text file cannot name an icon, so Firefox looks for one; the policy stops it before anything is asked.
        quiet(b, stage.origin, { alsoTrouble: [/^page error: Content-Security-Policy: .*\/favicon\.ico/] });
      } finally {
        await b.forget();
      }
      await stage.order("intake");
      await until("the officer reads it", async () => stage.caseOf("anna", story), 60);
    });
  }
}
