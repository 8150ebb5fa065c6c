// Redeeming tokens as a stranger: no words, no tip.
import { forget } from "./leave.js";
import { at, busy, explain, flag, make, read, trouble } from "./page.js";
import { money, say } from "./words.js";

/** Fewer others than this hide a token badly. */
const SMALL = 20;
const FIELDS = ["payee", "iban", "bic", "country", "town", "reference"];

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
  }

  arrived({ door }) {
    this.door = door;
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
    const rows = JSON.parse(await this.door.crowd(this.file));
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
    for (const field of FIELDS) flag(field, null);
    const chosen = [...at("crowd").querySelectorAll("input:checked")].map((box) => Number(box.value));
    const value = (id) => at(id).value.trim();
    const payout = {
      payee: value("payee"),
      iban: value("iban").replaceAll(" ", ""),
      bic: value("bic") || null,
      country: value("country").toUpperCase(),
      town: value("town"),
      reference: value("reference"),
    };
    await busy(
      async () => {
        const now = Math.floor(Date.now() / 1000);
        await this.door.redeem(this.file, Uint32Array.from(chosen), JSON.stringify(payout), now);
        at("redeem-form").hidden = true;
        at("redeem-form").reset();
        at("redeemed").hidden = false;
        this.file = "";
      },
      (error) => {
        const said = read(error);
        if (said.code === "payout") flag(said.facts.field, explain(said));
        else trouble(error);
      },
    );
  }
}
