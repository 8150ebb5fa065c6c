// Filing a tip, step by step.
import { Files } from "./files.js";
import { forget } from "./leave.js";
import { at, busy, explain, flag, make, read, save, tell, trouble } from "./page.js";
import { say } from "./words.js";

const STEPS = ["story", "twelve", "papers", "review", "done"];
const now = () => Math.floor(Date.now() / 1000);

export class Tip {
  /** `ready` gives the engine and the programme's forms, as soon as they are there. */
  constructor(ready) {
    this.ready = ready;
    this.client = null;
    this.forms = [];
    this.words = false;
    this.drawn = "";
    this.receipts = [];
    this.files = new Files();
    forget(() => {
      this.drawn = "";
      this.receipts = [];
      this.forms = [];
    });
  }

  begin() {
    STEPS.forEach((id, i) => {
      at(id).querySelector(".count").textContent = say("step", { done: i + 1, all: STEPS.length });
      at(id).querySelector(".back")?.addEventListener("click", () => this.go(this.before(id)));
    });
    at("regime").addEventListener("change", () => this.chooseRegime());
    at("class").addEventListener("change", () => this.ask());
    at("questions").addEventListener("change", () => this.ask());
    at("resume-form").addEventListener("submit", (event) => this.resume(event));
    at("story-form").addEventListener("submit", (event) => this.told(event));
    at("written").addEventListener("click", () => this.askBack());
    at("show-again").addEventListener("click", () => this.showWords());
    at("check-form").addEventListener("submit", (event) => this.check(event));
    at("to-review").addEventListener("click", () => this.review());
    at("send").addEventListener("click", () => this.send());
    at("receipt").addEventListener("click", () => save("receipt.txt", [this.receipts.join("\n")]));
    window.onbeforeunload = () => (this.isBegun() ? "" : undefined);
  }

  /** The forms as the charter commits to them take the place of the list that came with the page. */
  arrived({ engine, client, forms, officers }) {
    this.client = client;
    this.forms = forms;
    this.files.arrived(engine, client);
    at("officers").textContent = officers.join(", ");
    at("officers-part").hidden = false;
    const regime = at("regime");
    const chosen = regime.value;
    regime.replaceChildren(regime.options[0], ...forms.map((form) => make("option", form.title, { value: form.id })));
    regime.value = forms.some((form) => form.id === chosen) ? chosen : "";
    this.chooseRegime();
  }

  isBegun() {
    return !at("done").hidden ? false : at("narrative").value.trim() !== "" || this.files.rows.length > 0;
  }

  before(id) {
    const previous = STEPS[STEPS.indexOf(id) - 1];
    return previous === "twelve" && this.words ? "story" : previous;
  }

  go(id) {
    tell("");
    for (const step of STEPS) at(step).hidden = step !== id;
    at("resume").hidden = id !== "story" || this.words;
    const title = at(`${id}-title`);
    title.focus();
    title.scrollIntoView({ block: "start" });
  }

  form() {
    return this.forms.find((form) => form.id === at("regime").value);
  }

  chooseRegime() {
    flag("regime", null);
    const form = this.form();
    // Before the forms are there, there is nothing more to ask.
    if (!this.client) return;
    const choice = at("class");
    choice.replaceChildren(choice.options[0]);
    for (const c of form?.classes ?? []) choice.append(make("option", c.text, { value: c.id }));
    at("class-field").hidden = !form;
    at("questions").replaceChildren();
    this.ask();
  }

  /** Shows the questions that fit; what was answered stays while its question does. */
  ask() {
    const form = this.form();
    at("questions-field").hidden = !form;
    if (!form) return;
    const ids = JSON.parse(this.client.questions(form.id, at("class").value || undefined, JSON.stringify(this.answers())));
    const list = at("questions");
    for (const field of [...list.children]) if (!ids.includes(field.dataset.question)) field.remove();
    let last = null;
    for (const id of ids) {
      let field = [...list.children].find((f) => f.dataset.question === id);
      if (!field) {
        field = this.question(form.questions.find((q) => q.id === id));
        if (last) last.after(field);
        else list.prepend(field);
      }
      last = field;
    }
    at("questions-field").hidden = ids.length === 0;
  }

  question(question) {
    const id = `answer-${question.id}`;
    const field = make("p", "", { class: "field", "data-question": question.id });
    field.append(make("label", question.text, { for: id }));
    let input;
    if (question.kind === "yes-no") {
      input = make("select", "", { id });
      input.append(make("option", "–", { value: "" }));
      input.append(make("option", say("yes"), { value: "yes" }), make("option", say("no"), { value: "no" }));
    } else {
      const mode = question.kind === "number" ? "decimal" : "text";
      input = make("input", "", { id, type: "text", inputmode: mode, autocomplete: "off", spellcheck: "false" });
    }
    input.setAttribute("autocomplete", "off");
    input.setAttribute("aria-describedby", `${id}-error`);
    field.append(input);
    if (question.unit && question.unit !== "1") field.append(make("span", ` ${question.unit}`, { class: "unit" }));
    field.append(make("span", "", { class: "error", id: `${id}-error` }));
    return field;
  }

  answers() {
    const out = {};
    for (const field of at("questions").children) {
      const value = field.querySelector("input, select").value.trim();
      if (value) out[field.dataset.question] = value;
    }
    return out;
  }

  filled() {
    return JSON.stringify({
      regime: at("regime").value,
      class: at("class").value || null,
      answers: this.answers(),
      narrative: at("narrative").value.trim(),
    });
  }

  async told(event) {
    event.preventDefault();
    for (const field of at("questions").children) flag(`answer-${field.dataset.question}`, null);
    flag("regime", at("regime").value ? null : say("error-no-regime"));
    if (!at("regime").value) return;
    flag("narrative", at("narrative").value.trim() ? null : say("error-empty"));
    if (!at("narrative").value.trim()) return;
    // Whoever was faster than the questions is shown them before going on.
    const unasked = !this.client;
    const well = await busy(
      async () => {
        await this.ready();
        this.client.check_form(this.filled());
      },
      (error) => {
        const said = read(error);
        if (said.code === "answer") flag(`answer-${said.facts.question}`, explain(said));
        // Characters that nobody sees are no story: the engine says so, where the page saw a text.
        else if (said.code === "empty") flag("narrative", explain(said));
        else trouble(error);
      },
    );
    if (!well) return;
    if (unasked && at("questions").children.length > 0) {
      at("questions-field").scrollIntoView({ block: "start" });
      return tell(say("questions-arrived"));
    }
    if (this.words) return this.go("papers");
    if (!this.drawn) this.drawn = this.client.draw_words();
    this.showWords();
    this.go("twelve");
  }

  showWords() {
    at("drawn").replaceChildren(...this.drawn.split(" ").map((word) => make("li", word)));
    at("show-words").hidden = false;
    at("check-form").hidden = true;
    at("twelve-title").focus();
  }

  askBack() {
    at("drawn").replaceChildren();
    at("show-words").hidden = true;
    at("check-form").hidden = false;
    at("check").focus();
  }

  check(event) {
    event.preventDefault();
    let same;
    try {
      same = this.client.same_words(at("check").value);
    } catch (error) {
      return flag("check", explain(read(error)));
    }
    if (!same) return flag("check", say("words-differ"));
    flag("check", null);
    at("check").value = "";
    this.drawn = "";
    this.words = true;
    this.go("papers");
  }

  async resume(event) {
    event.preventDefault();
    flag("resume-words", null);
    await busy(
      async () => {
        await this.ready();
        const found = await this.client.go_on(at("resume-words").value);
        if (found === "uploads") {
          at("resume-words").value = "";
          this.words = true;
          this.files.resumed = true;
          this.go("story");
          tell(say("resumed"));
        } else {
          flag("resume-words", say(found === "filed" ? "filed-before" : "nothing-before"));
        }
      },
      (error) => this.wordsTrouble("resume-words", error),
    );
  }

  wordsTrouble(id, error) {
    const said = read(error);
    if (["word-count", "unknown-word", "checksum"].includes(said.code)) flag(id, explain(said));
    else trouble(error);
  }

  review() {
    if (!this.files.settled) return flag("files", say("files-open"));
    flag("files", null);
    const form = this.form();
    const rows = [[say("review-about"), form.title]];
    const choice = at("class");
    if (choice.value) rows.push([say("review-class"), choice.selectedOptions[0].textContent]);
    for (const field of at("questions").children) {
      const input = field.querySelector("input, select");
      const unit = field.querySelector(".unit")?.textContent ?? "";
      const shown = input.selectedOptions ? input.selectedOptions[0].textContent : input.value.trim() + unit;
      if (input.value.trim()) rows.push([field.querySelector("label").textContent, shown]);
    }
    rows.push([say("review-story"), at("narrative").value.trim()]);
    rows.push([say("review-files"), this.files.names.join("\n") || say("review-no-files")]);
    at("reviewed").replaceChildren(...rows.flatMap(([term, text]) => [make("dt", term), make("dd", text, { class: "text" })]));
    this.go("review");
  }

  async send() {
    await busy(async () => {
      try {
        this.finish(JSON.parse(await this.client.file_tip(this.filled(), now())));
      } catch (error) {
        // The answer may have been lost after the tip had arrived: ask before anything is sent twice.
        if (!["unreachable", "conflict"].includes(read(error).code)) throw error;
        let arrived = false;
        try {
          arrived = await this.client.had_arrived();
        } catch {
          throw error;
        }
        if (!arrived) throw error;
        this.finish({ receipts: [], fallback: [] });
      }
    });
  }

  finish({ receipts, fallback }) {
    this.receipts = receipts;
    at("receipt-part").hidden = receipts.length === 0;
    at("notes").replaceChildren(...fallback.map((name) => make("li", say("fallback", { name }))));
    at("story-form").reset();
    at("questions").replaceChildren();
    at("reviewed").replaceChildren();
    this.files.clear();
    this.go("done");
  }
}
