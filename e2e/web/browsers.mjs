// Firefox ESR and Chromium as a source would have them: a fresh profile, everything through Tor, and Tor Browser's
// three security levels.

import { mkdtemp, rm } from "node:fs/promises";
import os from "node:os";
import path from "node:path";
import puppeteer from "puppeteer-core";
import { Relay } from "./relay.mjs";
import { KEPT } from "./stage.mjs";

/** Firefox without anything that talks by itself, in the permanent private mode of Tor Browser. */
const QUIET = {
  "browser.privatebrowsing.autostart": true,
  "privacy.resistFingerprinting": true,
  "network.captive-portal-service.enabled": false,
  "network.connectivity-service.enabled": false,
  "network.prefetch-next": false,
  "network.dns.disablePrefetch": true,
  "network.predictor.enabled": false,
  "network.http.speculative-parallel-limit": 0,
  "browser.safebrowsing.malware.enabled": false,
  "browser.safebrowsing.phishing.enabled": false,
  "browser.safebrowsing.downloads.remote.enabled": false,
  "services.settings.server": "data:,#remote-settings-dummy/v1",
  "dom.push.connection.enabled": false,
  "extensions.getAddons.cache.enabled": false,
  "extensions.update.enabled": false,
  "app.update.auto": false,
  "app.normandy.enabled": false,
  "browser.region.update.enabled": false,
  "browser.topsites.contile.enabled": false,
  "browser.newtabpage.activity-stream.feeds.topsites": false,
  "browser.newtabpage.activity-stream.feeds.section.topstories": false,
  "toolkit.telemetry.enabled": false,
  "datareporting.policy.dataSubmissionEnabled": false,
  "browser.search.update": false,
  "media.gmp-manager.updateEnabled": false,
  "media.gmp-provider.enabled": false,
  "media.peerconnection.enabled": false,
  "dom.security.https_only_mode": false,
  "dom.security.https_first": false,
  "browser.download.useDownloadDir": true,
};

const SAFER = {
  "javascript.options.ion": false,
  "javascript.options.baselinejit": false,
  "javascript.options.native_regexp": false,
  "javascript.options.asmjs": false,
  "javascript.options.wasm": false,
  "webgl.disabled": true,
  "mathml.disabled": true,
};

/** What Tor Browser's levels change, as preferences of Firefox. */
export const LEVELS = { standard: {}, safer: SAFER, safest: { ...SAFER, "javascript.enabled": false, "svg.disabled": true } };

/**
 * A browser with its own relay, profile and list of everything that it did.
 *
 * kind: "firefox" or "chromium"; level: one of LEVELS (Chromium has only "standard", and "safest" as a page
 * without scripts);
 * onionsAreSecure: Tor Browser's allow-list, which makes an http onion page a secure context.
 */
export class Browser {
  static async open({ kind, torPort, level = "standard", onionsAreSecure = true, size = { width: 1000, height: 900 } }) {
    const b = new Browser();
    Object.assign(b, { kind, level, size, requests: [], troubles: [] });
    b.relay = await Relay.start(torPort);
    b.profile = await mkdtemp(path.join(os.tmpdir(), "subrosa-browser-"));
    b.downloads = path.join(b.profile, "downloads");
    // The variable lets Firefox look for its own updates where the preference says, which is nowhere.
    const env = { ...process.env, HOME: b.profile, TMPDIR: b.profile, MOZ_REMOTE_SETTINGS_DEVTOOLS: "1" };
    const common = { headless: true, env, userDataDir: path.join(b.profile, "profile"), defaultViewport: size, protocolTimeout: 600_000 };
    b.browser =
      kind === "firefox"
        ? await puppeteer.launch({
            ...common,
            browser: "firefox",
            executablePath: "/usr/bin/firefox-esr",
            extraPrefsFirefox: {
              ...QUIET,
              ...LEVELS[level],
              "dom.securecontext.allowlist_onions": onionsAreSecure,
              "network.dns.blockDotOnion": false,
              "network.proxy.type": 1,
              "network.proxy.socks": "127.0.0.1",
              "network.proxy.socks_port": b.relay.port,
              "network.proxy.socks_remote_dns": true,
              "network.proxy.no_proxies_on": "",
              "browser.download.dir": b.downloads,
              "browser.download.folderList": 2,
            },
          })
        : await puppeteer.launch({
            ...common,
            browser: "chrome",
            executablePath: "/usr/bin/chromium",
            args: [
              // Root has no sandbox of its own here; the pages are ours.
              "--no-sandbox",
              `--proxy-server=socks5://127.0.0.1:${b.relay.port}`,
              "--proxy-bypass-list=<-loopback>",
              "--host-resolver-rules=MAP * ~NOTFOUND , EXCLUDE 127.0.0.1",
              "--disable-gpu",
              "--disable-quic",
              "--no-first-run",
              "--disable-background-networking",
              "--disable-component-update",
              "--disable-sync",
              "--disable-domain-reliability",
              "--disable-features=OptimizationHints,MediaRouter,Translate,HttpsUpgrades,HttpsFirstModeIncognito,HttpsFirstBalancedModeAutoEnable",
              "--incognito",
            ],
          });
    b.page = await b.browser.newPage();
    b.watch(b.page);
    return b;
  }

  watch(page) {
    page.on("request", (r) => this.requests.push({ method: r.method(), url: r.url() }));
    page.on("requestfailed", (r) => this.requests.push({ failed: r.failure()?.errorText, url: r.url() }));
    page.on("console", (m) => {
      if (["error", "warn", "warning", "assert"].includes(m.type())) this.troubles.push(`console ${m.type()}: ${m.text()}`);
    });
    page.on("pageerror", (e) => this.troubles.push(`page error: ${e.message}`));
    page.on("dialog", (d) => this.dialogs?.(d));
  }

  /** A picture of the whole page, kept under target/e2e. */
  async picture(name) {
    const file = path.join(KEPT, `${name}.png`);
    await this.page.screenshot({ path: file, fullPage: true });
    return file;
  }

  /** Every place that the browser wanted to reach. */
  destinations() {
    return [...this.relay.destinations.keys()];
  }

  async close() {
    await this.browser.close();
    await this.relay.stop();
  }

  /** Closes, and removes the profile too. */
  async forget() {
    if (this.browser.connected) await this.close();
    await rm(this.profile, { recursive: true, force: true, maxRetries: 5 });
  }
}
