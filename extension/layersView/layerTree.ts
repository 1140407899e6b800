/** The layers of the active network as a tree: the content of the graph as text, for keyboards and screen readers. */
import * as vscode from 'vscode';
import { layerShapes, layerText } from '../../engine/graph/layerText.ts';
import { longestOutline } from '../../engine/language/networkText.ts';
import { type OutlineItem, outlineOf } from '../../engine/language/outline.ts';
import { layers } from '../../engine/layers/registry.ts';
import { withFindings } from '../../engine/spec/problems.ts';
import type { LayerStats, Tone } from '../../engine/stats/define.ts';
import { statsBadges, worstTone } from '../../engine/stats/format.ts';
import { nameInside, worstInside } from '../../engine/stats/inside.ts';
import type { Networks } from '../networks.ts';
import { treeItem } from '../shown/shown.ts';
import { newProblemsOfRun } from '../training/runProblems.ts';
import type { Runs } from '../training/runs.ts';

/** An entry of the tree, and its network. */
export interface Entry extends OutlineItem {
  readonly uri: vscode.Uri;
  readonly parent: Entry | undefined;
}

type State = 'error' | 'warning' | Tone;

/** How a state is shown; its icon differs as well as its colour. */
const looks: { readonly [S in State]: { readonly icon: string; readonly color: string } } = {
  error: { icon: 'error', color: 'problemsErrorIcon.foreground' },
  warning: { icon: 'warning', color: 'problemsWarningIcon.foreground' },
  bad: { icon: 'flame', color: 'netloom.statistics.bad' },
  warn: { icon: 'eye', color: 'netloom.statistics.warn' },
  good: { icon: 'pass', color: 'netloom.statistics.good' },
};

export class LayerTree implements vscode.TreeDataProvider<Entry> {
  readonly #changed = new vscode.EventEmitter<undefined>();
  readonly onDidChangeTreeData = this.#changed.event;
  #uri: vscode.Uri | undefined;
  #entries: readonly Entry[] = [];

  constructor(
    readonly networks: Networks,
    readonly runs: Runs,
  ) {}

  get uri(): vscode.Uri | undefined {
    return this.#uri;
  }

  /** Reads the network again; it may be another network. */
  show(document: vscode.TextDocument | undefined): void {
    this.#uri = document?.uri;
    this.#entries = document ? this.#read(document) : [];
    this.#changed.fire(undefined);
  }

  /** Call it if problems have changed but not the network. The selection stays. */
  readAgain(): void {
    this.show(this.networks.open.find(({ uri }) => uri.toString() === this.#uri?.toString()));
  }

  /** Call it if statistics have changed but not the network. */
  refresh(): void {
    this.#changed.fire(undefined);
  }

  #read(document: vscode.TextDocument): readonly Entry[] {
    const network = this.networks.network(document, longestOutline);
    if (!network) return [];
    const { uri } = document;
    const { diagnostics } = this.networks.analysis(document);
    const problems = withFindings(diagnostics, newProblemsOfRun(document, this.networks, this.runs));
    return outlineOf(network, problems).map((item): Entry => ({ ...item, uri, parent: undefined }));
  }

  /** The layers inside a use of a block, created on demand. */
  getChildren(entry?: Entry): Entry[] {
    if (!entry) return [...this.#entries];
    const items = entry.inside?.() ?? entry.children;
    return items.map((item) => ({ ...item, uri: entry.uri, parent: entry }));
  }

  getParent({ parent }: Entry): Entry | undefined {
    return parent;
  }

  find(layer: string): Entry | undefined {
    let entry = this.#entries.find((one) => one.layer === layer);
    // "stages/2/conv" is in "2", which is in "stages".
    if (!entry && layer.includes('/')) {
      const steps = layer.split('/');
      entry = this.#entries.find((one) => one.layer === steps[0]);
      for (const step of steps.slice(1))
        entry = entry && this.getChildren(entry).find(({ name }) => name === step);
    }
    return entry;
  }

  getTreeItem(entry: Entry): vscode.TreeItem {
    const inside = this.#worstInside(entry);
    const stats = this.#statsOf(entry) ?? inside?.found;
    const badges = stats ? statsBadges(stats.stats) : [];
    const found = badges.filter(({ tone }) => tone === 'warn' || tone === 'bad');
    const who = inside ? `${nameInside(inside.layer, entry.layer!)}: ` : '';
    const told = found.map(({ name, value }) => `${who}${name} ${value.trim()}`);
    const state = stateOf(entry, stats?.stats);
    const problems = entry.problems.map(({ message }) => message);
    const kind = entry.detail.split(' ')[0];
    return treeItem({
      id: `${entry.uri.toString()} ${entry.id}`,
      label: entry.name,
      description: [entry.detail, ...told].join(' · '),
      icon: state
        ? looks[state].icon
        : (layers.find(kind)?.icon ?? (entry.kind === 'block' ? 'package' : 'symbol-property')),
      color: state ? looks[state].color : undefined,
      lines: [
        `${entry.name} · ${entry.detail}`,
        ...problems,
        ...badges.map(({ name, value }) => `${who}${name}: ${value.trim()}`),
        ...(stats?.stale
          ? [vscode.l10n.t('Measured before this layer was edited or its shapes changed.')]
          : []),
      ],
      spoken: [
        entry.name,
        entry.detail.replace(' → ', vscode.l10n.t(', gives ')),
        stateText(state),
        ...told,
        ...problems,
      ],
      context: entry.layer === undefined ? undefined : 'layer',
      hasChildren: entry.children.length > 0 || entry.inside !== undefined,
    });
  }

  /** A use of a block shows the inner layer in the worst state. */
  #worstInside(entry: Entry) {
    const { layer, uri, inside } = entry;
    const document = inside && this.networks.open.find((one) => one.uri.toString() === uri.toString());
    if (!document || layer === undefined) return undefined;
    const running = this.networks.analysis(document).graph.layers.map(({ name }) => name);
    return worstInside(running, layer, (name) => this.#statsOf({ ...entry, layer: name }));
  }

  #statsOf({ layer, uri }: Entry): { readonly stats: LayerStats; readonly stale: boolean } | undefined {
    const record = layer === undefined ? undefined : this.runs.shown(uri);
    const document = record && this.networks.open.find((one) => one.uri.toString() === uri.toString());
    if (!record || !document || layer === undefined) return undefined;
    const analysis = this.networks.analysis(document);
    return record.statsOf(
      layer,
      layerText(document.getText(), analysis, layer),
      layerShapes(analysis, layer),
    );
  }

  dispose(): void {
    this.#changed.dispose();
  }
}

function stateOf({ problems, children }: Entry, stats: LayerStats | undefined): State | undefined {
  const severities = [...problems, ...children.flatMap((child) => child.problems)].map(
    ({ severity }) => severity,
  );
  if (severities.includes('error')) return 'error';
  if (severities.includes('warning')) return 'warning';
  return stats && worstTone(statsBadges(stats));
}

function stateText(state: State | undefined): string {
  const words: { readonly [S in State]: string } = {
    error: vscode.l10n.t('has an error'),
    warning: vscode.l10n.t('has a warning'),
    bad: vscode.l10n.t('its statistics show a fault'),
    warn: vscode.l10n.t('its statistics deserve a look'),
    good: vscode.l10n.t('its statistics look healthy'),
  };
  return state ? words[state] : '';
}
