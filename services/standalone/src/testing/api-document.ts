import { z } from 'zod';

/** A JSON Schema, as far as requests use it. */
export interface JsonSchema {
  readonly type?: string | undefined;
  readonly enum?: readonly string[] | undefined;
  readonly pattern?: string | undefined;
  readonly format?: string | undefined;
  readonly minimum?: number | undefined;
  readonly properties?: Readonly<Record<string, JsonSchema>> | undefined;
  readonly required?: readonly string[] | undefined;
  readonly items?: JsonSchema | undefined;
  readonly anyOf?: readonly JsonSchema[] | undefined;
  readonly oneOf?: readonly JsonSchema[] | undefined;
}
const JsonSchema: z.ZodType<JsonSchema> = z.lazy(() =>
  z.looseObject({
    type: z.string().optional(),
    enum: z.array(z.string()).optional(),
    pattern: z.string().optional(),
    format: z.string().optional(),
    minimum: z.number().optional(),
    properties: z.record(z.string(), JsonSchema).optional(),
    required: z.array(z.string()).optional(),
    items: JsonSchema.optional(),
    anyOf: z.array(JsonSchema).optional(),
    oneOf: z.array(JsonSchema).optional(),
  }),
);

const Requested = z.record(z.string(), z.object({ schema: JsonSchema }));
const Answered = z.record(z.string(), z.object({ schema: z.unknown() }));
const Parameter = z.looseObject({
  name: z.string(),
  in: z.enum(['query', 'path', 'header']),
  required: z.boolean().default(false),
  schema: JsonSchema,
});
const Route = z.looseObject({
  parameters: z.array(Parameter).default([]),
  requestBody: z.object({ content: Requested }).optional(),
  responses: z.record(z.string(), z.looseObject({ content: Answered.optional() })),
});
const ApiDocument = z.looseObject({
  paths: z.record(z.string(), z.partialRecord(z.enum(['get', 'post', 'put', 'patch', 'delete']), Route)),
  components: z.looseObject({ schemas: z.record(z.string(), z.unknown()) }),
});

export interface Operation {
  readonly method: string;
  /** With `{id}` where a thing is named. */
  readonly path: string;
  readonly name: string;
  readonly query: readonly z.infer<typeof Parameter>[];
  /** Of the request's headers. */
  readonly headers: readonly string[];
  readonly body?: { readonly type: string; readonly schema: JsonSchema };
  /** Of the answer when all is well. */
  readonly status: number;
  /** None for a stream of events. */
  readonly answer?: z.ZodType;
}

/** Everything that the document says can be asked of the server. */
export function operationsOf(document: unknown): readonly Operation[] {
  const { paths, components } = ApiDocument.parse(document);
  const definitions = JSON.parse(JSON.stringify(components.schemas).replaceAll('#/components/schemas/', '#/$defs/'));
  const checked = (schema: unknown): z.ZodType =>
    z.fromJSONSchema({
      ...JSON.parse(JSON.stringify(schema).replaceAll('#/components/schemas/', '#/$defs/')),
      $defs: definitions,
    });
  return Object.entries(paths).flatMap(([path, routes]) =>
    Object.entries(routes).map(([verb, route]) => {
      const method = verb.toUpperCase();
      const [body] = Object.entries(route.requestBody?.content ?? {});
      const [status = '', response] = Object.entries(route.responses).find(([code]) => code.startsWith('2')) ?? [];
      const [answer] = Object.entries(response?.content ?? {}).filter(([type]) => type !== 'text/event-stream');
      return {
        ...{ method, path, name: `${method} ${path}`, status: Number(status) },
        query: route.parameters.filter((parameter) => parameter.in === 'query' && parameter.name !== 'position'),
        headers: route.parameters.filter((parameter) => parameter.in === 'header').map(({ name }) => name),
        ...(body && { body: { type: body[0], schema: body[1].schema } }),
        ...(answer && { answer: checked(answer[1].schema) }),
      };
    }),
  );
}

/** Values that the schema does not take, for each of its fields by path (`items.0.on`). */
export function wrongValues(schema: JsonSchema): readonly (readonly [path: string, body: unknown, code: string])[] {
  const { properties = {}, required = [] } = schema;
  const wrong = Object.entries(properties).map(([name, field]) => [name, { [name]: wrongValueOf(field) }] as const);
  return [
    ...wrong.map(([path, body]) => [path, body, ''] as const),
    ...required.map((name) => [name, {}, 'required'] as const),
    ['zzz', { zzz: 1 }, 'unknown-field'] as const,
  ];
}

/** Of another type; nothing takes a list of truths. */
const wrongValueOf = ({ type }: JsonSchema): unknown => (type === 'array' ? { no: 'list' } : [true]);
