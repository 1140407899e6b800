/** The same finding in several layers reads as one, with one fix. */
import { describe, expect, it } from 'vitest';
import { diagnose } from '../../engine/diagnose/check.ts';
import { applyChanges, applyEdit } from '../../engine/spec/edit.ts';
import { firstToFix, grouped } from '../../engine/spec/grouped.ts';

/** Three blocks of a dense layer with a bias before batch normalization. */
function three(): string {
  const layers: { [name: string]: object } = { data: { type: 'input', shape: [2] } };
  let from = 'data';
  for (let block = 1; block <= 3; block++) {
    layers[`dense${block}`] = { type: 'dense', from, units: 16 };
    layers[`norm${block}`] = { type: 'batchNorm', from: `dense${block}` };
    from = `act${block}`;
    layers[from] = { type: 'relu', from: `norm${block}` };
  }
  layers.logits = { type: 'dense', from, units: 2 };
  const training = {
    data: { type: 'points', pattern: 'moons' },
    loss: { type: 'softmaxCrossEntropy', from: 'logits' },
    optimizer: { type: 'adam' },
    batchSize: 20,
    epochs: 2,
  };
  return JSON.stringify({ format: 1, layers, training }, null, 2);
}

const told = (layer: string, message: string, severity = 'warning') => ({
  code: 'relu/dead',
  layer,
  severity,
  message: `${layer}: ${message}`,
});

describe('findings of one kind', () => {
  it('in three layers are one finding that names layers, and one fix for all', () => {
    const text = three();
    const { findings } = diagnose(text);
    expect(findings).toHaveLength(3);
    const [group, ...others] = grouped(findings);
    expect(others).toEqual([]);
    expect(group.message).toMatch(/^dense1: the batch normalization .* It is the same in dense2, dense3\.$/);
    expect(group.fix?.title).toBe('Set "useBias" of "dense1" to false, and the same in 2 other layers');
    const edited = applyEdit(text, group.fix!.edit);
    if ('problem' in edited) throw new Error(edited.problem);
    expect(diagnose(applyChanges(text, edited.changes)).findings).toEqual([]);
  });

  it('in nine layers name the first ones, and how many more there are', () => {
    const found = Array.from({ length: 9 }, (_, index) => told(`relu${index + 1}`, 'all units are dead.'));
    const [{ message, members }] = grouped(found);
    expect(members).toHaveLength(9);
    expect(message).toBe('relu1: all units are dead. It is the same in relu2, relu3, relu4 and 5 more.');
  });

  it('have the fix of the first layer where each would add a layer of the same name', () => {
    const add = (after: string) => ({
      title: `Add normalization after "${after}"`,
      edit: {
        kind: 'several',
        edits: [{ kind: 'addLayer', name: 'norm', type: 'batchNorm', attributes: { from: after } }],
      },
    });
    const found = ['a', 'b'].map((layer) => ({ ...told(layer, 'is saturated.'), fix: add(layer) }));
    const [group, ...others] = grouped(
      found as unknown as readonly { code: string; severity: string; message: string }[],
    );
    expect(others).toEqual([]);
    expect(group.fix).toEqual(add('a'));
  });

  it('are one whatever their layers are called', () => {
    const found = ['a', 'output'].map((layer) => told(layer, 'its outputs are all alike.'));
    expect(grouped(found)).toHaveLength(1);
  });

  it('of any length in a log are compared in linear time', () => {
    const found = ['a', 'b'].map((layer) => told(layer, '-'.repeat(2 ** 20)));
    expect(grouped(found)).toHaveLength(1);
  });

  it('are one although their numbers differ', () => {
    const [group, ...others] = grouped([
      told('act1', '81 % of its units are dead.'),
      told('act2', '>99 % of its units are dead.'),
    ]);
    expect(others).toEqual([]);
    expect(group.message).toBe('act1: 81 % of its units are dead. It is the same in act2.');
    expect(group.fix).toBeUndefined();
  });

  it('are several if they differ in severity or in what they say', () => {
    const findings = [
      told('act1', '81 % of its units are dead.'),
      told('act2', '90 % of its units are dead.', 'error'),
      told('act3', 'it is flat at 3 of 4 places.'),
    ];
    expect(grouped(findings).map(({ first }) => first)).toEqual(findings);
  });

  it('have the fix of one of them if all have the same', () => {
    const fix = {
      title: 'Set "learningRate" to 0.01',
      edit: { kind: 'setTraining' as const, path: ['optimizer', 'learningRate'], value: 0.01 },
    };
    const [group] = grouped([
      { ...told('act1', 'it is too large.'), fix },
      { ...told('act2', 'it is too large.'), fix },
    ]);
    expect(group.fix).toBe(fix);
  });

  it('are fixed most severe first, and before those without a fix', () => {
    const fix = { title: '', edit: { kind: 'removeLayers' as const, names: [], heal: true } };
    const [info, warning, error, unfixable] = [
      { ...told('act1', 'it may be narrow.', 'info'), fix },
      { ...told('act2', 'it is narrow.'), fix },
      { ...told('act3', 'it is too narrow.', 'error'), fix },
      told('act4', 'nothing gets through.', 'error'),
    ];
    const chosen = (...findings: readonly (typeof info | typeof unfixable)[]) =>
      firstToFix(grouped(findings))?.first;
    expect(chosen(info, unfixable, warning, error)).toBe(error);
    expect(chosen(info, unfixable, warning)).toBe(warning);
    expect(chosen(info, unfixable)).toBe(info);
    expect(chosen(unfixable)).toBe(unfixable);
    expect(chosen()).toBeUndefined();
  });
});
