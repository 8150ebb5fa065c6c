// Begins the page: words, engine, charter, and then the part that the page is for.
import { load } from "./engine.js";
import { forget, listen } from "./leave.js";
import { send } from "./network.js";
import { at, explain, tell, trouble } from "./page.js";
import { Redeem } from "./redeem.js";
import { Return } from "./return.js";
import { Tip } from "./tip.js";
import { learn, say } from "./words.js";

async function begin() {
  const data = at("program");
  learn(data.content);
  listen();
  at("loading").hidden = false;
  let engine;
  try {
    engine = await load(data.dataset);
  } catch {
    throw { code: "engine" };
  }
  const door = new engine.Door(data.dataset.root, send);
  forget(() => door.free());
  const entered = JSON.parse(await door.enter(Math.floor(Date.now() / 1000)));
  if (data.dataset.page === "tip") {
    const bytes = new TextEncoder();
    const held = [...data.content.querySelectorAll("#packs > p")].map((p) => bytes.encode(p.textContent));
    const forms = JSON.parse(await door.forms(document.documentElement.lang, held));
    at("officers").textContent = entered.officers.join(", ");
    new Tip(engine, door, forms).begin();
  } else {
    new Return(engine, door).begin();
    new Redeem(door).begin();
  }
  at("loading").hidden = true;
  at("application").hidden = false;
  if (entered.clock_hours) tell(say("clock", { hours: entered.clock_hours }));
}

begin().catch((error) => {
  at("loading").hidden = true;
  trouble(error);
});
