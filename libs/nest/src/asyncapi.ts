import { ActivityMessage, AssignmentMessage, MembershipMessage, type ServiceName } from '@phancong/contracts';
import { z } from 'zod';

const published = {
  membership: MembershipMessage.options,
  assignment: AssignmentMessage.options,
  activity: ActivityMessage.options,
} satisfies Record<ServiceName, unknown>;

const ref = (path: string) => ({ $ref: `#/${path}` });

/** The AsyncAPI 3.0 document of what the services publish, from the schemas of the contracts. */
export function asyncApiDocument(version: string) {
  const services = Object.entries(published).map(([service, options]) => ({
    service,
    messages: options.map((option) => ({
      name: option.shape.type.value,
      payload: z.toJSONSchema(option, { io: 'output', unrepresentable: 'any' }),
    })),
  }));
  return {
    asyncapi: '3.0.0',
    info: { title: 'phancong', version, description: 'What each service publishes, in the order of its log.' },
    defaultContentType: 'application/json',
    channels: Object.fromEntries(
      services.map(({ service, messages }) => [
        service,
        {
          address: service,
          messages: Object.fromEntries(messages.map(({ name }) => [name, ref(`components/messages/${name}`)])),
        },
      ]),
    ),
    operations: Object.fromEntries(
      services.map(({ service }) => [`${service}-publishes`, { action: 'send', channel: ref(`channels/${service}`) }]),
    ),
    components: {
      messages: Object.fromEntries(
        services.flatMap(({ messages }) => messages.map(({ name, payload }) => [name, { name, payload }])),
      ),
    },
  };
}
