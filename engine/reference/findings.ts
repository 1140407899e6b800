/** The reference page of what the diagnosis finds. */
import type { FindingDefinition, Need } from '../diagnose/define.ts';
import { findings } from '../diagnose/registry.ts';
import { blocks, generatedNote } from './kinds.ts';

const headings: { readonly [N in Need]: string } = {
  static: 'Found in the text',
  data: 'Found in the data',
  training: 'Found while training',
};

const moments: { readonly [M in NonNullable<FindingDefinition['when']>]: string } = {
  step: 'at measured steps',
  epoch: 'at the end of epochs',
  failure: 'when a step fails',
};

const introduction = `What a diagnosis reports, by its code. Findings of the text appear while you type and in \`netloom check\`; those of the data with the first
step; the others while a network trains. A finding names the layer, the step, and the number that was measured with its limit. \`netloom diagnose FILE\`
checks for all of them, \`netloom fix FILE --code CODE\` applies a fix, \`netloom try\` compares a training with it and without, and \`netloom repair\` applies all
fixes that help. \`netloom diagnose\` also trains the network with usual choices, one change at a time. A change that is clearly better
is reported as information, with the code of the finding that it proves.

Each limit is a setting: \`"netloom.diagnosis.limits": { "relu/dead/error": 0.5 }\` in VS Code, \`--limit relu/dead/error=0.5\` on the command line.`;

/** The place of a finding on the page, as headings are named there. */
export const findingAnchor = (code: string): string => code.toLowerCase().replace(/[^a-z0-9 -]/g, '');

export function findingsPage(): string {
  const groups = Object.entries(headings).map(([need, heading]) => ({
    heading,
    members: byCode((findings as readonly FindingDefinition[]).filter(({ needs }) => needs === need)),
  }));
  const contents = groups.map(
    ({ heading, members }) =>
      `- **${heading}:** ${members.map(([code]) => `[${code}](#${findingAnchor(code)})`).join(' · ')}`,
  );
  const seen = new Set<string>();
  const sections = groups.flatMap(({ heading, members }) => [
    `## ${heading}`,
    ...members.flatMap(([code, rules]) => {
      // A second heading of one name would have another place: what the data add to it is below the first.
      const isFirst = !seen.has(code);
      seen.add(code);
      return [
        ...(isFirst ? [`### ${code}`] : [`*More of* [${code}](#${findingAnchor(code)})`]),
        ...rules.map(section),
      ];
    }),
  ]);
  return blocks(generatedNote, '# Findings', introduction, contents.join('\n'), ...sections);
}

function byCode(rules: readonly FindingDefinition[]): readonly [string, readonly FindingDefinition[]][] {
  const codes = [...new Set(rules.map(({ code }) => code))];
  return codes.map((code) => [code, rules.filter((rule) => rule.code === code)]);
}

function section({
  code,
  title,
  doc,
  needs,
  when = 'step',
  holds = 1,
  limits,
  causes = [],
  fixes,
}: FindingDefinition): string {
  const names = Object.entries(limits);
  const table = [
    '| limit | default |',
    '| --- | --- |',
    ...names.map(([name, value]) => `| \`${code}/${name}\` | ${value} |`),
  ];
  const facts = [
    ...(needs === 'training'
      ? [`**When:** ${moments[when]}${holds > 1 ? `, when ${holds} looks in a row see it` : ''}.`]
      : []),
    ...(causes.length === 0
      ? []
      : [
          `**Not reported where one of these explains it:** ${[...new Set(causes)].map((cause) => `[${cause}](#${findingAnchor(cause)})`).join(', ')}.`,
        ]),
    fixes ? '**Fix:** offered as an edit.' : '**Fix:** none that an edit could make.',
  ];
  return blocks(
    `*${title}*`,
    doc,
    facts.map((fact) => `- ${fact}`).join('\n'),
    ...(names.length > 0 ? [table.join('\n')] : []),
  );
}
