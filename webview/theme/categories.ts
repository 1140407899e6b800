/** Categories of layers: their order in the palette, their names and their colours. */
import * as l10n from '@vscode/l10n';
import type { Category, LayerDefinition } from '../../engine/layers/define.ts';
import { layers as registry } from '../../engine/layers/registry.ts';

interface CategoryLook {
  readonly label: () => string;
  readonly icon: string;
}

/** In palette order. */
const looks: { readonly [C in Category]: CategoryLook } = {
  input: { label: () => l10n.t('Input'), icon: 'sign-in' },
  core: { label: () => l10n.t('Core'), icon: 'symbol-array' },
  convolution: { label: () => l10n.t('Convolution'), icon: 'layers' },
  pooling: { label: () => l10n.t('Pooling'), icon: 'fold' },
  recurrent: { label: () => l10n.t('Recurrent'), icon: 'sync' },
  attention: { label: () => l10n.t('Attention'), icon: 'eye' },
  activation: { label: () => l10n.t('Activation'), icon: 'pulse' },
  normalization: { label: () => l10n.t('Normalization'), icon: 'symbol-ruler' },
  regularization: { label: () => l10n.t('Regularization'), icon: 'shield' },
  shape: { label: () => l10n.t('Shape'), icon: 'symbol-structure' },
  merge: { label: () => l10n.t('Merge'), icon: 'git-merge' },
  block: { label: () => l10n.t('Blocks'), icon: 'package' },
};

export const categoryColour = (category: Category | undefined): string =>
  category === undefined ? 'var(--vscode-editorError-foreground)' : `var(--category-${category})`;

export interface CategoryGroup extends Omit<CategoryLook, 'label'> {
  readonly category: Category;
  readonly label: string;
  readonly layers: readonly LayerDefinition[];
}

export function paletteGroups(kinds: Iterable<LayerDefinition> = registry): readonly CategoryGroup[] {
  return (Object.keys(looks) as Category[])
    .map((category) => ({
      category,
      label: looks[category].label(),
      icon: looks[category].icon,
      layers: [...kinds].filter((layer) => layer.category === category),
    }))
    .filter(({ layers }) => layers.length > 0);
}
