/** Plain words in what people read: comments, messages, documents and names of tests. The glossary is in CONTRIBUTING. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { expect, test } from 'vitest';
import { bundle } from '../../extension/scripts/l10n.mjs';

const root = path.resolve(import.meta.dirname, '../..');

/** Each expression, with the words to use instead. */
const avoided: readonly (readonly [RegExp, string])[] = [
  [/\bcrew\b/i, 'thread pool'],
  [/\bhelper threads?\b/i, 'worker'],
  [/\bmend(?:s|ed|ing)?\b/i, 'fix'],
  [/\b(?:tells?|told)\b(?!.{0,40} apart\b)/i, 'report, say, show'],
  [/\bfigures?\b(?! space)/i, 'statistic, metric, number'],
  [/\b(?:find|finds|found) out\b/i, 'detect'],
  [/\brails\b/i, 'saturation bounds'],
  [/\bput right\b/i, 'fix'],
  [/\bwhat (?:it is|they are) of\b/i, 'name the thing'],
  [/\bhas it that\b/i, 'says that'],
  [/\banew\b/i, 'again'],
  [/\bin the midst\b/i, 'during, in the middle of'],
  [/\bstands? against\b/i, 'prevents'],
  [/\b(?:came|come|comes) to no end\b/i, 'was cut off'],
  [/\bbreathe/i, 'name the effect'],
  [/\bso many\b(?!.{0,60}\bthat\b)/i, 'this many, the number of'],
  [/\bsuch a one\b/i, 'name the thing'],
  [/\blikeliest\b/i, 'most likely'],
  [/\bsays? of\b/i, 'say about, declare'],
  [/\bworst off\b/i, 'in the worst state'],
  [/\bnought\b/i, 'zero'],
  [/\bas (?:it|they) stands?\b/i, 'as it is, as written'],
  [/\bbut for\b/i, 'except for'],
  [/\bby (?:itself|themselves)\b/i, 'alone, separately, automatically'],
  [/\bbrings? along\b/i, 'declare, include'],
  [/\bat hand\b/i, 'in the cache, available'],
  [/\bone an? (?:input|layer|step|element|axis)\b/i, 'one for each'],
  [
    /\b(?:one|object|weight|factor|entry|function|line) an? (?:line|class|unit|filter|output|call)\b/i,
    'per, for each',
  ],
  [/\bgo(?:es)? on\b(?! to\b)/i, 'continue'],
  [/\bin (?:the )?place of\b/i, 'instead of'],
  [/\bonce more\b/i, 'again'],
  [/\b(?:learn(?:s|ed)?|know(?:s|n)?) by heart\b/i, 'memorize'],
  [/\bwhat (?:comes|came|becomes|became|become) of\b/i, 'result'],
  [/\bwhat (?:may|can) stand\b/i, 'what is allowed'],
  [/\bstands? (?:above|at|before|behind|below|beside|between|there|under|where)\b/i, 'is'],
  [/(?<!\bthere )\b(?:is|are|was|were) no (?:class|file|layer|network|number|text|use)\b/i, 'is not a'],
  [/\bfor ever\b|\blearnt\b|\bby halves\b/i, 'forever, learned, in part'],
  [/\bluck explains?\b/i, 'chance'],
  [/\bcrawls\b|\bsilences\b/i, 'is slow, sets to 0'],
  [/\btaken? along\b|\btakes along\b/i, 'keep, move with it'],
];

const filesIn = (folder: string): string[] =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' }).map(
    (file) => `${folder}/${file.replaceAll('\\', '/')}`,
  );

const read = (file: string): string => readFileSync(path.join(root, file), 'utf8');

const sources = ['engine', 'extension', 'webview', 'test']
  .flatMap(filesIn)
  .filter(
    (file) =>
      /\.(?:tsx?|mjs|css)$/.test(file) &&
      !/^test\/(?:fixtures|bench\/node_modules)\/|^test\/tidy\/words\.test\.ts$/.test(file),
  );

/** Comments, and names of tests. */
const spoken =
  /\/\*[\s\S]*?\*\/|(?<!:)\/\/.*|^\s*(?:test|it|describe)(?:\.\w+)?(?:\([^'"`]*\))?\(\s*(?:'(?:[^'\\\n]|\\.)*'|`[^`]*`)/gm;

/** Most strings in the sources are data. Those for people are in the bundle of strings, except for the documentation of kinds. */
const passages = (): (readonly [file: string, text: string])[] => [
  ...sources.flatMap((file) => [...read(file).matchAll(spoken)].map(([text]) => [file, text] as const)),
  ...Object.keys(JSON.parse(readFileSync(bundle, 'utf8'))).map((text) => ['a message', text] as const),
  ...Object.values(JSON.parse(read('package.nls.json'))).map(
    (text) => ['package.nls.json', String(text)] as const,
  ),
  ...[
    'README.md',
    'CHANGELOG.md',
    ...[...filesIn('docs'), ...filesIn('examples')].filter((file) => /\.(?:md|nn\.json)$/.test(file)),
  ].map((file) => [file, read(file)] as const),
  // Without the column of words to avoid.
  ['CONTRIBUTING.md', read('CONTRIBUTING.md').replace(/\| use \| for \| not \|[\s\S]*?\n\n/, '')],
];

test('people read plain words', () => {
  const found = passages().flatMap(([file, text]) =>
    avoided.flatMap(([words, instead]) => {
      const [hit] = words.exec(text) ?? [];
      return hit === undefined ? [] : [`${file}: "${hit}" (${instead})`];
    }),
  );
  expect(found).toEqual([]);
});
