/** The rooms of the graph editor, lowest first. */
import type { Room } from './room.ts';

export const roomsOfViews: readonly Room[] = [
  {
    path: 'webview/model',
    holds:
      'The state of the page, without React: the document as last sent and its view (`editor.ts`, `network.ts`), the run, panels, gestures, layout, and texts for values',
    imports: [
      'engine/schema',
      'engine/layers',
      'engine/losses',
      'engine/spec',
      'engine/graph',
      'engine/templates',
      'engine/stats',
      'engine/protocol',
    ],
  },
  {
    path: 'webview/host.ts',
    holds: 'The link to the extension host: documents and runs come in, gestures and commands go out',
    imports: ['engine/protocol', 'webview/model'],
  },
  {
    path: 'webview/theme',
    holds: 'Colours of VS Code and of categories, and the styles of shared controls',
    imports: ['engine/layers'],
  },
  {
    path: 'webview/controls',
    holds:
      'Small controls that several views share: icon, button, splitter, draft of a text field, documentation, curves',
    imports: ['engine/layers', 'engine/stats', 'webview/model'],
  },
  {
    path: 'webview/overlay',
    holds: 'Overlays: pickers, context menus, the list of keys and the table of layers',
    imports: [
      'engine/schema',
      'engine/layers',
      'engine/protocol',
      'engine/spec',
      'engine/graph',
      'webview/model',
      'webview/host.ts',
      'webview/theme',
      'webview/controls',
    ],
  },
  {
    path: 'webview/canvas',
    holds:
      'The graph: cards, connections, keys, dragging. `actions.ts` has all actions on layers, for shortcuts, menus and buttons',
    imports: [
      'engine/schema',
      'engine/protocol',
      'engine/spec',
      'engine/graph',
      'engine/templates',
      'engine/stats',
      'webview/model',
      'webview/host.ts',
      'webview/theme',
      'webview/controls',
      'webview/overlay',
    ],
  },
  {
    path: 'webview/picture',
    holds:
      'Pictures of a network as files: SVG and Mermaid from its layout alone, PNG by the browser. `answer.ts` draws for the host in the page, `command.ts` for the command line',
    imports: [
      'engine/schema',
      'engine/graph',
      'engine/stats',
      'engine/protocol',
      'webview/model',
      'webview/canvas',
    ],
  },
  {
    path: 'webview/palette',
    holds: 'Layers to drag onto the canvas',
    imports: [
      'engine/layers',
      'engine/graph',
      'webview/model',
      'webview/theme',
      'webview/controls',
      'webview/overlay',
    ],
  },
  {
    path: 'webview/inspector',
    holds:
      'The panel on the right: forms that are made from attribute tables, statistics, problems, documentation',
    imports: [
      'engine/schema',
      'engine/layers',
      'engine/losses',
      'engine/spec',
      'engine/graph',
      'engine/stats',
      'webview/model',
      'webview/host.ts',
      'webview/theme',
      'webview/controls',
      'webview/canvas',
    ],
  },
  {
    path: 'webview/toolbar',
    holds: 'The bar at the top, and banners below it',
    imports: [
      'engine/schema',
      'engine/graph',
      'engine/protocol',
      'webview/model',
      'webview/host.ts',
      'webview/theme',
      'webview/controls',
      'webview/canvas',
    ],
  },
  {
    path: 'webview/training',
    holds: 'The panel below: curves and scores of a run',
    imports: [
      'engine/schema',
      'engine/spec',
      'engine/protocol',
      'engine/stats',
      'webview/model',
      'webview/host.ts',
      'webview/theme',
      'webview/controls',
    ],
  },
  {
    path: 'webview/replay',
    holds:
      'A page that replays a run in any browser: `gather.ts` collects the texts and numbers of the run, `page.ts` writes the page, `player.ts` is the script in it',
    imports: [
      'engine/schema',
      'engine/protocol',
      'engine/graph',
      'engine/stats',
      'webview/model',
      'webview/controls',
      'webview/picture',
      'webview/training',
    ],
  },
  {
    path: 'webview/command.ts',
    holds: 'The module that the command line and the extension host load to draw pictures and replay pages',
    imports: ['webview/picture', 'webview/replay'],
  },
  {
    path: 'webview/ErrorBoundary.tsx',
    holds: 'Shown when a view fails',
    imports: ['webview/host.ts', 'webview/controls'],
  },
  {
    path: 'webview/App.tsx',
    holds: 'Assembles the page',
    imports: [
      'webview/model',
      'webview/theme',
      'webview/controls',
      'webview/overlay',
      'webview/canvas',
      'webview/palette',
      'webview/inspector',
      'webview/toolbar',
      'webview/training',
    ],
  },
  {
    path: 'webview/main.tsx',
    holds: 'Entry of the page',
    imports: [
      'webview/model',
      'webview/host.ts',
      'webview/controls',
      'webview/picture',
      'webview/ErrorBoundary.tsx',
      'webview/App.tsx',
    ],
  },
];
