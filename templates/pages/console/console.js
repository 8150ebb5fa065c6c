// Shortcuts, drafts, digests of files, following a fetch, leaving the screen when the desk has locked. Every page works
// without this file.
"use strict";
(() => {
  const body = document.body;
  const base = body.dataset.base;
  const byKey = (key) => document.querySelector(`[data-key="${key}"]`);

  document.getElementById("problems")?.focus();

  // Digest of a file on this machine, computed here.
  for (const input of document.querySelectorAll("input[data-digest]")) {
    if (!window.crypto?.subtle) break;
    const label = document.createElement("label");
    label.textContent = input.dataset.digest;
    label.className = "hint";
    const pick = document.createElement("input");
    pick.type = "file";
    label.append(" ", pick);
    pick.addEventListener("change", async () => {
      const file = pick.files[0];
      if (!file) return;
      const digest = new Uint8Array(await crypto.subtle.digest("SHA-256", await file.arrayBuffer()));
      input.value = Array.from(digest, (b) => b.toString(16).padStart(2, "0")).join("");
      const form = input.form;
      for (const [name, value] of [["name", file.name], ["size", String(file.size)], ["media", file.type]]) {
        const other = form.elements.namedItem(name);
        if (other && !other.value && value) other.value = value;
      }
    });
    input.after(label);
  }

  if (!base) return;

  // What is typed is kept by the desk, sealed, until it is sent.
  for (const form of document.querySelectorAll("form[data-draft]")) {
    let waiting = null;
    form.addEventListener("input", () => {
      clearTimeout(waiting);
      waiting = setTimeout(() => {
        const data = new URLSearchParams();
        data.set("csrf", body.dataset.csrf);
        data.set("draft", form.dataset.draft);
        const fields = new URLSearchParams();
        for (const [name, value] of new FormData(form)) if (name !== "csrf" && typeof value === "string") fields.append(name, value);
        data.set("fields", fields.toString());
        fetch(`${base}/draft`, { method: "POST", body: data }).catch(() => {
          // What is typed still stands in the page, and goes out with the next draft.
        });
      }, 800);
    });
  }

  // Follow a fetch; leave when the desk has locked.
  const strip = document.getElementById("fetch");
  const stateOrNothing = async () => {
    try {
      const answer = await fetch(`${base}/state`, { cache: "no-store" });
      return answer.ok ? await answer.json() : null;
    } catch {
      return null;
    }
  };
  const ask = async () => {
    // A console that does not answer may be busy, or the connection was lost: one question without an answer takes
    // nobody's words away. After the second there is nothing to be read here any more.
    const state = (await stateOrNothing()) ?? (await new Promise((then) => setTimeout(then, 1000)).then(stateOrNothing));
    if (!state || state.locked) {
      location.assign(`${base}/`);
      return;
    }
    if (strip?.dataset.running) {
      if (!state.running) {
        // Nothing that somebody is typing is thrown away for news.
        const typing = document.activeElement?.matches("input, textarea, select");
        if (!typing && !document.querySelector("dialog[open]")) location.reload();
        else strip.querySelector("[role=status]").textContent = state.step;
        return;
      }
      strip.querySelector("[role=status]").textContent = state.of ? `${state.step} ${state.done}/${state.of}` : state.step;
    }
    setTimeout(ask, state.running ? 700 : 10000);
  };
  setTimeout(ask, strip?.dataset.running ? 500 : 10000);

  // Shortcuts.
  const rows = [...document.querySelectorAll("li.case")];
  let at = -1;
  const go = (to) => {
    if (!rows.length) return;
    at = Math.max(0, Math.min(rows.length - 1, to));
    for (const row of rows) row.removeAttribute("data-at");
    rows[at].setAttribute("data-at", "");
    rows[at].querySelector("a.case-link").focus();
  };
  const rooms = [...document.querySelectorAll(".rooms a")];
  const tabs = [...document.querySelectorAll(".tabs a")];
  let prefix = "";
  const help = async () => {
    let dialog = document.querySelector("dialog");
    if (!dialog) {
      dialog = document.createElement("dialog");
      const answer = await fetch(`${base}/keys`);
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const main = page.querySelector("main");
      dialog.setAttribute("aria-label", main.querySelector("h1").textContent);
      dialog.append(...main.childNodes);
      const close = document.createElement("button");
      close.textContent = "×";
      close.setAttribute("aria-label", "Esc");
      close.addEventListener("click", () => dialog.close());
      dialog.prepend(close);
      body.append(dialog);
    }
    dialog.showModal();
  };
  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey) return;
    if (event.target.matches("input:not([type=checkbox]):not([type=radio]), textarea, select")) return;
    const key = event.key;
    const room = prefix === "g" ? rooms[Number(key) - 1] : undefined;
    const tab = /^[1-9]$/.test(key) ? tabs[Number(key) - 1] : undefined;
    const shortcuts = {
      "?": help,
      j: () => go(at + 1),
      k: () => go(at - 1),
      x: rows[at] && (() => rows[at].querySelector("input[type=checkbox]").click()),
      "/": () => location.assign(`${base}/search`),
      f: () => byKey(key)?.click(),
      L: () => byKey(key)?.click(),
    };
    const plain = tab ? () => tab.click() : Object.hasOwn(shortcuts, key) && shortcuts[key];
    const act = prefix === "g" ? room && (() => room.click()) : plain;
    if (act) {
      event.preventDefault();
      act();
    }
    prefix = key === "g" ? "g" : "";
  });
})();
