// Loads the engine: as WebAssembly, or, only where that is switched off, as the same code in plain JavaScript.
import init, * as compiled from "subrosa-engine";

/**
 * Answers what the engine exports. Throws `not-arrived` if it does not come, or is not what the page names: a browser
 * does not tell the two apart; and `engine` if neither form runs here.
 */
export async function load(data) {
  if (typeof WebAssembly === "object" && typeof WebAssembly.instantiate === "function") {
    const module_or_path = await fetched(data);
    try {
      await init({ module_or_path });
    } catch {
      throw { code: "engine" };
    }
    return compiled;
  }
  const twin = () => globalThis[Symbol.for("subrosa.engine")];
  if (!twin()) await run(data);
  if (!twin()) throw { code: "engine" };
  return twin();
}

async function fetched(data) {
  let answer;
  try {
    answer = await fetch(data.engine, {
      integrity: data.engineIntegrity,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    if (answer.ok) return await answer.arrayBuffer();
  } catch {
    throw { code: "not-arrived" };
  }
  throw { code: "engine" };
}

let tries = 0;

/** A script that fails does not say why: a lost circuit is the likeliest, and is tried again. */
function run(data) {
  return new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.type = "module";
    script.integrity = data.twinIntegrity;
    script.referrerPolicy = "no-referrer";
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => {
      script.remove();
      reject({ code: "not-arrived" });
    });
    // A browser remembers that a module did not come, by its address; the part behind # makes it another one.
    script.src = `${data.twin}#${tries++}`;
    document.head.append(script);
  });
}
