/** Each lesson of docs/learn.md reports the finding that the tour names, in the layers that it names, and the fix clears it. Examples have no finding. */
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, it } from 'vitest';
import type { Finding } from '../../engine/diagnose/define.ts';
import { loadBackend } from '../../engine/kernels/wasm/load.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { TrainingFailure, train } from '../../engine/train/loop.ts';
import { openTraining } from '../../engine/train/open.ts';

const root = path.resolve(import.meta.dirname, '../..');

interface Lesson {
  readonly file: string;
  /** The code that the tour names; undefined if it says that there is no finding. */
  readonly code: string | undefined;
  readonly layers: readonly string[];
}

const lessons = readFileSync(path.join(root, 'docs/learn.md'), 'utf8')
  .split(/^## (?=\d)/m)
  .slice(1)
  .map((section): Lesson => {
    const text = section.replaceAll('\n', ' ');
    const [, file] = /\]\(\.\.\/(examples\/lessons\/[\w-]+\.nn\.json)\)/.exec(text) ?? [];
    const [, said] = /\*\*The finding:\*\* ([^.:]*)/.exec(text) ?? [];
    if (!file || !said) throw new Error(`a lesson names no file or no finding: ${section.slice(0, 60)}`);
    const [code, ...layers] = [...said.matchAll(/`([^`]+)`/g)].map(([, name]) => name);
    return { file, code, layers };
  });

const isFault = ({ severity }: Pick<Finding, 'severity'>): boolean => severity !== 'info';

/** Errors and warnings of a training until one of them, a step or its end, with the best build of the kernels. */
async function faultsOf(text: string, until: (finding: Finding) => boolean, last = Number.POSITIVE_INFINITY) {
  const backend = loadBackend('dist/kernels');
  const found: Finding[] = [];
  try {
    const { training } = await openTraining(text, { folder: path.join(root, 'examples') }, backend);
    for await (const event of train(training, { now: () => 0, yield: () => Promise.resolve() })) {
      if (event.event === 'finding' && isFault(event)) found.push(event);
      if (found.some(until) && event.event !== 'finding') break;
      if ('step' in event && event.step >= last) break;
    }
  } catch (error) {
    if (!(error instanceof TrainingFailure)) throw error;
  } finally {
    backend.dispose?.();
  }
  return found;
}

function afterFix(text: string, { fix }: Finding): string {
  const edited = applyEdit(text, fix!.edit);
  if ('problem' in edited) throw new Error(edited.problem);
  return applyChanges(text, edited.changes);
}

/** Its learning rate makes differences between processors grow, so other layers than the named ones may die. */
const chaotic = 'examples/lessons/dying-relu.nn.json';

describe('the lesson', () => {
  it.each(
    lessons.map(
      ({ file, code, layers }) => [path.basename(file), code ?? 'nothing', { file, code, layers }] as const,
    ),
  )('%s reports %s, which its fix clears', async (_, __, { file, code, layers }) => {
    const text = readFileSync(path.join(root, file), 'utf8');
    const found = await faultsOf(text, (finding) => finding.code === code);
    if (code === undefined) {
      expect(found.map(({ message }) => message)).toEqual([]);
      return;
    }
    const named = found.filter((finding) => finding.code === code);
    const where = named.map(({ layer }) => layer);
    if (file === chaotic) expect(layers).toEqual(expect.arrayContaining(where));
    else expect(where).toEqual(expect.arrayContaining([...layers]));
    const [first] = named;
    const isLeft = (finding: Finding) => finding.code === code && finding.layer === first.layer;
    const left = await faultsOf(afterFix(text, first), isLeft, first.step);
    expect(left.filter(isLeft)).toEqual([]);
  });

  it('is one of twelve', () => {
    expect(lessons).toHaveLength(12);
  });
});

// Other examples need files that are not here, or minutes.
it.each(['first-network', 'iris', 'digits8x8'])('the example %s trains without a warning', async (name) => {
  const text = readFileSync(path.join(root, 'examples', `${name}.nn.json`), 'utf8');
  expect((await faultsOf(text, () => false)).map(({ message }) => message)).toEqual([]);
});
