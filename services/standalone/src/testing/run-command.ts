import { spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { z } from 'zod';
import { type Keyed, post } from './keyed-client.ts';

const PROGRAM = join(__dirname, '..', '..', 'dist', 'main.js');

export interface Ended {
  readonly exitCode: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/**
 * Runs a command of the built program to its end, in English unless told.
 * @param as whom; this process' own user unless told
 */
export async function phancong(
  dataDir: string,
  args: readonly string[],
  variables: NodeJS.ProcessEnv = {},
  as: { readonly uid?: number; readonly gid?: number } = {},
): Promise<Ended> {
  const child = spawn(process.execPath, [PROGRAM, ...args], {
    ...as,
    // Who hangs is ended, so that the spec fails and leaves nothing behind.
    timeout: 15_000,
    killSignal: 'SIGKILL',
    env: { ...process.env, DATA_DIR: dataDir, PORT: '0', LC_ALL: 'en', ...variables },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const [stdout, stderr] = await Promise.all([text(child.stdout), text(child.stderr), once(child, 'close')]);
  return { exitCode: child.exitCode, stdout, stderr };
}

/** What standard output says in JSON. */
export const jsonOf = <Schema extends z.ZodType>(schema: Schema, { stdout, stderr }: Ended): z.infer<Schema> => {
  if (stdout === '') throw new Error(`nothing on standard output; on standard error:\n${stderr}`);
  return schema.parse(JSON.parse(stdout));
};

const Failure = z.strictObject({ code: z.string().regex(/^[a-z]+(-[a-z]+)*$/), detail: z.string().min(1) });

/** What a command with `--json` says of its failure on the last line of standard error. */
export const failureIn = ({ stderr }: Ended): z.infer<typeof Failure> =>
  Failure.parse(JSON.parse(stderr.trim().split('\n').at(-1) ?? ''));

/** A new data folder and what removes it. */
export function temporaryFolder(): { readonly path: string; remove(): void } {
  const path = mkdtempSync(join(tmpdir(), 'phancong-command-'));
  return { path, remove: () => rmSync(path, { recursive: true, force: true }) };
}

const Positioned = z.object({ position: z.string() });

/** Sends commands one after the other, each waiting for what it needs of the one before. @returns the last position */
export async function told(url: string, requests: readonly Pick<Keyed, 'path' | 'body'>[]): Promise<string> {
  let position = 'membership-0';
  for (const { path, body } of requests) {
    const answer = await post(url, { key: randomUUID(), path: `${path}?position=${position}`, body });
    if (answer.status > 201) throw new Error(`POST ${path}: ${answer.status} ${answer.body}`);
    position = Positioned.parse(JSON.parse(answer.body)).position;
  }
  return position;
}

const from = '2014-01-01';

/** A committee with one cell, in which one member is assigned to a group of residents and has saved 12,5 million đồng. */
export const smallCommittee: readonly Pick<Keyed, 'path' | 'body'>[] = [
  {
    path: '/membership/organisations',
    body: { id: 'cang', code: 'DUC', name: 'Đảng ủy Cảng', kind: 'committee', from },
  },
  {
    path: '/membership/organisations',
    body: { id: 'kho', code: 'CBK', name: 'Chi bộ Kho', kind: 'cell', parent: 'cang', from },
  },
  {
    path: '/membership/members',
    body: { id: 'an', code: '1', name: 'Đặng Văn An', cell: 'kho', standing: 'probationary', admittedOn: from },
  },
  {
    path: '/assignment/groups',
    body: {
      id: 'to-3',
      code: 'TO3',
      name: 'Tổ dân phố 3',
      kind: 'residents',
      organisation: 'kho',
      headcount: 42,
      from,
    },
  },
  {
    path: '/assignment/assignments',
    body: { id: 'pc', member: 'an', group: 'to-3', content: ['Đời sống'], from: '2014-02-01' },
  },
  {
    path: '/activity/activities',
    body: { assignment: 'pc', kind: 'thăm hỏi', on: '2014-03-08', reached: 42, results: { savings: 12_500_000 } },
  },
];
