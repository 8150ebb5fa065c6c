// Names the page's files by their digests, compresses them, and lists them. Usage: node manifest.mjs FROM TO
import { createHash } from "node:crypto";
import { mkdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { brotliCompressSync, constants, gzipSync } from "node:zlib";

const [from, to] = process.argv.slice(2);
const FILES = [
  { role: "app", name: "app", ending: "js", type: "text/javascript; charset=utf-8" },
  { role: "engine", name: "engine", ending: "wasm", type: "application/wasm" },
  { role: "twin", name: "engine", ending: "js", type: "text/javascript; charset=utf-8" },
];

rmSync(to, { recursive: true, force: true });
mkdirSync(to, { recursive: true });
const files = FILES.map(({ role, name, ending, type }) => {
  const bytes = readFileSync(join(from, `${name}.${ending}`));
  const sha256 = createHash("sha256").update(bytes).digest("hex");
  const path = `${name}.${sha256.slice(0, 16)}.${ending}`;
  const gzip = gzipSync(bytes, { level: 9 });
  const brotli = brotliCompressSync(bytes, {
    params: { [constants.BROTLI_PARAM_QUALITY]: 11, [constants.BROTLI_PARAM_SIZE_HINT]: bytes.length, [constants.BROTLI_PARAM_LGWIN]: 22 },
  });
  writeFileSync(join(to, path), bytes);
  writeFileSync(join(to, `${path}.gz`), gzip);
  writeFileSync(join(to, `${path}.br`), brotli);
  console.error(`${path}: ${bytes.length} bytes, gzip ${gzip.length}, brotli ${brotli.length}`);
  return { role, path, type, size: bytes.length, sha256 };
});
const manifest = `${JSON.stringify({ version: 1, files }, null, 1)}\n`;
writeFileSync(join(to, "manifest.json"), manifest);
console.error(`manifest.json: ${createHash("sha256").update(manifest).digest("hex")}`);
