/** `npm run diagnosis`: measures how well the diagnosis finds planted faults, prints each network, and writes the table of docs/diagnosis.md. */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { load, root } from './load.mjs';

process.chdir(root);
const { measure } = await load('test/diagnosis/measure.ts');
const rows = await measure((line) => console.log(line));
const sum = (pick) => rows.reduce((total, row) => total + pick(row), 0);
const found = sum((row) => row.found);
const missed = sum((row) => row.missed.length);
const alarms = sum((row) => row.falseAlarms.length);
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
const lines = [
  '| finding | found | missed | false alarms | fix cleared it | repaired |',
  '|---|---|---|---|---|---|',
  ...rows.map((row) => `| ${cells(row).join(' | ')} |`),
  `| **all** | **${found}** | **${missed}** | **${alarms}** | **${sum((row) => row.cleared)} of ${sum((row) => row.fixes)}** | **${repaired} of ${repairs}** |`,
];
console.log(lines.join('\n'));
for (const { code, missed: names } of rows)
  for (const name of names) console.log(`missed: ${name} (${code})`);
for (const { code, falseAlarms } of rows)
  for (const name of falseAlarms) console.log(`false alarm: ${code} in ${name}`);
for (const { unrepaired } of rows) for (const line of unrepaired) console.log(`not repaired: ${line}`);
console.log(`repaired: ${((100 * repaired) / repairs).toFixed(1)} % of ${repairs} sick networks`);
const file = path.join(root, 'docs/diagnosis.md');
const page = readFileSync(file, 'utf8');
writeFileSync(
  file,
  page.replace(/^\| finding \|[\s\S]*?(?=\n\n|\n$)/m, () => lines.join('\n')),
);
