// The engine's way to the server. No cookie, no referrer, no cache, nothing but this origin.

/** How long one request may take before it counts as lost: milliseconds. Onion services are slow, blobs are large. */
const PATIENCE = 180_000;

const stopped = new AbortController();

/** Ends every request under way and refuses new ones: the page is being left. */
export function stop() {
  stopped.abort();
}

/** Answers `[status, bytes]`, or `null` if nobody answered. */
export async function send(method, path, body) {
  // A signal that was given before says nothing to those who listen only now.
  if (stopped.signal.aborted) return null;
  const patience = new AbortController();
  const end = () => patience.abort();
  const timer = setTimeout(end, PATIENCE);
  stopped.signal.addEventListener("abort", end);
  try {
    const answer = await fetch(path, {
      method,
      body: body ?? undefined,
      headers: body ? { "content-type": "application/octet-stream" } : {},
      mode: "same-origin",
      credentials: "omit",
      cache: "no-store",
      redirect: "error",
      referrerPolicy: "no-referrer",
      signal: patience.signal,
    });
    return [answer.status, new Uint8Array(await answer.arrayBuffer())];
  } catch {
    return null;
  } finally {
    clearTimeout(timer);
    stopped.signal.removeEventListener("abort", end);
  }
}
