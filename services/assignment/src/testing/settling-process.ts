/**
 * `settling-process.ts FOLDER`: on the stores in the folder, lets twenty members be assigned, and move or leave, each with a successor,
 * from wherever an earlier run was killed. Prints a line an event while it works, and at the end `done` and the days of
 * every assignment as JSON.
 */
import { writeSync } from 'node:fs';
import { join } from 'node:path';
import type { MemberFact, OrganisationFact } from '@phancong/contracts';
import { sqliteEventStore } from '@phancong/event-store-sqlite';
import { commandIdFrom, eventIdOf } from '@phancong/event-sourcing';
import { sqliteReadModels } from '@phancong/read-models';
import { day, memberId, org, organisations } from './example.ts';
import { startAssignment } from './start-assignment.ts';

const folder = process.argv[3] ?? '';
const MEMBERS = Array.from({ length: 20 }, (_, index) => `m${index}`);
const HEIRS = MEMBERS.map((id) => `heir-of-${id}`);
const GROUPS = [
  { id: 'ward', kind: 'residents', organisation: 'school' },
  { id: 'mill', kind: 'workers', organisation: 'mill' },
  { id: 'shop', kind: 'workers', organisation: 'weaving' },
].map((group) => ({ ...group, code: group.id, name: group.id, headcount: 20, from: '2004-01-01' }));

const membership = sqliteEventStore({ file: join(folder, 'membership.db') });
const store = sqliteEventStore({ file: join(folder, 'events.db') });
const readModels = sqliteReadModels({ file: join(folder, 'read-models.db') });

/** The same again when it is repeated. */
async function tell(stream: string, revision: number, { type, occurredAt, ...fields }: OrganisationFact | MemberFact) {
  const command = commandIdFrom(stream, String(revision));
  const event = { id: eventIdOf(command, 0), command, type, occurredAt, version: 1, by: 'lan' };
  await membership.append(stream, revision === 0 ? 'none' : revision - 1, [{ ...event, data: JSON.stringify(fields) }]);
}

/** Every third leaves, every third goes to the dyers, the others to the physicists. */
function fate(index: number): MemberFact {
  const id = MEMBERS[index] ?? '';
  const about = { member: memberId(id), occurredAt: day('2008-01-01'), successor: memberId(`heir-of-${id}`) };
  if (index % 3 === 0) return { ...about, type: 'MemberLeft', reason: 'resigned' };
  return { ...about, type: 'MemberTransferred', from: org('weaving'), to: org(index % 3 === 1 ? 'dyeing' : 'physics') };
}

async function main(): Promise<void> {
  const server = await startAssignment({ store, membership, readModels });
  store.onAppended((head) => writeSync(1, `${head}\n`));
  for (const [revision, fact] of organisations.entries()) await tell('organisations', revision, fact);
  for (const id of [...MEMBERS, ...HEIRS]) {
    const about = { member: memberId(id), code: id, cell: org('weaving'), occurredAt: day('2004-01-01') };
    const life = { admittedOn: day('2003-01-01'), officialOn: day('2004-01-01') };
    await tell(`member-${id}`, 0, { type: 'MemberAdmitted', ...about, ...life });
  }
  await server.settled();
  await server.request('POST', '/assignment/groups/bulk', { body: { groups: GROUPS } });
  for (const [index, member] of MEMBERS.entries()) {
    // Every other heir has one of the groups already, and cannot take it.
    const taken = { id: `heir-${index}`, member: HEIRS[index], group: GROUPS[index % 3]?.id, from: '2006-01-01' };
    const own = GROUPS.map(({ id: group }) => ({ id: `${member}-${group}`, member, group, from: '2005-01-01' }));
    const assignments = index % 2 === 0 ? [...own, taken] : own;
    await server.request('POST', '/assignment/assignments/bulk', { body: { assignments } });
  }
  for (const [index, member] of MEMBERS.entries()) await tell(`member-${member}`, 1, fate(index));
  await server.settled();
  const days = new Map<string, readonly string[]>();
  for (const member of [...MEMBERS, ...HEIRS]) {
    const { body } = await server.request('GET', `/assignment/members/${member}/assignments`);
    const items = typeof body === 'object' && body && 'items' in body && Array.isArray(body.items) ? body.items : [];
    const told = items.map(({ group, from, until = '', takenOverFrom = '', handedOver }) =>
      [group, from, until, takenOverFrom, handedOver?.to, handedOver?.refused].join(' '),
    );
    days.set(member, told.sort());
  }
  writeSync(1, `done ${JSON.stringify([...days])}\n`);
  await server.close();
  await Promise.all([store.close(), membership.close(), readModels.close()]);
}

void main();
