import { ServiceName } from '@phancong/contracts';
import { recountCoverage, recountResults } from '@phancong/reporting/testing';
import { z } from 'zod';
import { get } from './keyed-client.ts';
import type { Logs } from './logs.ts';

const SERVICES = [...ServiceName.options, 'reporting'];
/** When it was asked is all that may differ. */
const Answer = z.looseObject({
  knownAt: z
    .unknown()
    .optional()
    .transform(() => undefined)
    .optional(),
});
const Listed = z.looseObject({ items: z.array(z.unknown()), next: z.string().optional() });

const DAYS = ['2014-04-30', '2014-06-30', '2014-12-31'];
const YEAR = { from: '2014-01-01', to: '2014-12-31' };

const inYear = (organisation: string): string => `organisation=${organisation}&from=${YEAR.from}&to=${YEAR.to}`;
export const coverageOn = (organisation: string, day: string): string =>
  `/reporting/coverage?organisation=${organisation}&asOf=${day}`;
export const resultsBy = (organisation: string, by: string): string =>
  `/reporting/results?${inYear(organisation)}&by=${by}`;
const funnelOf = (organisation: string): string => `/reporting/funnel?${inYear(organisation)}`;

/** What the services are asked, of an organisation with all below it. */
const questions = (organisation: string): readonly string[] => [
  ...DAYS.flatMap((day) => [
    coverageOn(organisation, day),
    `/membership/members?organisation=${organisation}&asOf=${day}`,
    `/assignment/assignments?organisation=${organisation}&asOf=${day}`,
    `/assignment/groups?organisation=${organisation}&asOf=${day}`,
  ]),
  `/reporting/coverage?organisation=${organisation}&asOf=2014-06-30&by=groupKind`,
  `/reporting/coverage/trend?${inYear(organisation)}`,
  ...['organisation', 'campaign', 'year'].map((by) => resultsBy(organisation, by)),
  funnelOf(organisation),
  '/reporting/late-entries?from=2000-01-01',
  '/membership/organisations?asOf=2014-12-31',
  '/membership/candidates?limit=100',
  '/assignment/registrations?asOf=2014-12-31',
  '/activity/activities?from=2000-01-01',
  '/activity/campaigns?limit=100',
];

/**
 * Everything that the services answer from read models, lists whole.
 * @param position asks until they have come so far; as they are, if it is not told
 */
export async function answersOf(
  url: string,
  organisation: string,
  position?: string,
): Promise<Record<string, unknown>> {
  if (position !== undefined) for (const service of SERVICES) await caughtUp(url, service, position);
  const answers: Record<string, unknown> = {};
  for (const question of questions(organisation)) answers[question] = await answerTo(url, question);
  return answers;
}

async function caughtUp(url: string, service: string, position: string): Promise<void> {
  const path = service === 'reporting' ? '/reporting/health' : `/${service}/${LISTS[service]}?limit=1`;
  for (;;) {
    const { status, body } = await get(url, `${path}${path.includes('?') ? '&' : '?'}position=${position}`);
    if (status === 200) return;
    if (status !== 503) throw new Error(`${path} answered ${status} ${body}`);
  }
}

const LISTS: Readonly<Record<string, string>> = { membership: 'members', assignment: 'groups', activity: 'activities' };

async function answerTo(url: string, question: string): Promise<Record<string, unknown>> {
  const { status, body } = await get(url, question);
  if (status !== 200) throw new Error(`${question} answered ${status} ${body}`);
  const answer = Answer.parse(JSON.parse(body));
  const page = Listed.safeParse(answer);
  return page.success ? { ...answer, items: await allItems(url, question, page.data), next: undefined } : answer;
}

/** All items of a list, page after page. */
export const listOf = async (url: string, path: string): Promise<readonly unknown[]> =>
  allItems(url, path, Listed.parse(JSON.parse((await get(url, path)).body)));

async function allItems(url: string, path: string, { items, next }: z.infer<typeof Listed>): Promise<unknown[]> {
  if (next === undefined) return items;
  const cursor = `${path.includes('?') ? '&' : '?'}cursor=${encodeURIComponent(next)}`;
  const { body } = await get(url, `${path}${cursor}`);
  return [...items, ...(await allItems(url, path, Listed.parse(JSON.parse(body))))];
}

/** Makes all read models anew from the logs. */
export async function rebuilt(url: string): Promise<void> {
  expect(await tryToRebuild(url)).toBe('done');
}

/** @returns its last word */
export async function tryToRebuild(url: string): Promise<string | undefined> {
  const response = await fetch(`${url}/admin/rebuild`, { method: 'POST' });
  return (await response.text()).trimEnd().split('\n').at(-1);
}

/** That what reporting answers of the organisation is what a plain recount of all messages comes to. */
export function expectRecounted(answers: Record<string, unknown>, organisation: string, { messages }: Logs): void {
  for (const asOf of DAYS) {
    const counted = recountCoverage({ messages }, { asOf }).get(organisation);
    expect(answers[coverageOn(organisation, asOf)]).toMatchObject({ ...counted, asOf });
  }
  const counted = recountResults({ messages }, { ...YEAR, asOf: YEAR.to }).get(organisation) ?? {};
  const { introduced = 0, trained = 0, admitted = 0, withdrawn = 0, ...done } = counted;
  expect(answers[resultsBy(organisation, 'organisation')]).toMatchObject({ ...done, introduced, trained, admitted });
  expect(answers[funnelOf(organisation)]).toMatchObject({ introduced, trained, admitted, withdrawn });
}
