/**
 * esbuild plugins that keep out of a bundle what is never run in it, which esbuild by itself cannot know: extension
 * host and webview show networks and compute nothing, and React Flow's parts are independent of one another.
 */
import { readFile } from 'node:fs/promises';
import * as esbuild from 'esbuild';

/** What definitions of layers, losses, optimizers, initializers and datasets bring only for running networks, and for tests. */
export const computing = [
  'forward',
  'backward',
  'gradientNorms',
  'gateSaturation',
  'compute',
  'update',
  'fill',
  'open',
  'errorSamples',
];

const names = computing.join('|');

/** The first line of such a property, as esbuild prints it. */
const begins = new RegExp(`^( *)(?:(?:async )?(?:${names})\\(.*\\) \\{|(?:${names}): (?:\\[|\\{|.*=> \\{))$`);

/**
 * Leaves these properties out; what only they used then falls to tree shaking. Goes by the indentation of esbuild's
 * own output, where the line that ends a property is the next one as deep as its first.
 */
function withoutComputing(code) {
  const kept = [];
  let end;
  for (const line of code.split('\n')) {
    const indentation = end === undefined ? begins.exec(line)?.[1] : undefined;
    if (indentation !== undefined) end = new RegExp(`^${indentation}[}\\]],?$`);
    else if (end === undefined) kept.push(line);
    else if (end.test(line)) end = undefined;
  }
  return kept.join('\n');
}

export const viewsOnly = {
  name: 'views-only',
  setup(build) {
    build.onLoad(
      {
        filter:
          /[\\/]engine[\\/](?:data|initializers|layers|losses|metrics|optimizers|schedules)[\\/].*\.ts$/,
      },
      async ({ path }) => {
        const source = await readFile(path, 'utf8');
        const { code } = await esbuild.transform(source, { loader: 'ts', target: 'esnext' });
        return { contents: withoutComputing(code), loader: 'js' };
      },
    );
  },
};

/** Components of React Flow that nobody renders. They are made by calls, which esbuild must take to do something. */
export const usedPartsOnly = {
  name: 'used-parts-only',
  setup(build) {
    build.onLoad({ filter: /[\\/]node_modules[\\/]reactflow[\\/].*\.js$/ }, async ({ path }) => {
      const source = await readFile(path, 'utf8');
      return { contents: source.replace(/= (?=(?:memo|forwardRef|createContext)\()/g, '= /* @__PURE__ */ ') };
    });
  },
};
