// Redeeming tokens as a stranger: no words, no tip.
import { forget } from "./leave.js";
import { at, busy, explain, flag, make, read, trouble } from "./page.js";
import { knows, money, say } from "./words.js";

/** Fewer others than this hide a token badly. */
const SMALL = 20;

/** What a field is called in the page. */
const id = (field) => `payout-${field.name}`;

/** A field of a rail, with its words, what helps to answer, and a place for what is wrong with it. */
function question(rail, field) {
  const words = `rail-${rail.id}-${field.name}`;
  const label = make("label", say(words), { for: id(field) });
  const input = make("input", "", { id: id(field), type: "text", autocomplete: "off" });
  // A code may be typed with spaces: its own length is checked once they are gone.
  if (field.kind === "code") input.spellcheck = false;
  else input.maxLength = field.max;
  input.defaultValue = knows(`${words}-preset`) ? say(`${words}-preset`) : (field.preset ?? "");
  const described = [`${id(field)}-error`];
  const line = make("p", "", { class: "field" });
  line.append(label);
  if (knows(`${words}-hint`)) {
    described.unshift(`${id(field)}-hint`);
    line.append(make("span", say(`${words}-hint`), { class: "hint", id: `${id(field)}-hint` }));
  }
  input.setAttribute("aria-describedby", described.join(" "));
  line.append(input, make("span", "", { class: "error", id: `${id(field)}-error` }));
  return line;
}

export class Redeem {
  /** `ready` gives the engine, as soon as it is there. */
  constructor(ready) {
    this.ready = ready;
    this.file = "";
    forget(() => {
      this.file = "";
    });
  }

  begin() {
    at("token-file").addEventListener("change", () => this.open());
    at("redeem-form").addEventListener("submit", (event) => this.send(event));
    at("rail").addEventListener("change", () => this.ask());
  }

  arrived({ client }) {
    this.client = client;
    this.rails = JSON.parse(client.rails());
    const choice = (rail) => make("option", say(`rail-${rail.id}`), { value: rail.id });
    at("rail").replaceChildren(...this.rails.map(choice));
    at("rail-field").hidden = this.rails.length < 2;
    this.ask();
  }

  /** The rail that is chosen. */
  rail() {
    return this.rails.find((rail) => rail.id === at("rail").value);
  }

  /** Shows what the chosen rail asks for. */
  ask() {
    const rail = this.rail();
    at("payout").replaceChildren(...rail.fields.map((field) => question(rail, field)));
  }

  async open() {
    flag("token-file", null);
    at("redeem-form").hidden = true;
    at("redeemed").hidden = true;
    const [file] = at("token-file").files;
    if (!file) return;
    await busy(
      async () => {
        await this.ready();
        this.file = file.size < 4 << 20 ? await file.text() : "";
        await this.show();
      },
      (error) => {
        const said = error instanceof DOMException ? { code: "not-tokens", facts: {} } : read(error);
        if (["not-tokens", "other-programme"].includes(said.code)) flag("token-file", explain(said));
        else trouble(error);
      },
    );
  }

  async show() {
    const rows = JSON.parse(await this.client.crowd(this.file));
    at("crowd").replaceChildren(
      ...rows.map((row, i) => {
        const line = make("tr");
        const choose = make("td");
        if (row.redeemed) choose.textContent = say("redeemed");
        else choose.append(make("input", "", { type: "checkbox", value: String(i), "aria-label": money(row.cents) }));
        const others = `${row.crowd}${row.crowd < SMALL ? ` (${say("small")})` : ""}`;
        line.append(choose, make("td", money(row.cents)), make("td", others));
        return line;
      }),
    );
    at("redeem-form").hidden = false;
  }

  async send(event) {
    event.preventDefault();
    const rail = this.rail();
    for (const field of rail.fields) flag(id(field), null);
    const chosen = [...at("crowd").querySelectorAll("input:checked")].map((box) => Number(box.value));
    const payout = Object.fromEntries(rail.fields.map((field) => [field.name, at(id(field)).value]));
    await busy(
      async () => {
        const now = Math.floor(Date.now() / 1000);
        await this.client.redeem(this.file, Uint32Array.from(chosen), rail.id, JSON.stringify(payout), now);
        at("redeem-form").hidden = true;
        at("redeem-form").reset();
        this.ask();
        at("redeemed").hidden = false;
        this.file = "";
      },
      (error) => {
        const said = read(error);
        const refused = rail.fields.find((field) => field.name === said.facts.field);
        if (said.code === "payout" && refused) flag(id(refused), explain(said));
        else trouble(error);
      },
    );
  }
}
