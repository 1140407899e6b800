/** Text → NetworkSpec, and everything that is wrong, with its place. Never throws; reads only the text. */
import * as l10n from '@vscode/l10n';
import { type Json, quote } from '../schema/attributes.ts';
import { nearest } from '../schema/nearest.ts';
import { mostProblems } from '../schema/reading.ts';
import { groupedDigits } from '../schema/text.ts';
import { type LayerKinds, networkKinds } from './blockKinds.ts';
import {
  type Diagnostic,
  farthestPosition,
  formatVersion,
  type LayerSpec,
  type NetworkSpec,
  type TrainingSpec,
} from './document.ts';
import { Problems } from './problems.ts';
import { blockKinds, readBlocks } from './readBlocks.ts';
import { LayerReader } from './readLayers.ts';
import { insideName } from './reference.ts';
import { error, isObject, type JsonObject, type Report, sentence } from './reporting.ts';
import { documentOf, type Issue, Source } from './source.ts';
import { readSyntax } from './syntax.ts';
import { readTraining, trainingAttributes } from './training.ts';

const sections = ['format', 'blocks', 'layers', 'training', 'layout', '$schema'] as const;

export interface Parsed {
  readonly spec: NetworkSpec;
  readonly source: Source;
  /** All problems; later readers add theirs. */
  readonly problems: Problems;
  /** The problems so far, as they are shown. */
  readonly diagnostics: readonly Diagnostic[];
  /** The text is well-formed and has the form of a network; its content may still be wrong. */
  readonly readable: boolean;
  /** The section "training" as written. */
  readonly trainingGiven: Json | undefined;
}

const emptySpec: NetworkSpec = { layers: [], blocks: new Map(), kinds: networkKinds([]), layout: new Map() };

/** Reads a text. Layers and settings with mistakes are reported, and what could be read of them is kept. */
export function parse(text: string): Parsed {
  const { root, diagnostics: syntaxErrors } = readSyntax(text);
  const source = new Source(root);
  const problems = new Problems();
  const parsed = (spec: NetworkSpec, readable: boolean, trainingGiven?: Json): Parsed => ({
    spec,
    source,
    problems,
    get diagnostics() {
      return problems.shown;
    },
    readable,
    trainingGiven,
  });
  if (!root) {
    for (const error of syntaxErrors) problems.add(error.severity, error.path, () => error);
    return parsed(emptySpec, false);
  }
  /** Places of numbers that cannot be read. An attribute that does not accept what was read instead is not reported again. */
  const unreadable = new Set<string>();
  const document = documentOf(root, (code, path, range, message) => {
    if (code === 'spec/number') unreadable.add(path.join('\n'));
    problems.add('error', path, () => ({ code, severity: 'error', message: message(), path, range }));
  });
  const report = (issue: Issue) => {
    if (unreadable.size > 0 && unreadable.has(issue.path.join('\n'))) return;
    problems.add(issue.severity, issue.path, () => source.locate(issue));
  };
  if (!isObject(document)) {
    report(
      error(
        'spec/not-an-object',
        [],
        l10n.t('expected a network, { "format": 1, "layers": { … } }, found {0}.', quote(document)),
      ),
    );
    return parsed(emptySpec, false);
  }
  reportSections(document, report);
  const reader = new LayerReader(source, report);
  const kinds = blockKinds(document.blocks, source, report);
  const layers = readNetworkLayers(document.layers, reader, networkKinds(kinds), report);
  const blocks = readBlocks(document.blocks, kinds, reader, report);
  const training = readTrainingSection(document.training, report);
  const layout = readLayout(document.layout, namesOf(layers, blocks), report);
  const readable = document.layers === undefined || isObject(document.layers);
  return parsed(
    { layers, blocks, kinds: networkKinds(kinds), ...(training ? { training } : {}), layout },
    readable,
    document.training,
  );
}

function reportSections(document: JsonObject, report: Report): void {
  const unknown = Object.keys(document).filter((key) => !(sections as readonly string[]).includes(key));
  for (const key of unknown.slice(0, mostProblems)) {
    const near = nearest(key, sections);
    const message = near
      ? l10n.t('there is no section "{0}". Did you mean "{1}"?', key, near)
      : l10n.t('there is no section "{0}". Known sections: {1}.', key, sections.slice(0, 5).join(', '));
    report(error('spec/unknown-section', [key], message, 'key'));
  }
  const { format = formatVersion } = document;
  if (typeof format === 'number' && format > formatVersion)
    report(
      error(
        'spec/format',
        ['format'],
        l10n.t(
          'format {0} is newer than the one that this version of Netloom reads ({1}). Update Netloom.',
          format,
          formatVersion,
        ),
      ),
    );
  else if (format !== formatVersion)
    report(
      error(
        'spec/format',
        ['format'],
        l10n.t('format: expected {0}, found {1}.', formatVersion, quote(format)),
      ),
    );
}

function readNetworkLayers(
  section: Json | undefined,
  reader: LayerReader,
  kinds: LayerKinds,
  report: Report,
): readonly LayerSpec[] {
  if (section !== undefined && !isObject(section)) {
    report(
      error(
        'spec/layers',
        ['layers'],
        l10n.t('layers: expected an object { "name": { "type": … } }, found {0}.', quote(section)),
      ),
    );
    return [];
  }
  const layers = section === undefined ? [] : reader.read(section, ['layers'], kinds);
  if (layers.length === 0)
    report({
      code: 'spec/no-layers',
      severity: 'warning',
      message: l10n.t(
        'the network has no layers yet. Add one in the graph editor, or write one in "layers".',
      ),
      path: ['layers'],
      on: 'key',
    });
  return layers;
}

/** Names that may have a position: layers, and the layers of blocks as "block/layer". */
function namesOf(layers: readonly LayerSpec[], blocks: NetworkSpec['blocks']): ReadonlySet<string> {
  const names = new Set(layers.map(({ name }) => name));
  for (const block of blocks.values())
    for (const layer of block.layers) names.add(insideName(block.name, layer.name));
  return names;
}

function readTrainingSection(section: Json | undefined, report: Report): TrainingSpec | undefined {
  if (section === undefined) return undefined;
  if (!isObject(section)) {
    report(
      error(
        'spec/training',
        ['training'],
        l10n.t('training: expected an object, found {0}.', quote(section)),
      ),
    );
    return undefined;
  }
  const reading = readTraining(section);
  if ('value' in reading) return reading.value;
  for (const { path, message } of reading.problems) {
    const unknown = path.length === 1 && !Object.hasOwn(trainingAttributes, path[0]);
    report(
      error(
        'spec/training',
        ['training', ...path],
        `training: ${sentence(message)}`,
        unknown ? 'key' : 'value',
      ),
    );
  }
  return undefined;
}

function readLayout(
  section: Json | undefined,
  names: ReadonlySet<string>,
  report: Report,
): NetworkSpec['layout'] {
  const layout = new Map<string, readonly [number, number]>();
  if (section === undefined) return layout;
  if (!isObject(section)) {
    const found = quote(section);
    report(
      error(
        'spec/layout',
        ['layout'],
        l10n.t('layout: expected an object { "name": [x, y] }, found {0}.', found),
      ),
    );
    return layout;
  }
  let problems = 0;
  for (const [name, position] of Object.entries(section)) {
    if (problems >= mostProblems) break;
    if (
      !Array.isArray(position) ||
      position.length !== 2 ||
      !position.every((value) => typeof value === 'number' && Math.abs(value) <= farthestPosition)
    ) {
      problems++;
      report(
        error(
          'spec/layout',
          ['layout', name],
          l10n.t(
            'layout: the position of {0} is a pair of numbers [x, y] from {1} to {2}, found {3}.',
            name,
            groupedDigits(-farthestPosition),
            groupedDigits(farthestPosition),
            quote(position),
          ),
        ),
      );
    } else if (names.has(name)) layout.set(name, [position[0] as number, position[1] as number]);
    else {
      problems++;
      report({
        ...error('spec/layout', ['layout', name], l10n.t('layout: there is no layer "{0}".', name), 'key'),
        severity: 'warning',
      });
    }
  }
  return layout;
}
