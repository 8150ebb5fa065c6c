// Coming back: reading, burning, answering, and the reward.
import { Files } from "./files.js";
import { forget } from "./leave.js";
import { at, busy, explain, flag, make, read, save, sure, tell, trouble } from "./page.js";
import { day, inFull, knows, money, say, size, written } from "./words.js";

const WORDS_WRONG = ["word-count", "unknown-word", "checksum", "nothing-found"];

export class Return {
  /** `ready` gives the engine, as soon as it is there. */
  constructor(ready) {
    this.ready = ready;
    this.files = new Files();
    this.files.resumed = true;
    this.tokens = "";
    forget(() => {
      this.tokens = "";
    });
  }

  begin() {
    at("enter-form").addEventListener("submit", (event) => this.enter(event));
    at("burn").addEventListener("click", () => this.burn());
    at("reply-form").addEventListener("submit", (event) => this.reply(event));
    at("claim").addEventListener("click", () => this.state("claim"));
    at("contest").addEventListener("click", () => this.state("contest"));
    for (const act of ["withdraw", "consent", "reopen"]) at(act).addEventListener("click", () => this.state(act));
    at("accept-form").addEventListener("submit", (event) => this.accept(event));
    at("request").addEventListener("click", () => this.request());
    at("collect").addEventListener("click", () => this.collect());
    at("tokens").addEventListener("click", () => save("tokens.txt", [this.tokens]));
    window.onbeforeunload = () => (at("reply").value.trim() || this.files.rows.length ? "" : undefined);
  }

  arrived({ engine, client }) {
    this.client = client;
    this.files.arrived(engine, client);
  }

  async enter(event) {
    event.preventDefault();
    flag("words-typed", null);
    await busy(
      async () => {
        await this.ready();
        await this.client.come_back(at("words-typed").value);
        at("words-typed").value = "";
        at("enter").hidden = true;
        at("inside").hidden = false;
        this.showStatus();
        await this.read();
        at("status-title").focus();
      },
      (error) => {
        const said = read(error);
        if (WORDS_WRONG.includes(said.code)) flag("words-typed", explain(said));
        else trouble(error);
      },
    );
  }

  showStatus() {
    const status = JSON.parse(this.client.status());
    const key = `state-${status.state ?? "received"}`;
    at("state").textContent = knows(key) ? say(key) : say("state-other", { name: status.state });
    const clocks = [];
    if (status.filed) clocks.push(say("filed-on", { date: day(status.filed) }));
    if (status.acknowledge_by) clocks.push(say("acknowledge-by", { date: day(status.acknowledge_by) }));
    if (status.feedback_by) clocks.push(say("feedback-by", { date: day(status.feedback_by) }));
    at("clocks").replaceChildren(...clocks.map((text) => make("li", text)));
    at("reopen").hidden = status.state !== "closed";
    at("withdraw").hidden = status.state === "closed";
    at("award").hidden = status.award_cents === null;
    if (status.award_cents !== null) at("award-amount").textContent = say("award", { amount: money(status.award_cents) });
  }

  async read() {
    const mail = JSON.parse(await this.client.read_mail(Math.floor(Date.now() / 1000)));
    at("none").hidden = mail.messages.length > 0 || mail.troubles > 0;
    at("unreadable").hidden = mail.troubles === 0;
    at("unreadable").textContent = say("unreadable", { count: mail.troubles });
    at("log-told").hidden = mail.log.length === 0;
    at("log-told").replaceChildren(...mail.log.map((told) => make("p", explain(told))));
    // Also when nothing came: whoever burns on each visit asks the server for as much with news as without.
    at("burn-part").hidden = false;
    at("messages").replaceChildren(...mail.messages.map((message, i) => this.message(message, i)));
  }

  message(message, i) {
    const item = make("li");
    item.append(make("h3", say("from", { name: message.from })));
    if (message.kind === "notice") {
      const key = `state-${message.state}`;
      item.append(make("p", knows(key) ? say(key) : say("state-other", { name: message.state })));
      if (message.award_cents !== null) item.append(make("p", say("award", { amount: money(message.award_cents) })));
    }
    if (message.proposed) item.append(make("p", written(message.proposed), { class: "text" }));
    else if (message.text) item.append(make("p", message.text, { class: "text" }));
    (message.files ?? []).forEach((file, j) => {
      const line = make("p", `${file.name} (${size(file.size)}) `);
      const button = make("button", say("save"), { type: "button", "aria-label": `${say("save")}: ${file.name}` });
      button.addEventListener("click", () => this.download(i, j));
      line.append(button);
      item.append(line);
    });
    return item;
  }

  async download(message, file) {
    await busy(async () => {
      const download = this.client.download(message, file);
      const parts = [];
      for (let done = 0, all = download.blobs(); done < all; done += 1) {
        parts.push(await download.step(this.client));
        tell(say("file-sending", { done: done + 1, all }));
      }
      download.finish();
      save(download.name(), parts, "application/octet-stream");
      download.free();
    });
  }

  async burn() {
    if (!(await sure(at("burn").dataset.sure))) return;
    await busy(async () => {
      await this.client.burn();
      this.showStatus();
      await this.read();
      tell(say("burnt"));
      at("messages-title").focus();
    });
  }

  async reply(event) {
    event.preventDefault();
    flag("reply", null);
    const text = at("reply").value.trim();
    if (!text && this.files.rows.length === 0) return flag("reply", say("error-empty"));
    if (!this.files.settled) return flag("files", say("files-open"));
    await busy(
      async () => {
        await this.client.reply(text);
        this.sent();
      },
      (error) => {
        const said = read(error);
        if (said.code === "empty") return flag("reply", explain(said));
        if (said.code === "arrived") this.sent();
        trouble(error);
      },
    );
  }

  sent() {
    at("reply").value = "";
    this.files.clear();
    tell(say("sent"));
  }

  /** An act that may turn out to have arrived although its answer was lost. */
  async sending(act) {
    await busy(act, (error) => {
      if (read(error).code === "arrived") this.sent();
      trouble(error);
    });
  }

  async state(act) {
    const question = at(act)?.dataset.sure;
    if (question && !(await sure(question))) return;
    await this.sending(async () => {
      await this.client.say(act);
      tell(say("sent"));
    });
  }

  /** The engine reads the amount; what it read is shown before it is signed. */
  async accept(event) {
    event.preventDefault();
    flag("amount", null);
    let amount;
    try {
      amount = this.client.amount(at("amount").value);
    } catch (error) {
      flag("amount", explain(read(error)));
      return;
    }
    if (!(await sure(say("accept-sure", { amount: inFull(amount) })))) return;
    await this.sending(async () => {
      await this.client.accept(amount);
      tell(say("sent"));
    });
  }

  async request() {
    await this.sending(async () => {
      await this.client.request_tokens();
      tell(say("requested"));
    });
  }

  async collect() {
    await this.sending(async () => {
      const { signed, file, ordered } = JSON.parse(await this.client.collect_tokens());
      const known = file ? "" : ` ${say(ordered ? "ordered" : "not-ordered")}`;
      at("signed").textContent = `${say("signed", { count: signed })} ${say(file ? "tokens-ready" : "not-yet")}${known}`;
      this.tokens = file ?? "";
      at("tokens-part").hidden = !file;
    });
  }
}
