/**
 * The settings of the extension, each declared once. `npm run contributions` writes the block `configuration` of package.json
 * from this table, and the settings that an untrusted folder cannot change. Texts are in package.nls.json under
 * `configuration.<name>`.
 */
import { wideModes } from './wideModes.ts';

interface Setting {
  /** The heading of its group of settings: `configuration.<section>` in package.nls.json. */
  readonly section: 'statistics' | 'text' | 'training' | 'diagnosis';
  readonly default: boolean | number | string | object;
  /** The values of a string. */
  readonly choices?: readonly string[];
  /** Whether each choice has a text of its own, `configuration.<name>.<choice>`. */
  readonly explained?: true;
  readonly minimum?: number;
  readonly maximum?: number;
  readonly scope: 'window' | 'resource' | 'machine-overridable' | 'language-overridable';
  /** Whether the settings of a folder that is not trusted are ignored. */
  readonly restricted?: true;
}

/** By name. The identifier is `netloom.<name>`. */
export const settings = {
  'statistics.decorations': { section: 'statistics', default: true, scope: 'window' },
  'statistics.placement': {
    section: 'statistics',
    default: 'auto',
    choices: ['auto', 'behind', 'before'],
    explained: true,
    scope: 'window',
  },
  'statistics.shown': { section: 'statistics', default: {}, scope: 'resource' },
  'statistics.sample': { section: 'statistics', default: 1, minimum: 1, scope: 'resource' },
  'inlayHints.shapes': { section: 'text', default: true, scope: 'language-overridable' },
  'inlayHints.parameters': { section: 'text', default: true, scope: 'language-overridable' },
  codeLens: { section: 'text', default: true, scope: 'language-overridable' },
  'training.notifyWhenFinished': { section: 'training', default: true, scope: 'window' },
  'training.memoryLimit': {
    section: 'training',
    default: 2048,
    minimum: 64,
    // In MB. More than any machine has, and a number of bytes that is exact.
    maximum: 2 ** 24,
    scope: 'machine-overridable',
    restricted: true,
  },
  'training.threads': {
    section: 'training',
    default: 0,
    minimum: 0,
    maximum: 64,
    scope: 'machine-overridable',
    restricted: true,
  },
  'training.wideVectors': {
    section: 'training',
    default: 'auto',
    choices: wideModes,
    scope: 'machine-overridable',
    restricted: true,
  },
  'diagnosis.limits': { section: 'diagnosis', default: {}, scope: 'resource', restricted: true },
} as const satisfies { readonly [name: string]: Setting };

export type SettingName = keyof typeof settings;

/** The values of a setting, by its default or its choices. */
export type SettingValue<N extends SettingName> = (typeof settings)[N] extends {
  readonly choices: readonly (infer C)[];
}
  ? C
  : (typeof settings)[N]['default'] extends boolean
    ? boolean
    : (typeof settings)[N]['default'] extends number
      ? number
      : object;

export const settingId = (name: SettingName): string => `netloom.${name}`;

export const settingNames = Object.keys(settings) as SettingName[];

/**
 * What a setting counts as. A settings file may contain anything: instead of a value of another type, the default counts, and numbers
 * are whole and within their limits. Objects are checked where they are read.
 */
export function settingValue<N extends SettingName>(name: N, given: unknown): SettingValue<N> {
  const setting: Setting = settings[name];
  const { default: usual, choices, minimum = 0, maximum = Number.MAX_SAFE_INTEGER } = setting;
  const value = (): unknown => {
    if (typeof usual === 'object') return given;
    if (typeof given !== typeof usual || Number.isNaN(given)) return usual;
    if (typeof given === 'number') return Math.min(Math.max(Math.floor(given), minimum), maximum);
    return choices?.includes(String(given)) === false ? usual : given;
  };
  return value() as SettingValue<N>;
}
