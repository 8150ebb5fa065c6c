// The source's pages, end to end: one private Tor network and one server for all tests, which run one after the other.
// make e2e-tor ONLY='journey firefox' picks tests by a part of their name.

import { after, before } from "node:test";
import { Stage } from "./stage.mjs";

export const here = {};
before(async () => {
  here.stage = await Stage.open();
});
after(() => here.stage?.close());

await import("./journeys.mjs").then((m) => m.register(here));
await import("./pages.mjs").then((m) => m.register(here));
await import("./trouble.mjs").then((m) => m.register(here));
await import("./traces.mjs").then((m) => m.register(here));
