// A SOCKS5 relay between a browser and its Tor: it passes everything on and keeps count. What a browser says it asked
// for is one thing; this sees every place that it really wanted to reach, and every byte.

import net from "node:net";

/** Reads exactly `n` bytes of a socket; what came with them stays for the next reader. */
function reader(socket) {
  let held = Buffer.alloc(0);
  let waiting = null;
  const serve = () => {
    if (waiting && held.length >= waiting.n) {
      const { n, resolve } = waiting;
      waiting = null;
      resolve(held.subarray(0, n));
      held = held.subarray(n);
    }
  };
  const take = (chunk) => {
    held = Buffer.concat([held, chunk]);
    serve();
  };
  socket.on("data", take);
  return {
    bytes: (n) =>
      new Promise((resolve, reject) => {
        waiting = { n, resolve };
        socket.once("close", () => reject(new Error("closed")));
        serve();
      }),
    /** Ends reading; answers what is left over. */
    rest() {
      socket.off("data", take);
      return held;
    },
  };
}

/** RFC 1928: the destination of a CONNECT, as text, and the bytes that said it. */
async function destination(read) {
  const head = await read.bytes(4);
  const kinds = { 1: 4, 4: 16 };
  let length = kinds[head[3]];
  let prefix = Buffer.alloc(0);
  if (head[3] === 3) {
    prefix = await read.bytes(1);
    length = prefix[0];
  }
  const address = await read.bytes(length);
  const port = await read.bytes(2);
  const name = head[3] === 3 ? address.toString("latin1") : `[address ${address.toString("hex")}]`;
  return { name: `${name}:${port.readUInt16BE()}`, raw: Buffer.concat([head, prefix, address, port]) };
}

export class Relay {
  /** Starts one in front of Tor's SOCKS port. */
  static async start(torPort) {
    const relay = new Relay();
    relay.torPort = torPort;
    relay.destinations = new Map();
    relay.said = [];
    relay.up = 0;
    relay.down = 0;
    relay.sockets = new Set();
    relay.server = net.createServer((browser) => {
      relay.serve(browser).catch(() => browser.destroy());
    });
    await new Promise((resolve) => relay.server.listen(0, "127.0.0.1", resolve));
    relay.port = relay.server.address().port;
    return relay;
  }

  track(socket) {
    this.sockets.add(socket);
    socket.on("error", () => socket.destroy());
    socket.on("close", () => this.sockets.delete(socket));
  }

  async serve(browser) {
    this.track(browser);
    const read = reader(browser);
    const hello = await read.bytes(2);
    await read.bytes(hello[1]);
    browser.write(Buffer.from([5, 0]));
    const { name, raw } = await destination(read);
    this.destinations.set(name, (this.destinations.get(name) ?? 0) + 1);
    const tor = net.connect(this.torPort, "127.0.0.1");
    this.track(tor);
    const answer = reader(tor);
    tor.write(Buffer.from([5, 1, 0]));
    await answer.bytes(2);
    tor.write(raw);
    const early = read.rest();
    if (early.length > 0) {
      this.hear(early);
      tor.write(early);
    }
    answer.rest();
    browser.on("data", (d) => this.hear(d));
    tor.on("data", (d) => (this.down += d.length));
    browser.pipe(tor);
    tor.pipe(browser);
    browser.on("close", () => tor.destroy());
    tor.on("close", () => browser.destroy());
  }

  /** What the browser says, which an onion service gets as it is: kept while `listening`. */
  hear(bytes) {
    this.up += bytes.length;
    if (this.listening) this.said.push(Buffer.from(bytes));
  }

  async stop() {
    for (const s of this.sockets) s.destroy();
    await new Promise((resolve) => this.server.close(resolve));
  }
}
