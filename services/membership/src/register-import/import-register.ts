import { MemberId, type OrganisationId, type OrganisationTree } from '@phancong/contracts';
import {
  type CommandContext,
  type CommandId,
  commandIdFrom,
  createdId,
  type Day,
  KeyedQueue,
  type Position,
  Refusal,
} from '@phancong/event-sourcing';
import { createHash } from 'node:crypto';
import { setImmediate } from 'node:timers/promises';
import { type AcceptedRow, findingIn, importPlanner, type PlannedRow } from './import-plan.ts';
import { type ImportReport, ImportReports } from './import-report.ts';
import { recogniser } from './known-members.ts';
import { LEAVING } from './member-change.ts';
import type { MemberRows } from './member-rows.ts';
import { type Pack, packed, unpacked } from './packed-rows.ts';
import type { RecordedMembers } from './recorded-members.ts';
import type { Field } from './register-columns.ts';
import type { RegisterReader } from './register-file.ts';
import type { RegisterRow } from './register-sheet.ts';

export interface ImportPorts {
  readonly read: RegisterReader;
  readonly tree: () => Promise<OrganisationTree>;
  readonly known: RecordedMembers;
  readonly members: Pick<MemberRows, 'check' | 'take'>;
  readonly today: () => Day;
}

export interface ImportRequest {
  readonly bytes: Buffer;
  /** Its id, or its code. */
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
 * Imports a register: rows that can be are imported, each whole, the others are reported; a file that cannot be read
 * imports nothing. All rows are decided before the first is written down, by the members' own rules: a dry run is that
 * part, and reports the same. Command ids derive from the file and the row, so that it may be repeated at any time,
 * also after a crash in the middle. One file at a time is read and imported; others wait.
 * @throws Refusal `organisation-not-found`, or a `FileProblem` code
 */
export type ImportRegister = (request: ImportRequest) => Promise<Imported>;

export function registerImport(ports: ImportPorts): ImportRegister {
  const queue = new KeyedQueue();
  return (request) => queue.run('import', () => importOne(ports, request));
}

async function importOne(ports: ImportPorts, request: ImportRequest): Promise<Imported> {
  const { bytes, dryRun, by, onProgress } = request;
  const tree = await ports.tree();
  const organisation = meantOrganisation(tree, request.organisation);
  const register = await ports.read(bytes, (rows) => onProgress?.({ done: 0, rows }));
  const today = ports.today();
  const planner = importPlanner({ tree, organisation, today });
  const contexts = rowContexts(createHash('sha256').update(bytes).digest('hex'), by);
  const meant = await ports.known();
  const plans: Pack[] = [];
  let done = 0;
  const tell = (rows: number): void => {
    done += rows;
    onProgress?.({ done, rows: register.rows });
  };

  for (const pack of register.packs) {
    // Others are served between two packs.
    await setImmediate();
    const rows = unpacked<RegisterRow>(pack).map((row) => ({ row, own: contexts.own(row) }));
    const recognise = recogniser(
      await meant(rows.flatMap(({ row: { member }, own }) => (member ? [{ member, own }] : []))),
    );
    const planned = rows.map(({ row, own }) => planner.plan(row, own, recognise));
    plans.push(
      packed(await Promise.all(planned.map((row) => judged(row, (all) => ports.members.check(all, contexts.of(all)))))),
    );
    if (dryRun) tell(rows.length);
  }

  const reports = new ImportReports();
  let position: Position = 0;
  const take = async (row: AcceptedRow): Promise<void> => {
    position = Math.max(position, await ports.members.take(row, contexts.of(row)));
  };
  // The rows of a pack are under way together: appends that arrive together share a transaction.
  for (const pack of plans) {
    await setImmediate();
    const settled = unpacked<PlannedRow>(pack).map(planner.settle);
    const rows = dryRun ? settled : await Promise.all(settled.map((row) => judged(row, take)));
    for (const row of rows) reports.add(row);
    if (!dryRun) tell(rows.length);
  }
  return { report: reports.report(register, { tree, today, dryRun }), position };
}

/** By id, else by code: that is what stands in papers. */
function meantOrganisation(tree: OrganisationTree, given: OrganisationId): OrganisationId {
  if (tree.has(given)) return given;
  const coded = [...tree.values()].find(({ code }) => code === String(given));
  if (!coded) throw new Refusal('not-found', 'organisation-not-found', { organisation: given });
  return coded.id;
}

/** The row as it comes out: rejected if it is refused after all. */
async function judged(planned: PlannedRow, work: (row: AcceptedRow) => Promise<unknown>): Promise<PlannedRow> {
  if (planned.outcome === 'unchanged' || planned.outcome === 'reject') return planned;
  try {
    await work(planned);
    return planned;
  } catch (error) {
    if (!(error instanceof Refusal)) throw error;
    const { row, organisation } = planned;
    const refusal = findingIn(row, fieldRefused(planned, error.code), error.code, error.facts);
    return { row, organisation, outcome: 'reject', errors: [refusal] };
  }
}

/** The column that tells what was refused. */
function fieldRefused(planned: AcceptedRow, code: string): Field {
  if (code === 'member-code-taken') return 'code';
  if (code.includes('official')) return 'officialOn';
  switch (planned.outcome) {
    case 'admit':
      return code === 'before-admission' ? 'admittedOn' : 'cell';
    case 'change': {
      const { transfer, left, corrections } = planned.change;
      if (transfer || corrections.from !== undefined) return 'transferredIn';
      if (left) return LEAVING[left.reason];
      return corrections.admittedOn === undefined ? 'name' : 'admittedOn';
    }
  }
}

/** Under which commands rows are taken: the same whenever the file is imported. */
function rowContexts(file: string, by: string) {
  const commandOf = ({ sheet, row }: RegisterRow, ...step: string[]): CommandId =>
    commandIdFrom('register-import', file, sheet, String(row), ...step);
  const admission = (row: RegisterRow): CommandId => commandOf(row, 'admit');
  return {
    /** The id of the member whom the row makes, if nobody is recorded yet whom it means. */
    own: (row: RegisterRow): MemberId => MemberId.parse(createdId(admission(row))),
    of(planned: AcceptedRow): CommandContext {
      const { row, id } = planned;
      const command =
        planned.outcome === 'admit' ? admission(row) : commandOf(row, 'change', id, String(planned.revision));
      return { by, command };
    },
  };
}
