// From a claim to the payment file, with the page alone on the source's side: claim, agree, ask for tokens, collect
// them, and redeem one as a stranger.
import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import path from "node:path";
import { after, before, test } from "node:test";
import { atRest, Browser, begin, comeBack, fill, finish, press, sayYes, shown, text, usable } from "./browser.mjs";
import { Stage, until } from "./stage.mjs";

const IBAN = "DE89370400440532013000";

let stage;
before(async () => {
  stage = await Stage.open();
});
after(() => stage.close());

/** Takes a step. What moves money is shown first, and signed when its code comes back. */
async function act(person, id, ...step) {
  const answer = await stage.officer(person, "act", id, ...step);
  return answer.signed === false ? stage.officer(person, "act", id, ...step, "--sign", answer.code) : answer;
}

/** The second signature, under the decision as it is shown. */
async function confirm(person, id) {
  const { waiting } = await stage.officer(person, "show", id);
  return act(person, id, "confirm", String(waiting[0].entry));
}
const bounty = (person, command, ...words) => stage.subrosa("bounty", command, "--keystore", path.join(stage.folder, `${person}.key`), ...words);

/**
 * The officers' program visits the server until a step can be taken: what the source sent is there once its epoch has
 * closed.
 */
const once = (person, id, ...step) =>
  until(`${person}: ${step[0]}`, async () => {
    await stage.officer(person, "inbox");
    return act(person, id, ...step);
  });

/** A new visit with the words; reads, and destroys what was read. */
async function visit(page, words, expected) {
  await until(`the source reads: ${expected}`, async () => {
    await page.reload();
    await usable(page);
    await comeBack(page, words);
    return (await text(page, "#messages")).includes(expected);
  });
  await press(page, "#burn");
  await sayYes(page);
  await page.waitForFunction(() => document.querySelector("#messages").children.length === 0);
  await atRest(page);
}

/** Presses a button that sends something, says yes if it asks, and waits for the page's word that it was sent. */
async function tell(page, selector, said) {
  const asks = await page.$eval(selector, (button) => Boolean(button.dataset.sure));
  await press(page, selector);
  if (asks) await sayYes(page);
  await page.waitForFunction((words) => document.querySelector("#said").textContent.startsWith(words), {}, said);
  await atRest(page);
}

test("an award, from the claim to the payment, through the page", { timeout: 2_400_000 }, async () => {
  const story = "They trained above the threshold, and were paid for it.";
  const files = ["scheduler.csv", "invoice.csv"].map((name) => path.join(stage.folder, name));
  for (const file of files) writeFileSync(file, `what ${path.basename(file)} says\n`);
  const source = await Browser.open(stage.url);
  try {
    let page = await source.page("/tip");
    const words = await begin(page, { story });
    await (await page.$("#files")).uploadFile(...files);
    await page.waitForFunction(() => [...document.querySelectorAll("#files-list progress")].filter((p) => p.value === 1).length === 2);
    await finish(page);

    const id = await stage.caseOf("anna", story);
    await stage.officer("anna", "reply", id, "Thank you.", "--kind", "acknowledgement");
    for (const person of ["anna", "boris", "chiara"]) {
      await stage.officer(person, "inbox");
      await act(person, id, "declare");
    }
    await act("anna", id, "open-triage");
    await act("anna", id, "triage", "--pack", "compute-thresholds", "--class", "unnotified-run", "--jurisdiction", "DE", "--severity", "4");
    await act("anna", id, "risk", "--guessable", "2", "--power", "3", "--threatened", "0", "--dependence", "1", "--few-knew", "2");
    await act("anna", id, "accept");
    await confirm("boris", id);
    await act("anna", id, "check", "--on", "2026-03-01", "--input", "chips=16384", "--input", "peak=989.4", "--input", "utilisation=40", "--input", "duration=54");
    await act("chiara", id, "investigate");
    await act("chiara", id, "evidence", "--file", "scheduler.csv", "--origin", "the source");
    await act("chiara", id, "evidence", "--file", "invoice.csv", "--origin", "the supplier");
    await act("chiara", id, "accused", "--heard", "waiver", "--words", "Asking would show who reported.");

    // The source allows a referral, with a question before it is sent.
    page = await source.page("/return");
    await visit(page, words, "It was taken on.");
    await tell(page, "#consent", "Sent.");
    await until("the consent is in the thread", async () => {
      await stage.officer("chiara", "inbox");
      const { thread } = await stage.officer("chiara", "show", id);
      return thread.some((message) => message.code === "consent-to-referral");
    });
    await act("anna", id, "substantiate", "The run exceeded the threshold.");
    await confirm("boris", id);
    await act("anna", id, "open-claim", "Award notice 1 of 2026");

    await visit(page, words, "You can claim a reward.");
    await source.picture(page, "a1-claim");
    await tell(page, "#claim", "Sent.");
    for (const person of ["dana", "emil"]) await bounty(person, "fund", "5000000", "--reference", "Council decision 1/2026", "--yes");
    const eligible = ["--official", "no", "--programme-staff", "no", "--compliance-too-early", "no", "--knowingly-false", "no"];
    await once("anna", id, "file-claim", ...eligible, "--review", "not-needed");
    await act("anna", id, "propose-award", "--sanction", "1100000", "--down", "3");

    await visit(page, words, "€137,500.00");
    assert.match(await text(page, "#state"), /A reward was proposed/);
    await fill(page, "#amount", "many");
    await press(page, "#accept-form button[type=submit]");
    await page.waitForFunction(() => document.querySelector("#amount-error").textContent !== "");
    // Two readings, or another language's marks: nothing is asked, nothing is sent.
    for (const [typed, said] of [["137500,00", /cannot be read as an amount/], ["137,500", /137500 or as 137\.5/], ["$137500.00", /another currency/]]) {
      await fill(page, "#amount", typed);
      await press(page, "#accept-form button[type=submit]");
      await page.waitForFunction((words) => new RegExp(words).test(document.querySelector("#amount-error").textContent), {}, said.source);
      assert.equal(await page.$("dialog"), null);
    }
    await fill(page, "#amount", "137,500.00");
    await press(page, "#accept-form button[type=submit]");
    await page.waitForSelector("dialog");
    assert.match(await text(page, "dialog p"), /EUR\s137,500\.00 \(137,500\.00 euros\)/);
    await tell(page, "dialog button:last-of-type", "Sent.");
    await once("anna", id, "finalize");
    await confirm("boris", id);

    await visit(page, words, "The reward is final.");
    assert.match(await text(page, "#award-amount"), /137,500/);
    await source.picture(page, "a2-award");
    await tell(page, "#request", "Asked for.");
    // Announced, and not yet an award: no adjudicator has ordered it.
    await press(page, "#collect");
    await page.waitForFunction(() => document.querySelector("#signed").textContent !== "");
    assert.match(await text(page, "#signed"), /^0 administrators.*Nothing public says yet/);
    await once("anna", id, "sign-order");
    await act("boris", id, "sign-order");
    await act("anna", id, "deliver");
    for (const person of ["dana", "emil", "farah"]) {
      const order = await until(`${person}'s order`, async () => (await bounty(person, "inbox")).orders[0]);
      await bounty(person, "sign", order.award, "--yes");
    }

    // Collected on a new visit: the file is all that a stranger will need.
    await source.browser.target().createCDPSession().then((s) => s.send("Browser.setDownloadBehavior", { behavior: "allow", downloadPath: stage.folder }));
    await until("the tokens are ready", async () => {
      await page.reload();
      await usable(page);
      await comeBack(page, words);
      await press(page, "#collect");
      await page.waitForFunction(() => document.querySelector("#signed").textContent !== "");
      return page.$eval("#tokens-part", (e) => !e.hidden);
    });
    assert.match(await text(page, "#signed"), /^3 administrators/);
    await press(page, "#tokens");
    await source.picture(page, "a3-tokens");
    await until("the token file is saved", () => existsSync(path.join(stage.folder, "tokens.txt")));
    assert.deepEqual(source.strangers, []);
    assert.deepEqual(source.troubles, []);
  } finally {
    await source.close();
  }

  // Another browser, another day: no words, no tip.
  const stranger = await Browser.open(stage.url);
  try {
    const page = await stranger.page("/return#redeem");
    const whole = readFileSync(path.join(stage.folder, "tokens.txt"), "utf8").trimEnd();
    const broken = path.join(stage.folder, "broken.txt");
    for (const wrong of ["a shopping list\n", whole.slice(0, -7), whole.replace(/..$/, (end) => (end === "AA" ? "BB" : "AA"))]) {
      writeFileSync(broken, wrong);
      await (await page.$("#token-file")).uploadFile(broken);
      await page.waitForFunction(() => document.querySelector("#token-file-error").textContent !== "");
      assert.ok(await page.$eval("#redeem-form", (e) => e.hidden), "nothing is offered for redemption");
    }
    await (await page.$("#token-file")).uploadFile(path.join(stage.folder, "tokens.txt"));
    await shown(page, "#redeem-form");
    const rows = await page.$$eval("#crowd tr", (all) => all.map((row) => row.textContent));
    assert.ok(rows.length > 1 && rows.every((row) => /\d/.test(row)), `each value with how many share it: ${rows}`);
    await atRest(page);
    await page.$eval("#crowd input", (box) => box.click());
    for (const [field, value] of Object.entries({ payee: "Kanzlei Muster, Anderkonto", iban: "DE00370400440532013000", country: "DE", town: "Köln" })) {
      await fill(page, `#payout-${field}`, value);
    }
    // What a bank would refuse is told beside its field, before anything is sent.
    for (const [field, right] of [["town", "Koeln"], ["iban", IBAN]]) {
      await press(page, "#redeem-form button[type=submit]");
      await page.waitForFunction((id) => document.querySelector(`#payout-${id}-error`).textContent !== "", {}, field);
      if (field === "iban") await stranger.picture(page, "a4-bank-error");
      await fill(page, `#payout-${field}`, right);
    }
    await press(page, "#redeem-form button[type=submit]");
    await shown(page, "#redeemed");
    await stranger.picture(page, "a5-redeemed");
    assert.deepEqual(stranger.strangers, []);
    assert.deepEqual(stranger.troubles, []);
  } finally {
    await stranger.close();
  }

  const out = path.join(stage.folder, "payment.xml");
  let written = null;
  for (const step of ["verify", "pay"]) {
    for (const person of ["dana", "emil"]) {
      const redemption = await until(`${person}'s redemption`, async () => (await bounty(person, "inbox")).redemptions[0]);
      const bank = ["--debtor-name", "Pilot Programme", "--debtor-iban", "NL91ABNA0417164300", "--debtor-bic", "ABNANL2A", "--out", out];
      const done = await bounty(person, step, redemption.redemption, "--yes", ...(step === "pay" ? bank : []));
      written = done.file ?? written;
    }
  }
  assert.ok(written, "the second release writes the payment file");
  assert.ok(readFileSync(out, "utf8").includes(IBAN));
  const audit = await until("a clean audit", async () => {
    const audit = await stage.subrosa("audit");
    return audit.clean && audit.redeemed_cents > 0 ? audit : null;
  });
  assert.equal(audit.issued_cents, 13_750_000);
  assert.equal(audit.issued_cents, audit.redeemed_cents + audit.outstanding_cents);
});
