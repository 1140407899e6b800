/** `npm run contributions`: writes the commands, menus and keys of package.json from engine/protocol, and the limits of findings from their rules. */
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
  const { findings } = await load('engine/diagnose/registry.ts');
  content.contributes = {
    ...content.contributes,
    ...contributionsOf([...Object.entries(commands), ...actions], commandId),
    configuration: content.contributes.configuration.map((section) =>
      section.title === '%configuration.diagnosis%'
        ? { ...section, properties: limitsSetting(findings) }
        : section,
    ),
  };
  return `${JSON.stringify(content, null, 2)}\n`;
}

/** Each limit of each rule, so that editors complete and check them. */
function limitsSetting(findings) {
  const limits = findings.flatMap(({ code, limits }) =>
    Object.entries(limits).map(([name, value]) => [`${code}/${name}`, { type: 'number', default: value }]),
  );
  return {
    'netloom.diagnosis.limits': {
      type: 'object',
      default: {},
      properties: Object.fromEntries(limits),
      additionalProperties: false,
      scope: 'resource',
      order: 1,
      markdownDescription: '%configuration.diagnosis.limits%',
    },
  };
}

function contributionsOf(commands, commandId) {
  const menus = { commandPalette: [] };
  for (const [name, { palette, menus: own = {} }] of commands) {
    if (palette) menus.commandPalette.push({ command: commandId(name), when: palette });
    for (const [menu, { group, when }] of Object.entries(own)) {
      menus[menu] ??= [];
      menus[menu].push({ command: commandId(name), group, ...(when ? { when } : {}) });
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
