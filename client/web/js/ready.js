// The engine, and what it knows of the programme: on its way while the person already reads and writes.
import { read } from "./page.js";

/** A circuit can be lost while the engine comes: it is asked for again after so many milliseconds. */
const AGAIN = [2000, 5000, 10_000];
const sleep = (milliseconds) => new Promise((resolve) => setTimeout(resolve, milliseconds));

/** What may pass by itself. */
const PASSING = ["unreachable", "not-arrived"];

/**
 * Answers a function that gives what `bring` gave. `bring` runs once; after a failure the next call begins anew.
 * `waiting` is told when one begins to wait, and when the waiting is over.
 */
export function once(bring, waiting) {
  let going = null;
  const patient = async () => {
    for (const wait of AGAIN) {
      try {
        return await bring();
      } catch (error) {
        if (!PASSING.includes(read(error).code)) throw error;
        await sleep(wait);
      }
    }
    return bring();
  };
  const begin = async () => {
    waiting(true);
    try {
      return await patient();
    } catch (error) {
      going = null;
      throw error;
    } finally {
      waiting(false);
    }
  };
  return () => (going ??= begin());
}
