/** Data that is looked up in a table is refused before the first step if the table is too small. */
import { existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { layers } from '../../engine/layers/registry.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { runJob } from '../../engine/train/job.ts';
import { standOn } from './layerHarness.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'netloom-'));
});
afterEach(() => rmSync(folder, { recursive: true, force: true }));

async function run(text: string) {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task: 'train', text, folder, output: join(folder, 'out') },
    {
      openBackend: () => referenceBackend,
      now: () => 0,
      yield: () => Promise.resolve(),
      emit: (event) => events.push(event),
    },
  );
  return { events, end };
}

/** The letter j, number 9 of 10, occurs only in the last part, which is kept for the test. */
const letters = `${'abcdefghi'.repeat(40)}${'j'.repeat(60)}`;

const textNetwork = (layersText: string, vocabularySize: number, more = '') => `{
  "layers": {
    "x": { "type": "input", "shape": [20] },
    ${layersText.replace('SIZE', `${vocabularySize}`)},
    "g": { "type": "gru", "from": "e", "hiddenSize": 4, "returnSequences": true },
    "n": { "type": "dense", "from": "g", "units": 10 }
  },
  "training": {
    "data": { "type": "text", "file": "text.txt", "sequenceLength": 20, "testFraction": 0.1 },
    "loss": { "type": "softmaxCrossEntropy", "from": "n"${more} }, "optimizer": "adam", "epochs": 1
  }
}`;

const direct = '"e": { "type": "embedding", "from": "x", "vocabularySize": SIZE, "units": 4 }';

describe('an embedding that is too small', () => {
  beforeEach(() => writeFileSync(join(folder, 'text.txt'), letters));

  it.each([
    ['directly behind the input', direct],
    [
      'behind layers that move values',
      `"r": { "type": "reshape", "from": "x", "shape": [4, 5] },
       "p": { "type": "permute", "from": "r", "axes": [2, 1] },
       "c": { "type": "concat", "from": ["p", "p"], "axis": 1 },
       "h": { "type": "maxPool1d", "from": "c", "poolSize": 2 },
       "f": { "type": "flatten", "from": "h" },
       "e": { "type": "embedding", "from": "f", "vocabularySize": SIZE, "units": 4 }`,
    ],
  ])('is refused before anything is written: %s', async (_name, layersText) => {
    const { events, end } = await run(textNetwork(layersText, 9));
    expect(end).toMatchObject({ reason: 'failed', code: 'data/id', path: ['layers', 'e', 'vocabularySize'] });
    expect(end.message).toMatch(/^e: vocabularySize is 9, .* has 10 symbols/);
    expect(events.map(({ event }) => event)).toEqual(['end']);
    expect(existsSync(join(folder, 'out'))).toBe(false);
  });

  it('trains with as many rows as there are symbols', async () => {
    expect((await run(textNetwork(direct, 10))).end).toMatchObject({ reason: 'finished' });
  });

  it('is refused for whole numbers of a table, those of the test too', async () => {
    writeFileSync(join(folder, 'train.csv'), 'a,b,k\n0,1,u\n2,1,v\n1,0,u\n');
    writeFileSync(join(folder, 'test.csv'), 'a,b,k\n0,7,u\n');
    const network = (size: number) => `{
      "layers": {
        "x": { "type": "input", "shape": [2] },
        "e": { "type": "embedding", "from": "x", "vocabularySize": ${size}, "units": 3 },
        "f": { "type": "flatten", "from": "e" },
        "y": { "type": "dense", "from": "f", "units": 2 }
      },
      "training": {
        "data": { "type": "csv", "file": "train.csv", "testFile": "test.csv", "normalize": "none" },
        "loss": { "type": "softmaxCrossEntropy", "from": "y" }, "optimizer": "adam", "epochs": 1
      }
    }`;
    expect((await run(network(7))).end.message).toMatch(/^e: vocabularySize is 7, .* 8 symbols/);
    expect((await run(network(8))).end).toMatchObject({ reason: 'finished' });
  });
});

describe('outputs for classes', () => {
  it('may lack a last class that the loss ignores, and no other', async () => {
    writeFileSync(join(folder, 'text.txt'), letters);
    const nine = (more: string) => textNetwork(direct, 10, more).replace('"units": 10', '"units": 9');
    expect((await run(nine(''))).end).toMatchObject({ reason: 'failed', code: 'loss/classes' });
    expect((await run(nine(', "ignoreIndex": 3'))).end).toMatchObject({
      reason: 'failed',
      code: 'loss/classes',
    });
    expect((await run(nine(', "ignoreIndex": 9'))).end).toMatchObject({ reason: 'finished' });
  });
});

describe('a layer that says it keeps values', () => {
  const keeping = [...layers].filter(({ keepsValues }) => keepsValues);
  it.each(keeping.map((definition) => [definition.type, definition] as const))(
    '%s gives only values of its inputs and 0',
    (_type, definition) => {
      for (const sample of definition.samples) {
        const layer = standOn(definition, sample);
        const given = new Set([0]);
        let next = 1;
        for (const { data } of layer.pass.inputs)
          for (let i = 0; i < data.length; i++) {
            data[i] = next;
            given.add(next++);
          }
        layer.forward();
        expect([...layer.pass.output.data].filter((value) => !given.has(value))).toEqual([]);
      }
    },
  );
});
