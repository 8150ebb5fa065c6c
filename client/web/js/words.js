// The page's own words: they came with it, in the language of its address.

const words = new Map();

/** Takes the words out of the page's data. */
export function learn(root) {
  for (const p of root.querySelectorAll("#words > p")) words.set(p.dataset.key, p.textContent);
}

/** The words behind a key as they bend with its values: `signed.count-one` where `count` is one. */
function bent(key, values) {
  for (const [name, value] of Object.entries(values)) {
    if (value === "" || value === null || !Number.isFinite(Number(value))) continue;
    const form = `${key}.${name}-${new Intl.PluralRules(language()).select(Number(value))}`;
    if (words.has(form)) return words.get(form);
  }
  return words.get(key);
}

/** The words behind a key, with values in their places. */
export function say(key, values = {}) {
  let text = bent(key, values) ?? key;
  for (const [name, value] of Object.entries(values)) text = text.replaceAll(`{${name}}`, String(value));
  return text;
}

/** Whether there are words for a key. */
export function knows(key) {
  return words.has(key);
}

const language = () => document.documentElement.lang || "en";

/** An amount in plain form (`137500.00`), as the language writes it. Exact: never through a floating-point number. */
export function written(plain, currencyDisplay = "symbol") {
  return new Intl.NumberFormat(language(), { style: "currency", currency: "EUR", currencyDisplay }).format(plain);
}

/** An amount of whole cents. */
export function money(cents) {
  const digits = String(cents).padStart(3, "0");
  return written(`${digits.slice(0, -2)}.${digits.slice(-2)}`);
}

/** An amount in plain form for whoever is about to sign it: with its code, and with its name. */
export function inFull(plain) {
  return `${written(plain, "code")} (${written(plain, "name")})`;
}

/** A number in plain form, with the language's decimal mark and no groups: one reading of what could be read twice. */
export function ungrouped(plain) {
  return new Intl.NumberFormat(language(), { useGrouping: false, maximumFractionDigits: 20 }).format(plain);
}

/** A date such as `2026-11-24`, in words. */
export function day(iso) {
  const [year, month, date] = iso.split("-").map(Number);
  const at = new Date(Date.UTC(year, month - 1, date));
  return new Intl.DateTimeFormat(language(), { dateStyle: "long", timeZone: "UTC" }).format(at);
}

/** A size in bytes. */
export function size(bytes) {
  const units = ["byte", "kilobyte", "megabyte", "gigabyte"];
  let unit = 0;
  let amount = bytes;
  while (amount >= 1000 && unit < units.length - 1) {
    amount /= 1000;
    unit += 1;
  }
  const options = { style: "unit", unit: units[unit], maximumFractionDigits: unit ? 1 : 0 };
  return new Intl.NumberFormat(language(), options).format(amount);
}
