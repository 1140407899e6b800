/** What other frameworks call the factors and offsets that all normalizations may have. */
import { as, type Conversion, inexpressible, whereGiven } from '../../schema/frameworks.ts';

/** One word for factors and offsets together. `apart` is where theirs says that there are factors alone. */
const centerOf = (affine: string, apart?: string): Conversion<boolean> => ({
  read: (theirs) => theirs[affine] !== false && (apart === undefined || theirs[apart] !== false),
  write: (ours, _site, { scale }) => {
    if (ours === scale) return {};
    return apart !== undefined && scale === true ? { [apart]: false } : inexpressible;
  },
});

export const pytorchAffine = (affine: string, apart?: string) => ({
  attributes: { epsilon: as('eps', 1e-5), scale: as(affine, true), center: centerOf(affine, apart) },
  parameters: { gamma: 'weight', beta: 'bias' },
});

export const kerasAffine = {
  attributes: { epsilon: as('epsilon', 1e-3), scale: as('scale', true), center: as('center', true) },
  parameters: { gamma: 'gamma', beta: 'beta' },
};

/** `scale` and `offset` are what ONNX calls the operands. */
export const onnxAffine = (scale: string, offset: string) => ({
  attributes: { epsilon: as('epsilon', 1e-5), scale: whereGiven(scale), center: whereGiven(offset) },
  parameters: { gamma: scale, beta: offset },
});
