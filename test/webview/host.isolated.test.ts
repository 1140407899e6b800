/** Gestures that the page sends to the extension host: each is made for the text that the one before left. */
import { afterAll, afterEach, beforeEach, expect, test, vi } from 'vitest';
import { useEditor } from '../../webview/model/editor.ts';
import type { Gesture } from '../../webview/model/gestures.ts';
import type { NetworkView } from '../../webview/model/network.ts';

interface Request {
  readonly id: number;
  readonly name: string;
}

const requests: Request[] = [];
let hear: (message: unknown) => void = () => undefined;
vi.stubGlobal('window', {
  addEventListener: (_: string, listener: (event: { readonly data: unknown }) => void) => {
    hear = (data) => listener({ data });
  },
});
vi.stubGlobal('acquireVsCodeApi', () => ({ postMessage: (message: Request) => requests.push(message) }));
const { perform } = await import('../../webview/host.ts');

const network = (units: number) =>
  `{ "layers": { "in": { "type": "input", "shape": [2] }, "out": { "type": "dense", "from": "in", "units": ${units} } } }`;

const show = (revision: number, units: number) =>
  hear({ name: 'document', body: { revision, text: network(units), readOnly: false, findings: [] } });

const gesture: Gesture = { edit: { kind: 'setAttribute', layer: 'out', attribute: 'units', value: 4 } };

/** Answers the edit that was sent last. From then on, time stands still. */
async function answer(revision: number): Promise<void> {
  await vi.waitFor(() => expect(requests.at(-1)?.name).toBe('edit'));
  vi.useFakeTimers();
  hear({ answerTo: requests.pop()?.id, value: { result: 'applied', revision } });
}

beforeEach(() => {
  requests.length = 0;
  useEditor.setState({ view: undefined, revision: -1 });
  show(1, 3);
});

afterEach(() => vi.useRealTimers());

afterAll(() => vi.unstubAllGlobals());

test('a gesture that changes nothing does not keep the next one waiting', async () => {
  const done = perform(() => gesture);
  await answer(1);
  expect(await done).toBe(true);
});

test('a gesture waits for the text that the one before left, however late it arrives', async () => {
  const seen: NetworkView[] = [];
  const first = perform(() => gesture);
  const second = perform((view) => {
    seen.push(view);
    return undefined;
  });
  await answer(2);
  await vi.advanceTimersByTimeAsync(3_600_000);
  expect(seen).toEqual([]);
  show(2, 4);
  expect([await first, await second]).toEqual([true, false]);
  expect(seen.map(({ revision }) => revision)).toEqual([2]);
});
