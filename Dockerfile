# Three stages: Node builds the front end, Python the wheel and its environment, and a plain Python image runs it as an unprivileged user.
# Where the public registry cannot be reached the bases are others: `--build-arg NODE=… --build-arg PYTHON=…` (Node 20.19, Python 3.11 or
# newer; both Python stages from the same image, because the environment is copied).
ARG NODE=docker.io/library/node:22-bookworm-slim
ARG PYTHON=docker.io/library/python:3.12-slim-bookworm

FROM ${NODE} AS web
WORKDIR /src/web
COPY web/package.json web/package-lock.json ./
RUN npm ci --no-audit --no-fund --loglevel=error
COPY web ./
COPY schema /src/schema
RUN npm run build

FROM ${PYTHON} AS build
WORKDIR /src
COPY requirements.lock ./
RUN python3 -m venv /opt/zlahoda \
 && /opt/zlahoda/bin/pip install --no-cache-dir --disable-pip-version-check -r requirements.lock
RUN python3 -m venv /opt/build && /opt/build/bin/pip install --no-cache-dir --disable-pip-version-check build hatchling
COPY . .
COPY --from=web /src/server/static server/static
RUN /opt/build/bin/python -m build --wheel --no-isolation --outdir /tmp/dist \
 && /opt/zlahoda/bin/pip install --no-cache-dir --disable-pip-version-check --no-deps /tmp/dist/*.whl \
 && /opt/zlahoda/bin/python -m compileall -q /opt/zlahoda/lib

FROM ${PYTHON}
RUN groupadd --system --gid 10001 zlahoda \
 && useradd --system --uid 10001 --gid 10001 --no-log-init --home-dir /var/lib/zlahoda --create-home zlahoda
COPY --from=build /opt/zlahoda /opt/zlahoda
ENV PYTHONDONTWRITEBYTECODE=1 PYTHONUNBUFFERED=1
USER 10001:10001
WORKDIR /var/lib/zlahoda
VOLUME /var/lib/zlahoda
EXPOSE 8000
HEALTHCHECK --interval=10s --timeout=3s --start-period=30s \
  CMD ["/opt/zlahoda/bin/python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/healthz', timeout=2)"]
ENTRYPOINT ["/opt/zlahoda/bin/zlahoda"]
CMD ["serve", "--host", "0.0.0.0"]
