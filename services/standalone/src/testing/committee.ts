import type { Message } from '@phancong/contracts';
import { z } from 'zod';
import { type Answer, type Import, type Keyed, post } from './keyed-client.ts';

/** The organisation above all that is told here. */
export const BLOC = 'bloc';

const command = <Body extends { readonly id: string }>(path: string, body: Body): Keyed => ({
  key: body.id,
  path,
  body,
});

const organisation = (id: string, kind: string, name: string, parent?: string): Keyed =>
  command('/membership/organisations', { id, code: id, name, kind, parent, from: '2014-01-01' });

const group = (id: string, kind: string, of: string): Keyed =>
  command('/assignment/groups', {
    ...{ id, code: id, name: `Tổ ${id}`, kind, organisation: of, headcount: 20, from: '2014-01-01' },
  });

/** A bloc of two cells with groups of workers and of residents, and a campaign. */
export const ground: readonly Keyed[] = [
  organisation(BLOC, 'committee', 'Đảng bộ'),
  organisation('cell-1', 'cell', 'Chi bộ 1', BLOC),
  organisation('cell-2', 'cell', 'Chi bộ 2', BLOC),
  group('workers', 'workers', 'cell-1'),
  group('street', 'residents', BLOC),
  group('lane', 'residents', BLOC),
  command('/activity/campaigns', { id: 'blood', code: 'blood', name: 'Hiến máu nhân đạo', from: '2014-01-01' }),
];

export const memberOf = (id: string, name = 'Trần Thị Thử Nghiệm') => ({
  ...{ id, code: `C-${id}`, name, cell: 'cell-1', standing: 'official' },
  ...{ admittedOn: '2010-01-02', officialOn: '2011-01-02' },
});

const NUMERALS = ['Không', 'Một', 'Hai', 'Ba', 'Bốn', 'Năm', 'Sáu', 'Bảy', 'Tám', 'Chín'];
/** People in registers are known by their names where their cards are not. */
const named = (id: string): string => [...id].map((sign) => NUMERALS[Number(sign)] ?? 'Và').join(' ');

const register = (id: string): string =>
  [
    'Họ và tên,Năm sinh,Ngày vào Đảng,Ngày chính thức,Số thẻ đảng viên',
    `Lê Văn ${named(id)},1975,03/02/2005,03/02/2006,R1-${id}`,
    `Phạm Thị ${named(id)},1980,03/02/2007,03/02/2008,R2-${id}`,
    '',
  ].join('\r\n');

/**
 * What one clerk sends, each when the one before is answered: two members are admitted, one of them is assigned, works,
 * moves (what is tied to the workplace goes to the other), hands over and leaves; a candidate becomes a member; a
 * register is imported; the other member registers by herself.
 */
export const story = (id: string): readonly (Keyed | Import)[] => {
  const [leaver, stayer, candidate] = [`a-${id}`, `b-${id}`, `k-${id}`];
  const send = (name: string, path: string, body: unknown): Keyed => ({ key: `${name}-${id}`, path, body });
  return [
    send('admit', '/membership/members/bulk', { members: [memberOf(leaver), memberOf(stayer)] }),
    send('assign', '/assignment/assignments/bulk', {
      assignments: [
        { id: `work-${id}`, member: leaver, group: 'workers', content: ['Đời sống'], from: '2014-02-01' },
        { id: `street-${id}`, member: leaver, group: 'street', from: '2014-02-01' },
      ],
    }),
    send('deeds', '/activity/activities/bulk', {
      activities: [
        {
          ...{ id: `visit-${id}`, assignment: `work-${id}`, kind: 'visit', on: '2014-03-01', reached: 3, visits: 1 },
          results: { savings: 1_000_000 },
        },
        {
          ...{ id: `gift-${id}`, assignment: `street-${id}`, kind: 'campaign', on: '2014-03-02', reached: 1 },
          ...{ campaign: 'blood', results: { bloodDonations: 1 } },
        },
      ],
    }),
    send('move', `/membership/members/${leaver}/transfer`, { cell: 'cell-2', on: '2014-04-01', successor: stayer }),
    send('hand-over', `/assignment/assignments/street-${id}/hand-over`, { to: stayer, on: '2014-05-01' }),
    send('introduce', '/membership/candidates', {
      ...{ id: candidate, name: 'Lý Thị Ưu Tú', introducedBy: stayer, introducedOn: '2014-05-02' },
      consentOn: '2014-05-01',
    }),
    send('train', `/membership/candidates/${candidate}/train`, { on: '2014-05-10' }),
    send('become', `/membership/candidates/${candidate}/admit`, {
      ...{ on: '2014-06-10', cell: 'cell-1', code: `K-${id}`, member: `new-${id}` },
    }),
    send('leave', `/membership/members/${leaver}/leave`, { on: '2014-06-01', reason: 'transferred-out' }),
    { key: `import-${id}`, path: '/membership/imports', register: register(id), organisation: 'cell-2' },
    send('volunteer', '/assignment/registrations/bulk', {
      registrations: [
        { id: `lane-${id}`, member: stayer, group: 'lane', on: '2014-06-20', approve: { on: '2014-07-01' } },
      ],
    }),
  ];
};

const Answered = z.object({ position: z.string().optional(), rejected: z.number().default(0) });

/** Sends the commands one after the other, each waiting for the ones before; `answers` keeps what was answered. */
export async function tell(
  url: string,
  commands: readonly (Keyed | Import)[],
  answers = new Map<Keyed | Import, Answer>(),
): Promise<void> {
  const reached = new Map<string, string>();
  for (const each of commands) {
    const position = [...reached].map(([source, at]) => `${source}-${at}`).join('.');
    const path = position === '' ? each.path : `${each.path}?position=${position}`;
    let answer = answers.get(each);
    // On a slow machine what is waited for may not be there in time: such an answer asks to come again.
    while (answer === undefined || answer.status === 503) answer = await post(url, { ...each, path });
    const told = answer.status < 300 ? Answered.parse(JSON.parse(answer.body)) : { rejected: 1 };
    if (told.rejected > 0) throw new Error(`${path} answered ${answer.status} ${answer.body}`);
    answers.set(each, answer);
    const [source, at] = told.position?.split('-') ?? [];
    if (source !== undefined && at !== undefined) reached.set(source, at);
  }
}

/** What comes of one story, by the rules. */
export const outcome: Readonly<Partial<Record<Message['type'], number>>> = {
  MemberAdmitted: 5,
  MemberTransferred: 1,
  MemberLeft: 1,
  CandidateIntroduced: 1,
  CandidateTrained: 1,
  CandidateAdmitted: 1,
  AssignmentMade: 5,
  AssignmentHandedOver: 2,
  RegistrationMade: 1,
  ActivityLogged: 2,
};
