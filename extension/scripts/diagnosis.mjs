/**
 * `npm run diagnosis`: measures how well the diagnosis detects planted faults, prints each network, and writes the tables of
 * docs/diagnosis.md, one for each set of networks. `npm run diagnosis second` measures that set alone.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load, root } from './load.mjs';

process.chdir(root);
const { measure, sets } = await load('test/diagnosis/measure.ts');
const file = path.join(root, 'docs/diagnosis.md');
let page = readFileSync(file, 'utf8');
const chosen = process.argv.slice(2);
for (const set of chosen.length === 0 ? Object.keys(sets) : chosen) {
  const result = await measure(set, (line) => console.log(line));
  const lines = tableOf(result);
  console.log(`\n${set}\n${lines.join('\n')}\n`);
  for (const { code, missed, falseAlarms, unrepaired } of result.rows) {
    for (const line of unrepaired) console.log(`not repaired: ${line}`);
    for (const name of missed) console.log(`missed: ${name} (${code})`);
    for (const name of falseAlarms) console.log(`false alarm: ${code} in ${name}`);
  }
  page = page.replace(
    new RegExp(`(<!-- measured: ${set} -->\n)[\\s\\S]*?(?=<!-- end -->)`),
    (_, start) => `${start}\n${lines.join('\n')}\n\n`,
  );
}
writeFileSync(file, page);

function tableOf({ rows, sick, healthy, alarmed, reported, right, withError, withErrorRepaired, learning }) {
  const sum = (pick) => rows.reduce((total, row) => total + pick(row), 0);
  const found = sum((row) => row.found);
  const cells = (row) => [
    `\`${row.code}\``,
    row.found,
    row.missed.length,
    row.falseAlarms.length,
    row.fixes === 0 ? '–' : `${row.cleared} of ${row.fixes}`,
    row.repairs === 0 ? '–' : `${row.repairs - row.unrepaired.length} of ${row.repairs}`,
  ];
  const repairs = sum((row) => row.repairs);
  const repaired = repairs - sum((row) => row.unrepaired.length);
  const said = rows.filter((row) => row.found + row.missed.length + row.falseAlarms.length > 0);
  const share = (part, whole) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
  return [
    `${sick} networks with a fault: ${found} found (recall ${share(found, sick)}). ${healthy} healthy networks: ${alarmed} with a warning.`,
    `${reported} warnings and errors were judged: ${right} are right (precision ${share(right, reported)}).`,
    `${repaired} of ${repairs} networks with a fault were repaired (${share(repaired, repairs)}), and ${withErrorRepaired} of the ${withError} that start with an error. After the repair, ${learning} of ${repairs} learn.`,
    '',
    '| finding | found | missed | false alarms | fix cleared it | repaired |',
    '|---|---|---|---|---|---|',
    ...said.map((row) => `| ${cells(row).join(' | ')} |`),
    `| **all** | **${found}** | **${sum((row) => row.missed.length)}** | **${sum((row) => row.falseAlarms.length)}** | **${sum((row) => row.cleared)} of ${sum((row) => row.fixes)}** | **${repaired} of ${repairs}** |`,
  ];
}
