/** Messages about mistakes in a text are sentences: a place, a subject, a verb, and a full stop. */
import { expect, test } from 'vitest';
import { datasets } from '../../engine/data/registry.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { initializers } from '../../engine/initializers/registry.ts';
import { layers } from '../../engine/layers/registry.ts';
import { losses } from '../../engine/losses/registry.ts';
import { metrics } from '../../engine/metrics/registry.ts';
import { optimizers } from '../../engine/optimizers/registry.ts';
import { schedules } from '../../engine/schedules/registry.ts';
import type { Kind } from '../../engine/schema/attributes.ts';
import { counted } from '../../engine/schema/text.ts';
import { trainingAttributes } from '../../engine/spec/training.ts';

/** At least one of these does not fit an attribute, whatever it is. */
const odd = [7.5, -3, 'nonsense', [], [-1, 'x'], {}, { type: 'nonsense' }, { nonsense: 1 }, true, null];

const input = { type: 'input', shape: [8, 8, 2] };
const training = { data: 'points', loss: { type: 'meanSquaredError', from: 'layer' }, optimizer: 'sgd' };

const messagesOf = (layer: object, rest: object = {}): string[] =>
  analyze(JSON.stringify({ layers: { in: input, layer }, ...rest })).diagnostics.map(
    ({ message }) => message,
  );

/** Each attribute of a kind with each odd value, an attribute that it does not have, and none of those that it needs. */
const mistaken = ({ type, attributes }: Kind): object[] => [
  { type },
  { type, nonsense: 1 },
  ...Object.keys(attributes).flatMap((name) => odd.map((value) => ({ type, [name]: value }))),
];

/** The verbs that messages use. A sentence has one before its first full stop. */
const verb =
  /\b(is|are|was|were|has|have|had|must|needs?|cannot|can|does|do|takes?|reads?|expected|gives?|belongs?|fits?|leaves?|comes?|judges?|changes?|makes?|uses?|stands?|follows?|remains?|counts?|stays?|would|may|should)\b/;

const fragments = (messages: readonly string[]): string[] =>
  [...new Set(messages)].filter((message) => {
    const [first] = message.replace(/"[^"]*"/g, '"…"').split(/[.!?](?:\s|$)/);
    return !verb.test(first) || !/[.!?…]$/.test(message);
  });

test.each([
  ['layers', layers, (layer: object) => messagesOf({ ...layer, from: 'in' })],
  ['inputs of layers', layers, (layer: object) => messagesOf({ ...layer, from: ['in', 'in', 'in'] })],
  ...(
    [
      ['data', datasets],
      ['loss', losses],
      ['optimizer', optimizers],
      ['schedule', schedules],
      ['metrics', metrics],
    ] as const
  ).map(
    ([section, kinds]) =>
      [
        section,
        kinds,
        (value: object) =>
          messagesOf(
            { type: 'flatten', from: 'in' },
            { training: { ...training, [section]: section === 'metrics' ? [value] : value } },
          ),
      ] as const,
  ),
  [
    'initializers',
    initializers,
    (value: object) => messagesOf({ type: 'dense', from: 'in', units: 2, kernelInitializer: value }),
  ],
] as [string, Iterable<Kind>, (value: object) => string[]][])('about %s', (_, kinds, provoke) => {
  const messages = [...kinds].flatMap(mistaken).flatMap(provoke);
  expect(messages.length).toBeGreaterThan(20);
  expect(fragments(messages)).toEqual([]);
});

test('about the sections of a text, their settings, and unknown types', () => {
  const flat = { type: 'flatten', from: 'in' };
  const values = [...odd, [{ type: 'nonsense' }], [3]];
  const messages = [
    ...values.flatMap((value) => messagesOf(value as object)),
    ...values.flatMap((from) => messagesOf({ type: 'flatten', from })),
    ...['format', 'blocks', 'layers', 'training', 'layout', 'nonsense'].flatMap((section) =>
      values.flatMap((value) => messagesOf(flat, { [section]: value })),
    ),
    ...[...Object.keys(trainingAttributes), 'nonsense'].flatMap((setting) =>
      values.flatMap((value) => messagesOf(flat, { training: { ...training, [setting]: value } })),
    ),
    ...['bypass', 'trainable', 'l1', 'l2', 'shares'].flatMap((common) =>
      values.flatMap((value) => messagesOf({ ...flat, [common]: value })),
    ),
    ...['', '{', '[', '{ "layers": {} ', 'x', '{ "layers": { "a": 1, } }'].flatMap((text) =>
      analyze(text).diagnostics.map(({ message }) => message),
    ),
  ];
  expect(messages).toContainEqual(
    expect.stringMatching(/^training: data has the unknown dataset type "nonsense"\./),
  );
  expect(fragments(messages)).toEqual([]);
});

test('write one of a thing in the singular, and any other number in the plural', () => {
  const rnn = { type: 'simpleRnn', from: 'in', hiddenSize: 4, truncate: 5 };
  const text = JSON.stringify({ layers: { in: { type: 'input', shape: [1, 3] }, rnn } });
  const messages = analyze(text).diagnostics.map(({ message }) => message);
  expect(messages.join(' ')).toContain('longer than the sequence of 1 step (after in).');
  expect([counted(1, 'classes'), counted(0, 'classes'), counted(12_300, 'parameters', '12.3 K')]).toEqual([
    '1 class',
    '0 classes',
    '12.3 K parameters',
  ]);
});
