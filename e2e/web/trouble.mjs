// What goes wrong, and what the page then says and keeps.

import assert from "node:assert/strict";
import { truncate } from "node:fs/promises";
import { test } from "node:test";
import { Browser } from "./browsers.mjs";
import { accessible, quiet } from "./checks.mjs";
import { answer, atRest, begin, choose, comeBack, enter, fileState, open, progress, send, shown, text, toReview, uploaded } from "./steps.mjs";
import { evidence } from "./journeys.mjs";
import { until } from "./stage.mjs";

const MB = 1_000_000;
const DAY = 86_400_000;
/** A failed request shows on the console, whoever handles it. */
const LOST = [/Failed to load resource/, /NetworkError|net::ERR_/];
/** A sentence for people: words, and nothing of a program's insides. */
function plain(sentence) {
  assert.match(sentence, /\w+ \w+ \w+/, `not a sentence: ${sentence}`);
  assert.doesNotMatch(sentence, /undefined|\[object|Error:|\{|0x|\/v1\/|panicked|[0-9a-f]{16}/, `the program's insides: ${sentence}`);
}

/** A picture of the page in this state, and nothing in it that shuts anybody out. */
async function inState(b, name) {
  await b.picture(name);
  await accessible(b.page, name);
}

export function register(here) {
  const visit = (options) => Browser.open({ kind: "chromium", torPort: here.stage.visitor(1), ...options });

  test("trouble: the tor client is killed at 40 % of an upload and started again", { timeout: 600_000 }, async () => {
    const { stage } = here;
    const story = `A circuit was cut (${Date.now()}).`;
    const papers = await evidence(stage, "cut.bin", 20 * MB);
    const b = await visit();
    try {
      await open(b, stage.origin, "/tip");
      await begin(b, story);
      await choose(b.page, papers.file);
      await until("40 % are up", async () => (await progress(b.page)) >= 0.4, 240, 20);
      await stage.order("tor kill client1");
      const at = await progress(b.page);
      assert.ok(at < 0.95, `the upload was already at ${at}`);
      await until("the page tells that it waits", async () => {
        const said = await fileState(b.page);
        return !/^\D*\d+ \D+ \d+/.test(said) && said;
      }, 120);
      await inState(b, "trouble-cut");
      plain(await fileState(b.page));
      await stage.order("tor start client1");
      await uploaded(b.page, 400);
      await toReview(b.page);
      assert.equal(await send(b.page), null);
      quiet(b, stage.origin, { alsoTrouble: LOST });
      const id = await stage.caseOf("anna", story);
      assert.deepEqual(await stage.filesOf("anna", id), { "cut.bin": papers.digest });
    } finally {
      await b.forget();
    }
  });

  test("trouble: words with a slip of the pen", { timeout: 300_000 }, async () => {
    const { stage } = here;
    const b = await visit();
    try {
      await open(b, stage.origin, "/return");
      const before = b.requests.length;
      for (const [typed, wants] of [
        ["abandon abandon abandon", /12|twelve/],
        [`${"abandon ".repeat(11)}abuot`, /abuot|about/],
        ["abandon ".repeat(12).trim(), /\w+/],
      ]) {
        const { said } = await enter(b.page, typed);
        assert.ok(said, `${typed} was taken`);
        plain(said);
        assert.match(said, wants);
        assert.equal(await b.page.$eval("#words-typed", (e) => e.value), typed, "what was typed is still there to be corrected");
      }
      await inState(b, "trouble-typo");
      assert.equal(b.requests.length, before, "wrong words are found wrong here, and nothing is asked of the server");
      quiet(b, stage.origin);
    } finally {
      await b.forget();
    }
  });

  test("trouble: a file that changes under the upload", { timeout: 300_000 }, async () => {
    const { stage } = here;
    const story = `A file vanished (${Date.now()}).`;
    const papers = await evidence(stage, "vanishing.bin", 20 * MB);
    const b = await visit();
    try {
      await open(b, stage.origin, "/tip");
      await begin(b, story);
      await choose(b.page, papers.file);
      await until("the upload has begun", async () => (await progress(b.page)) > 0.15, 240, 20);
      await truncate(papers.file, 1000);
      const said = await until("the page tells of it", async () => {
        const state = await fileState(b.page);
        return !/\d+ \D+ \d+/.test(state) && state;
      }, 240);
      plain(said);
      await inState(b, "trouble-vanished");
      // Without the file the tip goes its way; nothing else was lost.
      await b.page.$eval("#files-list li button:last-of-type", (e) => e.click());
      await toReview(b.page);
      assert.equal(await send(b.page), null);
      quiet(b, stage.origin);
      await stage.caseOf("anna", story);
    } finally {
      await b.forget();
    }
  });

  test("trouble: the server is full, then has room again", { timeout: 600_000 }, async () => {
    const { stage } = here;
    const story = `The disk was full (${Date.now()}).`;
    const papers = await evidence(stage, "full.bin", 3 * MB);
    await stage.order("server stop");
    await stage.order("server start --max-disk 1");
    const b = await visit();
    try {
      await open(b, stage.origin, "/tip");
      await begin(b, story);
      await choose(b.page, papers.file);
      const said = await until("the page tells of it", async () => {
        const state = await fileState(b.page);
        return (await b.page.$eval("#files-list button", (e) => e.textContent)) && /full|room|space/i.test(state) && state;
      }, 240);
      plain(said);
      await inState(b, "trouble-full");
      await stage.order("server stop");
      await stage.order("server start");
      await b.page.$eval("#files-list li button", (e) => e.click());
      await uploaded(b.page);
      await toReview(b.page);
      assert.equal(await send(b.page), null);
      quiet(b, stage.origin, { alsoTrouble: LOST });
      const id = await stage.caseOf("anna", story);
      assert.deepEqual(await stage.filesOf("anna", id), { "full.bin": papers.digest });
    } finally {
      await b.forget();
    }
  });

  test("trouble: the server is down when the tip is sent", { timeout: 600_000 }, async () => {
    const { stage } = here;
    const story = `Nobody answered (${Date.now()}).`;
    const b = await visit();
    try {
      await open(b, stage.origin, "/tip");
      await begin(b, story);
      await toReview(b.page);
      await stage.order("server stop");
      const said = await send(b.page);
      assert.ok(said, "the tip went to a server that is down");
      plain(said);
      await inState(b, "trouble-down");
      await stage.order("server start");
      assert.equal(await send(b.page), null);
      quiet(b, stage.origin, { alsoTrouble: LOST });
      await stage.caseOf("anna", story);
      const { cases } = await stage.officer("anna", "inbox");
      let times = 0;
      for (const c of cases) times += JSON.stringify(await stage.officer("anna", "show", c.case)).includes(story) ? 1 : 0;
      assert.equal(times, 1, "it was filed once");
    } finally {
      await b.forget();
    }
  });

  for (const [name, shift] of [["late", -DAY], ["early", DAY]]) {
    test(`trouble: the source's clock is a day ${name}`, { timeout: 400_000 }, async () => {
      const { stage } = here;
      const story = `The clock was a day ${name} (${Date.now()}).`;
      const b = await Browser.open({ kind: "firefox", torPort: stage.visitor(1) });
      try {
        // Neither browser starts under a library that shifts the whole process's clock; so the clock is wrong where a
        // page can see it.
        await b.page.evaluateOnNewDocument((ms) => {
          const Right = Date;
          globalThis.Date = class extends Right {
            constructor(...given) {
              super(...(given.length > 0 ? given : [Right.now() + ms]));
            }

            static now() {
              return Right.now() + ms;
            }
          };
        }, shift);
        await open(b, stage.origin, "/tip");
        const wrong = await b.page.evaluate(() => Date.now());
        assert.ok(Math.abs(Math.abs(wrong - Date.now()) - 86_400_000) < 600_000, "the browser's clock is a day off");
        const said = await until("the page tells of the clock", () => text(b.page, "#clock"), 20);
        plain(said);
        await b.picture(`trouble-clock-${name}`);
        await begin(b, story);
        await toReview(b.page);
        assert.equal(await send(b.page), null);
        quiet(b, stage.origin);
        await stage.caseOf("anna", story);
      } finally {
        await b.forget();
      }
    });
  }

  test("trouble: two tabs of one source", { timeout: 600_000 }, async () => {
    const { stage } = here;
    const story = `Two tabs (${Date.now()}).`;
    const b = await visit();
    try {
      await open(b, stage.origin, "/tip");
      const words = await begin(b, story);
      await toReview(b.page);
      assert.equal(await send(b.page), null);
      const id = await stage.caseOf("anna", story);
      const question = "Which of the two?";
      await stage.officer("anna", "reply", id, question, "--kind", "question", "--leak-checked");
      await comeBack(b, stage.origin, words, question);
      const other = { page: await b.browser.newPage() };
      b.watch(other.page);
      await comeBack(other, stage.origin, words, question);
      // A page in the background is given hardly any time: whoever types in a tab has it before them.
      await b.page.bringToFront();
      assert.equal(await answer(b.page, "From the first tab."), null);
      await other.page.bringToFront();
      const said = await answer(other.page, "From the second tab.");
      if (said) {
        plain(said);
        await other.page.screenshot({ path: `${(await import("./stage.mjs")).KEPT}/trouble-two-tabs.png`, fullPage: true });
        // What was written is still there, and goes out when it is sent again.
        assert.equal(await other.page.$eval("#reply", (e) => e.value), "From the second tab.");
        await other.page.$eval("#reply", (e) => (e.value = ""));
        assert.equal(await answer(other.page, "From the second tab."), null);
      }
      await stage.caseOf("anna", "From the first tab.");
      await stage.caseOf("anna", "From the second tab.");
      const shownCase = JSON.stringify(await stage.officer("anna", "show", id));
      for (const each of ["From the first tab.", "From the second tab."]) assert.equal(shownCase.split(each).length - 1, 1, `${each} arrived once`);
      quiet(b, stage.origin, { alsoTrouble: LOST });
    } finally {
      await b.forget();
    }
  });

  test("trouble: a reload in the middle, and on with the words", { timeout: 400_000 }, async () => {
    const { stage } = here;
    const story = `A reload (${Date.now()}).`;
    const papers = await evidence(stage, "reload.bin", 20 * MB);
    const b = await visit();
    b.dialogs = (d) => d.accept();
    try {
      await open(b, stage.origin, "/tip");
      const words = await begin(b, story);
      await choose(b.page, papers.file);
      await until("some of it is up", async () => (await progress(b.page)) >= 0.4, 240, 20);
      const before = b.relay.up;
      await open(b, stage.origin, "/tip");
      await b.page.click("#resume summary");
      await b.page.type("#resume-words", words);
      await b.page.click("#resume-form button[type=submit]");
      await until("the page goes on", async () => (await atRest(b.page)) && ((await text(b.page, "#said")) || (await text(b.page, "#resume-words-error"))), 120);
      assert.equal(await text(b.page, "#resume-words-error"), "");
      await b.page.select("#regime", "compute-thresholds");
      await b.page.type("#narrative", story);
      await b.page.click("#story-form button[type=submit]");
      await shown(b.page, "#papers");
      await choose(b.page, papers.file);
      await uploaded(b.page);
      assert.ok(b.relay.up - before < 16 * MB, `${b.relay.up - before} bytes went up again`);
      await toReview(b.page);
      assert.equal(await send(b.page), null);
      quiet(b, stage.origin, { alsoTrouble: LOST });
      const id = await stage.caseOf("anna", story);
      assert.deepEqual(await stage.filesOf("anna", id), { "reload.bin": papers.digest });
    } finally {
      await b.forget();
    }
  });
}
