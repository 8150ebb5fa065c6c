// Begins the page: words and form at once, then the engine and the charter, without which nothing goes any further.
import { load } from "./engine.js";
import { forget, listen } from "./leave.js";
import { send } from "./network.js";
import { at, trouble } from "./page.js";
import { once } from "./ready.js";
import { Redeem } from "./redeem.js";
import { Return } from "./return.js";
import { Tip } from "./tip.js";
import { learn, say } from "./words.js";

const data = at("program");
learn(data.content);
listen();
let client = null;
forget(() => client?.free());

/** The engine, once the charter was verified with it; for a tip, also the forms that the charter commits to. */
const bring = async () => {
  const engine = await load(data.dataset);
  client ??= new engine.Client(data.dataset.root, send);
  client.write_numbers_like(say("number-sample"));
  const entered = JSON.parse(await client.enter(Math.floor(Date.now() / 1000)));
  if (entered.clock_hours) {
    at("clock").textContent = say("clock", { hours: entered.clock_hours });
    at("clock").hidden = false;
  }
  const got = { engine, client, officers: entered.officers };
  if (data.dataset.page === "tip") {
    const bytes = new TextEncoder();
    const held = [...data.content.querySelectorAll("#packs > p")].map((p) => bytes.encode(p.textContent));
    got.forms = JSON.parse(await client.forms(document.documentElement.lang, held));
  }
  for (const part of parts) part.arrived(got);
  return got;
};
const ready = once(bring, (on) => {
  at("loading").hidden = !on;
});

const parts = data.dataset.page === "tip" ? [new Tip(ready)] : [new Return(ready), new Redeem(ready)];
for (const part of parts) part.begin();
at("application").hidden = false;
// What is typed meanwhile stays; the next step asks for the engine again.
ready().catch(trouble);
