/** A finding that another one causes is not reported beside it, but only where the cause can act on it. */
import { describe, expect, it } from 'vitest';
import type { Finding, NetworkSample } from '../../engine/diagnose/define.ts';
import { chain, deep } from '../../engine/diagnose/samples.ts';
import type { Json } from '../../engine/schema/attributes.ts';
import { saturatedFraction } from '../../engine/stats/saturatedFraction.ts';
import { threadHost } from '../../engine/train/host.ts';
import { train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';
import { runCourse } from '../../engine/trials/course.ts';
import { findingsOf } from './diagnosed.ts';
import { load } from './wasmHarness.ts';

const textOf = (sample: NetworkSample): string => JSON.stringify({ format: 1, ...sample });
const namesOf = (found: readonly Finding[]): string[] =>
  found.map(({ code, layer }) => (layer === undefined ? code : `${code} ${layer}`));

const shifted = { biasInitializer: { type: 'constant', value: 4 } };

/** Three sigmoids in which the gradient vanishes, beside or behind a tanh that is saturated if it is shifted. */
function withTanh(where: 'beside' | 'behind', tanh: { readonly [attribute: string]: Json }): NetworkSample {
  const sigmoids = deep(6, 'sigmoid').layers as { readonly [name: string]: { readonly [key: string]: Json } };
  const { data, logits, ...hidden } = sigmoids;
  return {
    ...deep(6, 'sigmoid'),
    layers: {
      data,
      ...hidden,
      wide: { type: 'dense', from: where === 'beside' ? 'data' : 'act6', units: 16, ...tanh },
      tanh: { type: 'tanh', from: 'wide' },
      ...(where === 'beside' ? { both: { type: 'concat', from: ['act6', 'tanh'] } } : {}),
      logits: { ...logits, from: where === 'beside' ? 'both' : 'tanh' },
    },
  };
}

/**
 * The findings after a run in which tanh was saturated when the gradient behind it vanished, and is not saturated any more. `isForgotten`: the
 * diagnosis does not know that it was.
 */
async function afterCause(isForgotten: boolean): Promise<readonly string[]> {
  const backend = load('plain');
  const { training } = await openTraining(textOf(withTanh('behind', shifted)), { folder: '.' }, backend);
  for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() }))
    if (event.event === 'finding' && event.code === 'activation/saturated') break;
  const { diagnosis } = training;
  if (isForgotten) diagnosis.state = { ...diagnosis.state, seen: {} };
  const { step, stats, loss } = diagnosis.state.checks.at(-1)!;
  const calm = { ...stats, tanh: { ...stats.tanh, [saturatedFraction.key]: 0 } };
  const found: Finding[] = [];
  for (let later = 10; later < 16; later++) {
    diagnosis.addLoss(loss);
    diagnosis.afterStep(step + later, calm, 0);
    for (let next = diagnosis.take(); next; next = diagnosis.take()) found.push(next);
  }
  backend.dispose?.();
  return namesOf(found);
}

describe('a finding with a cause', () => {
  it('is reported where its cause is not seen', async () => {
    expect(namesOf(await findingsOf(textOf(withTanh('behind', {}))))).toContain('gradient/vanishing dense1');
  });

  it('is not reported beside its cause, which names it', async () => {
    const found = await findingsOf(textOf(withTanh('behind', shifted)));
    expect(namesOf(found)).not.toContain('gradient/vanishing dense1');
    const cause = found.find(({ code }) => code === 'activation/saturated');
    expect(cause?.layer).toBe('tanh');
    expect(cause?.message).toMatch(/This explains: Vanishing gradient\.$/);
  });

  it('is reported if the cause is in a layer that is not on one path with it', async () => {
    const found = namesOf(await findingsOf(textOf(withTanh('beside', shifted))));
    expect(found).toContain('activation/saturated tanh');
    expect(found).toContain('gradient/vanishing dense1');
  });

  it('is not reported if its cause is in the text', async () => {
    const large = deep(3, 'tanh', {}, { kernelInitializer: { type: 'normal', std: 20 } });
    const found = await findingsOf(textOf(large));
    expect(new Set(found.map(({ code }) => code))).toEqual(new Set(['init/mismatch']));
    // Without the cause, the same training shows its effect.
    const limits = { 'init/mismatch/large': 1000 };
    expect((await findingsOf(textOf(large), { limits })).map(({ code }) => code)).toContain(
      'activation/saturated',
    );
  });

  it('is not reported after its cause is gone, because it is what is left of it', async () => {
    expect(await afterCause(false)).not.toContain('gradient/vanishing dense1');
    expect(await afterCause(true)).toContain('gradient/vanishing dense1');
  });

  it('in the text is not reported if its cause is in the data', async () => {
    const classes = (units: number) =>
      textOf(
        chain([2], {
          narrow: { type: 'dense', units: 16 },
          act: { type: 'relu' },
          logits: { type: 'dense', units },
        }),
      );
    const found = (await findingsOf(classes(100))).map(({ code }) => code);
    expect(found).toContain('output/unused');
    expect(found).not.toContain('structure/bottleneck');
  });

  it('is seen all the same, so that a fix of another finding does not count as its fix', async () => {
    const host = { ...threadHost, folder: '.', memoryLimit: 2 ** 28, openBackend: () => load('plain') };
    const course = await runCourse(textOf(withTanh('behind', shifted)), { least: 60, most: 60 }, host);
    const hidden = { code: 'gradient/vanishing', layer: 'dense1', severity: 'warning' } as const;
    expect(course.findings.some(({ code }) => code === hidden.code)).toBe(false);
    expect(course.isSeen(hidden)).toBe(true);
    expect(course.isSeen({ ...hidden, layer: 'logits' })).toBe(false);
  });
});
