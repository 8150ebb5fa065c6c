// The quick exit. Nothing was stored, so there is nothing to delete but memory; the address goes out of the history as
// far as a page can do that.
import { stop } from "./network.js";

const forgetting = [];

/** Something to wipe when the page is left. */
export function forget(act) {
  forgetting.push(act);
}

/** Wipes and goes. */
export function leave() {
  window.onbeforeunload = null;
  stop();
  for (const act of forgetting) {
    try {
      act();
    } catch {
      // An object that is in use cannot be freed; its page is gone in a moment.
    }
  }
  const exit = document.getElementById("leave")?.href ?? "about:blank";
  for (const field of document.querySelectorAll("textarea, input, select")) field.value = "";
  document.body.replaceChildren();
  location.replace(exit);
}

/** The link at the top, the buttons, and Escape twice within a second. */
export function listen() {
  let last = 0;
  document.addEventListener("keydown", (event) => {
    if (event.key !== "Escape" || event.repeat) return;
    if (event.timeStamp - last < 1000) leave();
    last = event.timeStamp;
  });
  for (const element of document.querySelectorAll("#leave, .leave-button")) {
    element.classList.add("always");
    element.addEventListener("click", (event) => {
      event.preventDefault();
      leave();
    });
  }
}
