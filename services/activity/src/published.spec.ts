import { Message } from '@phancong/contracts';
import { eventCodec, eventIdOf, inMemoryEventStore, newCommandId } from '@phancong/event-sourcing';
import { goldenEvents } from '@phancong/event-sourcing/testing';
import { join } from 'node:path';
import { OwnEvent, publish } from './published.ts';
import { bloodDrive, deed, logged, opened } from './testing/samples.ts';

const codec = eventCodec(OwnEvent);
const about = { occurredAt: logged.occurredAt, activity: logged.activity, member: logged.member };
const samples = {
  CampaignOpened: opened,
  CampaignCodeClaimed: {
    type: 'CampaignCodeClaimed',
    occurredAt: bloodDrive.from,
    code: 'HMND',
    campaign: bloodDrive.campaign,
  },
  ActivityLogged: { ...about, type: 'ActivityLogged', deed, note: 'Tại hội trường' },
  ActivityAmended: { ...about, type: 'ActivityAmended', deed, note: 'Tại hội trường', reason: 'Ghi nhầm' },
  ActivityVoided: { ...about, type: 'ActivityVoided', reason: 'Ghi trùng' },
} as const;

describe('stored events', () => {
  goldenEvents({ folder: join(__dirname, '../golden'), schema: OwnEvent, codec, samples });
});

describe('what is published', () => {
  const publishedOf = async (event: OwnEvent) => {
    const store = inMemoryEventStore();
    const command = newCommandId();
    await store.append('a-stream', 'none', [{ ...codec.encode(event), id: eventIdOf(command, 0), command, by: 'lan' }]);
    const [recorded] = await store.readAll(0, 1);
    return recorded && publish(recorded);
  };

  it.each(['CampaignOpened', 'ActivityLogged', 'ActivityAmended', 'ActivityVoided'] as const)(
    '%s fits the contract, without its private fields',
    async (type) => {
      const message = await publishedOf(samples[type]);
      expect(Message.parse(message)).toEqual(message);
      expect(message).toMatchObject({ type, source: 'activity', key: 'a-stream', revision: 0, position: 1, by: 'lan' });
      expect(message).not.toHaveProperty('note');
      expect(message).not.toHaveProperty('reason');
    },
  );

  it('leaves claims of codes out', async () => {
    expect(await publishedOf(samples.CampaignCodeClaimed)).toBeUndefined();
  });
});
