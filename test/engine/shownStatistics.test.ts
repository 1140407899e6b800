/** Statistics of whole runs, as every view receives them, for networks whose right values can be computed by hand. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { referenceBackend } from '../../engine/kernels/reference/backend.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { gradThroughTime as throughTime } from '../../engine/layers/recurrent/statistics.ts';
import { type NetworkStats, valueIn } from '../../engine/stats/define.ts';
import { runJob } from '../../engine/train/job.ts';

const fixtures = 'test/fixtures/statistics';

describe.each([
  ['reference', () => referenceBackend],
  ['wasm', (threads: number, bytes: number) => loadBackend('dist/kernels', threads, bytes)],
])('statistics on the %s backend', (_, openBackend) => {
  async function statsOf(
    file: string,
    change = (text: string) => text,
    probes?: () => boolean,
  ): Promise<NetworkStats[]> {
    const folder = join(fixtures, file, '..');
    const text = change(readFileSync(join(fixtures, file), 'utf8'));
    const stats: NetworkStats[] = [];
    const end = await runJob(
      { task: 'train', text, folder },
      {
        openBackend,
        now: () => performance.now(),
        yield: async () => {},
        emit: (event) => {
          if (event.event === 'stats') stats.push(event.layers);
        },
        ...(probes ? { probes } : {}),
      },
    );
    expect(end).toMatchObject({ reason: 'finished' });
    return stats;
  }
  const last = async (...args: Parameters<typeof statsOf>): Promise<NetworkStats> =>
    (await statsOf(...args)).at(-1) as NetworkStats;
  /** Statistics that are numbers. */
  const gradientOf = (stats: NetworkStats, layer: string) =>
    stats[layer] as { readonly [statistic: string]: number };

  it('count a unit as alive that was above zero in any batch of the epoch, measured or not', async () => {
    const stats = await last('dead-units/network.nn.json');
    expect(stats.r.deadFraction).toBe(0);
  });

  it('find the units that no batch of the epoch brought above zero', async () => {
    // Every sample sums to 0, and 0 is not above zero.
    const dying = (text: string) => text.replace('"identity"', '{ "type": "constant", "value": 1 }');
    const stats = await last('dead-units/network.nn.json', dying);
    expect(stats.r.deadFraction).toBe(1);
  });

  it('report no dead units before an epoch is complete', async () => {
    const stats = await statsOf('dead-units/network.nn.json');
    expect(stats.length).toBeGreaterThan(1);
    expect(stats[0].r.deadFraction).toBeNull();
  });

  it('report a gradient whose square float32 cannot hold', async () => {
    const { gradNorm, gradRms } = gradientOf(await last('large-gradient/network.nn.json'), 's');
    expect(gradNorm / 5e11).toBeCloseTo(1, 5);
    expect(gradRms / 2.5e11).toBeCloseTo(1, 5);
  });

  it.each([
    ['none', undefined],
    ['clip-norm-1', Math.SQRT1_2],
    ['clip-value-1', Math.SQRT2],
  ])('report the gradient before and after clipping: %s', async (file, clippedNorm) => {
    const stats = await last(`clipping/${file}.nn.json`);
    for (const layer of ['a', 'b']) {
      const gradient = gradientOf(stats, layer);
      expect(gradient.gradNorm).toBeCloseTo(5, 5);
      if (clippedNorm === undefined) expect(gradient).not.toHaveProperty('clippedNorm');
      else expect(gradient.clippedNorm).toBeCloseTo(clippedNorm, 5);
    }
  });

  it('report the share of the updates of the epoch so far that were clipped', async () => {
    // Nothing learns, so that the updates have the same gradients with and without a limit.
    const clipping = (limit: number) => (text: string) =>
      text.replace('"loss":', `"clipNorm": ${limit}, "loss":`);
    const all = () => true;
    const free = await statsOf('dead-units/network.nn.json', clipping(1e9), all);
    const norms = free.map((one) => Math.hypot(gradientOf(one, 'h').gradNorm, gradientOf(one, 'y').gradNorm));
    const limit = norms.toSorted((one, other) => one - other)[Math.floor(norms.length / 3)] * 1.001;
    const clipped = await statsOf('dead-units/network.nn.json', clipping(limit), all);
    expect(clipped).toHaveLength(norms.length);
    const perEpoch = norms.length / 2;
    for (const [step, one] of clipped.entries()) {
      const soFar = norms.slice(step - (step % perEpoch), step + 1);
      const share = soFar.filter((norm) => norm > limit).length / soFar.length;
      expect(gradientOf(one, 'y').clippedShare, `step ${step + 1}`).toBeCloseTo(share, 10);
    }
  });

  it('report no clipping if the gradient is far below the limit', async () => {
    const far = (text: string) => text.replace('"clipNorm": 1', '"clipNorm": 100');
    const gradient = gradientOf(await last('clipping/clip-norm-1.nn.json', far), 'a');
    expect(gradient.gradNorm).toBeCloseTo(5, 5);
    expect(gradient).not.toHaveProperty('clippedNorm');
  });

  it('report the gradient of the loss without the penalty that is added to it', async () => {
    // Two kernels that cancel out, so that the loss is the same as with kernels of zeros.
    const kernel = (value: number) => `"kernelInitializer": { "type": "constant", "value": ${value} }`;
    const penalized = (text: string) =>
      text
        .replace('"kernelInitializer": "zeros"', `${kernel(1)}, "l2": 3, "l1": 2`)
        .replace('"kernelInitializer": "zeros"', kernel(-1))
        .replace('"clipNorm": 1', '"clipValue": 1000');
    const gradient = gradientOf(await last('clipping/clip-norm-1.nn.json', penalized), 'a');
    expect(gradient.gradNorm).toBeCloseTo(5, 5);
    expect(gradient).not.toHaveProperty('clippedNorm');
  });

  it('report the gradient of all accumulated batches, whose norm is that of one larger batch', async () => {
    const whole = (text: string) => text.replace('"batchSize": 1', '"batchSize": 16');
    const parts = (text: string) => text.replace('"batchSize": 1', '"batchSize": 1, "accumulate": 16');
    const expected = gradientOf(await last('dead-units/network.nn.json', whole), 'y');
    const all = await statsOf('dead-units/network.nn.json', parts);
    expect(all.length).toBeGreaterThan(0);
    for (const stats of all) expect(gradientOf(stats, 'y').gradNorm).toBeGreaterThan(0);
    // The samples are shuffled: the last update's batches are the last 16 samples.
    expect(gradientOf(all.at(-1) as NetworkStats, 'y').gradNorm).toBeCloseTo(expected.gradNorm, 5);
  });

  it('exclude the padding of shorter sequences', async () => {
    const { s, m, q } = await last('padding/network.nn.json');
    expect(s).toMatchObject({ mean: 1, std: 0, zeroFraction: 0 });
    expect(m.zeroFraction).toBe(0);
    expect(q.zeroFraction).toBe(0);
    // The kernel is random and the bias is 5: an output of padding would be the sigmoid of the bias alone.
    expect(q.std).toBeGreaterThan(0);
  });

  it('end the gradient through time at the last step of the longest sample', async () => {
    const { m } = await last('padding/through-time.nn.json');
    const gradThroughTime = valueIn(throughTime, m) ?? [];
    expect(gradThroughTime).toHaveLength(4);
    for (const norm of gradThroughTime) expect(norm).toBeGreaterThan(0);
  });
});
