/**
 * Where runs are on disk. Each run of a network has a folder beside it, `.netloom/runs/<network>/<id>/`; on the command
 * line a person may name another folder instead.
 */
import { join } from 'node:path';
import { folderNameOf, networkNameOf } from './names.ts';

/** Files of a run. None has a name that ends in `.nn.json`, because the copy of the spec is not a network to open and edit. */
export const runFiles = {
  manifest: 'run.json',
  spec: 'network.jsonc',
  log: 'run.jsonl',
  weights: 'weights.safetensors',
} as const;

export type RunFile = (typeof runFiles)[keyof typeof runFiles];

export const home = '.netloom';

/** A folder of a run. The person chose `root`; every component of `below` must be a real folder. */
export interface Place {
  readonly root: string;
  readonly below: readonly string[];
}

export const pathOf = ({ root, below }: Place): string => join(root, ...below);

/** The folder that holds the runs of a network: `file` is the network's file name, in `folder`. */
export const runsOf = (folder: string, file: string): Place => ({
  root: folder,
  below: [home, 'runs', folderNameOf(networkNameOf(file))],
});

export const inside = ({ root, below }: Place, name: string): Place => ({ root, below: [...below, name] });

export const weightsPath = (folder: string): string => join(folder, runFiles.weights);
