import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { MemberLife } from '@phancong/contracts';
import type { Group } from './group.ts';
import { mismatches } from './placement.ts';
import { policyIn } from './policy-file.ts';
import { defaultPolicy, parsePolicy, type Policy } from './policy.ts';
import { day, groupOf, lifeOf, org, stay, tree, treeOf } from './testing/example.ts';

const on = day('2010-01-01');
const weaver = lifeOf('lan', [stay('weaving', '2004-01-01', undefined, 'Tổ dệt 1')]);

const missed = (life: MemberLife, group: Group, more: { policy?: Policy; core?: boolean } = {}): readonly string[] =>
  mismatches(more.policy ?? defaultPolicy, {
    ...{ tree, life, group, on },
    ...(more.core ? { role: 'core', massOrganisation: 'Công đoàn' } : { role: 'direct' }),
  });

describe('a member fits a group', () => {
  it('of residents, always', () => {
    expect(missed(weaver, groupOf('ward', { organisation: org('school'), counts: [] }))).toEqual([]);
    const many = [{ from: on, headcount: 900, revision: 0 }];
    expect(missed(weaver, groupOf('ward', { organisation: org('school'), counts: many }))).toEqual([]);
  });

  it('of workers, from the same work unit of an organisation at or above the cell', () => {
    expect(missed(weaver, groupOf('team', { kind: 'workers', workUnit: 'Tổ dệt 1' }))).toEqual([]);
    expect(missed(weaver, groupOf('team', { kind: 'workers', organisation: org('weaving') }))).toEqual([]);
    expect(missed(weaver, groupOf('team', { kind: 'workers', organisation: org('bloc') }))).toEqual([]);
  });

  it('whose work unit is written without accents', () =>
    expect(missed(weaver, groupOf('team', { kind: 'workers', workUnit: 'tổ dệt  1' }))).toEqual([]));

  it('of youth, unless the faculty is another or unknown', () => {
    expect(missed(weaver, groupOf('team', { kind: 'youth', workUnit: 'Khoa Toán' }))).toEqual(['other-work-unit']);
    expect(missed(lifeOf('an'), groupOf('team', { kind: 'youth', workUnit: 'Khoa Toán' }))).toEqual([
      'other-work-unit',
    ]);
  });

  it('unless the group is elsewhere', () =>
    expect(missed(weaver, groupOf('team', { kind: 'workers', organisation: org('dyeing') }))).toEqual(['elsewhere']));

  it('of an organisation that became one above the cell', () => {
    const merged = treeOf({
      type: 'OrganisationMerged',
      organisation: org('school'),
      occurredAt: day('2009-01-01'),
      into: org('mill'),
    });
    const group = groupOf('team', { kind: 'workers', organisation: org('school') });
    const placement = { life: weaver, group, role: 'direct' } as const;
    expect(mismatches(defaultPolicy, { ...placement, tree: merged, on: day('2009-01-01') })).toEqual([]);
    expect(mismatches(defaultPolicy, { ...placement, tree: merged, on: day('2008-12-31') })).toEqual(['elsewhere']);
  });

  it('of researchers, with expertise and official standing on that day', () => {
    const group = groupOf('lab', { kind: 'researchers' });
    expect(missed({ ...weaver, expertise: 'Hóa học', officialOn: on }, group)).toEqual([]);
    expect(missed({ ...weaver, officialOn: day('2010-01-02') }, group)).toEqual(['expertise-unknown', 'not-official']);
    expect(missed({ ...weaver, officialOn: undefined }, group)).toContain('not-official');
  });

  it('of more than fifty people, in the core of a mass organisation', () => {
    const group = groupOf('team', { kind: 'workers', counts: [{ from: on, headcount: 51, revision: 0 }] });
    expect(missed(weaver, group)).toEqual(['not-core']);
    expect(missed(weaver, group, { core: true })).toEqual([]);
    expect(missed(weaver, { ...group, counts: [{ from: on, headcount: 50, revision: 0 }] })).toEqual([]);
  });

  it('by the rules of the deployment', () => {
    const policy = parsePolicy(
      '{"coreAbove":10,"requirements":{"workers":["standing"],"youth":[],"researchers":[],"residents":[]}}',
    );
    const group = groupOf('team', { kind: 'workers', organisation: org('school') });
    expect(missed(weaver, group, { policy })).toEqual(['not-core']);
    expect(policy.maxAssignments).toBe(3);
  });

  it('by the rules in a file', async () => {
    const folder = await mkdtemp(join(tmpdir(), 'policy-'));
    const file = join(folder, 'policy.json');
    await writeFile(file, '{"maxAssignments":5}');
    expect(policyIn(file)).toEqual({ ...defaultPolicy, maxAssignments: 5 });
    expect(policyIn(undefined)).toEqual(defaultPolicy);
    await writeFile(file, '{"maxAssignments":0,"coreOver":3}');
    expect(() => policyIn(file)).toThrow(/POLICY_FILE .*maxAssignments: .*at least 1.*\n.*coreOver: .*no such field/);
    await writeFile(file, '{');
    expect(() => policyIn(file)).toThrow('not valid JSON');
    await rm(folder, { recursive: true });
    expect(() => policyIn(file)).toThrow('cannot be read');
  });

  it('by rules that are spelt right', () => {
    expect(() => parsePolicy('{"maxAssignment":4}')).toThrow('maxAssignment');
    expect(() => parsePolicy('{')).toThrow(SyntaxError);
  });
});
