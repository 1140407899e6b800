/** Any sequence of blocks made and dissolved, names given, and edits undone: nothing changes but how the layers are written. */
import { describe, expect, test } from 'vitest';
import { analyze } from '../../engine/graph/analyze.ts';
import { blockOf } from '../../engine/graph/blocks.ts';
import { dissolveBlock } from '../../engine/graph/dissolveBlock.ts';
import { makeBlock } from '../../engine/graph/makeBlock.ts';
import type { TypedLayer } from '../../engine/graph/typed.ts';
import { Random } from '../../engine/kernels/random.ts';
import { applyEdit } from '../../engine/spec/edit.ts';
import { print } from '../../engine/spec/print.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import { patience, runs, seed } from '../hostile/effort.ts';
import { judgedBy, scopeOf } from './blockTexts.ts';
import { undo } from './editChecks.ts';
import { edited, Trained } from './trainedText.ts';

const letters = [...'abcdefgh'];

const oneOf = <T>(random: Random, all: readonly T[]): T => all[random.below(all.length)];

/** A network without blocks, with comments. Each owner of parameters has a number of its own, so that it is recognized under any name. */
function randomText(random: Random): string {
  const names = ['in'];
  const owners: string[] = [];
  const lines = [`"in": { "type": "input", "shape": [5, 4] }`];
  for (const [index, name] of letters.slice(0, 3 + random.below(6)).entries()) {
    const read = () => (random.below(10) < 6 ? names.at(-1)! : oneOf(random, names));
    const own = { from: read(), l2: (index + 1) / 1000 };
    const dense = { type: 'dense', ...own, units: 4 };
    const layer = oneOf(random, [
      { type: 'add', ...own, from: [own.from, read()] },
      { type: 'relu', ...own },
      { type: 'dropout', ...own, rate: 0.1, bypass: random.below(4) === 0 },
      { type: 'lstm', ...own, hiddenSize: 4, returnSequences: true },
      owners.length > 0 ? { type: 'dense', from: own.from, units: 4, shares: oneOf(random, owners) } : dense,
      dense,
    ]);
    if (layer === dense) owners.push(name);
    names.push(name);
    const above = random.below(3) === 0 ? `// note ${name}\n    ` : '';
    const within = random.below(5) === 0 ? `{ /* inner ${name} */` : '{';
    lines.push(`${above}"${name}": ${print(layer).replace('{', within)}`);
  }
  const losses = names.slice(1, 3).map((from) => ({ type: 'meanSquaredError', from }));
  const training = { data: { type: 'adding', sequenceLength: 5 }, loss: losses, optimizer: 'sgd' };
  return `{\n  "layers": {\n    ${lines.join(',\n    ')}\n  },\n  "training": ${print(training)}\n}\n`;
}

/** Numbers for texts that may be long. */
class Numbers {
  readonly #all = new Map<string, number>();
  of(text: string): number {
    const number = this.#all.get(text) ?? this.#all.size;
    this.#all.set(text, number);
    return number;
  }
}

/** What a text computes, whatever its layers are called: a number for each layer, which also stands for all that it reads. */
function meaningOf(text: string, numbers: Numbers) {
  const { graph, spec, diagnostics } = analyze(text);
  const byName = new Map<string, number>();
  const read = ({ layer, output = '' }: { readonly layer: string; readonly output?: string }) =>
    `${byName.get(layer)}.${output}`;
  const owner = ({ spec: { common }, inferred }: TypedLayer) =>
    common.shares === undefined || Object.keys(inferred.parameters ?? {}).length === 0
      ? undefined
      : byName.get(common.shares);
  for (const { name, definition, spec: own, from } of graph.layers) {
    const { shares: _, ...common } = own.common;
    byName.set(name, numbers.of(JSON.stringify([definition.type, own.attributes, common, from.map(read)])));
  }
  return {
    byName,
    whole: {
      layers: graph.layers.map((layer) => `${byName.get(layer.name)} ${owner(layer)}`).sort(),
      losses: spec.training?.losses.map(({ from }) => read(from)),
      errors: diagnostics.filter(({ severity }) => severity === 'error').map(({ code }) => code),
    },
  };
}

const commentsIn = (text: string): string[] =>
  [...text.matchAll(/(?:note|inner) \w/g)].map(([comment]) => comment);

/** An edit of the network, or of one of its blocks; undefined if what was drawn is refused. */
function randomEdit(random: Random, text: string, count: number): SpecEdit | undefined {
  const whole = analyze(text);
  const { blocks } = whole.spec;
  const within = random.below(3) === 0 ? oneOf(random, [undefined, ...blocks.keys()]) : undefined;
  const scope = scopeOf(text, within);
  const { layers } = scope.spec;
  const judged = judgedBy(whole, within);
  const isTaken = (name: string) => layers.some((layer) => layer.name === name);
  const uses = layers.filter((layer) => blockOf(layer, blocks)).map(({ name }) => name);
  const rename = (): SpecEdit => {
    const free = ['a', 'b', 'c', 'input', 'block1', `x${count}`].filter((name) => !isTaken(name));
    return { kind: 'renameLayer', name: oneOf(random, layers).name, newName: oneOf(random, free) };
  };
  const made = () => {
    const chosen = layers.filter(() => random.below(5) < 2).map(({ name }) => name);
    return makeBlock({ ...scope, text, whole }, chosen, judged);
  };
  const outcome = oneOf(random, [
    () => ({ edit: rename() }),
    made,
    made,
    () => dissolveBlock(scope, { ...whole, text }, uses.length > 0 ? oneOf(random, uses) : '', judged),
  ])();
  if ('problem' in outcome) return undefined;
  return within === undefined ? outcome.edit : { kind: 'inBlock', block: within, edit: outcome.edit };
}

describe('any sequence of blocks made and dissolved, with renamings and undo', () => {
  test('keeps the meaning and all comments, can be undone exactly, and keeps all statistics', {
    timeout: patience,
  }, () => {
    for (let first = 0; first < runs(15); first++) {
      const random = new Random(seed + first);
      const numbers = new Numbers();
      const texts = [randomText(random)];
      const start = meaningOf(texts[0], numbers);
      const comments = commentsIn(texts[0]).sort();
      const trained = new Trained(texts[0]);
      for (let count = 0; count < 8; count++) {
        const text = texts.at(-1)!;
        if (texts.length > 1 && random.below(5) === 0) texts.pop();
        else {
          const edit = randomEdit(random, text, count);
          const outcome = edit && applyEdit(text, edit);
          if (!outcome) continue;
          if ('problem' in outcome) throw new Error(`${outcome.problem}\n${text}`);
          expect(undo(text, outcome.changes)).toBe(text);
          texts.push(edited(text, edit));
        }
        const now = texts.at(-1)!;
        const meaning = meaningOf(now, numbers);
        expect(meaning.whole, now).toEqual(start.whole);
        expect(commentsIn(now).sort(), now).toEqual(comments);
        trained.change(now);
        for (const [name, number] of meaning.byName) {
          const ran = trained.shown(name)?.replace('?', '');
          expect(start.byName.get(ran ?? ''), `${name}, which was ${ran}\n${texts.join('\n')}`).toBe(number);
        }
      }
    }
  });
});
