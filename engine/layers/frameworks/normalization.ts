/** Names in other frameworks of the scale and offset that every normalization may have. */
import { as, type Conversion, inexpressible, whereGiven } from '../../schema/frameworks.ts';

/** One attribute for scale and offset together. `apart` is the attribute that says there is only a scale. */
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

/** `scale` and `offset` are the ONNX names of the operands. */
export const onnxAffine = (scale: string, offset: string) => ({
  attributes: { epsilon: as('epsilon', 1e-5), scale: whereGiven(scale), center: whereGiven(offset) },
  parameters: { gamma: scale, beta: offset },
});
