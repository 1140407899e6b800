/** Which fixes of findings are marked as in the text: after undo, another run, an evaluation, and while the tab was hidden. */
import { afterAll, beforeEach, expect, test, vi } from 'vitest';
import {
  fixKey,
  isApplied,
  keepAppliedFixes,
  noteAppliedFix,
  useAppliedFixes,
} from '../../webview/model/appliedFixes.ts';
import { useEditor } from '../../webview/model/editor.ts';
import { viewOf } from './network.ts';

let hear: (message: unknown) => void = () => undefined;
vi.stubGlobal('window', {
  addEventListener: (_: string, listener: (event: { readonly data: unknown }) => void) => {
    hear = (data) => listener({ data });
  },
});
vi.stubGlobal('acquireVsCodeApi', () => ({ postMessage: () => undefined }));
await import('../../webview/host.ts');

afterAll(() => vi.unstubAllGlobals());

const rate = (learningRate: number, width = 2) =>
  `{ "layers": { "in": { "type": "input", "shape": [${width}] } }, "training": { "optimizer": { "type": "sgd", "learningRate": ${learningRate} } } }`;
const [slow, fast, other] = [rate(0.01), rate(0.1), rate(0.1, 3)];

const showText = (text: string) =>
  hear({ name: 'document', body: { revision: 1, text, readOnly: false, findings: [] } });
const showRun = (text: string) => hear({ name: 'run', body: { text, events: [] } });
const setState = (body: object) => hear({ name: 'runState', body });
const isIn = () => isApplied('slow')(useAppliedFixes.getState());

/** What VS Code keeps, given to a new page with the text and the run that it then gets. */
function showAgain(text: string, run: string, state: object): void {
  const kept = structuredClone(useAppliedFixes.getState());
  useAppliedFixes.setState(useAppliedFixes.getInitialState(), true);
  useEditor.setState({ runState: { state: 'idle' } });
  keepAppliedFixes(kept);
  showText(text);
  setState(state);
  showRun(run);
}

beforeEach(() => {
  useAppliedFixes.setState(useAppliedFixes.getInitialState(), true);
  showText(slow);
  setState({ state: 'idle' });
  showRun(slow);
  showText(fast);
  noteAppliedFix('slow', viewOf(slow), viewOf(fast));
});

test('a fix is in the text until it is undone, also together with a later change', () => {
  expect(isIn()).toBe(true);
  showText(other);
  expect(isIn()).toBe(true);
  showText(slow);
  expect(isIn()).toBe(false);
  showText(fast);
  expect(isIn()).toBe(true);
});

test('a fix that is taken back or replaced by hand can be applied again, until it is in the text again', () => {
  for (const without of [rate(0.01, 3), rate(0.2), rate(0.2, 3).replace(', "learningRate": 0.2', '')]) {
    showText(without);
    expect(isIn(), without).toBe(false);
    showText(other);
    expect(isIn()).toBe(true);
  }
  // A text that cannot be read says nothing.
  showText(`${rate(0.2)}}`);
  expect(isIn()).toBe(true);
});

/** A chain of layers: "name type" each. */
const chainOf = (...layers: readonly string[]) =>
  `{ "layers": { "in": { "type": "input", "shape": [2] }, ${layers
    .map((layer, index) => {
      const [name, type] = layer.split(' ');
      const from = index === 0 ? 'in' : layers[index - 1].split(' ')[0];
      return `"${name}": { "type": "${type}", "from": "${from}"${type === 'dense' ? ', "units": 2' : ''} }`;
    })
    .join(', ')} } }`;

/** Puts a layer between two others into the text, as a fix does. */
function applyInsertion(): void {
  const [before, after] = [chainOf('a dense', 'b dense'), chainOf('a dense', 'norm batchNorm', 'b dense')];
  showText(before);
  showRun(before);
  showText(after);
  noteAppliedFix('drift', viewOf(before), viewOf(after));
}
const isInserted = () => isApplied('drift')(useAppliedFixes.getState());

test('a layer that a fix inserted is in the text also with another one after it, and not without it', () => {
  applyInsertion();
  showText(chainOf('a dense', 'norm batchNorm', 'relu relu', 'b dense'));
  expect(isInserted()).toBe(true);
  showText(chainOf('a dense', 'relu relu', 'b dense'));
  expect(isInserted()).toBe(false);
});

test('a layer that a fix inserted may get another name', () => {
  applyInsertion();
  showText(chainOf('a dense', 'usual batchNorm', 'b dense'));
  expect(isInserted()).toBe(true);
  showText(chainOf('a dense', 'usual layerNorm', 'b dense'));
  expect(isInserted()).toBe(false);
});

test('a fix stays in the text when the layer that its finding is about gets another name, and another one again', () => {
  const key = (name: string) => fixKey({ code: 'drift', layer: name }, `Insert a layer after "${name}"`);
  const [before, after] = [chainOf('a dense', 'b dense'), chainOf('a dense', 'norm batchNorm', 'b dense')];
  showText(before);
  showRun(before);
  showText(after);
  noteAppliedFix(key('a'), viewOf(before), viewOf(after));
  const isMarked = (name: string) => isApplied(key(name))(useAppliedFixes.getState());
  for (const name of ['first', 'z']) {
    showText(chainOf(`${name} dense`, 'norm batchNorm', 'b dense'));
    expect(isMarked(name), name).toBe(true);
  }
  showText(chainOf('z dense', 'b dense'));
  expect(isMarked('z')).toBe(false);
  showText(chainOf('first dense', 'b dense'));
  showText(after.replaceAll('"a"', '"first"'));
  expect(isMarked('first')).toBe(true);
});

test('what an earlier version of the page kept about fixes is left out', () => {
  const { unsaid: _, all, ...kept } = useAppliedFixes.getState();
  useAppliedFixes.setState(useAppliedFixes.getInitialState(), true);
  keepAppliedFixes({ ...kept, all: all.map(({ said: _, ...fix }) => fix as never) });
  showRun(slow);
  expect(useAppliedFixes.getState().all).toEqual([]);
});

test('a new training forgets it, because its findings are those of the text with the fix; an evaluation does not', () => {
  setState({ state: 'running', task: 'evaluate' });
  setState({ state: 'idle' });
  expect(isIn()).toBe(true);
  setState({ state: 'running', task: 'train' });
  showRun(fast);
  expect(isIn()).toBe(false);
});

test('after the tab was hidden it is still in the text, if the same run is in view', () => {
  showAgain(fast, slow, { state: 'running', task: 'train' });
  expect(isIn()).toBe(true);
});

test('what was undone or trained while the tab was hidden is noticed', () => {
  showAgain(slow, slow, { state: 'idle' });
  expect(isIn()).toBe(false);
  showAgain(fast, slow, { state: 'idle' });
  expect(isIn()).toBe(true);
  showAgain(fast, fast, { state: 'idle' });
  expect(isIn()).toBe(false);
});
