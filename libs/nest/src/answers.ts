import { applyDecorators, HttpCode } from '@nestjs/common';
import { ApiOperation, ApiResponse } from '@nestjs/swagger';
import type { z } from 'zod';

/**
 * Says in the OpenAPI document what a route does (one line of English) and what it answers, and sets its status: 200,
 * or 201 for what creates a thing. Bodies, queries and parts of the address describe themselves by their schemas.
 */
export const Answers = (summary: string, schema: z.ZodType, status: 200 | 201 = 200): MethodDecorator =>
  applyDecorators(
    HttpCode(status),
    ApiOperation({ summary }),
    ApiResponse({ status, description: status === 201 ? 'Created' : 'Done', standardSchema: schema }),
  );
