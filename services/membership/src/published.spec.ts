import { MembershipMessage } from '@phancong/contracts';
import { Day, Instant, newCommandId, eventIdOf } from '@phancong/event-sourcing';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { publish } from './published.ts';

const Golden = z.object({
  type: z.string(),
  version: z.int(),
  occurredAt: Day,
  data: z.record(z.string(), z.unknown()),
});
const folder = join(__dirname, '../golden');
const stored = readdirSync(folder).map((file) => {
  const { data, ...event } = Golden.parse(JSON.parse(readFileSync(join(folder, file), 'utf8')));
  const command = newCommandId();
  return {
    ...{ ...event, data: JSON.stringify(data), id: eventIdOf(command, 0), command, by: 'lan' },
    ...{ stream: 'one', revision: 0, position: 1, recordedAt: Instant.parse('2014-12-31T00:00:00.000Z') },
  };
});

describe('what membership publishes', () => {
  it('is every event but claims of codes and refused admissions', () => {
    const types = stored.filter((event) => publish(event) === undefined).map(({ type }) => type);
    expect(types.sort()).toEqual(['CandidateAdmissionRefused', 'MemberCodeClaimed']);
    expect(stored.flatMap((event) => publish(event)?.type ?? []).sort()).toEqual(
      MembershipMessage.options.map(({ shape }) => shape.type.value).sort(),
    );
  });

  it.each(stored.map((event) => [event.type, event] as const))('%s carries nothing private', (_, event) => {
    const message = publish(event);
    const names = Object.keys({ ...message });
    for (const secret of ['sealed', 'consentOn', 'following', 'standing', 'candidateName']) {
      expect(names).not.toContain(secret);
    }
    if (event.type.endsWith('Erased')) expect(names).not.toContain('reason');
    if (message) expect(message).toMatchObject({ source: 'membership', key: 'one', revision: 0, position: 1 });
  });
});
