/**
 * Bundles the extension host in two files, so that it is quickly activated (`compiledCode.ts`). `main.cjs` has what an activation needs.
 * Its modules run when something of them is first used. `networks.cjs` has the definitions and everything that reads a network; it is
 * loaded when something of it is first used. Each module is in one of them. Both are ASCII, which need not be decoded.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import * as esbuild from 'esbuild';
import { ascii } from './ascii.mjs';

const isEarly = (file) =>
  /^(extension|engine\/(protocol|schema))\/|^engine\/spec\/(specEdit|longest)\.ts$|^node_modules\/@vscode\/l10n\//.test(
    file,
  );
const fileOf = (module) => (isEarly(module) ? 'main' : 'networks');

/** `options`: those of a bundle of `extension/main.ts`. Returns the two metafiles. */
export async function bundleHost(options) {
  const { metafile } = await esbuild.build({ ...options, write: false });
  const { entryPoints, outfile, ...common } = options;
  const [entry] = entryPoints;
  const used = usedAcross(metafile);
  const results = await Promise.all(
    ['main', 'networks'].map((name) =>
      esbuild.build({
        ...common,
        stdin: {
          contents: exportsOf(used.get(name), name === fileOf(entry) ? [entry] : []),
          resolveDir: options.absWorkingDir,
          sourcefile: `${name}.js`,
        },
        outfile: path.join(path.dirname(outfile), `${name}.cjs`),
        plugins: [across(name), ...(name === 'main' ? [runWhenUsed] : []), directImports, ascii],
      }),
    ),
  );
  return results.map((result) => result.metafile);
}

/** By file, the modules that the other one imports. */
function usedAcross({ inputs }) {
  const used = new Map([
    ['main', new Set()],
    ['networks', new Set()],
  ]);
  for (const [importer, { imports }] of Object.entries(inputs)) {
    for (const { path: module, external } of imports)
      if (!external && fileOf(module) !== fileOf(importer)) used.get(fileOf(module)).add(module);
  }
  return used;
}

/** A script that exports modules by their names, and what the entries export. */
function exportsOf(modules, entries) {
  const required = (module) => `require(${JSON.stringify(`./${module}`)})`;
  const getters = [...modules].map(
    (module) => `get ${JSON.stringify(module)}() { return ${required(module)}; }`,
  );
  return `module.exports = { ${[...entries.map((entry) => `...${required(entry)}`), ...getters].join(', ')} };`;
}

/** Modules of the other file are taken from it: `compiledCode.ts` loads "./networks.cjs#engine/spec/parse.ts". */
const across = (name) => ({
  name: 'across',
  setup({ onResolve, resolve, initialOptions }) {
    onResolve({ filter: /^[.@]|^\w/ }, async ({ path: id, pluginData, ...place }) => {
      if (pluginData === 'resolving') return undefined;
      const found = await resolve(id, { ...place, namespace: 'file', pluginData: 'resolving' });
      if (found.errors.length > 0 || found.external) return found;
      const module = path.relative(initialOptions.absWorkingDir, found.path).split(path.sep).join('/');
      const file = fileOf(module);
      if (file !== name) return { path: `./${file}.cjs#${module}`, external: true };
      return name === 'main' && module.endsWith('.ts') ? { ...found, namespace: 'when-used' } : found;
    });
  },
});

/** An import as esbuild writes it for CommonJS. */
const imported = /^var (import_\w+) = require\("([^"]+)"\);$/gm;

/** In each module, `import_x.name` becomes `import_x().name`, which runs the module x if it has not run yet. */
const runWhenUsed = {
  name: 'run-when-used',
  setup({ onLoad }) {
    onLoad({ filter: /./, namespace: 'when-used' }, async ({ path: file }) => {
      const source = readFileSync(file, 'utf8');
      const { code } = await esbuild.transform(source, { loader: 'ts', format: 'cjs', target: 'node20.19' });
      const names = [];
      let contents = code.replace(imported, (_, name, module) => {
        names.push(name);
        return `let ${name}_; const ${name} = () => ${name}_ ??= require("${module}");`;
      });
      for (const name of names) {
        contents = contents
          .replace(new RegExp(`\\bnew ${name}\\.(\\w+)`, 'g'), `new (${name}().$1)`)
          .replace(new RegExp(`\\b${name}\\.`, 'g'), `${name}().`);
      }
      return { contents, loader: 'js', resolveDir: path.dirname(file) };
    });
  },
};

/** How a module imports the interface of VS Code or a module of the other file: through a function that copies all properties. */
const copied = /[\w$]+\((require\("(?:vscode|\.\/\w+\.cjs#[^"]+)"\))(?:, ?1)?\)/g;

const directImports = {
  name: 'direct-imports',
  setup({ onEnd, initialOptions }) {
    const outfile = path.resolve(initialOptions.absWorkingDir, initialOptions.outfile);
    onEnd(({ errors }) => {
      if (errors.length > 0) return undefined;
      const text = readFileSync(outfile, 'utf8');
      const direct = text.replace(copied, '$1');
      if (direct === text) return { errors: [{ text: `${outfile}: found no import to make direct` }] };
      writeFileSync(outfile, direct);
      return undefined;
    });
  },
};
