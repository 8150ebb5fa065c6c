// A whole case at three consoles: receive, acknowledge, declare, check, accept by two, investigate, ask and hear the
// source, evidence, substantiate by two, claim, award by formula, contest, panel, final. Guards are tried from the
// wrong side on the way. Pictures: target/e2e/desk.
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { browser, check, Officer, pictures, Source, stage } from "./people.mjs";

const place = await stage();
const chromium = await browser();
try {
  const log = join(place.folder, "scheduler.csv");
  writeFileSync(log, "day,chips,hours\n2026-03-01,16384,24\n");
  const source = new Source(place, "source");
  await source.file([
    "--story", "They ran 16384 accelerators for 54 days in hall B and told nobody about it.",
    "--regime", "compute-thresholds", "--class", "unnotified-run",
    "--answer", "chips=16384", "--answer", "duration=54", "--file", log,
  ]);

  const [anna, boris, chiara] = await Promise.all([
    Officer.arrive(chromium, "anna", place.desks.anna),
    Officer.arrive(chromium, "boris", place.desks.boris, { language: "de" }),
    // Chiara has a telephone's width, and her browser runs no scripts.
    Officer.arrive(chromium, "chiara", place.desks.chiara, { width: 400, javaScriptEnabled: false }),
  ]);
  await anna.look("locked");
  await anna.page.fill("#password", "wrong");
  check("a wrong password opens nothing", (await anna.send("main button")) === 403);
  for (const o of [anna, boris, chiara]) await o.open();
  const used = await (await chromium.newContext()).request.get(place.desks.anna);
  check("an address works once", used.status() === 403);
  await place.listed();
  for (const o of [anna, boris, chiara]) await o.fetch();
  await anna.look("queue");
  await boris.look("queue");
  await chiara.look("queue");
  const id = (await anna.page.locator("li.case input").first().getAttribute("value")) ?? "";
  check("the tip is in the queue of all three", id.length === 64 && (await boris.page.locator(`input[value="${id}"]`).count()) === 1 && (await chiara.page.locator(`input[value="${id}"]`).count()) === 1);
  await anna.case_(id);
  await anna.look("case");
  await anna.case_(id, "/thread");
  await anna.look("thread");

  // Received → Triage: acknowledged and declared first.
  check("triage before the acknowledgement is refused", (await anna.act(id, "open-triage")) === 409 && (await anna.rule()).includes("not-acknowledged"));
  check("acknowledged", (await anna.act(id, "acknowledge", {}, { look: true })) === 200);
  check("triage without a declaration is refused", (await anna.act(id, "open-triage")) === 409 && (await anna.rule()).includes("declaration-missing"));
  check("declared", (await anna.act(id, "declare", {}, { look: true })) === 200);
  check("named", (await anna.act(id, "name", { entity: "Meridian Compute", kind: "organisation" })) === 200);
  check("a new name asks again", (await anna.act(id, "open-triage")) === 409 && (await anna.rule()).includes("declaration-stale"));
  for (const o of [anna, boris, chiara]) {
    await o.fetch();
    check(`${o.name} declares`, (await o.act(id, "declare")) === 200);
  }
  await anna.visit(`/case/${id}/act/bring`);
  const colleague = await anna.page.locator("input[name=colleague]").first().getAttribute("value");
  check("a colleague is sent the keys again", (await anna.act(id, "bring", { colleague }, { look: true })) === 200 && anna.page.url().includes("/people"));
  await boris.visit(`/case/${id}/act/bring`);
  await boris.look("bring-form");
  check("triage begins", (await anna.act(id, "open-triage")) === 200);
  check("accepting too early is refused", (await anna.act(id, "accept")) === 409 && (await anna.rule()).includes("not-triaged"));
  check("triage needs a jurisdiction", (await anna.act(id, "triage", { jurisdiction: "Europe" })) === 422);
  await anna.look("form-problem");
  check("triage is set", (await anna.act(id, "triage", { class: "compute-thresholds/unnotified-run", jurisdiction: "EU", severity: "4" }, { look: true })) === 200);
  check("the risk is assessed", (await anna.act(id, "risk", { guessable: "2", power: "3", threatened: "0", dependence: "1", "few-knew": "2" }, { look: true })) === 200);
  check("the case is accepted by one", (await anna.act(id, "accept")) === 200);
  check("nobody signs twice", (await anna.confirm(id)) === 0 && (await anna.rule()).includes("same-person"));
  await anna.look("waiting");
  await boris.fetch();
  await boris.visit("/sign");
  await boris.look("to-sign");
  check("and by a second", (await boris.confirm(id, { look: true })) === 200 && (await boris.state(id)) === "angenommen");

  // The check, and the investigation by somebody else.
  await chiara.fetch();
  check("investigating without a check is refused", (await chiara.act(id, "investigate")) === 409 && (await chiara.rule()).includes("no-machine-check"));
  await anna.fetch();
  const run = { "in-peak": "989.4", "in-utilisation": "40", "in-parameters": "405e9", "in-tokens": "15.6e12", on: "2026-03-01" };
  check("a check with words for numbers is refused", (await anna.act(id, "check", { ...run, "in-peak": "many" })) === 422);
  check("the check runs", (await anna.act(id, "check", run, { look: true })) === 200);
  await anna.look("checks");
  check("its arithmetic is shown", (await anna.page.locator("main").innerText()).includes("3.0252e25 FLOP"));
  check("a triager does not investigate", (await anna.act(id, "investigate")) === 409);
  await chiara.fetch();
  check("the investigation begins", (await chiara.act(id, "investigate")) === 200);

  // Question and answer, with the leak check between.
  const quoting = "You say that they ran 16384 accelerators for 54 days in hall B. Who decided it?";
  await chiara.visit(`/case/${id}/act/ask`);
  await chiara.page.fill("[name=text]", quoting);
  await chiara.send("main form.card .buttons button");
  check("a quotation is pointed at", (await chiara.page.locator("main").innerText()).includes("they ran 16384 accelerators"));
  await chiara.look("leak");
  check("and stops until it is answered", (await chiara.send("main form.card .buttons button")) === 422);
  check("another wording goes", (await chiara.act(id, "ask", { text: "In which month did it begin, and who decided?" }, { look: true })) === 200);
  check("the case waits for the source", (await chiara.state(id)).length > 0);
  await place.listed();
  const inbox = JSON.stringify(await source.run(["inbox", "--burn"]));
  check("the source reads the question", inbox.includes("In which month did it begin"));
  await source.run(["reply", "In March. The head of hall B did."]);
  await place.listed();
  await chiara.fetch();
  await chiara.case_(id, "/thread");
  await chiara.look("thread-answered");
  check("the answer is in the thread", (await chiara.page.locator("ol.thread").innerText()).includes("The head of hall B did"));
  check("the case goes on", (await chiara.state(id)) === "under investigation");

  // Evidence: two origins, and a derived copy that adds none.
  check("findings without evidence are refused", await refusedFinding(anna, "evidence-too-thin"));
  const file = await fileDigest(chiara);
  check("a file of the thread is taken in", (await chiara.act(id, "evidence", { file, origin: "the source", readers: "6" })) === 200);
  const items = await chiara.page.locator("section[id^=e]").evaluateAll((all) => all.map((s) => s.id.slice(1)).filter((n) => /^\d+$/.test(n)));
  await anna.fetch();
  await anna.visit(`/case/${id}/file/${file}`);
  check("the file is shown, not run", (await anna.page.locator("pre.verbatim").innerText()).includes("2026-03-01,16384,24"));
  await anna.look("file");
  const original = `${anna.base}/case/${id}/file/${file}/original`;
  const saved = await anna.context.request.get(original, { headers: { "sec-fetch-site": "same-origin" }, maxRetries: 3 });
  check("the original is saved and never shown", saved.headers()["content-disposition"].startsWith("attachment") && saved.headers()["content-type"] === "application/octet-stream");
  check("a copy without marks is derived by the desk", (await anna.send("form[action$='/copy'] button")) === 200 && (await anna.page.locator("a[href$='/copied']").count()) === 1);
  check("a sanitised copy is derived", (await chiara.act(id, "evidence", { name: "scheduler, retold", sha256: "ab".repeat(32), size: "120", origin: "the source", derived: items[0] })) === 200);
  check("a derived copy is no second origin", await refusedFinding(anna, "evidence-too-thin"));
  check("a bill from elsewhere is taken in", (await chiara.act(id, "evidence", { name: "power bill", sha256: "cd".repeat(32), size: "2048", media: "application/pdf", origin: "the power company" })) === 200);
  check("it is verified", (await chiara.act(id, "handle", { item: items[0], how: "verified" })) === 200);
  await chiara.look("evidence");
  // Passing it on needs the source's word.
  const packet = "ab".repeat(32);
  check("a referral without consent is refused", (await chiara.act(id, "refer", { authority: "AI Office", packet })) === 409 && (await chiara.rule()).includes("no-consent"));
  await source.run(["consent"]);
  await place.listed();
  await chiara.fetch();
  check("with it, one signs", (await chiara.act(id, "refer", { authority: "AI Office", packet }, { look: true })) === 200);
  await anna.fetch();
  check("and a second", (await anna.confirm(id)) === 200 && (await anna.state(id)) === "referred");
  await chiara.fetch();
  check("findings before the accused is heard are refused", await refusedFinding(anna, "accused-not-heard"));
  check("the accused is not asked", (await chiara.act(id, "accused", { heard: "waiver", words: "Asking now would show who reported." })) === 200);
  await anna.fetch();
  check("one adjudicator finds it shown", (await anna.act(id, "substantiate", { findings: "The run took place and was not notified." }, { look: true })) === 200);
  await boris.fetch();
  check("and a second", (await boris.confirm(id)) === 200 && (await boris.state(id)) === "bestätigt");

  // Claim and award.
  await anna.fetch();
  check("the time for claims opens", (await anna.act(id, "open-claim", { notice: "A finding about an unnotified training run was made." })) === 200);
  check("an award without a claim is refused", (await anna.act(id, "propose-award", { sanction: "1400000" })) === 409 && (await anna.rule()).includes("claim-missing"));
  await place.listed();
  await source.run(["inbox", "--burn"]);
  await source.run(["claim"]);
  const dana = await Officer.arrive(chromium, "dana", place.desks.dana);
  const emil = await Officer.arrive(chromium, "emil", place.desks.emil, { language: "de" });
  for (const a of [dana, emil]) {
    await a.open();
    await a.fetch();
    check(`${a.name} states the budget`, (await a.deed("fund", { money: a === emil ? "5.000.000,00" : "5,000,000.00", decision: "Council decision 1/2026" }, { look: true })) === 200);
  }
  await place.listed();
  await anna.fetch();
  check("the claim is filed", (await anna.act(id, "file-claim", { official: "no", "programme-staff": "no", "compliance-too-early": "no", "knowingly-false": "no", review: "not-needed" }, { look: true })) === 200);
  await chiara.fetch();
  check("whoever investigated does not propose", (await chiara.act(id, "propose-award", { sanction: "1400000" })) === 409 && (await chiara.rule()).includes("separation-of-duties"));
  check("the award is proposed", (await anna.act(id, "propose-award", { sanction: "1400000", down: "1" }, { look: true })) === 200);
  check("it is what the formula gives", (await anna.page.locator("main").innerText()).includes("€245,000.00"));
  await anna.look("award");
  check("it is not final while it can be contested", (await anna.act(id, "finalize")) === 409 && (await anna.rule()).includes("award-open"));
  await place.listed();
  await source.run(["inbox", "--burn"]);
  await source.run(["contest"]);
  await place.listed();
  for (const o of [anna, boris, chiara]) await o.fetch();
  check("the source contests", (await anna.state(id)) === "contested");
  check("the proposer is not on the panel", (await anna.act(id, "panel", { sanction: "1400000", down: "0", reasons: "x" })) === 409 && (await anna.rule()).includes("panel-includes-proposer"));
  check("the panel decides, first", (await boris.act(id, "panel", { sanction: "1400000", down: "0", reasons: "Der mindernde Umstand liegt nicht vor." }, { look: true })) === 200);
  await chiara.fetch();
  check("and second", (await chiara.confirm(id, { look: true })) === 200 && (await chiara.state(id)) === "award proposed");
  await anna.fetch();
  check("the award is made final by one", (await anna.act(id, "finalize", {}, { look: true })) === 200);
  await boris.fetch();
  check("and by a second", (await boris.confirm(id)) === 200 && (await boris.state(id)) === "Belohnung endgültig");
  await anna.fetch();
  await anna.case_(id, "/award");
  check("at 420,000 euros", (await anna.page.locator("main").innerText()).includes("€420,000.00"));
  await anna.look("award-final");

  // From the award to its tokens, and back into the case.
  await place.listed();
  await source.run(["inbox", "--burn"]);
  await source.run(["request-tokens"]);
  await place.listed();
  for (const o of [anna, boris]) {
    await o.fetch();
    check(`${o.name} signs the order`, (await o.act(id, "sign-order")) === 200);
  }
  check("nobody signs it twice", (await boris.act(id, "sign-order")) === 409 && (await boris.rule()).includes("already-signed"));
  await anna.fetch();
  check("the order is handed over", (await anna.act(id, "deliver")) === 200);
  check("it is not paid before the tokens are issued", (await anna.act(id, "paid")) === 409 && (await anna.rule()).includes("not-issued"));
  await place.listed();
  // Two state a movement; every token is signed by all three.
  const farah = await Officer.arrive(chromium, "farah", place.desks.farah);
  await farah.open();
  for (const a of [dana, emil, farah]) {
    await a.fetch();
    if (a === farah) {
      await anna.fetch();
      check("it is not paid while one has not signed", (await anna.act(id, "paid")) === 409 && (await anna.rule()).includes("not-issued"));
    }
    check(`${a.name} signs the tokens`, (await a.deed("sign", {}, { look: a === dana })) === 200);
  }
  await dana.visit("/");
  await dana.look("treasury");
  await emil.look("treasury");
  await place.listed();
  await anna.fetch();
  check("the case is paid", (await anna.act(id, "paid")) === 200 && (await anna.state(id)) === "paid");

  for (const room of ["", "/people", "/journal"]) {
    for (const o of [anna, boris, chiara]) {
      await o.fetch();
      await o.case_(id, room);
      await o.look(`end${room.replace("/", "-")}`);
    }
  }

  // What protects the source, at both widths and in both languages.
  check("the diary takes an entry with its receipt", (await anna.act(id, "detriment", { day: "2026-11-02", what: "Moved to the night shift." }, { look: true })) === 200);
  await boris.fetch();
  check("what was told outside is recorded", (await boris.act(id, "disclose", { "told-to": "Arbeitsschutzbehörde", "told-what": "Eine Versetzung", ground: "Einwilligung vom 3. November" }, { look: true })) === 200);
  await chiara.fetch();
  check("the source's position too", (await chiara.act(id, "position", { position: "insider" }, { look: true })) === 200);
  for (const o of [anna, boris, chiara]) {
    await o.fetch();
    await o.case_(id, "/people");
    await o.look("people-protected");
    await o.visit(`/case/${id}/dossier`);
    await o.look("dossier");
  }
  await anna.visit(`/case/${id}/dossier`);
  await anna.page.fill("[name=recipients]", "age1nobody");
  await anna.page.fill("[name=account]", "A run was not notified.");
  check("a dossier for nobody is refused", (await anna.send("main form.card .buttons button")) === 422);
  await anna.look("dossier-problem");
  // Published with the format: https://age-encryption.org/v1, the example recipient of the age project's own
  // documentation.
  await anna.page.fill("[name=recipients]", "age1ql3z7hjy54pw3hyww5ayyfg7zqgvc7w3j2elw8zmrj2kg5sfn9aqmcac8p");
  const [bundle] = await Promise.all([anna.page.waitForEvent("download"), anna.page.click("main form.card .buttons button")]);
  check("the dossier is saved, sealed", bundle.suggestedFilename().endsWith(".age") && readFileSync(await bundle.path()).toString("latin1").startsWith("age-encryption.org/v1"));

  // A legal hold by two, and a case that somebody leaves.
  check("a legal hold is begun by one", (await anna.act(id, "hold", { reason: "The court asked for the file." })) === 200);
  await boris.fetch();
  check("and by a second", (await boris.confirm(id)) === 200);
  await anna.fetch();
  check("a case on hold is not purged", (await anna.act(id, "purge")) === 409 && (await anna.rule()).includes("legal-hold"));
  await chiara.fetch();
  check("Chiara leaves the case", (await chiara.act(id, "recuse", { reason: "A cousin works there." }, { look: true })) === 200);
  check("and writes nothing more in it", (await chiara.act(id, "note", { note: "x", visibility: "team" })) === 409 && (await chiara.rule()).includes("recused"));
  await anna.fetch();
  check("colleagues go on under a new key", (await anna.act(id, "note", { note: "Only for those who stayed.", visibility: "team" })) === 200);
  await chiara.fetch();
  await chiara.case_(id, "/journal");
  check("which hers does not open", !(await chiara.page.locator("main").innerText()).includes("Only for those who stayed."));
  await chiara.look("left");

  // Another tip: more time by two, closed by two, opened again by two on new words of the source.
  const other = new Source(place, "other");
  await other.file(["--story", "Somebody at the registry sells passports for chips."]);
  await place.listed();
  await anna.fetch();
  const ids = await anna.page.locator("li.case input").evaluateAll((all) => all.map((i) => i.value));
  const next = ids.find((i) => i !== id);
  check("the second tip is in the queue", next !== undefined);
  check("it is acknowledged", (await anna.act(next, "acknowledge")) === 200);
  check("declared", (await anna.act(next, "declare")) === 200);
  check("in triage", (await anna.act(next, "open-triage")) === 200);
  check("more time is asked for by one", (await anna.act(next, "extend", { reason: "The registry answers in May." }, { look: true })) === 200);
  await boris.fetch();
  check("declared by a second", (await boris.act(next, "declare")) === 200);
  check("who gives it", (await boris.confirm(next, { look: true })) === 200);
  await anna.fetch();
  check("it is closed by one", (await anna.act(next, "close", { close: "informative" }, { look: true })) === 200);
  await boris.fetch();
  check("and by a second", (await boris.confirm(next)) === 200 && (await boris.state(next)) === "geschlossen");
  await anna.fetch();
  check("what was closed is kept for its time", (await anna.act(next, "purge")) === 409 && (await anna.rule()).includes("retention-running"));
  check("and not opened again for nothing", (await anna.act(next, "reopen", { reason: "x" })) === 409 && (await anna.rule()).includes("no-new-evidence"));
  await place.listed();
  check("the source reads that it is closed", JSON.stringify(await other.run(["inbox", "--burn"])).includes('"state":"closed"'));
  await other.run(["reply", "I have found the ledger of the sales."]);
  await other.run(["reopen"]);
  await place.listed();
  await anna.fetch();
  await anna.case_(next, "/thread");
  await anna.look("wish");
  check("the source's wish counts", (await anna.act(next, "reopen", { reason: "The source has found a ledger." }, { look: true })) === 200);
  await boris.fetch();
  check("for two", (await boris.confirm(next)) === 200 && (await boris.state(next)) === "in Vorprüfung");
  await boris.look("reopened");

  // The rest of the desk.
  check("a note", (await anna.act(id, "note", { note: "Ask the registry again in May.", visibility: "team" })) === 200);
  check("a tag", (await anna.act(id, "tag", { tag: "hall-b" })) === 200);
  await anna.visit("/search?q=registry");
  check("the search finds the note", (await anna.page.locator("main").innerText()).includes("registry again"));
  await anna.look("search");
  await anna.visit("/?tag=hall-b");
  await anna.page.fill("[name=name]", "Hall B");
  check("a view is kept", (await anna.send("form[action$='/view'] button")) === 200 && (await anna.page.locator(".views").innerText()).includes("Hall B"));
  await anna.look("queue-view");
  await anna.page.check("li.case input");
  await anna.page.check("input[name=bulk][value=take]");
  check("several at once", (await anna.send("fieldset.bulk button")) === 200);
  await anna.look("bulk");
  for (const o of [anna, boris, chiara]) {
    for (const room of ["numbers", "readings", "keys", "waiting"]) {
      await o.visit(`/${room}`);
      await o.look(room);
    }
  }
  await anna.visit("/");
  await anna.page.keyboard.press("?");
  await anna.page.waitForSelector("dialog[open]");
  await anna.look("overlay", { full: false });
  await anna.page.keyboard.press("Escape");
  await anna.page.waitForSelector("dialog[open]", { state: "hidden" });
  await anna.page.keyboard.press("j");
  check("j goes to the first case", await anna.page.evaluate(() => document.activeElement.matches("a.case-link")));

  // What is typed is kept: by a draft, and across a lock.
  await anna.visit(`/case/${id}/act/note`);
  const kept = anna.page.waitForResponse((r) => r.url().endsWith("/draft") && r.status() === 204);
  await anna.page.fill("[name=note]", "half a thought");
  await kept;
  await anna.visit(`/case/${id}/act/note`);
  check("a draft is kept", (await anna.page.inputValue("[name=note]")) === "half a thought");
  const second = await anna.context.newPage();
  // This page does not hear yet that the desk has locked, or it would leave before anything is sent.
  const unheard = [];
  await second.route("**/state", (route) => unheard.push(route));
  await second.goto(`${anna.base}/case/${id}/act/note`);
  await second.fill("[name=note]", "a whole thought");
  await anna.send("form[action$='/lock'] button");
  await anna.look("locked");
  check("a locked desk shows nothing", !(await anna.page.locator("body").innerText()).includes("hall-b"));
  anna.page = second;
  await anna.send("main form.card .buttons button");
  await second.unroute("**/state");
  check("what is sent to a locked desk asks for the password", await second.locator("#password").count());
  await anna.open();
  check("and comes back", (await second.inputValue("[name=note]")) === "a whole thought");

  for (const o of [anna, boris, chiara, dana, emil, farah]) {
    for (const fault of o.faults) console.log(`axe: ${fault}`);
    check(`axe has nothing against ${o.name}'s pages`, o.faults.length === 0);
    const strange = o.strange.filter((s) => !/status of (4\d\d|502)/.test(s));
    check(`${o.name}'s browser asked nobody else and ran into nothing`, strange.length === 0 || console.log(strange));
  }
  console.log(`pictures: ${pictures}`);

  async function refusedFinding(officer, rule) {
    await officer.fetch();
    const status = await officer.act(id, "substantiate", { findings: "The run took place." });
    return status === 409 && (await officer.rule()).includes(rule);
  }

  async function fileDigest(officer) {
    await officer.visit(`/case/${id}/act/evidence`);
    return officer.page.locator("select[name=file] option").nth(1).getAttribute("value");
  }
} finally {
  await chromium.close();
  place.end();
}
