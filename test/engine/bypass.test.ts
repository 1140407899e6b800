/** A bypassed layer passes on its first input: in shapes, in training, and for layers that use its parameters. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { connectProblem } from '../../engine/graph/connect.ts';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import type { TrainingEvent } from '../../engine/protocol/events.ts';
import { runJob } from '../../engine/train/job.ts';

const network = (hidden: string, bend = '{ "type": "tanh", "from": "hidden" }'): string => `{
  "format": 1,
  "layers": {
    "point": { "type": "input", "shape": [2] },
    "first": { "type": "dense", "from": "point", "units": 8 },
    "hidden": ${hidden},
    "bend": ${bend},
    "logits": { "type": "dense", "from": "bend", "units": 2 }
  },
  "training": {
    "data": { "type": "points", "samples": 100, "testSamples": 40 },
    "loss": { "type": "softmaxCrossEntropy", "from": "logits" },
    "optimizer": { "type": "adam", "learningRate": 0.01 },
    "batchSize": 20,
    "epochs": 3,
    "seed": 1
  }
}`;

async function train(text: string): Promise<TrainingEvent[]> {
  const events: TrainingEvent[] = [];
  const end = await runJob(
    { task: 'train', text, folder: '/nowhere' },
    {
      openBackend: () => referenceBackend,
      now: () => 0,
      yield: async () => undefined,
      emit: (event) => events.push(event),
    },
  );
  expect(end).toMatchObject({ reason: 'finished' });
  return events;
}

const scores = (events: readonly TrainingEvent[]) =>
  events.flatMap((event) => (event.event === 'epoch' ? [event.train, event.test] : []));

const dense = (more: string) => `{ "type": "dense", "from": "first", "units": 8${more} }`;

describe('a layer that is bypassed', () => {
  test('passes its input on, has no parameters, and costs nothing', () => {
    const { graph, summaries, diagnostics } = analyze(
      network('{ "type": "dense", "from": "first", "units": 5, "bypass": true }'),
    );
    expect(diagnostics).toEqual([]);
    expect(graph.byName.get('hidden')?.inferred.output).toEqual([8]);
    expect(summaries.get('hidden')).toMatchObject({ parameters: 0, flops: 0 });
  });

  test('trains to the same scores as the network without it', async () => {
    // An activation draws no numbers, so the other layers have the same seeds as in the network without it.
    const bypassed = await train(network('{ "type": "tanh", "from": "first", "bypass": true }'));
    const without = await train(network('{ "type": "flatten", "from": "first" }'));
    expect(scores(bypassed)).toEqual(scores(without));
    expect(scores(bypassed)).toHaveLength(6);
  });

  test('with several inputs passes on the first, and only the first gets a gradient', async () => {
    const text = network(dense(''), '{ "type": "add", "from": ["hidden", "first"], "bypass": true }');
    expect(analyze(text).graph.byName.get('bend')?.from).toEqual([{ layer: 'hidden' }]);
    await train(text);
  });

  test('may have a shape that would not fit otherwise', () => {
    const unfit = '{ "type": "conv2d", "from": "first", "filters": 4, "kernelSize": 3';
    expect(analyze(network(`${unfit} }`)).sound).toBe(false);
    expect(analyze(network(`${unfit}, "bypass": true }`)).diagnostics).toEqual([]);
    const analysis = analyze(network(`${unfit}, "bypass": true }`));
    expect(connectProblem(analysis, { layer: 'point' }, 'hidden', 0)).toBeUndefined();
  });

  test('needs an input, and has no parameters that others can use', () => {
    const alone = analyze(network(dense('')).replace('"shape": [2]', '"shape": [2], "bypass": true'));
    expect(alone.diagnostics.map(({ code }) => code)).toContain('graph/bypass');
    const shared = network(
      dense(', "bypass": true'),
      '{ "type": "dense", "from": "hidden", "units": 8, "shares": "hidden" }',
    );
    expect(analyze(shared).diagnostics.map(({ code }) => code)).toContain('graph/shares');
    const borrowing = network(dense(', "bypass": true, "shares": "first"'));
    expect(analyze(borrowing).diagnostics.filter(({ severity }) => severity === 'error')).toEqual([]);
  });
});
