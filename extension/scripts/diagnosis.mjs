/**
 * `npm run diagnosis`: measures how well the diagnosis detects planted faults, prints each network, and writes the tables of
 * docs/diagnosis-measured.md, one for each set of networks, and their sum in docs/diagnosis.md. `npm run diagnosis second` measures that set alone, and `npm run diagnosis mutants` healthy
 * networks in which mistakes are planted. `npm run diagnosis networks examples` trains each network of a folder to its end. `npm run diagnosis random 100 7` trains 100 random sound networks, from seed 7.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import os from 'node:os';
import path from 'node:path';
import { load, root } from './load.mjs';

process.chdir(root);
const { measure, sets, trainEach } = await load('test/diagnosis/measure.ts');
const pages = Object.fromEntries(
  ['diagnosis', 'diagnosis-measured'].map((name) => [name, readFileSync(fileOf(name), 'utf8')]),
);
const chosen = process.argv.slice(2);
if (chosen[0] === 'mutants') await mutants();
else if (chosen[0] === 'networks') await networks(chosen[1] ?? 'examples');
else if (chosen[0] === 'random') await random(...chosen.slice(1).map(Number));
else await all();
write('diagnosis', 'sum', sumOfSets());
for (const [name, page] of Object.entries(pages)) writeFileSync(fileOf(name), page);

async function all() {
  for (const set of chosen.length === 0 ? Object.keys(sets) : chosen) {
    const result = await measure(set, (line) => console.log(line));
    const lines = tableOf(result);
    console.log(`\n${set}\n${lines.join('\n')}\n`);
    for (const { code, missed, falseAlarms, unrepaired } of result.rows) {
      for (const line of unrepaired) console.log(`not repaired: ${line}`);
      for (const name of missed) console.log(`missed: ${name} (${code})`);
      for (const name of falseAlarms) console.log(`false alarm: ${code} in ${name}`);
    }
    write('diagnosis-measured', set, lines);
  }
}

function fileOf(page) {
  return path.join(root, 'docs', `${page}.md`);
}

/** The text between the marks of a measurement. */
function placeOf(name) {
  return new RegExp(`(<!-- measured: ${name} -->\n)([\\s\\S]*?)(?=<!-- end -->)`);
}

function write(page, name, lines) {
  pages[page] = pages[page].replace(placeOf(name), (_, start) => `${start}\n${lines.join('\n')}\n\n`);
}

/** One table from those of all sets that were measured whole, now or before. */
function sumOfSets() {
  const sums = new Map();
  let [measured, sick, found] = [0, 0, 0];
  for (const set of Object.keys(sets)) {
    const [, , table = ''] = placeOf(set).exec(pages['diagnosis-measured']) ?? [];
    const [, ofSet = 0, foundInSet = 0] = /(\d+) networks with a fault: (\d+) found/.exec(table) ?? [];
    if (ofSet) measured++;
    sick += Number(ofSet);
    found += Number(foundInSet);
    for (const [, code, cells] of table.matchAll(/^\| (`[^`]+`) \| (.*) \|$/gm)) {
      const numbers = cells.split(' | ').flatMap((cell) => {
        if (cell === '–') return [0, 0];
        return cell.split(' of ').map(Number);
      });
      const sum = sums.get(code) ?? numbers.map(() => 0);
      sums.set(
        code,
        numbers.map((number, index) => sum[index] + number),
      );
    }
  }
  const of = (part, whole) => (whole === 0 ? '–' : `${part} of ${whole}`);
  return [
    `In the ${measured} of ${Object.keys(sets).length} sets that were measured whole, ${found} of ${sick} faults are found.`,
    '',
    '| finding | found | missed | false alarms | fix cleared it | repaired |',
    '|---|---|---|---|---|---|',
    ...[...sums].map(
      ([code, [hits, missed, alarms, cleared, fixes, repaired, repairs]]) =>
        `| ${code} | ${hits} | ${missed} | ${alarms} | ${of(cleared, fixes)} | ${of(repaired, repairs)} |`,
    ),
  ];
}

async function networks(folder) {
  const alarmed = await trainEach(folder, (line) => console.log(line));
  console.log(`${alarmed} with a warning or an error`);
}

/** The results of trainings that do not depend on the rules are kept here. Delete the folder after a change of the training itself. */
async function mutants() {
  const { measureMutants } = await load('test/diagnosis/mutants/measure.ts');
  const cache = path.join(os.tmpdir(), 'netloom-mutants');
  // Only mutants of the tuning half may be looked at.
  const halves = {
    tuning: await measureMutants('tuning', cache, (line) => console.log(line)),
    heldOut: await measureMutants('heldOut', cache, () => {}),
    fresh: await measureMutants('fresh', cache, () => {}),
  };
  const lines = tableOfMutants(halves);
  console.log(lines.join('\n'));
  write('diagnosis-measured', 'mutants', lines);
}

/** Every warning is printed with the network, so that it can be judged. */
async function random(count = 180, first = 100) {
  // Only the sum of all sets is computed again.
  if (count === 0) return;
  const { measureRandom } = await load('test/diagnosis/random/measure.ts');
  const { networks, learning, warned, failing, silent } = await measureRandom(count, first, (line) =>
    console.log(line),
  );
  const lines = [
    `Of ${networks} random networks, ${learning} learn: they end with at most half of the loss of guessing. ${warned} of these have a warning. ${silent} of the ${failing} others have no finding.`,
  ];
  console.log(lines.join('\n'));
  write('diagnosis-measured', 'random', lines);
}

function tableOfMutants({ tuning, heldOut, fresh }) {
  const sum = (rows, pick) => rows.reduce((total, row) => total + row[pick], 0);
  const share = (part, whole) => (whole === 0 ? '–' : `${((100 * part) / whole).toFixed(1)} %`);
  const half = (name, rows) => {
    const [faulty, found, warned, byCause] = ['faulty', 'found', 'foundAsWarning', 'byCause'].map((pick) =>
      sum(rows, pick),
    );
    const [right, reported] = [sum(rows, 'right'), sum(rows, 'reported')];
    return `| ${name} | ${found} of ${faulty} (${share(found, faulty)}) | ${share(warned, faulty)} | ${share(byCause, faulty)} | ${right} of ${reported} (${share(right, reported)}) | ${sum(rows, 'falseAlarms')} of ${sum(rows, 'equivalent')} |`;
  };
  const of = (part, whole) => (whole === 0 ? '–' : `${part} of ${whole}`);
  return [
    '| half | found | as a warning or an error | by its cause | right, of all warnings and errors | equivalent mutants with another warning |',
    '|---|---|---|---|---|---|',
    half('tuning', tuning),
    half('held out', heldOut),
    half('held out, fresh networks', fresh),
    '',
    '| mistake | found, tuning | found, held out | found, fresh | equivalent |',
    '|---|---|---|---|---|',
    ...tuning.map((row, index) => {
      const [other, third] = [heldOut[index], fresh[index]];
      return `| ${row.operator} | ${of(row.found, row.faulty)} | ${of(other.found, other.faulty)} | ${of(third.found, third.faulty)} | ${row.equivalent + other.equivalent + third.equivalent} |`;
    }),
  ];
}

function tableOf({
  rows,
  sick,
  healthy,
  alarmed,
  reported,
  right,
  withError,
  withErrorRepaired,
  learning,
  unlearnable,
  rightlyLeft,
  foundByComparison,
  sickCompared,
  sickImproved,
  healthyCompared,
  healthyImproved,
}) {
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
    `Comparisons: ${sickCompared} networks with a fault were compared, ${sickImproved} have a clearly better alternative, and ${foundByComparison} were found only by it. ${healthyImproved} of the ${healthyCompared} healthy networks that were compared have one.`,
    `${repaired} of ${repairs} networks with a fault were repaired (${share(repaired, repairs)}), and ${withErrorRepaired} of the ${withError} that start with an error. After the repair, ${learning} of ${repairs} learn.`,
    ...(unlearnable === 0
      ? []
      : [
          `In ${unlearnable} more networks with a fault there is nothing to learn, and the repair rightly leaves an error in ${rightlyLeft}.`,
        ]),
    '',
    '| finding | found | missed | false alarms | fix cleared it | repaired |',
    '|---|---|---|---|---|---|',
    ...said.map((row) => `| ${cells(row).join(' | ')} |`),
    `| **all** | **${found}** | **${sum((row) => row.missed.length)}** | **${sum((row) => row.falseAlarms.length)}** | **${sum((row) => row.cleared)} of ${sum((row) => row.fixes)}** | **${repaired} of ${repairs}** |`,
  ];
}
