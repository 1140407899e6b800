/** Text of a repository is text: what VS Code shows goes through one module, and no view sets HTML. */
import { readdirSync, readFileSync } from 'node:fs';
import path from 'node:path';
import { describe, expect, test } from 'vitest';

const root = path.resolve(import.meta.dirname, '../..');

const sourcesIn = (folder: string) =>
  readdirSync(path.join(root, folder), { recursive: true, encoding: 'utf8' })
    .map((name) => `${folder}/${name.replaceAll('\\', '/')}`)
    .filter((file) => /\.tsx?$/.test(file) && !file.endsWith('.d.ts'))
    .map((file) => ({ file, text: readFileSync(path.join(root, file), 'utf8') }));

const extension = sourcesIn('extension').filter(({ file }) => !file.startsWith('extension/shown/'));

/** Every match of the patterns, with its file. */
const found = (sources: readonly { readonly file: string; readonly text: string }[], ...patterns: RegExp[]) =>
  sources.flatMap(({ file, text }) =>
    patterns.flatMap((pattern) => [...text.matchAll(pattern)].map(([match]) => `${file}: ${match}`)),
  );

/** The members in these lists show no text. Add only members that cannot show a text. */
const window = [
  ...[
    'activeTextEditor',
    'visibleTextEditors',
    'tabGroups',
    'showTextDocument',
    'registerCustomEditorProvider',
  ],
  ...[
    'onDidChangeTextEditorSelection',
    'onDidChangeVisibleTextEditors',
    'onDidChangeTextEditorVisibleRanges',
  ],
  ...[
    'onDidChangeActiveTextEditor',
    'createTextEditorDecorationType',
    'createTreeView',
    'state',
    'onDidChangeWindowState',
  ],
];
const languages = [
  ...['createDiagnosticCollection', 'registerCompletionItemProvider', 'registerHoverProvider'],
  ...['registerDocumentSymbolProvider', 'setTextDocumentLanguage', 'match', 'getDiagnostics'],
  ...['registerInlayHintsProvider', 'registerDefinitionProvider', 'registerReferenceProvider'],
  ...['registerDocumentHighlightProvider', 'registerRenameProvider', 'registerDocumentLinkProvider'],
  ...['registerCodeLensProvider', 'registerFoldingRangeProvider', 'registerDocumentDropEditProvider'],
  ...['registerDocumentFormattingEditProvider', 'registerDocumentRangeFormattingEditProvider'],
  ...['registerDocumentPasteEditProvider', 'registerCodeActionsProvider'],
];
const classes = [
  ...[
    'Disposable',
    'EventEmitter',
    'CancellationTokenSource',
    'Position',
    'Range',
    'Selection',
    'RelativePattern',
  ],
  ...['WorkspaceEdit', 'TextEdit', 'ThemeColor', 'Location', 'TestRunRequest'],
];

const reason =
  'Names, values and paths of a repository must never become links, icons or Markdown: call extension/shown/shown.ts.';

describe('what VS Code shows', () => {
  const outside = (namespace: string, allowed: readonly string[]) =>
    new RegExp(`\\bvscode\\.${namespace}\\b(?!\\.(?:${allowed.join('|')})\\b)[\\w.]*`, 'g');

  test('goes through one module: no other module calls an API that takes text', () => {
    const calls = found(extension, outside('window', window), outside('languages', languages));
    expect(calls, reason).toEqual([]);
  });

  test('is made by one module: no other makes a hover, a diagnostic, an item or Markdown', () => {
    const made = new RegExp(`\\bnew vscode\\.(?!(?:${classes.join('|')})\\b)\\w+`, 'g');
    const fields =
      /\b(?:hoverMessage|contentText|tooltip|isTrusted: true|supportHtml|supportThemeIcons|appendMarkdown|accessibilityInformation|createTestItem|appendOutput)\b/g;
    const inObjects = extension.filter(({ file }) => file !== 'extension/training/status.ts');
    expect([...found(extension, made), ...found(inObjects, fields)], reason).toEqual([]);
  });

  test('can be traced: the API has one name everywhere', () => {
    const others = found(
      extension,
      /^import (?!type )(?!\* as vscode )[^;]*from 'vscode'/gm,
      /\b(?:const|let) [^=;]*= vscode(?:\.(?:window|languages))?;/g,
    );
    expect(others, 'Parts of the API under other names would pass the tests above unseen.').toEqual([]);
  });

  test('sets the title of a panel and the content of a page only in the module with a content policy', () => {
    const titled = found(extension, /\.title\s*=[^=]/g, /\.html\s*=(?!\s*graphPage\()[^=]/g);
    expect(titled, reason).toEqual([]);
  });
});

test('no view turns text into HTML, links or code', () => {
  const ways = found(
    sourcesIn('webview'),
    /dangerouslySetInnerHTML|\b(?:inner|outer)HTML\b|insertAdjacentHTML|document\.write|\bsrcDoc\b|setHTMLUnsafe/g,
    /\bhref\s*=|\beval\(|new Function\(|createContextualFragment|DOMParser|document\.title/g,
  );
  expect(ways, 'React sets text as text; nothing else is needed.').toEqual([]);
});
