/** Texts with which a stranger's file tries to become more than text, and what VS Code would find in them. */

/** Each has a meaning for some view: as a link, an icon, Markdown, HTML, for a terminal, for the eye, for a formatter. */
const cores: readonly string[] = [
  '[fix it](command:workbench.action.terminal.new)',
  '[fix it](command:workbench.action.terminal.new "run")',
  "[fix it](COMMAND:workbench.action.terminal.new 'run')",
  '[details](https://example.org/a)',
  '[details](HTTP://example.org)',
  '[open](file:///etc/passwd)',
  '[[x](command:a)](command:b)',
  '![picture](https://example.org/a.png)',
  ']\u200B(command:workbench.action.terminal.new)[x',
  '[x]\u200B(command:workbench.action.terminal.new)',
  '[x]\u0000(command:workbench.action.terminal.new)',
  '[x]\u{E0020}(command:workbench.action.terminal.new)',
  '[x]\r\n(command:workbench.action.terminal.new)',
  '<https://example.org>',
  'https://example.org/a?b=c',
  'www.example.org',
  'someone@example.org',
  '[x]: https://example.org',
  '$(alert)',
  '$(sync~spin)',
  '\\$(alert)',
  '$\u200B(alert)',
  '$\u202E(alert)',
  '$$(alert)(alert)',
  '<img src=x onerror="window.hit=1">',
  '<script>window.hit=1</script>',
  '"><svg onload=window.hit=1>',
  '</title></style><script>window.hit=1</script>',
  '<a href="javascript:window.hit=1">x</a>',
  'javascript:window.hit=1',
  'data:text/html,<script>window.hit=1</script>',
  '&lt;b&gt;&#x3C;i&#62;',
  '**bold** _slant_ ~~gone~~',
  '`code` ``two`` ```three```',
  '```\nblock\n```',
  '`'.repeat(40),
  '# heading\n\n- item',
  '| a | b |\n|---|---|\n| c | d |',
  '\u001B[31mred\u001B[0m\u0007\u0008',
  '\u009B31m\u0085next',
  'line one\r\nline two\u2028line three\u2029',
  '[2026-01-01 00:00:00.000] [error]\n2026-01-01 [info] all is well',
  '\u202Egnp.exe',
  '\u2066hidden\u2069\u200F\u200E\u061C',
  'a\u{E0061}\u{E0062}b\uFEFFc\u00ADd',
  'half \uD83D and \uDE00',
  'family \u{1F468}\u200D\u{1F469}\u200D\u{1F467} می‌خواهم',
  `{0} {1} ${'$'}{window.hit=1} %s %d`,
  '__proto__',
  'constructor',
  '../../../../etc/passwd',
  "'; DROP TABLE layers; --",
  `${'long '.repeat(4000)}[x](command:a)`,
];

const wrappings: readonly ((core: string) => string)[] = [
  (core) => core,
  (core) => `data ${core} more`,
  (core) => `${core}${core}`,
  (core) => `[${core}](command:workbench.action.terminal.new)`,
  (core) => `[a](${core})`,
  (core) => `$(${core})`,
  (core) => `*${core}* \\${core}`,
  (core) => `\u202E${core}\u200B`,
  (core) => `](${core}](`,
  (core) => `\n${core}\n`,
];

export const payloads: readonly string[] = cores.flatMap((core) => wrappings.map((wrap) => wrap(core)));

/** How VS Code finds links in notifications (`parseLinkedText`) and icons in labels. */
const link = /\[([^\]]+)\]\(((?:https?:\/\/|command:|file:)[^)\s]+)(?: (["'])(.+?)(\3))?\)/i;
const icon = /\$\([A-Za-z0-9-]+(?:~[A-Za-z]+)?\)/;
const unseen =
  /[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\u200B\u200E\u200F\u061C\u202A-\u202E\u2060-\u206F\uFEFF\u{E0000}-\u{E007F}]/u;

/** What would go wrong if `text` were shown as a plain label or message; undefined if nothing. */
export function harmOf(text: string): string | undefined {
  if (link.test(text)) return `a link: ${JSON.stringify(text.slice(0, 200))}`;
  if (icon.test(text)) return `an icon: ${JSON.stringify(text.slice(0, 200))}`;
  if (unseen.test(text)) return `a character that is not seen: ${JSON.stringify(text.slice(0, 200))}`;
  return undefined;
}

/** A network with a payload in every place that takes a text. */
export const hostileNetwork = (payload: string): string =>
  JSON.stringify({
    [payload]: payload,
    layers: {
      image: { type: 'input', shape: [4], [payload]: payload },
      [payload]: { type: payload, from: payload, shares: payload },
      other: { type: 'dense', from: [`image.${payload}`, payload], units: payload },
    },
    training: {
      [payload]: payload,
      data: { type: 'csv', train: payload, [payload]: payload },
      loss: { type: payload, from: payload, target: payload },
      optimizer: payload,
      metrics: [payload],
    },
    layout: { [payload]: payload },
  });
