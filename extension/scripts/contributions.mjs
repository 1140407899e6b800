/**
 * `npm run contributions`: writes the commands, menus, keys and settings of package.json from their tables in engine/protocol, and
 * the limits of findings and the statistics from their registries.
 */
import { readFileSync, writeFileSync } from 'node:fs';
import path from 'node:path';
import { fileURLToPath } from 'node:url';
import { load, root } from './load.mjs';

const manifest = path.join(root, 'package.json');

/** The expected text of package.json. */
export async function manifestText() {
  const { commands, commandId } = await load('engine/protocol/commands.ts');
  const { graphActionNames, keybindingsOf, paletteOf } = await load('engine/protocol/graphActions.ts');
  const actions = graphActionNames.map((name) => [
    name,
    { palette: paletteOf(name), keys: keybindingsOf(name) },
  ]);
  const content = JSON.parse(readFileSync(manifest, 'utf8'));
  const { settings, settingId } = await load('engine/protocol/settings.ts');
  const { findings } = await load('engine/diagnose/registry.ts');
  const { badgeKeys } = await load('engine/stats/format.ts');
  const more = { 'diagnosis.limits': limitsOf(findings), 'statistics.shown': statisticsOf(badgeKeys) };
  content.contributes = {
    ...content.contributes,
    ...contributionsOf([...Object.entries(commands), ...actions], commandId),
    configuration: configurationOf(settings, settingId, more),
  };
  content.capabilities.untrustedWorkspaces.restrictedConfigurations = Object.keys(settings)
    .filter((name) => settings[name].restricted)
    .map(settingId)
    .sort();
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** The settings by section, in the order of the table. `more`: keywords of a setting that the table does not have. */
function configurationOf(settings, settingId, more) {
  const sections = [...new Set(Object.values(settings).map(({ section }) => section))];
  return sections.map((section, index) => {
    const own = Object.entries(settings).filter(([, setting]) => setting.section === section);
    const properties = own.map(([name, setting], position) => [
      settingId(name),
      propertyOf(name, { ...setting, more: more[name], order: position + 1 }),
    ]);
    return {
      title: `%configuration.${section}%`,
      order: index + 1,
      properties: Object.fromEntries(properties),
    };
  });
}

function propertyOf(name, { default: preset, choices, explained, minimum, maximum, scope, order, more }) {
  return {
    type: typeof preset === 'number' ? 'integer' : typeof preset,
    default: preset,
    ...(choices ? { enum: choices } : {}),
    ...(explained ? { enumDescriptions: choices.map((choice) => `%configuration.${name}.${choice}%`) } : {}),
    ...(minimum === undefined ? {} : { minimum }),
    ...(maximum === undefined ? {} : { maximum }),
    ...more,
    scope,
    order,
    markdownDescription: `%configuration.${name}%`,
  };
}

/** Each limit of each rule, so that editors complete and check them. */
function limitsOf(findings) {
  const limits = findings.flatMap(({ code, limits }) =>
    Object.entries(limits).map(([name, value]) => [`${code}/${name}`, { type: 'number', default: value }]),
  );
  return { properties: Object.fromEntries(limits), additionalProperties: false };
}

/** Each statistic can be left out. The settings editor of VS Code takes the state of its boxes from the default of the whole. */
const statisticsOf = (keys) => ({
  default: Object.fromEntries(keys.map((key) => [key, true])),
  // The settings editor shows the description instead of the key.
  properties: Object.fromEntries(
    keys.map((key) => [
      key,
      { type: 'boolean', default: true, description: `%configuration.statistics.shown.${key}%` },
    ]),
  ),
  additionalProperties: false,
});

function contributionsOf(commands, commandId) {
  const menus = { commandPalette: [] };
  for (const [name, { palette, menus: own = {} }] of commands) {
    if (palette) menus.commandPalette.push({ command: commandId(name), when: palette });
    for (const [menu, { group, when }] of Object.entries(own)) {
      menus[menu] ??= [];
      for (const one of [group].flat())
        menus[menu].push({ command: commandId(name), group: one, ...(when ? { when } : {}) });
    }
  }
  return {
    commands: commands.map(([name, { icon, enablement }]) => ({
      command: commandId(name),
      title: `%command.${name}%`,
      category: 'Netloom',
      ...(icon ? { icon: `$(${icon})` } : {}),
      ...(enablement ? { enablement } : {}),
    })),
    menus,
    keybindings: commands.flatMap(([name, { keys = [] }]) =>
      keys.map((binding) => ({ command: commandId(name), ...binding })),
    ),
  };
}

if (process.argv[1] === fileURLToPath(import.meta.url)) writeFileSync(manifest, await manifestText());
