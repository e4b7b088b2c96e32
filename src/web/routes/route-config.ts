import { RouteConfig } from '@nestjs/platform-fastify';
import { FASTIFY_ROUTE_CONFIG_METADATA } from '@nestjs/platform-fastify/constants.js';
import type { FastifyContextConfig } from 'fastify';

/** Adds to the route's config and keeps what other decorators set: Nest's own RouteConfig replaces it. */
export function routeConfig(config: FastifyContextConfig): MethodDecorator {
  return (target, key, descriptor) => {
    const before: FastifyContextConfig = Reflect.getMetadata(FASTIFY_ROUTE_CONFIG_METADATA, descriptor.value as object) ?? {};
    RouteConfig({ ...before, ...config })(target, key, descriptor);
  };
}
