import { type MemberLife, stayOn } from '@phancong/contracts';
import type { ReadModel, Session } from '@phancong/read-models';
import { activities, candidates, type Done, doneIn, stepsOf } from '../facts/deeds.ts';
import { type Life, lifeOf, lives } from '../facts/members.ts';
import type { RollUp } from '../roll-up.ts';

/** Deeds of a kind: activities or candidates. */
interface Kind<Deeds extends { readonly member: string }> {
  readonly model: ReadModel<Deeds>;
  readonly done: (deeds: Deeds | undefined) => readonly Done[];
}
const activityKind = { model: activities, done: doneIn };
const candidateKind = { model: candidates, done: stepsOf };

/** Counts, to be called when the session has changed the deeds too: takes away what was counted for them, adds what is. */
export type CountDeeds = (rollUp: RollUp) => Promise<void>;

/** Finds the deeds of members who turn out to have been elsewhere than was known; to be asked before the session changes any deed. */
export async function deedsToCount(session: Session): Promise<CountDeeds> {
  const changedLives = await session.changes(lives);
  const before = new Map(changedLives.map((change) => [change.id, change.before]));
  const moved = changedLives
    .filter((change) => staysOf(lifeOf(change.before)) !== staysOf(lifeOf(change.after)))
    .map(({ id }) => id);
  const ofActivities = await idsOf(activityKind, moved, session);
  const ofCandidates = await idsOf(candidateKind, moved, session);
  return async (rollUp) => {
    await count(activityKind, ofActivities, before, session, rollUp);
    await count(candidateKind, ofCandidates, before, session, rollUp);
  };
}

/** Where the member was when, to be compared. */
export const staysOf = (life: MemberLife | undefined): string =>
  JSON.stringify(life?.stays.map(({ cell, from, until }) => [cell, from, until]) ?? []);

async function idsOf<Deeds extends { readonly member: string }>(
  { model }: Kind<Deeds>,
  members: readonly string[],
  session: Session,
): Promise<string[]> {
  const ids: string[] = [];
  for (const member of members) {
    const { items } = await session.find(model, { index: 'member', equals: [member] });
    ids.push(...items.map(({ id }) => id));
  }
  return ids;
}

async function count<Deeds extends { readonly member: string }>(
  { model, done }: Kind<Deeds>,
  ofMoved: readonly string[],
  livesBefore: ReadonlyMap<string, Life | undefined>,
  session: Session,
  rollUp: RollUp,
): Promise<void> {
  const changes = await session.changes(model);
  const before = new Map(changes.map((change) => [change.id, change.before]));
  const now = await session.getMany(model, [...new Set([...ofMoved, ...before.keys()])]);
  const livesNow = await session.getMany(lives, [...new Set([...now.values()].map(({ member }) => member))]);
  for (const [id, deeds] of now) {
    const life = livesNow.get(deeds.member);
    const old = before.has(id) ? before.get(id) : deeds;
    const lifeBefore = livesBefore.has(deeds.member) ? livesBefore.get(deeds.member) : life;
    creditDeeds(done(old), lifeOf(lifeBefore), rollUp, -1);
    creditDeeds(done(deeds), lifeOf(life), rollUp, 1);
  }
}

/** Each deed counts for the cell in which the member was on its day; for none if the member was in none. */
export function creditDeeds(list: readonly Done[], life: MemberLife | undefined, rollUp: RollUp, factor: 1 | -1): void {
  for (const { on, campaign, figures } of list) {
    const organisation = life && stayOn(life, on)?.cell;
    if (organisation === undefined) continue;
    rollUp({ of: 'results', organisation }, on, figures, factor);
    if (campaign !== undefined) rollUp({ of: 'results', organisation, campaign }, on, figures, factor);
  }
}
