/** Weights that start too small, in networks that learn with them and in networks that do not. */
import { expect, it } from 'vitest';
import { diagnose } from '../../engine/diagnose/check.ts';

/** Hidden layers whose weights have this standard deviation. */
function network(depth: number, std: number): string {
  const names = Array.from({ length: depth }, (_, index) => `dense${index + 1}`);
  const layers = names.flatMap((name, index) => [
    [
      name,
      {
        type: 'dense',
        from: index === 0 ? 'data' : `relu${index}`,
        units: 12,
        kernelInitializer: { type: 'normal', std },
      },
    ],
    [`relu${index + 1}`, { type: 'relu', from: name }],
  ]);
  return JSON.stringify({
    layers: {
      data: { type: 'input', shape: [12] },
      ...Object.fromEntries(layers),
      logits: { type: 'dense', from: `relu${depth}`, units: 2 },
    },
  });
}

const severities = (depth: number, std: number) =>
  diagnose(network(depth, std))
    .findings.filter(({ code, message }) => code === 'init/mismatch' && message.includes('kernel'))
    .map(({ severity }) => severity);

it('two layers that are six times too small are information: they leave a part of the signal', () => {
  expect(severities(2, 0.05)).toEqual(['info', 'info']);
});

it('weights that together leave less than a hundredth of the signal are a warning', () => {
  expect(severities(3, 0.05)).toEqual(['warning', 'warning', 'warning']);
  expect(severities(1, 0.001)).toEqual(['warning']);
});

it('weights that suit their layer are not reported', () => {
  expect(severities(3, 0.3)).toEqual([]);
});
