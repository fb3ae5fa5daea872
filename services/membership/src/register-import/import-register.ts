import { MemberId, type OrganisationId, type OrganisationTree } from '@phancong/contracts';
import {
  type CommandContext,
  type CommandId,
  commandIdFrom,
  createdId,
  type Day,
  type Handled,
  KeyedQueue,
  type Position,
  Refusal,
} from '@phancong/event-sourcing';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import type { Members } from '../members.ts';
import { findingIn, importPlanner, type PlannedRow } from './import-plan.ts';
import { type ImportReport, ImportReports } from './import-report.ts';
import { recogniser } from './known-members.ts';
import { unpacked } from './packed-rows.ts';
import type { RecordedMembers } from './recorded-members.ts';
import type { RegisterReader } from './register-file.ts';

/** The commands that an import gives, each safe to repeat with the same context. */
export type MemberCommands = Pick<Members, 'admit' | 'correct' | 'transfer' | 'officialise' | 'leave'>;

export interface ImportPorts {
  readonly read: RegisterReader;
  readonly tree: () => Promise<OrganisationTree>;
  readonly known: RecordedMembers;
  readonly members: MemberCommands;
  readonly today: () => Day;
}

export interface ImportRequest {
  readonly bytes: Buffer;
  readonly organisation: OrganisationId;
  readonly dryRun: boolean;
  /** Id of who imports. */
  readonly by: string;
  /** Called as rows are read, then as they are done. */
  readonly onProgress?: (progress: ImportProgress) => void;
}

export interface ImportProgress {
  /** Rows that were imported, or looked at in a dry run. */
  readonly done: number;
  /** Rows of the file, as far as it was read. */
  readonly rows: number;
}

export interface Imported {
  readonly report: ImportReport;
  /** Waiting for it waits for all that was imported; 0 when nothing was. */
  readonly position: Position;
}

/**
 * Imports a register: rows that can be are imported, the others are reported; a file that cannot be read imports
 * nothing. Command ids derive from the file and the row, so that it may be repeated at any time, also after a crash
 * in the middle. One file at a time is read and imported; others wait.
 * @throws Refusal `unknown-organisation`, or a `FileProblem` code
 */
export type ImportRegister = (request: ImportRequest) => Promise<Imported>;

export function registerImport(ports: ImportPorts): ImportRegister {
  const queue = new KeyedQueue();
  return (request) => queue.run('import', () => importOne(ports, request));
}

async function importOne(
  ports: ImportPorts,
  { bytes, organisation, dryRun, by, onProgress }: ImportRequest,
): Promise<Imported> {
  const tree = await ports.tree();
  if (!tree.has(organisation)) throw new Refusal('not-found', 'unknown-organisation', { organisation });
  const register = await ports.read(bytes, (rows) => onProgress?.({ done: 0, rows }));
  const today = ports.today();
  const meant = await ports.known();
  const plan = importPlanner({ tree, organisation, today });
  const file = createHash('sha256').update(bytes).digest('hex');
  const reports = new ImportReports();
  let position: Position = 0;
  // The rows of a pack are under way together: appends that arrive together share a transaction.
  for (const rows of unpacked(register)) {
    // Others are served between two packs.
    await setImmediate();
    const recognise = recogniser(await meant(rows.flatMap(({ member }) => (member ? [member] : []))));
    const planned = rows.map((row) => plan(row, recognise));
    const outcomes = dryRun
      ? planned.map((row) => ({ row, position: 0 }))
      : await Promise.all(planned.map((row) => carriedOut(ports.members, file, by, row)));
    for (const outcome of outcomes) {
      reports.add(outcome.row);
      position = Math.max(position, outcome.position);
    }
    onProgress?.({ done: reports.rows, rows: register.rows });
  }
  return { report: reports.report(register, { tree, today, dryRun }), position };
}

/** The row as it ended: rejected if a command was refused after all. */
async function carriedOut(members: MemberCommands, file: string, by: string, planned: PlannedRow) {
  let position: Position = 0;
  try {
    for (const command of commandsOf(members, file, by, planned)) position = (await command()).position;
    return { row: planned, position };
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { row, organisation } = planned;
    const refused: PlannedRow = {
      ...{ row, organisation, outcome: 'reject' },
      errors: [findingIn(row, 'name', error.code, error.facts)],
    };
    return { row: refused, position };
  }
}

function commandsOf(
  members: MemberCommands,
  file: string,
  by: string,
  planned: PlannedRow,
): (() => Promise<Handled<unknown>>)[] {
  const { sheet, row } = planned.row;
  const context = (...step: string[]): CommandContext => ({
    by,
    command: commandIdFrom('register-import', file, sheet, String(row), ...step),
  });
  switch (planned.outcome) {
    case 'unchanged':
    case 'reject':
      return [];
    case 'admit': {
      const { member: registered, from, organisation: cell } = planned;
      const { code, left, ...fields } = registered;
      const { by: who, command } = context('admit');
      const id = MemberId.parse(createdId(command));
      const standing = fields.officialOn === undefined ? 'probationary' : 'official';
      const admission = { ...fields, id, code: code ?? codeFor(command), cell, standing, from } as const;
      return [
        () => members.admit(admission, { by: who, command }),
        ...(left ? [() => members.leave(id, left, context('leave'))] : []),
      ];
    }
    case 'change': {
      const { id, revision } = planned.known;
      const { corrections, transfer, officialisedOn, left } = planned.change;
      const step = (name: string): CommandContext => context(name, id, String(revision));
      return [
        ...(Object.keys(corrections).length > 0
          ? [() => members.correct(id, { ...corrections, reason: REASON }, step('correct'))]
          : []),
        ...(officialisedOn === undefined ? [] : [() => members.officialise(id, officialisedOn, step('officialise'))]),
        ...(transfer ? [() => members.transfer(id, transfer, step('transfer'))] : []),
        ...(left ? [() => members.leave(id, left, step('leave'))] : []),
      ];
    }
  }
}

/** Why a correction was made, in the words of who reads the member's history. */
const REASON = 'Theo sổ danh sách đảng viên được nhập';

/** For those who have no card yet. Says nothing of the person. */
const codeFor = (command: CommandId): string => `dv-${command.replaceAll('-', '').slice(0, 12)}`;
