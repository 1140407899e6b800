/** Views are shipped without what definitions bring for running networks: nothing else may be missing. */
import * as esbuild from 'esbuild';
import { expect, test } from 'vitest';
import { computing, viewsOnly } from '../../extension/scripts/slim.mjs';

const registries = {
  layers: 'engine/layers',
  datasets: 'engine/data',
  losses: 'engine/losses',
  optimizers: 'engine/optimizers',
  initializers: 'engine/initializers',
  schedules: 'engine/schedules',
  metrics: 'engine/metrics',
};

type Kind = { readonly type: string; readonly [key: string]: unknown };
type Bundle = { readonly [K in keyof typeof registries]: Iterable<Kind> };

async function bundle(plugins: esbuild.Plugin[]): Promise<Bundle> {
  const lines = Object.entries(registries).map(
    ([name, folder]) => `export { ${name} } from './${folder}/registry.ts';`,
  );
  const { outputFiles } = await esbuild.build({
    stdin: { contents: lines.join('\n'), resolveDir: '.' },
    bundle: true,
    write: false,
    format: 'iife',
    globalName: 'bundle',
    platform: 'browser',
    logLevel: 'error',
    plugins,
  });
  return new Function(`${outputFiles[0].text}; return bundle;`)();
}

test('nothing but what computes is left out of a definition, and every layer loses its arithmetic', async () => {
  const [whole, slim] = await Promise.all([bundle([]), bundle([viewsOnly])]);
  for (const name of Object.keys(registries) as (keyof typeof registries)[]) {
    const kinds = new Map([...slim[name]].map((kind) => [kind.type, kind]));
    for (const kind of whole[name]) {
      const left = kinds.get(kind.type);
      const missing = Object.keys(kind).filter((key) => !(left && Object.hasOwn(left, key)));
      const place = `${name}: ${kind.type}`;
      expect(
        missing.filter((key) => !computing.includes(key)),
        place,
      ).toEqual([]);
      for (const [key, value] of Object.entries(left ?? {}))
        if (!computing.includes(key))
          expect(JSON.stringify(value), `${place}, ${key}`).toBe(JSON.stringify(kind[key]));
    }
  }
  const still = [...slim.layers].filter((layer) => layer.forward);
  expect(still.map(({ type }) => type)).toEqual([]);
});
