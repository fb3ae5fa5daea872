import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { DocumentBuilder, type OpenAPIObject, SwaggerModule } from '@nestjs/swagger';
import { z } from 'zod';
import { ProblemDetails } from './problem.ts';

type PathItem = OpenAPIObject['paths'][string];
type Operation = NonNullable<PathItem['get']>;
type Parameters = NonNullable<Operation['parameters']>;

/** Parameters that the edge gives to every request, and those that it gives to every command. */
const everywhere: Parameters = [
  {
    name: 'position',
    in: 'query',
    description: 'Wait until what is read includes the command that answered with this position.',
    schema: { type: 'string' },
  },
  {
    name: 'Accept-Language',
    in: 'header',
    description: 'Language of messages: vi (default) or en.',
    schema: { type: 'string' },
  },
];
const ofCommands: Parameters = [
  {
    name: 'Idempotency-Key',
    in: 'header',
    description: 'The same key and body give the same answer; another body is 422.',
    schema: { type: 'string', maxLength: 255 },
  },
];
const ofCommandsToOne: Parameters = [
  ...ofCommands,
  {
    name: 'If-Match',
    in: 'header',
    description: 'ETag that was seen: the change is refused with 412 if the thing has moved on.',
    schema: { type: 'string' },
  },
];

/** JSON Schema 2020-12, as OpenAPI 3.1 takes it. Schemas with a meta `id` become components. */
function jsonSchemaOf(schema: unknown, io: 'input' | 'output') {
  if (!(schema instanceof z.ZodType)) return undefined;
  // Wrapped, because zod makes no reference of the outermost schema.
  const { properties, $defs } = z.toJSONSchema(z.object({ it: schema }), { io, unrepresentable: 'any' });
  return { schema: properties?.['it'], components: { ...$defs } };
}

const problemSchema = () => jsonSchemaOf(ProblemDetails, 'output')?.components ?? {};

const completed = (operation: Operation, path: string, extra: Parameters): Operation => ({
  ...operation,
  tags: [path.split('/')[1] ?? ''],
  parameters: [...(operation.parameters ?? []), ...extra],
  responses: {
    ...operation.responses,
    default: {
      description: 'Refused (RFC 9457)',
      content: { 'application/problem+json': { schema: { $ref: '#/components/schemas/ProblemDetails' } } },
    },
  },
});

const Answer = z.looseObject({
  content: z.object({ 'application/json': z.object({ schema: z.looseObject({ $ref: z.string().optional() }) }) }),
});
const OfOne = z.looseObject({ properties: z.looseObject({ revision: z.unknown().nonoptional() }) });

/** Whether what is answered has a revision, which a change can be guarded by. */
function hasRevision({ responses }: Operation, schemas: Readonly<Record<string, unknown>>): boolean {
  const { content } = Answer.safeParse(responses['200'] ?? responses['201']).data ?? {};
  const schema = content?.['application/json'].schema;
  return OfOne.safeParse(schema?.$ref === undefined ? schema : schemas[schema.$ref.split('/').at(-1) ?? '']).success;
}

/** The OpenAPI 3.1 document of the application's routes, from the schemas that validate them. To be called after `app.init()`. */
export function openApiDocument(app: NestFastifyApplication, version: string) {
  const config = new DocumentBuilder()
    .setOpenAPIVersion('3.1.0')
    .setTitle('phancong')
    .setDescription('Members, their assignments to groups, what came of them, and reports.')
    .setVersion(version)
    .build();
  const document = SwaggerModule.createDocument(app, config, {
    autoTagControllers: false,
    standardSchemaConverter: (schema, { schemaType }) => jsonSchemaOf(schema, schemaType),
  });
  const schemas = { ...document.components?.schemas, ...problemSchema() };
  const ofPost = (post: Operation): Parameters => (hasRevision(post, schemas) ? ofCommandsToOne : ofCommands);
  const paths = Object.entries(document.paths).map(([path, item]): [string, PathItem] => [
    path,
    {
      ...item,
      ...(item.get && { get: completed(item.get, path, everywhere) }),
      ...(item.post && { post: completed(item.post, path, [...everywhere, ...ofPost(item.post)]) }),
    },
  ]);
  return { ...document, paths: Object.fromEntries(paths), components: { ...document.components, schemas } };
}
