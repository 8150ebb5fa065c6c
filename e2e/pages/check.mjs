// Looks at every public page of a running server, in every language, in Chromium: axe-core, html-validate, nothing from
// elsewhere, nothing kept, no sideways scrolling.
//   usage: node check.mjs URL PICTURES LOCALES
// LOCALES is the folder templates/locales, where each language is a folder. Ends with a line that counts; the exit code
// is 0 only if nothing was found.
import { createRequire } from 'node:module';
import { mkdirSync, readFileSync } from 'node:fs';
import { gzipSync } from 'node:zlib';
import { HtmlValidate } from 'html-validate';
import puppeteer from 'puppeteer-core';
import { publicLanguages } from './languages.mjs';

const [url, pictures, locales] = process.argv.slice(2);
if (!url || !pictures || !locales) {
  console.error('usage: node check.mjs URL PICTURES LOCALES');
  process.exit(2);
}
mkdirSync(pictures, { recursive: true });
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8');
const validator = new HtmlValidate(JSON.parse(readFileSync(new URL('.htmlvalidate.json', import.meta.url), 'utf8')));
const names = ['', 'scope', 'safety', 'help', 'reward', 'keys', 'books', 'sealed'];
const languages = publicLanguages(locales);
const address = (language, name) => (language === 'en' ? `/${name}` : name ? `/${language}/${name}` : `/${language}`);
// Phones, letterboxed windows, 400 % zoom of a 1280-pixel window (320 pixels), and the dark.
const views = [
  { width: 320, scheme: 'light' },
  { width: 360, scheme: 'dark' },
  { width: 1000, scheme: 'light' },
];

const found = [];
let looked = 0;
// A busy machine takes its time: only what never comes waits as long.
const patience = 240_000;
const browser = await puppeteer.launch({
  timeout: patience,
  protocolTimeout: 2 * patience,
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  args: ['--no-sandbox', '--disable-dev-shm-usage', '--disable-gpu'],
});
const page = await browser.newPage();
page.setDefaultTimeout(patience);
page.setDefaultNavigationTimeout(patience);
// As in Tor Browser's Safest level.
await page.setJavaScriptEnabled(false);
const session = await page.createCDPSession();
let here = '';
const problem = (text) => found.push(`${here}: ${text}`);
// A refused form is answered with status 400, and Chromium says so; the status itself is looked at below.
const expected = (text) => here.endsWith('(refused)') && text.includes('status of 400');
page.on('console', (m) => ['error', 'warn'].includes(m.type()) && !expected(m.text()) && problem(`console: ${m.text()}`));
page.on('pageerror', (e) => problem(`error: ${e.message}`));
page.on('request', (r) => r.url().startsWith(`${url}/`) || problem(`asks elsewhere: ${r.url()}`));

async function look(label, html) {
  const report = await validator.validateString(`${html.trimEnd()}\n`);
  for (const r of report.results) for (const m of r.messages) problem(`html ${m.ruleId}: ${m.message} (line ${m.line})`);
  for (const view of views) {
    await page.setViewport({ width: view.width, height: 800 });
    await page.emulateMediaFeatures([{ name: 'prefers-color-scheme', value: view.scheme }]);
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - window.innerWidth);
    if (wide > 0) problem(`${view.width} px: scrolls sideways by ${wide} px`);
    // The page was loaded with scripts off, and what it has of its own stays off; axe waits by timers, which run only
    // with scripts on.
    await page.setJavaScriptEnabled(true);
    await page.evaluate(axe);
    const result = await page.evaluate(async () => {
      const run = await window.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
      return run.violations.map((v) => `${v.id}: ${v.help}: ${v.nodes.map((n) => n.target.join(' ')).slice(0, 3).join(', ')}`);
    });
    await page.setJavaScriptEnabled(false);
    for (const v of result) problem(`${view.width} px ${view.scheme}: axe ${v}`);
    await page.screenshot({ path: `${pictures}/${label}-${view.width}.png`, fullPage: true });
    looked += 1;
  }
}

// By keyboard, as a person can who uses no mouse. (A click right after the scroll that brings the button into view can
// land where the button was.)
async function submit() {
  await page.focus('button[type=submit]');
  await page.keyboard.press('Enter');
}

for (const language of languages) {
  for (const name of names) {
    here = address(language, name);
    const answer = await page.goto(url + here, { waitUntil: 'load' });
    if (answer.status() !== 200) problem(`status ${answer.status()}`);
    const offered = await page.$$eval('a[hreflang]', (links) => links.map((link) => link.hreflang).sort());
    if (offered.join() !== languages.join()) problem(`offers ${offered}, and the folders are ${languages}`);
    await look(`${language}-${name || 'start'}`, await answer.text());
  }
  // The calculator, and the sealed intake's refusal, as a person without scripts uses them.
  here = `${address(language, 'reward')} (computed)`;
  await page.goto(url + address(language, 'reward'));
  await page.type('#collected', '1400000');
  let [answer] = await Promise.all([page.waitForNavigation(), submit()]);
  if (answer.status() !== 200) problem(`status ${answer.status()}`);
  await look(`${language}-reward-computed`, await answer.text());
  here = `${address(language, 'sealed')} (refused)`;
  await page.goto(url + address(language, 'sealed'));
  await page.type('#text', 'not sealed');
  [answer] = await Promise.all([page.waitForNavigation(), submit()]);
  if (answer.status() !== 400) problem(`status ${answer.status()}`);
  await look(`${language}-sealed-refused`, await answer.text());
}

here = 'the browser';
const { cookies } = await session.send('Network.getAllCookies');
if (cookies.length) problem(`cookies: ${cookies.map((c) => c.name).join(', ')}`);
const kept = await page.evaluate(() => localStorage.length + sessionStorage.length).catch(() => 0);
if (kept) problem('something is in the page’s storage');
await browser.close();

let weight = 0;
for (const part of ['/', '/style.css']) weight += gzipSync(Buffer.from(await (await fetch(url + part)).arrayBuffer())).length;
console.log(`first page with its style: ${weight} bytes with gzip, 2 requests`);
for (const f of found) console.log(`found: ${f}`);
console.log(`${looked} looks at ${languages.length * (names.length + 2)} pages, ${found.length} found`);
process.exit(found.length ? 1 : 0);
