/** Layers with activations that no loss depends on, so that what is left of the network is one linear layer. */
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../engine/diagnose/check.ts';
import { deep } from '../../engine/diagnose/samples.ts';
import { analyze } from '../../engine/graph/analyze.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { textOf } from './diagnosed.ts';

/** Two hidden layers, and a last layer that reads another one. */
function reading(from: string): string {
  const network = deep(2, 'relu');
  return textOf({
    ...network,
    layers: { ...(network.layers as object), logits: { type: 'dense', units: 2, from } },
  });
}

const found = (text: string) =>
  diagnose(text).findings.filter(({ code }) => code === 'structure/noNonlinearity');

describe('a last layer', () => {
  it('that reads the input leaves out the hidden layers, and its fix connects them', () => {
    const text = reading('data');
    const [{ layer, severity, message, fix }] = found(text);
    expect([layer, severity]).toEqual(['logits', 'warning']);
    expect(message).toContain('act2');
    const edited = applyEdit(text, fix!.edit);
    if ('problem' in edited) throw new Error(edited.problem);
    const after = analyze(applyChanges(text, edited.changes));
    expect(after.graph.byName.get('logits')?.from).toEqual([{ layer: 'act2' }]);
    expect(after.diagnostics).toEqual([]);
  });

  it.each(['act1', 'act2'])('that reads %s leaves out no activation', (from) =>
    expect(found(reading(from))).toEqual([]),
  );
});
