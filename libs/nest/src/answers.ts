import { applyDecorators, HttpCode, SetMetadata } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import { z } from 'zod';

const ONE_THING = 'answers-about-one-thing';

const hasRevision = (schema: z.ZodType): boolean => schema instanceof z.ZodObject && 'revision' in schema.shape;

/** Whether what the handler answers has no revision, so that no ETag can stand for what it changes. */
export const answersWithoutRevision = (handler: object): boolean => Reflect.getMetadata(ONE_THING, handler) === false;

/**
 * Says in the OpenAPI document what a route does (one line of English) and what it answers, and sets its status: 200,
 * or 201 for what creates a thing. Bodies, queries and parts of the address describe themselves by their schemas.
 */
export const Answers = (summary: string, schema: z.ZodType, status: 200 | 201 = 200): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    SetMetadata(ONE_THING, hasRevision(schema)),
    ApiOperation({ summary }),
    ApiResponse({ status, description: status === 201 ? 'Created' : 'Done', standardSchema: schema }),
  );
