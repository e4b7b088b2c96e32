# The centre in one image: web, projector and the command line, chosen by ROLES and the command.
#   docker build -t personal-centre .
#   docker run --rm personal-centre --help
# The demo needs packages that production has none of:
#   docker build -t personal-centre-demo --target demo .

FROM node:24-bookworm-slim AS build
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
RUN npm ci --no-audit
COPY . .
# what only developers use is left behind
RUN npm run build && rm -rf dist/bench dist/test

FROM node:24-bookworm-slim AS packages
WORKDIR /app
COPY package.json package-lock.json .npmrc ./
# the Node that comes with the packages is for systems with an older one: here it would be 190 MB for nothing
RUN npm ci --no-audit --omit=dev && rm -rf node_modules/node-linux-* node_modules/.bin/node

FROM node:24-bookworm-slim AS production
# safe unless said otherwise: no demo, no made-up secrets, TLS to databases
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
WORKDIR /app
COPY --from=packages /app/node_modules ./node_modules
COPY --from=build /app/dist ./dist
COPY package.json LICENSE ./
COPY bin ./bin
COPY views ./views
# the only place that is written to: the root file system can be read-only
RUN install -d -o node -g node -m 0700 /data
VOLUME /data
USER node
EXPOSE 3000
STOPSIGNAL SIGTERM
# for the web role; a process without it is watched by its metrics (docker-compose.yml)
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 \
  CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.PORT}/health/live`).then(({ ok }) => process.exit(ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["node", "bin/personal-centre.mjs"]
CMD ["start"]

FROM production AS demo
COPY --from=build /app/node_modules ./node_modules

# what is built where no target is named
FROM production
