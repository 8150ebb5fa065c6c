// All that a source does, in each browser and at each security level that can run the application.

import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readdir, readFile, writeFile } from "node:fs/promises";
import path from "node:path";
import { test } from "node:test";
import { Browser } from "./browsers.mjs";
import { accessible, nothingKept, quiet } from "./checks.mjs";
import { answer, begin, choose, comeBack, leave, open, progress, send, toReview, uploaded } from "./steps.mjs";
import { KEPT, sha256, until } from "./stage.mjs";

const MB = 1_000_000;
const KINDS = [
  { name: "firefox", kind: "firefox", level: "standard", onionsAreSecure: true, size: 20 * MB },
  { name: "chromium", kind: "chromium", level: "standard", onionsAreSecure: false, size: 20 * MB },
  // Without a compiler for JavaScript the arithmetic takes its time, so the file is smaller.
  { name: "firefox-safer", kind: "firefox", level: "safer", onionsAreSecure: false, size: Number(process.env.SAFER_SIZE ?? 2 * MB) },
];

/** A file with random bytes, whose name can be looked for. */
export async function evidence(stage, name, size) {
  const file = path.join(stage.folder, name);
  const content = randomBytes(size);
  await writeFile(file, content);
  return { file, digest: sha256(content) };
}

/** Every file below a folder, with its bytes. */
export async function bytesBelow(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries.filter((e) => e.isFile()).map((e) => path.join(e.parentPath ?? e.path, e.name));
  return Promise.all(files.map(async (file) => ({ file, bytes: await readFile(file) })));
}

export function register(here) {
  for (const { name, kind, level, onionsAreSecure, size } of KINDS) {
    test(`journey ${name}: file, leave, return, read, answer`, { timeout: 900_000 }, async (t) => {
      const { stage } = here;
      const story = `Halcyon trained above the threshold and told nobody (${name} ${Date.now()}).`;
      const papers = await evidence(stage, `evidence-${name}.bin`, size);
      const times = {};
      const timed = async (what, act) => {
        const began = Date.now();
        const got = await act();
        times[what] = Date.now() - began;
        return got;
      };
      const check = async (b, state) => {
        await b.picture(`${name}-${state}`);
        if (kind === "chromium") await accessible(b.page, `${name}, ${state}`);
      };

      const first = await Browser.open({ kind, level, onionsAreSecure, torPort: stage.visitor(1) });
      let words;
      try {
        Object.assign(times, await open(first, stage.origin, "/tip"));
        assert.equal(await first.page.evaluate(() => isSecureContext), onionsAreSecure, "a secure context only by the allow-list");
        assert.equal(await first.page.evaluate(() => typeof WebAssembly), level === "safer" ? "undefined" : "object");
        await check(first, "1-story");
        words = await begin(first, story, { onWords: () => check(first, "2-words"), wrongFirst: kind === "chromium" });
        await check(first, "3-files");
        await choose(first.page, papers.file);
        await until("the upload has begun", async () => (await progress(first.page)) > 0.1, 240);
        await first.picture(`${name}-4-uploading`);
        await timed("upload", () => uploaded(first.page, 600));
        await check(first, "5-uploaded");
        await toReview(first.page);
        await check(first, "6-review");
        await timed("send", async () => assert.equal(await send(first.page), null));
        await check(first, "7-done");
        await leave(first.page);
        await first.picture(`${name}-8-left`);
        await nothingKept(first.page);
        quiet(first, stage.origin);
        await first.close();
        for (const { file, bytes } of await bytesBelow(path.join(first.profile, "profile"))) {
          for (const secret of [story.slice(0, 40), words, `evidence-${name}`]) {
            assert.ok(!bytes.includes(secret) && !bytes.includes(Buffer.from(secret, "utf16le")), `${file} of the profile holds: ${secret}`);
          }
        }
      } finally {
        await first.forget();
      }

      const id = await stage.caseOf("anna", story);
      assert.deepEqual(await stage.filesOf("anna", id), { [`evidence-${name}.bin`]: papers.digest });
      const question = `Thank you. Which hall was it (${name})?`;
      await stage.officer("anna", "reply", id, question, "--kind", "acknowledgement");

      const second = await Browser.open({ kind, level, onionsAreSecure, torPort: stage.visitor(1) });
      try {
        await timed("return", () => comeBack(second, stage.origin, words, question));
        await check(second, "9-thread");
        const reply = `Hall 7 (${name}).`;
        assert.equal(await answer(second.page, reply), null);
        await check(second, "10-answered");
        await leave(second.page);
        await nothingKept(second.page);
        quiet(second, stage.origin);
        await stage.caseOf("anna", reply);
      } finally {
        await second.forget();
      }
      await writeFile(path.join(KEPT, `journey-${name}.json`), JSON.stringify({ name, level, onionsAreSecure, size, milliseconds: times }, null, 2));
      t.diagnostic(JSON.stringify(times));
    });
  }
}
