/** Checks the VSIX as it is installed: nothing unnecessary, nothing missing, and small. */
import { readFileSync } from 'node:fs';
import { inflateRawSync } from 'node:zlib';
import { vsix } from '../../extension/scripts/ensure.mjs';

const sizeLimit = 2_000_000;
/** Scripts that a browser reads each time a graph comes into view, before anything else is loaded on demand. */
const webviewLimit = 1_000_000;

const allowed = [
  /^\[Content_Types\]\.xml$/,
  /^extension\.vsixmanifest$/,
  /^extension\/package(\.nls(\.[a-z-]+)?)?\.json$/,
  /^extension\/(readme|changelog)\.md$/i,
  /^extension\/license\.txt$/i,
  /^extension\/dist\/(extension|main|networks|engine|worker|cli|whole|picture)\.cjs$/,
  /^extension\/dist\/kernels\/(poolWorker\.cjs|(plain|relaxed|wide)\.wasm)$/,
  /^extension\/dist\/webview(-[\w-]+\.js|\.js|\.css)$/,
  /^extension\/dist\/replay\.(js|css)$/,
  /^extension\/dist\/codicon\.ttf$/,
  /^extension\/dist\/network\.schema\.json$/,
  /^extension\/dist\/THIRD-PARTY-NOTICES\.txt$/,
  /^extension\/extension\/media\/([\w-]+\/)*[\w.-]+\.(png|svg|md)$/,
  /^extension\/extension\/language\/(language-configuration|netloom\.tmLanguage)\.json$/,
  /^extension\/extension\/l10n\/bundle\.l10n\.[a-z-]+\.json$/,
];

const required = [
  'extension/package.json',
  'extension/readme.md',
  'extension/changelog.md',
  'extension/LICENSE.txt',
  'extension/dist/extension.cjs',
  'extension/dist/main.cjs',
  'extension/dist/networks.cjs',
  'extension/dist/engine.cjs',
  'extension/dist/worker.cjs',
  'extension/dist/cli.cjs',
  'extension/dist/whole.cjs',
  'extension/dist/picture.cjs',
  'extension/dist/kernels/poolWorker.cjs',
  'extension/dist/kernels/plain.wasm',
  'extension/dist/kernels/relaxed.wasm',
  'extension/dist/kernels/wide.wasm',
  'extension/dist/webview.js',
  'extension/dist/webview.css',
  'extension/dist/replay.js',
  'extension/dist/replay.css',
  'extension/dist/network.schema.json',
  'extension/dist/THIRD-PARTY-NOTICES.txt',
  'extension/extension/language/language-configuration.json',
  'extension/extension/language/netloom.tmLanguage.json',
];

/** Unpacked sizes and texts by name, from a ZIP archive's central directory (APPNOTE.TXT 4.3.7, 4.3.12 and 4.3.16). */
function entriesOfZip(bytes) {
  const end = bytes.lastIndexOf('PK\x05\x06', undefined, 'latin1');
  const count = bytes.readUInt16LE(end + 10);
  let offset = bytes.readUInt32LE(end + 16);
  const entries = new Map();
  for (let entry = 0; entry < count; entry++) {
    const nameLength = bytes.readUInt16LE(offset + 28);
    const tailLength = bytes.readUInt16LE(offset + 30) + bytes.readUInt16LE(offset + 32);
    const name = bytes.toString('utf8', offset + 46, offset + 46 + nameLength);
    const packed = bytes.readUInt32LE(offset + 20);
    const header = bytes.readUInt32LE(offset + 42);
    const stored = bytes.readUInt16LE(offset + 10) === 0;
    const text = () => {
      const start = header + 30 + bytes.readUInt16LE(header + 26) + bytes.readUInt16LE(header + 28);
      const content = bytes.subarray(start, start + packed);
      return (stored ? content : inflateRawSync(content)).toString('utf8');
    };
    entries.set(name, { size: bytes.readUInt32LE(offset + 24), text });
    offset += 46 + nameLength + tailLength;
  }
  return entries;
}

const imports = /(?:from|import)\s*"\.\/([\w-]+\.js)"/g;
/** Imports that are evaluated when they are called. */
const importsOnDemand = /import\("\.\/([\w-]+\.js)"\)/g;

const importedBy = (entries, script, pattern) =>
  [...(entries.get(script)?.text().matchAll(pattern) ?? [])].map(([, name]) => `extension/dist/${name}`);

/** A script and all its static imports. */
function importedAtOnce(entries, script, found = new Set()) {
  if (found.has(script)) return found;
  found.add(script);
  for (const imported of importedBy(entries, script, imports)) importedAtOnce(entries, imported, found);
  return found;
}

function check(print, sentence, problems, counts) {
  print(`  ${problems.length > 0 ? '✗' : '✓'} ${sentence}`);
  for (const problem of problems) print(`      ${problem}`);
  counts[problems.length > 0 ? 'failed' : 'passed']++;
}

export function checkVsix(print) {
  const bytes = readFileSync(vsix);
  const entries = entriesOfZip(bytes);
  const names = [...entries.keys()];
  const counts = { passed: 0, failed: 0, skipped: 0 };
  const strange = names.filter((name) => !allowed.some((pattern) => pattern.test(name)));
  const missing = required.filter(
    (name) => !names.some((found) => found.toLowerCase() === name.toLowerCase()),
  );
  const size = `${(bytes.length / 1000).toFixed(0)} kB in ${names.length} files`;
  check(print, 'holds nothing but what it needs', strange, counts);
  check(print, 'holds everything it needs', missing, counts);
  check(
    print,
    `is at most ${sizeLimit / 1000} kB (${size})`,
    bytes.length > sizeLimit ? [`it is ${size}`] : [],
    counts,
  );
  const scripts = names.filter((name) => /\/dist\/webview[\w-]*\.js$/.test(name));
  const atOnce = importedAtOnce(entries, 'extension/dist/webview.js');
  const sizeOf = (some) => [...some].reduce((sum, name) => sum + (entries.get(name)?.size ?? 0), 0);
  const [opening, all] = [sizeOf(atOnce), sizeOf(scripts)].map((bytes) => `${(bytes / 1000).toFixed(0)} kB`);
  check(
    print,
    `has a webview that opens with at most ${webviewLimit / 1000} kB of scripts (${opening}, with what is loaded on demand ${all})`,
    sizeOf(atOnce) > webviewLimit ? [`it is ${opening}; esbuild's --analyze tells what weighs`] : [],
    counts,
  );
  check(
    print,
    'holds every script that the webview imports',
    scripts
      .flatMap((script) =>
        [imports, importsOnDemand].flatMap((pattern) => importedBy(entries, script, pattern)),
      )
      .filter((name) => !entries.has(name)),
    counts,
  );
  return counts;
}
