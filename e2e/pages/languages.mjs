// The languages of the public pages: the folders of templates/locales whose `language.ftl` says so.
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

function isPublic(file) {
  const [, surfaces = ''] = readFileSync(file, 'utf8').match(/^surfaces *= *(.*)$/m) ?? [];
  return surfaces.split(',').some((surface) => surface.trim() === 'public');
}

/** Their codes, in order. */
export function publicLanguages(locales) {
  const folders = readdirSync(locales, { withFileTypes: true }).filter((entry) => entry.isDirectory());
  const codes = folders.map((folder) => folder.name).filter((code) => isPublic(join(locales, code, 'language.ftl')));
  if (codes.length === 0) throw new Error(`no language in ${locales} has public pages`);
  return codes.sort();
}
