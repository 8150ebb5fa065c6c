// The engine as plain JavaScript, for browsers with WebAssembly switched off. The page's program finds it under this
// name.
import * as engine from "subrosa-twin";

globalThis[Symbol.for("subrosa.engine")] = engine;
