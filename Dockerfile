# Precis in a container. Every RUN of the first stage is a line of `make install-app`; tests/test_container.py runs them.
FROM python:3.13-slim AS build
WORKDIR /src
COPY . .
RUN python -m venv --without-pip /opt/precis
RUN python -m pip --python /opt/precis/bin/python install --quiet --no-cache-dir --disable-pip-version-check -c constraints.txt .

FROM python:3.13-slim
COPY --from=build /opt/precis /opt/precis
RUN install -d -o 10001 -g 10001 -m 0700 /data
ENV DATABASE_URL=sqlite+aiosqlite:////data/precis.sqlite3 \
    HEALTH_PORT=9464 \
    LOG_FORMAT=json \
    MPLCONFIGDIR=/tmp/matplotlib \
    PYTHONDONTWRITEBYTECODE=1 \
    PYTHONUNBUFFERED=1
VOLUME /data
WORKDIR /opt/precis
USER 10001:10001
HEALTHCHECK --interval=30s --timeout=10s --start-period=60s --retries=3 CMD ["/opt/precis/bin/python", "-c", "import os, sys, http.client as h; c = h.HTTPConnection('127.0.0.1', int(os.environ['HEALTH_PORT']), timeout=5); c.request('GET', '/healthz'); sys.exit(c.getresponse().status != 200)"]
ENTRYPOINT ["/opt/precis/bin/python", "-m", "bot"]
CMD ["run"]
