import { OrganisationId } from '@phancong/contracts';
import { Day } from '@phancong/event-sourcing';
import { inMemoryReadModels, type Reader } from '@phancong/read-models';
import { coverage } from './coverage/coverage.ts';
import { type Knowledge, knowledgeOf } from './knowledge.ts';
import { defaultPolicy } from './ports.ts';
import { reportingProjection } from './reporting.projection.ts';
import { results } from './results/results.ts';
import { Logs } from './testing/messages.ts';
import { project } from './testing/projecting.ts';

const PARTS = 3;

/** A committee of three cells; in each so many members, admitted and active over so many years up to 2024. */
function logsOf(members: number, years: number): Logs {
  const logs = new Logs();
  const found = (organisation: string, kind: string, parent?: string) =>
    logs.tell('membership', 'organisations', '2004-01-01', {
      ...{ type: 'OrganisationRegistered', occurredAt: '2004-01-01' },
      ...{ organisation, code: organisation, name: organisation, kind, parent },
    });
  found('committee', 'committee');
  for (let part = 0; part < PARTS; part += 1) found(`cell-${part}`, 'cell', 'committee');
  for (let index = 0; index < members * PARTS; index += 1) {
    const on = `${2024 - (index % years)}-0${1 + (index % 9)}-1${index % 10}`;
    const member = `m-${index}`;
    logs.tell('membership', `member-${member}`, on, {
      ...{ type: 'MemberAdmitted', occurredAt: on, member, code: member },
      ...{ cell: `cell-${index % PARTS}`, admittedOn: on },
    });
    const deed = { assignment: 'a', member, group: 'g', kind: 'visit', on, reached: 1, visits: 1 };
    logs.tell('activity', `activity-${index}`, on, {
      ...{ type: 'ActivityLogged', occurredAt: on, activity: `v-${index}`, member },
      deed: { ...deed, savings: 1, charity: 0, bloodDonations: 0 },
    });
  }
  return logs;
}

/** How many documents an answer asks for, found or not, once the tree is known. */
async function documentsRead(logs: Logs, answer: (knowledge: Knowledge) => Promise<unknown>): Promise<number> {
  const [readModels, projection] = [inMemoryReadModels(), reportingProjection(defaultPolicy)];
  await project(readModels, projection, 'membership', logs.of('membership'));
  await project(readModels, projection, 'activity', logs.of('activity'));
  const known = knowledgeOf(readModels, projection);
  let count = 0;
  const reader: Reader = {
    get(model, id) {
      count += 1;
      return known.reader.get(model, id);
    },
    getMany(model, ids) {
      count += ids.length;
      return known.reader.getMany(model, ids);
    },
    async find(model, query) {
      const page = await known.reader.find(model, query);
      count += page.items.length;
      return page;
    },
  };
  await answer({ ...known, reader });
  count = 0;
  await answer({ ...known, reader });
  return count;
}

const organisation = OrganisationId.parse('committee');
const day = (text: string) => Day.parse(text);
const askCoverage = (knowledge: Knowledge) =>
  coverage(knowledge, { organisation, asOf: day('2024-12-31'), by: 'organisation', excludeExempt: false });
const askResults = (knowledge: Knowledge) =>
  results(knowledge, {
    organisation,
    from: day('2000-02-03'),
    to: day('2024-11-30'),
    asOf: day('2024-11-30'),
    by: 'organisation',
  });

describe('what an answer reads', () => {
  it('is a year, its months and the days of one for the organisation and each part, the last word on the tree, and when each service was last heard of', async () => {
    expect(await documentsRead(logsOf(10, 1), askCoverage)).toBe(3 * (1 + PARTS) + 1 + 3);
  });

  it.each([
    ['coverage', askCoverage],
    ['results', askResults],
  ])('is as much for %s of 10 members as of 1.000 a part, of 1 year as of 20', async (_, ask) => {
    const small = await documentsRead(logsOf(10, 1), ask);
    expect(await documentsRead(logsOf(1_000, 1), ask)).toBe(small);
    expect(await documentsRead(logsOf(40, 20), ask)).toBe(small);
  });
});
