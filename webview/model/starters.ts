/** Puts a template on an empty canvas, as one gesture. */

import { addBlocks } from '../../engine/graph/addBlocks.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import type { SpecEdit } from '../../engine/spec/specEdit.ts';
import type { Template } from '../../engine/templates/define.ts';
import type { Gesture } from './gestures.ts';
import { type NetworkView, viewNetwork } from './network.ts';

/** An existing training section is kept. */
export function startWith(view: NetworkView, template: Template): Gesture {
  const { layers, training, whole } = viewNetwork(template.text, 0, analyze(template.text));
  const blocks = addBlocks(
    { ...whole, text: template.text },
    layers.map(({ type }) => type),
    view.whole.spec.blocks,
  );
  const adding = [
    ...blocks.edits,
    ...layers.map(
      ({ name, type, given, from }): SpecEdit => ({
        kind: 'addLayer',
        name,
        type: blocks.typeOf(type),
        attributes: given,
        from,
      }),
    ),
  ];
  const edits =
    view.training || !training
      ? adding
      : [...adding, { kind: 'setTraining', path: [], value: training } as const];
  return { edit: { kind: 'several', edits }, select: [] };
}
