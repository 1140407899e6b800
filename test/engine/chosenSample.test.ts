/** The sample that a training shows in detail is the chosen one, and the choice changes nothing else. */
import { expect, test } from 'vitest';
import type { EventOfKind, TrainingEvent } from '../../engine/protocol/events.ts';
import { eventsOf } from './eventsOf.ts';

const text = `{ "layers": {
  "image": { "type": "input", "shape": [12, 12, 1] },
  "conv": { "type": "conv2d", "from": "image", "filters": 2, "kernelSize": 3 },
  "flat": { "type": "flatten", "from": "conv" },
  "out": { "type": "dense", "from": "flat", "units": 4 } },
  "training": { "data": { "type": "shapes", "size": 12, "samples": 16, "testSamples": 4 },
    "loss": { "type": "softmaxCrossEntropy", "from": "out" }, "optimizer": "sgd", "epochs": 1, "batchSize": 8 } }`;

const trained = (sample?: number, chosen?: () => number) => eventsOf(text, { sample, chosen });

const details = (events: readonly TrainingEvent[]): EventOfKind<'detail'>[] =>
  events.filter((event) => event.event === 'detail');
const maps = (events: readonly TrainingEvent[]) =>
  details(events).map(({ layers }) => layers.image.featureMaps);
const others = (events: readonly TrainingEvent[]) => events.filter(({ event }) => event !== 'detail');

test('maps are of the chosen sample, and every other number of the run is the same', async () => {
  const [usual, first, third, beyond, fourth] = [
    await trained(),
    await trained(1),
    await trained(3),
    await trained(99),
    await trained(4),
  ];
  expect(details(usual).length).toBeGreaterThan(0);
  expect(details(third).every(({ sample }) => sample === 3)).toBe(true);
  expect(maps(first)).toEqual(maps(usual));
  expect(maps(third)).not.toEqual(maps(first));
  expect(details(beyond)).toEqual(details(fourth));
  for (const events of [first, third, beyond]) expect(others(events)).toEqual(others(usual));
});

test('another sample can be chosen while the training runs', async () => {
  let asked = 0;
  const changed = await trained(1, () => (++asked > 1 ? 3 : 1));
  const [first, third] = [await trained(1), await trained(3)];
  expect(details(changed).length).toBeGreaterThan(1);
  expect(details(changed)[0]).toEqual(details(first)[0]);
  expect(details(changed).slice(1)).toEqual(details(third).slice(1));
  expect(others(changed)).toEqual(others(first));
});
