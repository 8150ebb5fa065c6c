// The page's parts: finding them, showing them, telling people what happened.
import { knows, say, ungrouped } from "./words.js";

export const at = (id) => document.getElementById(id);

/** An element with text and attributes. */
export function make(name, text = "", attributes = {}) {
  const element = document.createElement(name);
  if (text) element.textContent = text;
  for (const [key, value] of Object.entries(attributes)) element.setAttribute(key, value);
  return element;
}

/** What the engine threw, as code and facts. Anything else is a fault of ours: told as such, without its text. */
export function read(error) {
  if (typeof error === "string") {
    try {
      return JSON.parse(error);
    } catch {
      // Not from the engine.
    }
  }
  return { code: error?.code ?? "damaged", facts: error?.facts ?? {} };
}

/** An error in the reader's words. */
export function explain({ code, facts }) {
  // An answer may have a reason of its own, such as a number that could be read twice.
  const key = `error-${facts.why ?? code}`;
  const shown = facts.one ? { ...facts, one: ungrouped(facts.one), other: ungrouped(facts.other) } : facts;
  let text = say(knows(key) ? key : "error-damaged", shown);
  if (code === "unknown-word" && facts.suggestions) text += ` ${say("error-did-you-mean", facts)}`;
  return text;
}

/** Tells of trouble above everything else, and moves there. */
export function trouble(error) {
  const box = at("trouble");
  box.textContent = explain(read(error));
  box.hidden = false;
  box.focus();
}

/** Takes the last trouble away. */
export function calm() {
  at("trouble").hidden = true;
  at("trouble").textContent = "";
}

/** Says something in passing. Screen readers read it out. */
export function tell(text) {
  at("said").textContent = text;
}

/** Ties an error to a field, or takes it away (`null`). */
export function flag(id, text) {
  const field = at(id);
  at(`${id}-error`).textContent = text ?? "";
  if (text) {
    field.setAttribute("aria-invalid", "true");
    field.focus();
  } else {
    field.removeAttribute("aria-invalid");
  }
}

/** Runs an act with the page's buttons at rest, so that nothing is done twice. Answers whether it went well. */
export async function busy(act, onTrouble = trouble) {
  const resting = [...document.querySelectorAll("button:enabled:not(.always)")];
  calm();
  tell(say("working"));
  for (const button of resting) button.disabled = true;
  document.body.setAttribute("aria-busy", "true");
  // One turn of the event loop, so that this is seen before the arithmetic begins.
  await new Promise((resolve) => setTimeout(resolve, 20));
  try {
    await act();
    if (at("said").textContent === say("working")) tell("");
    return true;
  } catch (error) {
    tell("");
    for (const button of resting) button.disabled = false;
    onTrouble(error);
    return false;
  } finally {
    document.body.removeAttribute("aria-busy");
    for (const button of resting) button.disabled = false;
  }
}

/** Asks before something final, in a dialog of the page's own. */
export function sure(question) {
  const dialog = make("dialog", "", { "aria-labelledby": "question" });
  const yes = make("button", say("yes"), { type: "button" });
  const no = make("button", say("no"), { type: "button" });
  const buttons = make("p", "", { class: "buttons" });
  buttons.append(no, yes);
  dialog.append(make("p", question, { id: "question" }), buttons);
  document.body.append(dialog);
  return new Promise((resolve) => {
    const close = (answer) => () => {
      dialog.close();
      dialog.remove();
      resolve(answer);
    };
    yes.addEventListener("click", close(true));
    no.addEventListener("click", close(false));
    dialog.addEventListener("cancel", close(false));
    dialog.showModal();
  });
}

/** Gives the person a text to save. */
export function save(name, parts, type = "text/plain") {
  const url = URL.createObjectURL(new Blob(parts, { type }));
  const link = make("a", "", { href: url, download: name });
  link.click();
  setTimeout(() => URL.revokeObjectURL(url), 60_000);
}
