/** Every way an engine can die, in a real extension host: the host continues, and the run says what happened. */
import assert from 'node:assert/strict';
import { existsSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { createRequire } from 'node:module';
import path from 'node:path';
import * as vscode from 'vscode';
import { decodeSafetensors } from '../../engine/export/safetensors.ts';
import type { EngineFiles } from '../../extension/training/engine.ts';
import { Run } from '../../extension/training/run.ts';
import { closeEverything, eventually, extension, fileUri, tiny, writeNetwork } from './support.ts';

const root = () => extension().extensionUri.fsPath;
const inRoot = (...names: string[]) => path.join(root(), ...names);
const inDist = (name: string) => vscode.Uri.file(inRoot('dist', name));

type Deaths = Readonly<Record<'exhaustions' | 'ends', { readonly [death: string]: () => void }>>;
// Loaded for the names only.
const deathNames = (kind: keyof Deaths) =>
  Object.keys((createRequire(__filename)('../../test/fixtures/deaths.cjs') as Deaths)[kind]);

let scripts = 0;
/** A separate script for each test. Its processes are found by its name. */
async function script(text: string): Promise<vscode.Uri> {
  const uri = fileUri(`.scripts/engine-${++scripts}.cjs`);
  await vscode.workspace.fs.writeFile(uri, new TextEncoder().encode(text));
  return uri;
}

const call = (name: string, ...operands: string[]) =>
  `require(${JSON.stringify(inRoot('test/fixtures/deaths.cjs'))}).${name}(${operands.map((operand) => JSON.stringify(operand)).join(', ')});\n`;

/** An engine and its script that dies when it is asked to. */
interface DyingEngine {
  readonly files: EngineFiles;
  readonly dies: vscode.Uri;
}

async function engineWith(death: string): Promise<DyingEngine> {
  const process = await script(call('processWithLittleMemory', inRoot('dist/engine.cjs')));
  const dies = await script(call('workerThatDiesOf', death, inRoot('dist/worker.cjs')));
  return { files: { process, worker: dies }, dies };
}

async function engineWhoseMainThread(death: string): Promise<DyingEngine> {
  const dies = await script(call('processThatDiesOf', death, inRoot('dist/engine.cjs')));
  return { files: { process: dies, worker: inDist('worker.cjs') }, dies };
}

/** Lets an engine die when a step of its run is known here and weights are saved: before that, a run that fails leaves no files. */
async function letDie({ run, output }: ReturnType<typeof start>, { dies }: DyingEngine): Promise<void> {
  const isSaved = () =>
    existsSync(output) && readdirSync(output).some((name) => name.endsWith('.safetensors'));
  await eventually('saved weights', () => !run.running || (run.record.last('step') && isSaved()));
  writeFileSync(`${dies.fsPath}.die`, '');
}

/** Whether the script has begun to die. */
const isDying = ({ dies }: DyingEngine): boolean => existsSync(`${dies.fsPath}.dying`);

/** Command lines of processes that run a script. Linux only. */
function processesOf({ process: file }: EngineFiles): string[] {
  return readdirSync('/proc')
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        const command = readFileSync(`/proc/${pid}/cmdline`, 'latin1');
        return command.includes(file.fsPath) ? [command.replaceAll('\0', ' ')] : [];
      } catch {
        return [];
      }
    });
}

const log = vscode.window.createOutputChannel('Netloom deaths', { log: true });

function start(files: EngineFiles, text = tiny(1_000_000)) {
  const name = `death-${scripts}`;
  const output = fileUri(`.netloom/${name}`).fsPath;
  const job = {
    task: 'train',
    text,
    folder: fileUri('.').fsPath,
    output,
    memoryLimit: 64 * 2 ** 20,
  } as const;
  return { run: new Run(fileUri(`${name}.nn.json`), job, files, log), output };
}

/** Types a key in another editor. */
async function typeElsewhere(): Promise<void> {
  const editor = vscode.window.activeTextEditor;
  assert(editor, 'no editor is open');
  const before = editor.document.getText().length;
  await vscode.commands.executeCommand('default:type', { text: 'a' });
  assert.equal(editor.document.getText().length, before + 1, 'the editor does not take what is typed');
}

/** Expects that the files of the run can be read: the complete weights, and each line of the log. */
function checkFiles(output: string): void {
  for (const name of readdirSync(output)) {
    const bytes = readFileSync(path.join(output, name));
    if (name.endsWith('.safetensors')) decodeSafetensors(new Uint8Array(bytes));
    if (name.endsWith('.jsonl'))
      for (const line of bytes.toString('utf8').trim().split('\n').slice(0, -1)) JSON.parse(line);
  }
}

async function survives(engine: DyingEngine, expected: { code: RegExp; message: RegExp }): Promise<void> {
  const { files } = engine;
  const started = start(files);
  const { run, output } = started;
  let typed = 0;
  let isOver = false;
  const typing = (async () => {
    while (!isOver) {
      await typeElsewhere();
      typed++;
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  })();
  await letDie(started, engine);
  const end = await run.ended;
  isOver = true;
  await typing;
  assert(typed > 0);
  assert.equal(end.reason, 'failed');
  assert.match(end.code ?? '', expected.code, end.message);
  assert.match(end.message ?? '', expected.message);
  const reported = run.record.last('step')?.step ?? 0;
  assert(reported > 0, 'the run died before it had trained');
  assert(end.step >= reported, `died at step ${end.step}, but reported step ${reported}`);
  assert.match(end.message ?? '', new RegExp(`^The run crashed at step ${end.step}\\.`));
  await run.gone;
  assert.deepEqual(processesOf(files), []);
  checkFiles(output);
  run.dispose();
}

const memory = { code: /^engine\/memory$/, message: /ran out of memory.*"batchSize"/ };
const crash = (what: RegExp) => ({ code: /^engine\/crashed$/, message: what });
const killed = { code: /^engine\/killed$/, message: /killed from outside.*memory/ };

/** The expected code and message, if the fixture does not declare them. */
const expectations: { readonly [death: string]: { code: RegExp; message: RegExp } } = {
  'the stack': crash(/failed: Maximum call stack size exceeded/),
  'an error nobody catches': crash(/failed: out of luck.*report/),
  'a rejection nobody handles': crash(/failed: out of luck.*report/),
  'something thrown that is no error': crash(/failed: out of luck.*report/),
  'process.exit': crash(/exit code 7.*report/),
  'process.abort': crash(/signal SIGABRT.*report/),
  SIGKILL: killed,
};

describe('The host outlives an engine', () => {
  before(async () => {
    await vscode.window.showTextDocument(await writeNetwork('elsewhere', '// '));
  });
  after(async () => {
    await closeEverything();
    log.dispose();
  });

  for (const death of deathNames('exhaustions'))
    it(`that uses up ${death}`, async () => {
      await survives(await engineWith(death), expectations[death] ?? memory);
    });

  // A thread cannot abort its process.
  const inThread = deathNames('ends').filter((name) => !['an endless loop', 'process.abort'].includes(name));
  for (const death of inThread)
    it(`whose worker ends by ${death}`, async () => {
      await survives(await engineWith(death), expectations[death] ?? crash(new RegExp(`signal ${death}`)));
    });

  for (const death of ['process.exit', 'process.abort', 'an error nobody catches'])
    it(`whose main thread ends by ${death}`, async () => {
      const expected = death.startsWith('process') ? expectations[death] : crash(/exit code 1.*report/);
      await survives(await engineWhoseMainThread(death), expected);
    });

  it('whose worker is in an endless loop, and stops it', async () => {
    const engine = await engineWith('an endless loop');
    const { files } = engine;
    const started = start(files);
    const { run, output } = started;
    await letDie(started, engine);
    await eventually('the loop', () => isDying(engine));
    await typeElsewhere();
    await run.stop();
    const end = await run.ended;
    assert.equal(end.reason, 'stopped');
    assert(end.step > 0);
    await run.gone;
    assert.deepEqual(processesOf(files), []);
    checkFiles(output);
    assert(readdirSync(output).some((name) => name.endsWith('.safetensors')));
  });

  it('whose main thread is in an endless loop, and ends it by force', async () => {
    const engine = await engineWhoseMainThread('an endless loop');
    const { files } = engine;
    const started = start(files);
    const { run, output } = started;
    await letDie(started, engine);
    await eventually('the loop', () => isDying(engine));
    await typeElsewhere();
    await run.stop();
    assert.equal((await run.ended).reason, 'stopped');
    await run.gone;
    assert.deepEqual(processesOf(files), []);
    checkFiles(output);
  });

  it('that cannot be started', async () => {
    const { run } = start({ process: fileUri('nowhere/engine.cjs'), worker: inDist('worker.cjs') });
    const end = await run.ended;
    assert.equal(end.reason, 'failed');
    assert.match(end.message ?? '', /exit code|could not be started/);
  });

  it('and trains with the next one', async () => {
    const { run } = start({ process: inDist('engine.cjs'), worker: inDist('worker.cjs') }, tiny(2));
    const end = await run.ended;
    assert.equal(end.reason, 'finished', end.message);
    await run.gone;
  });
});
