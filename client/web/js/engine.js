// Loads the engine: as WebAssembly, or, only where that is switched off, as the same code in plain JavaScript.
import init, * as compiled from "subrosa-engine";

/** Answers what the engine exports. Throws if neither form runs here. */
export async function load(data) {
  if (typeof WebAssembly === "object" && typeof WebAssembly.instantiate === "function") {
    const answer = await fetch(data.engine, {
      integrity: data.engineIntegrity,
      credentials: "omit",
      cache: "no-store",
      referrerPolicy: "no-referrer",
    });
    if (!answer.ok) throw new Error("engine");
    await init({ module_or_path: await answer.arrayBuffer() });
    return compiled;
  }
  await new Promise((resolve, reject) => {
    const script = document.createElement("script");
    script.type = "module";
    script.integrity = data.twinIntegrity;
    script.referrerPolicy = "no-referrer";
    script.addEventListener("load", resolve);
    script.addEventListener("error", () => reject(new Error("engine")));
    script.src = data.twin;
    document.head.append(script);
  });
  const twin = globalThis[Symbol.for("subrosa.engine")];
  if (!twin) throw new Error("engine");
  return twin;
}
