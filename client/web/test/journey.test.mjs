// What a source does in a browser: file a tip with a file, leave, come back in a new profile with nothing but the
// words, read, burn, answer.
import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { atRest, Browser, begin, comeBack, fill, finish, PATIENCE, press, sayYes, shown, text, usable } from "./browser.mjs";
import { Stage, sha256, until } from "./stage.mjs";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

test("what it takes from the first page to a form", { timeout: 600_000 }, async () => {
  const browser = await Browser.open(stage.url);
  try {
    const page = await browser.browser.newPage();
    const wire = [];
    const paths = new Map();
    const session = await page.createCDPSession();
    await session.send("Network.enable");
    session.on("Network.requestWillBeSent", ({ requestId, request }) => paths.set(requestId, new URL(request.url).pathname));
    session.on("Network.loadingFinished", ({ requestId, encodedDataLength }) => wire.push([paths.get(requestId), encodedDataLength]));
    await page.goto(`${stage.url}/`, { waitUntil: "load" });
    await page.goto(`${stage.url}/tip`, { waitUntil: "load" });
    await shown(page, "#story-form");
    await usable(page);
    await page.waitForNetworkIdle({ timeout: PATIENCE });
    for (const [path, bytes] of wire) console.log(`${path}: ${bytes} bytes with headers`);
    const sum = (list) => list.reduce((all, [, size]) => all + size, 0);
    // The engine and what it asks for come behind the form.
    const form = wire.filter(([path]) => !/^\/(assets\/engine\.|v1\/)/.test(path));
    console.log(`to the form: ${form.length} requests, ${sum(form)} bytes; with the engine: ${wire.length} requests, ${sum(wire)} bytes`);
    assert.ok(form.length <= 6 && sum(form) <= 150_000, `${form.length} requests, ${sum(form)} bytes to the form`);
    assert.ok(sum(wire) <= 690_000, `${sum(wire)} bytes`);
  } finally {
    await browser.close();
  }
});

/** Bytes of a process's own memory; none, if it has ended meanwhile. */
function held(id) {
  try {
    return Number(/RssAnon:\s+(\d+)/.exec(readFileSync(`/proc/${id}/status`, "utf8"))?.[1] ?? 0) * 1024;
  } catch {
    return 0;
  }
}

test("half a gigabyte goes up in little memory", { timeout: 1_800_000 }, async () => {
  const story = "Half a gigabyte of logs.";
  const size = 500_000_000;
  const large = path.join(stage.folder, "logs.bin");
  writeFileSync(large, "");
  truncateSync(large, size);
  // Whoever watches the network holds up to 200 MB of what was sent in the page's process: this test does not.
  const browser = await Browser.open(stage.url, "wasm", { networkEnabled: false });
  try {
    const page = await browser.page("/tip");
    await begin(page, { story });
    const session = await browser.browser.target().createCDPSession();
    // Of each process that shows a page: memory of its own, without files that are mapped and shared.
    const memory = async () => {
      const { processInfo } = await session.send("SystemInfo.getProcessInfo");
      const own = processInfo.filter(({ type }) => type === "renderer").map(({ id }) => held(id));
      return Math.max(0, ...own);
    };
    const before = await memory();
    let most = before;
    const began = Date.now();
    await (await page.$("#files")).uploadFile(large);
    while ((await page.$eval("#files-list progress", (e) => e.value)) < 1) {
      most = Math.max(most, await memory());
      assert.ok(Date.now() - began < 1_500_000, "the file does not arrive");
      await new Promise((resolve) => setTimeout(resolve, 500));
    }
    const megabytes = (bytes) => Math.round(bytes / 1_000_000);
    console.log(`500 MB in ${Math.round((Date.now() - began) / 1000)} s; the page's process held ${megabytes(before)} MB before and at most ${megabytes(most)} MB`);
    // What any client may hold, whatever it sends; how much garbage a browser leaves meanwhile is the browser's choice.
    assert.ok(most < 300_000_000, `${megabytes(most)} MB`);
    await finish(page);
    assert.deepEqual(browser.troubles, []);
  } finally {
    await browser.close();
    rmSync(large);
  }
});

for (const form of ["wasm", "script"]) {
  test(`a tip with a file, and back again (${form})`, { timeout: 1_200_000 }, async () => {
    const story = `They trained above the threshold and told nobody (${form}).`;
    const evidence = path.join(stage.folder, `evidence-${form}.bin`);
    const content = randomBytes(900_000);
    writeFileSync(evidence, content);

    const first = await Browser.open(stage.url, form);
    let words;
    try {
      const page = await first.page("/tip");
      await first.picture(page, "1-story");
      words = await begin(page, { story });
      assert.equal(words.split(" ").length, 12);
      await first.picture(page, "2-files");
      await (await page.$("#files")).uploadFile(evidence);
      await page.waitForFunction(() => document.querySelector("#files-list progress")?.value === 1);
      await first.picture(page, "3-uploaded");
      await press(page, "#to-review");
      await shown(page, "#review");
      assert.match(await text(page, "#reviewed"), /evidence-/);
      await first.picture(page, "4-review");
      await press(page, "#send");
      await shown(page, "#done");
      await first.picture(page, "5-done");
      const twins = first.requests.filter((url) => /engine\.[0-9a-f]+\.js/.test(url)).length;
      assert.equal(twins, form === "script" ? 1 : 0, "plain JavaScript is loaded only without WebAssembly");

      // The quick exit leaves nothing behind.
      await until("the page is left", async () => {
        // Twice within a second, which a busy machine may miss.
        await page.keyboard.press("Escape");
        await page.keyboard.press("Escape");
        return page.evaluate(() => location.pathname === "/leave");
      });
      const left = await page.evaluate(async () => ({
        local: Object.keys(localStorage).length,
        session: Object.keys(sessionStorage).length,
        cookies: document.cookie,
        databases: (await indexedDB.databases()).length,
      }));
      assert.deepEqual(left, { local: 0, session: 0, cookies: "", databases: 0 });
      assert.deepEqual(first.strangers, []);
      assert.deepEqual(first.troubles, []);
    } finally {
      await first.close();
    }

    const id = await stage.caseOf("anna", story);
    assert.deepEqual(Object.values(await stage.filesOf("anna", id)), [sha256(content)]);
    await stage.officer("anna", "reply", id, "Thank you. Which site was it?", "--kind", "acknowledgement");

    const second = await Browser.open(stage.url, form);
    try {
      const page = await second.page("/return");
      await until("the reply is there", async () => {
        await comeBack(page, words);
        if ((await text(page, "#messages")).includes("Which site was it?")) return true;
        await page.reload();
        await usable(page);
        return false;
      });
      await second.picture(page, "6-thread");
      await press(page, "#burn");
      await sayYes(page);
      await page.waitForFunction(() => document.querySelector("#messages").children.length === 0);
      await atRest(page);
      await fill(page, "#reply", `Site B (${form}).`);
      await press(page, "#reply-form button[type=submit]");
      await page.waitForFunction(() => document.querySelector("#reply").value === "");
      await second.picture(page, "7-answered");
      assert.deepEqual(second.strangers, []);
      assert.deepEqual(second.troubles, []);
    } finally {
      await second.close();
    }
    await stage.caseOf("anna", `Site B (${form}).`);
  });
}
