/** Runs a suite of test/extension in the extension host behind a page of a code-server. */
import { format } from 'node:util';

/** Log lines of the workbench about itself, and about missing native modules that Netloom does not need. */
const noise =
  /^(Resolv(ing|ed) connection|Creating a socket|Ignoring fetching|Updating additional builtin|\[(reconnection-grace-time|Service Worker|AgentHost|AccountPolicyGate)|%c)|spdlog|watchdog|Failed to load resource/;

/** The web workbench accepts an extension under test only from a server that is started with this option. */
export const suiteOptions = ['--vscode-option', 'enable-smoke-test-driver'];

/**
 * `extension`, `suite` and `workspace`: absolute paths. `write` gets each line that the suite prints, and whether it is an error.
 * Resolves to the exit code of the suite; to 1 if the page or the server ends before it.
 */
export async function runInPage(server, page, { extension, suite, workspace }, write) {
  let finish;
  const finished = new Promise((resolve) => {
    finish = resolve;
  });
  await page.exposeFunction('codeAutomationLog', (type, args) => {
    const line = format(...args);
    if (!noise.test(line)) write(line, type === 'error');
  });
  await page.exposeFunction('codeAutomationExit', (code) => finish(code));
  page.on('crash', () => finish(1));
  server.exited.then(() => finish(1));
  const paths = { extensionDevelopmentPath: extension, extensionTestsPath: suite };
  await page.goto(server.page(workspace, paths), { timeout: 180_000 });
  return finished;
}
