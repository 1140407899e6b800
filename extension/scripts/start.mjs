/**
 * `npm start`: from a fresh clone to Netloom open on the examples. Installs the VSIX into the desktop VS Code when
 * `code` is on the PATH, and otherwise serves a VS Code of its own to the browser until Ctrl+C.
 *
 * --port N (NETLOOM_PORT)        the port to serve on; a free one otherwise
 * --no-open (NETLOOM_NO_OPEN)    print the address, open no browser
 * --code-server (NETLOOM_CODE_SERVER)   serve to the browser even where there is a desktop VS Code
 */
import { spawn, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import path from 'node:path';
import { parseArgs } from 'node:util';
import { fetchCodeServer, startCodeServer } from './codeServer.mjs';
import { ensureDependencies, ensureVsix, requireNode, root, vsix } from './ensure.mjs';
import { askedToEnd, run } from './processes.mjs';

const examples = path.join(root, 'examples');
const firstExample = path.join(examples, 'first-network.nn.json');
const windows = process.platform === 'win32';

function readOptions() {
  const { values } = parseArgs({
    options: { port: { type: 'string' }, 'no-open': { type: 'boolean' }, 'code-server': { type: 'boolean' } },
  });
  const port = Number(values.port ?? process.env.NETLOOM_PORT ?? 0);
  if (!Number.isInteger(port) || port < 0 || port > 65535) {
    throw new Error(
      `--port: expected a whole number from 0 to 65535, found "${values.port ?? process.env.NETLOOM_PORT}".`,
    );
  }
  return {
    port,
    open: !(values['no-open'] || process.env.NETLOOM_NO_OPEN || process.env.CI),
    codeServer: Boolean(values['code-server'] || process.env.NETLOOM_CODE_SERVER),
  };
}

const hasDesktop = () => spawnSync('code', ['--version'], { stdio: 'ignore', shell: windows }).status === 0;

async function openInDesktop() {
  console.log('Installing Netloom into VS Code …');
  const quote = (text) => (windows ? `"${text}"` : text);
  for (const args of [
    ['--install-extension', quote(vsix), '--force'],
    [quote(examples), quote(firstExample)],
  ]) {
    const code = await run('code', args, { shell: windows });
    if (code !== 0) throw new Error(`"code ${args.join(' ')}" failed (${code}).`);
  }
  console.log('VS Code is open on the examples. Press F1 and type "Netloom" to see what can be done.');
}

function openBrowser(url) {
  const display = process.platform !== 'linux' || process.env.DISPLAY || process.env.WAYLAND_DISPLAY;
  if (!display) return;
  const opener = process.platform === 'darwin' ? 'open' : 'xdg-open';
  spawn(opener, [url], { stdio: 'ignore', detached: true })
    .on('error', () => {})
    .unref();
}

/** Settings that open networks as graphs even if the workbench, not a person, opens the file. */
function editorAssociations() {
  const { contributes } = JSON.parse(readFileSync(path.join(root, 'package.json'), 'utf8'));
  const [{ viewType, selector }] = contributes.customEditors;
  return Object.fromEntries(selector.map(({ filenamePattern }) => [filenamePattern, viewType]));
}

/** Serves until `interrupted`, and returns when no process of the server is left. */
async function serve({ port, open }, interrupted) {
  const server = await startCodeServer({
    vsix,
    port,
    settings: { 'workbench.editorAssociations': editorAssociations() },
  });
  const url = server.page(examples, { openFile: firstExample });
  console.log(
    `\nNetloom is open at\n\n  ${url}\n\nPress F1 and type "Netloom" to see what can be done. Ctrl+C ends it.`,
  );
  if (open) openBrowser(url);
  const reason = await Promise.race([
    interrupted,
    server.exited.then((code) => `code-server ended (${code})`),
  ]);
  await server.stop();
  console.log(`\nEnded: ${reason}.`);
}

async function main() {
  requireNode();
  const options = readOptions();
  let serving = false;
  const interrupted = askedToEnd(() => process.exit(1));
  // Until the server runs, nothing needs to be closed: exiting ends everything.
  interrupted.then(() => serving || process.exit(130));
  await ensureDependencies();
  await ensureVsix();
  if (!options.codeServer && hasDesktop()) return openInDesktop();
  await fetchCodeServer();
  serving = true;
  return serve(options, interrupted);
}

main().then(
  () => process.exit(),
  (error) => {
    console.error(error.message);
    process.exit(1);
  },
);
