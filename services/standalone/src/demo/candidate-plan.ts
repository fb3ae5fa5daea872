import { addDays } from '@phancong/event-sourcing';
import { type Bloc, busy, type Candidate, isCovered, type Member, type Wish } from './bloc.ts';
import { laterDay, type Month, MONTHS } from './calendar.ts';
import { codeOf, completeLater, enter, officialiseLater } from './newcomers.ts';
import { nameOf } from './people.ts';

/** Months from introduction to training, from training to admission, and after which nobody waits any longer. */
const BEFORE_TRAINING = 3;
const BEFORE_ADMISSION = 4;
const PATIENCE = 30;
/** Of those who wait for the training, how many get it in a month; of the introductions, how many come weeks late. */
const TRAINED = 0.04;
const LATE = 0.06;
/** Of those admitted, whose file is completed. */
const COMPLETED = 0.4;

const about = ({ id }: Candidate, verb: string, body: Wish['body']): Wish => ({
  path: `/membership/candidates/bulk-${verb}`,
  body: { id, ...body },
});

/** What is written down of candidates in a month, in the order of their way: introduced, trained, admitted or given up. */
export function candidateWishes(bloc: Bloc, month: Month): Wish[] {
  const introductions = introduce(bloc, month);
  // Whose introducer has left is not spoken for any longer.
  const orphans = bloc.candidates.filter(({ introducedBy }) => !introducedBy.cell);
  const weary = bloc.candidates.filter(
    (candidate) => candidate.introducedBy.cell && month.index - candidate.month > PATIENCE && bloc.random.chance(0.04),
  );
  const gone = new Set([...orphans, ...weary]);
  bloc.candidates = bloc.candidates.filter((candidate) => !gone.has(candidate));
  const told = [...gone].filter(() => bloc.random.chance(0.4));
  const admitted = admit(bloc, month);
  const withdrawn = told.map((candidate) => withdraw(bloc, candidate, month));
  return [...introductions, ...withdrawn, ...admitted, ...train(bloc, month)];
}

function introduce(bloc: Bloc, month: Month): Wish[] {
  const { random, tally } = bloc;
  const present = [...bloc.members];
  return Array.from({ length: bloc.schedule.introduced[month.index] ?? 0 }, () => {
    const [one, other] = [random.pick(present), random.pick(present)];
    const introducedBy = isCovered(one) ? one : other;
    const usual = laterDay(month.on(random.between(10, 16)), introducedBy.joined);
    const early = addDays(usual, -random.between(20, 60));
    const introducedOn = random.chance(LATE) && early > introducedBy.joined ? early : usual;
    const candidate = { id: bloc.number('qc'), introducedBy, introducedOn, month: month.index };
    bloc.candidates.push(candidate);
    busy(introducedBy, introducedOn);
    tally.introduced += 1;
    const [assignment] = introducedBy.assignments;
    return {
      path: '/membership/candidates/bulk',
      body: {
        id: candidate.id,
        name: nameOf(random),
        contact: contactOf(introducedBy, random.between(1, 3)),
        introducedBy: introducedBy.id,
        group: assignment?.group.id,
        introducedOn,
        consentOn: introducedOn,
      },
    };
  });
}

const contactOf = ({ workUnit, cell }: Member, shift: number): string =>
  `${workUnit ?? 'Văn phòng'}, ca ${shift}, ${cell?.enterprise?.name}`;

function train(bloc: Bloc, month: Month): Wish[] {
  const waiting = bloc.candidates.filter(
    (candidate) => candidate.trained === undefined && month.index - candidate.month >= BEFORE_TRAINING,
  );
  return bloc.random.sample(waiting, Math.ceil(waiting.length * TRAINED)).map((candidate) => {
    const on = month.on(bloc.random.between(13, 16));
    candidate.trained = month.index;
    busy(candidate.introducedBy, on);
    bloc.tally.trained += 1;
    return about(candidate, 'train', { on });
  });
}

/** As many as scheduled; each is from then on a probationary member in the cell of whoever introduced the candidate. */
function admit(bloc: Bloc, month: Month): Wish[] {
  const wanted = bloc.schedule.admitted[month.index] ?? 0;
  const ready = bloc.candidates.filter(
    ({ trained }) => trained !== undefined && month.index - trained >= BEFORE_ADMISSION,
  );
  if (ready.length < wanted)
    throw new RangeError(`${month.index}: ${ready.length} candidates for ${wanted} admissions`);
  const chosen = new Set(bloc.random.sample(ready, wanted));
  bloc.candidates = bloc.candidates.filter((candidate) => !chosen.has(candidate));
  return [...chosen].flatMap((candidate) => {
    const { introducedBy } = candidate;
    const { cell } = introducedBy;
    if (!cell) return [];
    const on = month.on(bloc.random.between(13, 16));
    const member = enter(bloc, bloc.number('dv'), cell, on, false);
    busy(introducedBy, on);
    bloc.tally.admitted += 1;
    if (bloc.random.chance(COMPLETED)) completeLater(bloc, member, month.index + bloc.random.between(1, 4));
    if (month.index + 13 < MONTHS) officialiseLater(bloc, member, month.index + 13, on);
    return [about(candidate, 'admit', { on, cell: cell.id, code: codeOf(member), member: member.id })];
  });
}

function withdraw(bloc: Bloc, candidate: Candidate, month: Month): Wish {
  const on = month.on(bloc.random.between(13, 16));
  return about(candidate, 'withdraw', { on, reason: bloc.random.pick(['Chuyển công tác', 'Nguyện vọng cá nhân']) });
}
